"""A store in memory that keeps the promises of the real one: all or nothing, keys that can die, leases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar, cast

from tests.fakes.state import State
from tests.fakes.tx import FakeTx
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import KeyId, OrganisationId, new_id
from trim_bot.domain.looks import AT_ONCE, ClockLook, NextLook, woken
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import LONGEST_LEASE, OPEN_STATES, OutboxState, Outgoing, Priority, Step, StepKind
from trim_bot.storage.errors import WorkspaceTaken

T = TypeVar("T")
L = TypeVar("L", Step, Outgoing)


class FakeStore:
    """Implements the port `Store`.

    `run_twice` runs every writing body once on a copy that is thrown away, as the real store may, so that a
    body with effects outside its transaction shows. `unavailable` makes everything raise StoreUnavailable.
    """

    def __init__(self, *, run_twice: bool = False) -> None:
        self.run_twice = run_twice
        self.unavailable = False
        self.off = timedelta()
        self.states: dict[str, State] = {}
        self.keys: set[str] = set()
        self._organisations: dict[str, Organisation] = {}

    async def write(self, organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        self._check()
        before = self.states.setdefault(organisation, State())
        keys = set(self.keys)
        try:
            if self.run_twice:
                body(FakeTx(organisation, before.copy(), self.keys, self._organisations))
            tx = FakeTx(organisation, before.copy(), self.keys, self._organisations)
            result = body(tx)
            self._wake(tx)
        except BaseException:
            self.keys &= keys
            raise
        self.states[organisation] = tx.state
        return result

    async def read(self, organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        self._check()
        state = self.states.get(organisation, State())
        return body(FakeTx(organisation, state.copy(), self.keys, self._organisations))

    def all(self, organisation: str, kind: type[T]) -> list[T]:
        """Every kept record of a type, for a test to look at."""
        return cast(list[T], list(self.states.get(organisation, State()).each(kind)))

    def destroy_keys(self, key_ids: Iterable[str]) -> None:
        """What was sealed under these keys can never be read again."""
        self.keys -= set(key_ids)

    async def organisations(self) -> list[Organisation]:
        self._check()
        return sorted(self._organisations.values(), key=lambda one: one.slug)

    async def organisation_at(self, workspace: ChatWorkspace) -> Organisation | None:
        self._check()
        return next((one for one in self._organisations.values() if workspace in one.workspaces), None)

    async def organisation_called(self, slug: str) -> Organisation | None:
        self._check()
        return next((one for one in self._organisations.values() if one.slug == slug), None)

    async def known_at(self, workspace: ChatWorkspace, *, anew: bool = False) -> Organisation | None:
        return await self.organisation_at(workspace)

    async def known_called(self, slug: str, *, anew: bool = False) -> Organisation | None:
        return await self.organisation_called(slug)

    async def organisations_due(self, look: ClockLook, now: datetime) -> list[Organisation]:
        self._check()

        def is_due(one: Organisation) -> bool:
            held = self.states.setdefault(one.id, State()).table(NextLook).get(look.value)
            return not isinstance(held, NextLook) or not now < held.due_at <= now + look.longest

        return [one for one in await self.organisations() if is_due(one)]

    def _wake(self, tx: FakeTx) -> None:
        table = tx.state.table(NextLook)
        for look in woken(tx.written):
            if look.value in table:
                table[look.value] = NextLook(look.value, AT_ONCE)

    async def disconnect(self, workspace: ChatWorkspace) -> None:
        self._check()
        for one in list(self._organisations.values()):
            left = tuple(place for place in one.workspaces if place != workspace)
            self._organisations[one.id] = replace(one, workspaces=left)

    async def found(self, slug: str, workspace: ChatWorkspace | None) -> Organisation:
        self._check()
        one = await self.organisation_called(slug)
        holder = await self.organisation_at(workspace) if workspace else None
        if holder is not None and holder != one:
            raise WorkspaceTaken
        if one is None:
            key = KeyId(new_id())
            self.keys.add(key)
            one = Organisation(new_id(), slug, key)
        if workspace and workspace not in one.workspaces:
            one = replace(
                one, workspaces=tuple(sorted((*one.workspaces, workspace), key=lambda place: place.text))
            )
        self._organisations[one.id] = one
        return one

    async def claim_steps(
        self, now: datetime, real: datetime, lease_seconds: int, limit: int, *, urgent: bool = False
    ) -> list[tuple[OrganisationId, Step]]:
        def free(step: Step) -> bool:
            asked = not urgent or step.kind is StepKind.SAFETY
            due = step.state in OPEN_STATES and step.due_at <= now
            return asked and due and _lease_is_free(step.lease_until, real)

        return self._claim(Step, free, real + timedelta(seconds=lease_seconds), limit)

    async def claim_outgoing(
        self, now: datetime, real: datetime, lease_seconds: int, limit: int, *, urgent: bool = False
    ) -> list[tuple[OrganisationId, Outgoing]]:
        def free(one: Outgoing) -> bool:
            asked = not urgent or one.priority is Priority.SAFETY
            queued = asked and one.state is OutboxState.QUEUED
            return queued and one.due_at <= now and _lease_is_free(one.lease_until, real)

        return self._claim(Outgoing, free, real + timedelta(seconds=lease_seconds), limit)

    async def clock_off(self) -> timedelta:
        self._check()
        return self.off

    def _claim(
        self, kind: type[L], free: Callable[[L], bool], until: datetime, limit: int
    ) -> list[tuple[OrganisationId, L]]:
        self._check()
        due = [(org, one) for org in self.states for one in self.all(org, kind) if free(one)]
        due.sort(key=lambda pair: _order(pair[1]))
        claimed = []
        for org, one in due[:limit]:
            leased = replace(one, lease_until=until)
            self.states[org].table(kind)[one.id] = leased
            claimed.append((OrganisationId(org), leased))
        return claimed

    def _check(self) -> None:
        if self.unavailable:
            raise StoreUnavailable


def _order(one: Step | Outgoing) -> tuple[int, datetime, str]:
    return (one.priority.value if isinstance(one, Outgoing) else 0, one.due_at, one.id)


def _lease_is_free(until: datetime | None, real: datetime) -> bool:
    return until is None or until <= real or until > real + LONGEST_LEASE
