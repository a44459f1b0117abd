"""The list of who works here, held in memory by this process, so that finding somebody by name asks no store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from trim_bot.app.people.staff_rows import still_here
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.domain.name_search import Colleague, NameIndex
from trim_bot.domain.people import Account, Member, Platform
from trim_bot.domain.records import Erasure

AT_ONCE = 1000
"""People read in one transaction, so that nobody waits long behind it."""
FRESH_TIMES = 100
"""A copy is used for so many times as long as it took to look what changed: that costs a hundredth of one core."""
WHOLE_SECONDS = 60 * 60.0
"""So old, every name is read again: one that was changed is seen by then."""
IDLE_SECONDS = 12 * 60 * 60.0
"""A copy nobody looked into for so long is let go."""
PATIENCE_SECONDS = 1.0
"""How long pages wait for one look at a list, from its beginning: a long one keeps no further page waiting."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """One organisation's list: who has which id, how old it is in steady seconds, and how long a look took."""

    people: dict[MemberId, Colleague]
    index: NameIndex
    whole_at: float
    looked_at: float
    took: float


class PeopleLists:
    """Holds a copy of each organisation's list while it is used, and looks again as it ages. Must be closed.

    A copy depends on who is listed as working here, and on nothing that anybody did or said to the desk.
    `seconds` is steady.
    """

    def __init__(self, store: Store, seconds: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._seconds = seconds
        self._held: dict[OrganisationId, _Copy] = {}
        self._used: dict[OrganisationId, float] = {}
        self._looking: dict[OrganisationId, asyncio.Task[None]] = {}
        self._began: dict[OrganisationId, float] = {}

    async def of(self, organisation: OrganisationId, patience: float = PATIENCE_SECONDS) -> NameIndex | None:
        """The list as far as it is known; None where there is none yet and the store does not give it in time."""
        self._used[organisation] = self._seconds()
        self._let_go()
        held = self._held.get(organisation)
        if held is None or self._seconds() - held.looked_at > held.took * FRESH_TIMES:
            task = self._begin(organisation)
            left = patience - (self._seconds() - self._began[organisation])
            if left > 0:
                await asyncio.wait({task}, timeout=left)
            held = self._held.get(organisation)
        return held.index if held is not None else None

    async def close(self) -> None:
        """End every look, and forget everybody."""
        looking = tuple(self._looking.values())
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
        self._held.clear()

    def _let_go(self) -> None:
        now = self._seconds()
        for id in [id for id, at in self._used.items() if now - at > IDLE_SECONDS]:
            del self._used[id]
            self._held.pop(id, None)

    def _begin(self, organisation: OrganisationId) -> asyncio.Task[None]:
        """One look at a list at a time."""
        task = self._looking.get(organisation)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._look(organisation))
            self._looking[organisation], self._began[organisation] = task, self._seconds()
            task.add_done_callback(lambda _: self._looking.pop(organisation, None))
        return task

    async def _look(self, organisation: OrganisationId) -> None:
        """Read whom the copy lacks and leave out who is not listed any more; what it was stays if the store is away."""
        began, held = self._seconds(), self._held.get(organisation)
        whole = held is None or began - held.whole_at > WHOLE_SECONDS
        known = {} if held is None or whole else held.people
        try:
            with keys_for(KeyUse.NAMES):
                listed = await self._store.read(organisation, _listed)
                people = {id: known[id] for id in listed if id in known}
                new = [id for id in listed if id not in known]
                for start in range(0, len(new), AT_ONCE):
                    some = new[start : start + AT_ONCE]
                    people.update(await self._store.read(organisation, partial(_people, some)))
        except SafeError:
            return
        if held is not None and people == held.people:
            index = held.index
        else:
            index = await asyncio.to_thread(NameIndex, people.values())
        now = self._seconds()
        whole_at = began if held is None or whole else held.whole_at
        # What a first look takes says nothing of the next ones, which read what changed alone.
        took = (now - began) / max(1, len(new))
        self._held[organisation] = _Copy(people, index, whole_at, now, took)


def _listed(tx: Tx) -> list[MemberId]:
    """Everybody on the list, those who asked to be erased among them: they are on it before and after that."""
    going = still_here(tx, {MemberId(id) for id in tx.tally(Erasure, "member_id")})
    asked = [one.id for one in tx.get_many(Member, sorted(going)).values() if one.listed]
    return [*(MemberId(id) for id in tx.tally(Member, "id", listed=True, left=False)), *asked]


def _people(ids: Sequence[MemberId], tx: Tx) -> dict[MemberId, Colleague]:
    """Those with a name and an address, by id."""
    members = {one.id: one for one in tx.find(Member, id=tuple(ids)) if one.name}
    at = _accounts(tx, list(members))
    return {id: Colleague(at[id].address, one.name, at[id].place) for id, one in members.items() if id in at}


def _accounts(tx: Tx, ids: Sequence[MemberId]) -> dict[MemberId, Account]:
    """One account of each member: in chat if they have one there."""
    found: dict[MemberId, Account] = {}
    for account in tx.find(Account, member_id=tuple(ids)) if ids else ():
        if account.member_id not in found or not (account.left or account.platform is Platform.WEB):
            found[account.member_id] = account
    return found
