"""Tells the administrator by each way what is wrong, once for all processes of a deployment, and when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.watch.alert_notes import NOTE, read, written
from trim_bot.app.watch.alert_state import (
    WITHOUT_DATABASE,
    AlertState,
    Judged,
    Message,
    claimed,
    delivered,
    failed,
    merged,
    message_for,
    observe,
)
from trim_bot.app.watch.alert_words import AlertText, text_of
from trim_bot.app.watch.not_taken import cause_of
from trim_bot.domain.alerts import AdminAlert, AlertKind
from trim_bot.domain.errors import StoreUnavailable

T = TypeVar("T")
LOOK_SECONDS = 30
"""How often it should be looked."""


class Way(Protocol):
    """One way of telling the administrator."""

    @property
    def name(self) -> str:
        """Its kind and host, which may be shown and logged; different from every other way's."""
        ...

    async def send(self, text: AlertText) -> None:
        """Send it, within a bounded time. Raises NotTaken, TryLater."""
        ...


class SharedNotes(Protocol):
    """Notes that all processes of a deployment share. Each call raises StoreUnavailable."""

    async def get(self, name: str) -> str | None:
        """The note with this name, or None."""
        ...

    async def change(self, name: str, body: Callable[[str | None], tuple[str, T]]) -> T:
        """Change a note in one transaction that no other process comes between; `body` may run twice."""
        ...


class Alerting:
    """What one process tells. `real` gives real time, UTC; `desk` is the host of the pages."""

    def __init__(
        self,
        ways: Sequence[Way],
        tell: Tell,
        desk: str,
        real: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.ways: Mapping[str, Way] = {way.name: way for way in ways}
        self.alerts: tuple[AdminAlert, ...] = ()
        """What was wrong at the last look."""
        self._tell = tell
        self._desk = desk
        self._real = real
        self.database_ahead = timedelta()
        """By how much the database's clock is ahead: all processes remember by that one."""
        self._memory = AlertState()
        self._alone = False
        """Whether the memory holds what the database does not."""

    async def look(self, found: Sequence[AdminAlert], judged: Judged, notes: SharedNotes | None) -> None:
        """See what is wrong, and tell what has to be told. Without `notes`, or while they are away, in memory."""
        self.alerts = tuple(found)
        if not self.ways:
            return
        taken: Mapping[str, Message] | None = None
        if notes is not None:
            try:
                taken = await self._taken_together(found, judged, notes)
            except StoreUnavailable:
                notes = None
        if taken is None:
            self._alone = True
            own = [one for one in found if one.kind in WITHOUT_DATABASE]
            alone = {kind: age for kind, age in judged.items() if kind in WITHOUT_DATABASE}
            before = self._memory.firing
            self._memory, taken = self._after(self._memory, own, alone)
            # What is over is not forgotten before the database knows of it.
            over = {key: one for key, one in before.items() if one.over}
            self._memory = replace(self._memory, firing=over | dict(self._memory.firing))
        await asyncio.gather(*(self._send(way, message, notes) for way, message in taken.items()))

    def now(self) -> datetime:
        """The time by the clock that all processes remember by, UTC."""
        return self._real() + self.database_ahead

    async def look_while_closed(self, why: AdminAlert) -> None:
        """The same, where the desk cannot be opened."""
        await self.look([why], {AlertKind.DESK_CLOSED: timedelta()}, None)

    async def _taken_together(
        self, found: Sequence[AdminAlert], judged: Judged, notes: SharedNotes
    ) -> Mapping[str, Message]:
        def body(text: str | None) -> tuple[str, tuple[AlertState, Mapping[str, Message]]]:
            kept = merged(read(text), self._memory) if self._alone else read(text)
            after, messages = self._after(kept, found, judged)
            return written(after), (after, messages)

        text = await notes.get(NOTE)
        changed, (state, messages) = body(text)
        # Most looks change nothing, and write nothing.
        if changed != text:
            state, messages = await notes.change(NOTE, body)
        self._memory, self._alone = state, False
        return messages

    def _after(
        self, state: AlertState, found: Sequence[AdminAlert], judged: Judged
    ) -> tuple[AlertState, dict[str, Message]]:
        now = self.now()
        state = observe(state, found, judged, self.ways.keys(), now)
        messages: dict[str, Message] = {}
        for way in self.ways:
            if message := message_for(state, way, found, judged, now):
                messages[way] = message
                state = claimed(state, way, message, now)
        return state, messages

    async def _send(self, way: str, message: Message, notes: SharedNotes | None) -> None:
        try:
            await self.ways[way].send(text_of(message, self._desk))
        except Exception as error:  # noqa: BLE001 (whatever one way meets, the others are told, and the look goes on)
            self._tell(LogEvent.ALERT_NOT_SENT, error, f"{way} {cause_of(error)}".rstrip())
            await self._keep(lambda state: failed(state, way, message, self.now()), notes)
        else:
            self._tell(LogEvent.ALERT_SENT, about=way)
            await self._keep(lambda state: delivered(state, way, message, self.now()), notes)

    async def _keep(self, after: Callable[[AlertState], AlertState], notes: SharedNotes | None) -> None:
        self._memory = after(self._memory)
        if notes is None:
            return
        try:
            await notes.change(NOTE, lambda text: (written(after(read(text))), None))
        except StoreUnavailable:
            self._alone = True
