"""A gesture goes by what is remembered of its organisation, and never by what is so no longer, whoever changed it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import event

from tests.builders import Town
from tests.storage.conftest import Rig
from trim_bot.app.seam.views import Done, Form
from trim_bot.app.words import common_answers
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Account, Member
from trim_bot.domain.records import JournalEntry
from trim_bot.domain.site import Site
from trim_bot.storage.deployment_notes import rename_organisation

HERE = ChatWorkspace.parse("slack:T1")


@contextmanager
def _read_apart(rig: Rig) -> Iterator[list[str]]:
    """What is asked outside the transactions that write."""
    seen: list[str] = []

    def note(_: object, cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(rig.store._reading, "before_cursor_execute", note)
    yield seen
    event.remove(rig.store._reading, "before_cursor_execute", note)


async def _journal(rig: Rig, organisation: str) -> list[JournalEntry]:
    return await rig.store.journal_entries(OrganisationId(organisation), 0, 1_000)


async def _town(rig: Rig) -> Town:
    town = Town(store=rig.store)
    await town.found()
    await town.add("nurse")
    assert isinstance(await town.say("nurse", "support"), Form)
    return town


def test_a_gesture_asks_nothing_before_its_transaction(rig: Rig) -> None:
    async def run() -> None:
        town = await _town(rig)
        with _read_apart(rig) as asked:
            assert isinstance(await town.say("nurse", "support"), Form)
        assert asked == []

    asyncio.run(run())


def test_where_another_process_took_the_workspace_out_nothing_is_open(rig: Rig) -> None:
    async def run() -> None:
        town = await _town(rig)
        before = await _journal(rig, town.organisation.id)
        await rig.again().disconnect(HERE)
        for _ in range(2):
            view = await town.say("nurse", "support")
            assert isinstance(view, Done) and view.name == common_answers.not_open().name
        assert await _journal(rig, town.organisation.id) == before, "nothing was written where it was before"

    asyncio.run(run())


def test_where_another_process_moved_the_workspace_the_gesture_goes_there(rig: Rig) -> None:
    async def run() -> None:
        town, elsewhere = await _town(rig), rig.again()
        [site] = await town.all(Site)
        await elsewhere.disconnect(HERE)
        other = OrganisationId((await elsewhere.found("other", HERE)).id)

        await elsewhere.write(other, lambda tx: tx.add(replace(site, key_id=tx.new_key())))
        before = await _journal(rig, town.organisation.id)
        assert isinstance(await town.say("nurse", "support"), Form)
        assert await _journal(rig, town.organisation.id) == before
        assert len(await elsewhere.read(other, lambda tx: tx.find(Member))) == 1, "who asks is met there"
        assert len(await elsewhere.read(other, lambda tx: tx.find(Account))) == 1

    asyncio.run(run())


def test_a_workspace_that_another_process_added_is_among_those_of_the_next_gesture(rig: Rig) -> None:
    async def run() -> None:
        town = await _town(rig)
        second = ChatWorkspace.parse("slack:T2")
        await rig.again().found("acme", second)
        await town.say("nurse", "support")
        known = await rig.store.known_at(HERE)
        assert known is not None and second in known.workspaces

    asyncio.run(run())


def test_a_name_that_another_process_changed_leads_nowhere(rig: Rig) -> None:
    async def run() -> None:
        town = await _town(rig)
        assert await rig.store.known_called("acme") is not None
        id = OrganisationId(town.organisation.id)
        await rig.again().write(id, lambda tx: rename_organisation(tx, "acme-new"))
        known = await rig.store.known_called("acme")
        assert known is not None and not await rig.store.read(id, lambda tx: tx.is_still(known))
        assert await rig.store.known_called("acme", anew=True) is None

    asyncio.run(run())
