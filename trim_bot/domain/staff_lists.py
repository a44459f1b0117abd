"""How far the list of one chat workspace's people has been read, and when it goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trim_bot.domain.chat_workspaces import ChatWorkspace

LONGEST_READING = timedelta(days=1)
"""A list that is not at its end after so long is told: whoever stands behind is not met."""
LONGEST_WAIT = timedelta(days=1)
"""No platform is waited for longer, whatever it asked: else one strange answer, or a wait that was noted by a clock
that ran ahead, would keep everybody of a list from being met for as long."""
PLACE_LASTS = timedelta(hours=6)
"""A place at which nothing went on for so long is left: the platform may know it no more, and refuses it for ever."""


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where the reading of one list stands. All times are real ones, UTC."""

    workspace: ChatWorkspace
    about: int = 0
    """How many it had when it was last read to its end; 0 where it never was."""
    taken: int = 0
    """How many this reading has come past."""
    cursor: str = ""
    """Where the next page begins, in the platform's own words; empty at the beginning."""
    began_at: datetime | None = None
    """When this reading began; None between two readings."""
    went_on_at: datetime | None = None
    """When a page was last taken."""
    again_at: datetime | None = None
    """Until when the platform asked to wait; None where it did not."""

    @property
    def is_under_way(self) -> bool:
        """Whether a reading has begun that did not come to its end."""
        return self.began_at is not None

    def waits_until(self, real: datetime) -> datetime | None:
        """Until when it waits, as seen from `real`; None where it may go on."""
        waits = self.again_at is not None and real < self.again_at <= real + LONGEST_WAIT
        return self.again_at if waits else None

    def begun(self, real: datetime) -> ListPlace:
        """Taken up at `real`: where it stood, or at the beginning where it has stood there for too long.

        What was noted by a clock that ran ahead says nothing of how long that is.
        """
        if self.began_at is None:
            return ListPlace(self.workspace, self.about, began_at=real)
        if max(self.began_at, self.went_on_at or self.began_at) > real:
            return replace(self.at_beginning(), began_at=min(self.began_at, real), again_at=None)
        stood_since = self.went_on_at or self.began_at
        return self.at_beginning() if self.cursor and real - stood_since > PLACE_LASTS else self

    def at_beginning(self) -> ListPlace:
        """The same reading from its beginning; it is as old as it was."""
        return replace(self, taken=0, cursor="", went_on_at=None)

    def past(self, people: int, further: str, real: datetime) -> ListPlace:
        """A page of so many was taken at `real`."""
        return replace(self, taken=self.taken + people, cursor=further, went_on_at=real, again_at=None)

    def ended(self) -> ListPlace:
        """All of it was read."""
        return ListPlace(self.workspace, about=self.taken)

    def stands(self, real: datetime) -> bool:
        """Whether it has not come to its end for so long that somebody should look at it."""
        return self.began_at is not None and real - self.began_at > LONGEST_READING
