"""Somebody who was two members is erased as one, keys of both included, also after a restore from before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.app.two_chats import TwoChats
from tests.builders import Town
from tests.storage.story import Deployment, cells, sqlite_places
from trim_bot.app.people.eligible import line_key
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.people import Account, Joined, Member, ReportingLine
from trim_bot.domain.requests import SupportRequest
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.erasure.erasure_plan import referenced_keys

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Deployment]:
    if request.param == "sqlite":
        places = sqlite_places(tmp_path)
    else:
        url = request.getfixturevalue("postgres_database")
        places = Places(url, url, url)
    deployment = Deployment(places)
    yield deployment
    deployment.close()


async def joined(kept: Deployment) -> tuple[Town, str, set[str]]:
    """A nurse who asked in Teams and then joined it with Slack; who they were there, and every key of theirs."""
    town = Town(store=kept.store)
    both = TwoChats(town)
    await town.found()
    await town.add("nurse")
    await both.open()
    form = await both.say("nurse", "support")
    await both.send("nurse", form, name="named", text="words", contact="")
    before = await both.member("nurse")
    await both.link("nurse")

    def keys(tx) -> set[str]:
        records = (*tx.find(Member), *tx.find(Joined), *tx.find(SupportRequest))
        return {record.key_id for record in records}

    return town, before, await town.write(keys)


async def test_both_keys_and_every_row_are_gone(kept: Deployment) -> None:
    town, before, keys = await joined(kept)
    assert len(keys) == 2 and keys <= set(kept.keys.all_ids())
    organisation = OrganisationId(town.organisation.id)
    assert await kept.eraser.erase_member(organisation, town.ids["nurse"])
    assert not keys & set(kept.keys.all_ids())
    assert not {before, town.ids["nurse"]} & cells(kept.places.data)
    found = await kept.store.read(organisation, lambda tx: (tx.find(Joined), tx.find(SupportRequest)))
    assert found == ([], [])


async def test_of_somebody_who_is_gone_no_name_stays(kept: Deployment) -> None:
    town, _, _ = await joined(kept)
    organisation = OrganisationId(town.organisation.id)
    [left, *rest] = await town.all(Account)
    await town.write(lambda tx: tx.save(replace(left, left=True)))
    assert await kept.eraser.erase_member(organisation, town.ids["nurse"])
    assert {one.address for one in await town.all(Account)} == {one.address for one in rest}
    [again] = await town.all(Member)
    assert await kept.eraser.erase_member(organisation, again.id, gone=True)
    assert (await town.all(Account), await town.all(Member)) == ([], [])


async def test_each_account_stands_on_the_list_again_as_one_that_was_never_joined(kept: Deployment) -> None:
    town, before, keys = await joined(kept)
    organisation = OrganisationId(town.organisation.id)
    told = {one.address: one.route for one in await town.all(Account)}
    assert await kept.eraser.erase_member(organisation, town.ids["nurse"])
    accounts, members = await town.all(Account), {one.id: one for one in await town.all(Member)}
    assert {one.address: one.route for one in accounts} == told
    assert len({one.member_id for one in accounts}) == len(accounts) == len(members) == 2
    assert not {before, town.ids["nurse"]} & members.keys()
    assert not keys & {one.key_id for one in members.values()}


async def test_reporting_lines_of_a_chat_taken_off_go_too(kept: Deployment) -> None:
    town, _, _ = await joined(kept)
    there = TwoChats(town).actor("nurse").address.text
    await town.write(lambda tx: tx.add(ReportingLine(new_id(), line_key(tx, there), "boss")))
    page = await town.press("nurse", await town.say("nurse", "me"), "chats")
    await town.press("nurse", page, "unlink_chat")
    await kept.eraser.erase_member(OrganisationId(town.organisation.id), town.ids["nurse"])
    assert await town.all(ReportingLine) == []


async def test_the_ledger_names_who_they_were_for_a_backup_from_before(kept: Deployment) -> None:
    town, before, keys = await joined(kept)
    await kept.eraser.erase_member(OrganisationId(town.organisation.id), town.ids["nurse"])
    erasures = kept.ledger.erasures()
    assert {one.record_id for one in erasures} == {before, town.ids["nurse"]}
    assert {key for one in erasures for key in one.key_ids} >= keys


async def test_cut_short_in_the_ledger_nothing_is_begun_and_the_record_still_opens(kept: Deployment) -> None:
    town, _, keys = await joined(kept)
    organisation = OrganisationId(town.organisation.id)

    def full(connection, cursor, statement, parameters, context, many) -> None:
        if statement.startswith("INSERT") and town.ids["nurse"] in str(parameters):
            raise OperationalError(statement, {}, Exception("disk full"))

    event.listen(kept.ledger._engine, "before_cursor_execute", full)
    with pytest.raises(StoreUnavailable):
        await kept.eraser.erase_member(organisation, town.ids["nurse"])
    event.remove(kept.ledger._engine, "before_cursor_execute", full)
    assert (await kept.eraser.resume()).ended == {}
    assert keys <= set(kept.keys.all_ids())
    assert len(await town.all(Account, member_id=town.ids["nurse"])) == 2
    assert await kept.eraser.erase_member(organisation, town.ids["nurse"])


async def test_the_keys_of_both_are_no_orphans(kept: Deployment) -> None:
    town, _, keys = await joined(kept)
    assert keys <= await town.write(lambda tx: referenced_keys(connection_of(tx)))
