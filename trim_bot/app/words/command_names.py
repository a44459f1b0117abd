"""The two commands of chat: the desk's own words for them, and what an organisation calls them."""

from __future__ import annotations

from dataclasses import dataclass

WORK = "peer"
"""First word of what those who serve say."""
ASK = "support"
"""First word of what everyone says."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is typed in chat, without the slash."""

    work: str = WORK
    ask: str = ASK

    def first_word(self, typed: str) -> str | None:
        """The desk's own first word for what was typed, or None when it is neither command.

        The shipped words go on meaning what they mean, unless the organisation uses one for the other command: an
        app that was installed with them still works after the names were changed.
        """
        own = {self.ask: ASK, self.work: WORK}
        return own.get(typed) or (typed if typed in (WORK, ASK) else None)
