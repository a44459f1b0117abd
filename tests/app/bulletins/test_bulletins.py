"""Bulletins through the desk: people counted once, told in bands when the period has closed, and never again."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from typing import cast

import pytest

from tests.app.beginnings import refused
from tests.builders import Town, log_values
from tests.fakes import FakeStore
from tests.reading import buttons, words_of
from trim_bot.app.bulletins.content import NOT_PUBLISHED, Content, from_json
from trim_bot.app.people.counted import PEOPLE, TOLD, Bulletins, count_afresh, in_period, population
from trim_bot.app.people.meeting import add_account, meet_unlisted
from trim_bot.app.seam.gestures import Invoke
from trim_bot.app.seam.views import Done, Figures, Heading
from trim_bot.domain.bulletins import PUBLISHED, Bulletin, CountedPerson, CountingSince, Figure
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Account, Address, Member, Platform
from trim_bot.domain.records import Action, Beginning
from trim_bot.domain.requests import SupportRequest

pytestmark = pytest.mark.anyio
NEW_YEAR = datetime(2027, 1, 1, 9, tzinfo=UTC)
JULY = datetime(2027, 7, 1, 9, tzinfo=UTC)


async def asks(town: Town, name: str) -> None:
    await town.send(name, await town.say(name, "support"), name="named", text="A word", contact="By phone")


async def many_ask(town: Town, number: int, prefix: str = "x") -> None:
    for one in range(number):
        await town.add(f"{prefix}{one}")
        await asks(town, f"{prefix}{one}")


async def fifty_work_here(town: Town, still_to_come: int = 0, *, fewer: int = 0) -> None:
    """Enter as many as make fifty with those who are there and `still_to_come`."""
    there = len(await town.write(lambda tx: tx.find(Account)))
    for one in range(50 - there - still_to_come - fewer):
        await town.add(f"w{one}")


async def bulletins(town: Town) -> dict[str, Bulletin]:
    await town.clockwork.sweep()
    return {one.period: one for one in await town.write(lambda tx: tx.find(Bulletin))}


def told(content: Content) -> dict[str, str]:
    return {row.figure: row.band for table in content.tables for row in table.rows}


async def counted(town: Town, period: str) -> dict[Figure, int]:
    return await town.write(lambda tx: in_period(tx, period))


async def test_a_person_counts_once_however_often_they_come(town: Town) -> None:
    await town.clockwork.sweep()
    for _ in range(3):
        await asks(town, "nurse")
    await asks(town, "driver")
    assert (await counted(town, "2026-Q4"))[Figure.CAME] == 2
    town.clock.move_to(NEW_YEAR)
    await asks(town, "nurse")
    assert (await counted(town, "2027-Q1"))[Figure.CAME] == 1
    assert (await counted(town, "2027-Q1-year"))[Figure.CAME] == 2
    assert (await counted(town, "2026-Q4-half"))[Figure.CAME_ASKED] == 2


async def test_a_yes_given_by_oneself_counts_and_one_written_down_does_not(town: Town) -> None:
    people = (town.actor("nurse"), town.actor("driver"))
    unlisted = "\n".join(f"Guard {one}, 07700 9001{one:02d}" for one in range(9))
    values = log_values(*people, mine=True, unlisted=unlisted)
    await town.send("priya", await town.say("priya", "peer", "log"), **values)
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    sheet = await town.press("priya", await town.say("priya", "home"), "logged")
    sheet = await town.press("priya", await town.press("priya", sheet, "call_sheet"), "call_take_some")
    for _ in range(9):
        sheet = await town.press("priya", sheet, "call_yes")
    offers = await town.write(lambda tx: tx.find(Offer, state=OfferState.ACCEPTED))
    assert len(offers) == 10
    assert await counted(town, "2026-Q4") == {
        Figure.CAME: 1, Figure.CAME_OFFERED: 0, Figure.CAME_ASKED: 0, Figure.TALKED: 0, Figure.REFERRED: 0,
    }  # fmt: skip
    assert (await counted(town, "2026-Q4-half"))[Figure.CAME_OFFERED] == 1


async def test_each_period_is_published_once_it_has_closed_and_never_again(town: Town) -> None:
    await town.clockwork.sweep()
    await fifty_work_here(town, 12)
    await many_ask(town, 12)
    town.clock.move_to(datetime(2026, 12, 31, 20, tzinfo=UTC))
    assert await bulletins(town) == {}
    town.clock.move_to(NEW_YEAR)
    first = await bulletins(town)
    assert sorted(first) == ["2026-Q4", "2026-Q4-half", "2026-Q4-year"]
    for one in first.values():
        assert told(from_json(one.body))["came"] == "10–14"
        assert "12" not in one.body.replace("2026-12-31", "").replace('"12', "")
    assert told(from_json(first["2026-Q4-half"].body))["came_asked"] == "10–14"
    rows = await town.write(lambda tx: tx.journal.about([one.digest for one in first.values()], 9))
    assert {(row.subject, row.what, row.action) for row in rows} == {
        (one.digest, PUBLISHED, Action.CHANGED) for one in first.values()
    }
    await many_ask(town, 3, "y")
    assert await bulletins(town) == first
    assert await counted(town, "2026-Q4") == dict.fromkeys(Figure, 0)


@pytest.mark.parametrize(("fewer", "said"), [(0, "10–14"), (1, NOT_PUBLISHED)])
async def test_parts_are_told_only_where_fifty_people_work(town: Town, fewer: int, said: str) -> None:
    await town.clockwork.sweep()
    await fifty_work_here(town, 12, fewer=fewer)
    await many_ask(town, 12)
    town.clock.move_to(NEW_YEAR)
    half = from_json((await bulletins(town))["2026-Q4-half"].body)
    assert told(half)["came"] == "10–14"
    assert told(half)["came_asked"] == said


async def test_how_many_work_here_depends_on_nothing_that_somebody_did(town: Town) -> None:
    before = await town.write(population)
    await town.send("nurse", await town.press("nurse", await town.say("nurse", "me"), "erase"), sure=True)
    await town.write(lambda tx: meet_unlisted(tx, "Guard", "07700 900123"))
    web = Address(Platform.WEB, "", "driver@example.org")
    await town.write(lambda tx: add_account(tx, _there(tx.get(Member, town.ids["driver"])), web))
    assert await town.write(population) == before


def _there(member: Member | None) -> Member:
    assert member is not None
    return member


async def test_a_bulletin_that_was_taken_out_is_missed_and_never_published_empty(town: Town) -> None:
    await town.clockwork.sweep()
    await many_ask(town, 12)
    town.clock.move_to(NEW_YEAR)
    one = (await bulletins(town))["2026-Q4"]
    await town.write(lambda tx: tx.drop(Bulletin, one.id))
    assert "2026-Q4" not in await bulletins(town)
    assert "changed after it was published" in words_of(await town.say("cora", "peer", "bulletins"))
    town.clock.move_to(JULY)
    assert len(await bulletins(town)) == 2, "nothing follows it"


async def test_a_bulletin_of_a_version_that_noted_none_is_missed_as_well(town: Town) -> None:
    await town.clockwork.sweep()
    town.clock.move_to(NEW_YEAR)
    one = (await bulletins(town))["2026-Q4"]
    journal = cast(FakeStore, town.store).states[OrganisationId(town.organisation.id)].journal
    journal[:] = [row for row in journal if not row.what.startswith(TOLD)]
    assert await bulletins(town)
    await town.write(lambda tx: tx.drop(Bulletin, one.id))
    assert "2026-Q4" not in await bulletins(town)


async def test_the_sites_midnight_closes_a_quarter(town: Town) -> None:
    await town.settle(zone="Pacific/Auckland")
    await town.clockwork.sweep()
    town.clock.move_to(datetime(2026, 12, 31, 10, 59, tzinfo=UTC))
    assert await bulletins(town) == {}
    town.clock.move_to(datetime(2026, 12, 31, 11, 1, tzinfo=UTC))
    assert "2026-Q4" in await bulletins(town)


async def test_somebody_erased_changes_nothing_that_was_published_and_nothing_points_to_them(
    town: Town,
) -> None:
    await town.clockwork.sweep()
    await many_ask(town, 10)
    town.clock.move_to(NEW_YEAR)
    first = await bulletins(town)
    marks = {str(one.id) for one in await town.write(lambda tx: tx.find(CountedPerson))}
    await town.send("x1", await town.press("x1", await town.say("x1", "me"), "erase"), sure=True)
    member = await town.write(lambda tx: tx.get(Member, town.ids["x1"]))
    assert member is not None and member.left
    cast(FakeStore, town.store).destroy_keys([member.key_id])
    assert await bulletins(town) == first
    assert {str(one.id) for one in await town.write(lambda tx: tx.find(CountedPerson))} == marks
    for one in await town.write(lambda tx: tx.find(SupportRequest)):
        assert not {str(one.id), str(one.member_id)} & marks


async def test_one_figure_is_never_joined_to_another_of_the_same_person(town: Town) -> None:
    await asks(town, "nurse")
    marks = await town.write(lambda tx: tx.find(CountedPerson))
    assert len({one.id for one in marks}) == len(marks) > 6


async def test_a_desk_that_was_there_before_is_silent_about_periods_that_had_begun(town: Town) -> None:
    await town.write(lambda tx: tx.add(Beginning("desk", date(2026, 3, 1))))
    await town.clockwork.sweep()
    town.clock.move_to(JULY)
    assert sorted(await bulletins(town)) == ["2027-Q1", "2027-Q2", "2027-Q2-half"]


async def test_a_bulletin_that_was_changed_is_shown_to_nobody_and_nothing_follows_it(town: Town) -> None:
    await town.clockwork.sweep()
    town.clock.move_to(NEW_YEAR)
    one = (await bulletins(town))["2026-Q4"]
    await town.write(lambda tx: tx.save(replace(one, body=one.body.replace("0–9", "10–14"))))
    page = await town.say("cora", "peer", "bulletins")
    assert "changed after it was published" in words_of(page)
    assert len(buttons(page, "bulletin")) == 2
    assert refused(await town.desk.receive(town.actor("cora"), Invoke(("peer", "bulletin", one.id))))
    town.clock.move_to(JULY)
    assert len(await bulletins(town)) == 3


@pytest.mark.parametrize("name", ["priya", "lena", "dev", "adam", "nurse"])
async def test_only_a_coordinator_reads_them(town: Town, name: str) -> None:
    await town.clockwork.sweep()
    town.clock.move_to(NEW_YEAR)
    one = (await bulletins(town))["2026-Q4"]
    for words in (("peer", "bulletins"), ("peer", "bulletin"), ("peer", "bulletin", one.id)):
        assert refused(await town.desk.receive(town.actor(name), Invoke(words)))


async def test_page_table_and_files_say_the_same(town: Town) -> None:
    await town.clockwork.sweep()
    await many_ask(town, 16)
    town.clock.move_to(NEW_YEAR)
    kept = (await bulletins(town))["2026-Q4-half"]
    page = await town.press("cora", await town.say("cora", "peer", "bulletins"), "bulletin", 1)
    assert isinstance(page, Done)
    assert "Half a year: July to December 2026" in words_of(page)
    assert "15–19 people came to Peer Support" in words_of(page)
    rows = [row for block in page.blocks if isinstance(block, Figures) for row in block.rows]
    files = {file.name.rpartition(".")[2]: file.text for file in page.files}
    assert files["json"] == kept.body
    held = [row for table in json.loads(files["json"])["tables"] for row in table["rows"]]
    lines = list(csv.DictReader(StringIO(files["csv"])))
    assert [row.label for row in rows] == [row["label"] for row in held] == [line["label"] for line in lines]
    assert [row.said for row in rows] == [row["band"] for row in held] == [line["band"] for line in lines]
    assert [(row.low, row.high) for row in rows] == [(row["from"], row["to"]) for row in held]
    assert [block.text for block in page.blocks if isinstance(block, Heading)]


async def test_the_newest_comes_first_and_opens_without_a_handle(town: Town) -> None:
    await town.clockwork.sweep()
    town.clock.move_to(JULY)
    await town.clockwork.sweep()
    page = await town.say("cora", "peer", "bulletins")
    labels = [button.label for button in buttons(page, "bulletin")]
    assert labels[:3] == [
        "Twelve months: July 2026 to June 2027", "Half a year: January to June 2027", "April to June 2027",
    ]  # fmt: skip
    assert labels[0] in words_of(await town.say("cora", "peer", "bulletin"))


async def test_two_towns_that_differ_within_a_band_publish_the_same_bytes(town: Town) -> None:
    other = Town()
    await other.found()
    bodies = []
    for one, number in ((town, 11), (other, 14)):
        await one.clockwork.sweep()
        await many_ask(one, number)
        one.clock.move_to(JULY)
        bodies.append({period: kept.body for period, kept in (await bulletins(one)).items()})
    assert bodies[0] == bodies[1]
    assert len(bodies[0]) == 8


async def test_another_organisations_bulletin_is_not_taken_for_its_own(town: Town) -> None:
    await town.clockwork.sweep()
    town.clock.move_to(NEW_YEAR)
    one = (await bulletins(town))["2026-Q4"]
    other = OrganisationId((await town.store.found("other", None)).id)
    await town.store.write(other, lambda tx: tx.add(one))
    assert await town.store.read(other, lambda tx: Bulletins(tx).altered())
    assert not await town.write(lambda tx: Bulletins(tx).altered())


async def test_after_a_restore_nothing_is_told_of_what_had_begun(town: Town) -> None:
    """What was told since the backup is not told a second time with fewer people in it."""
    await town.clockwork.sweep()
    await many_ask(town, 12)
    town.clock.move_to(datetime(2027, 1, 15, 9, tzinfo=UTC))
    await town.work(count_afresh)
    assert await bulletins(town) == {}
    town.clock.move_to(JULY)
    assert sorted(await bulletins(town)) == ["2027-Q2"]
    await town.clockwork.sweep()
    since = await town.write(lambda tx: tx.get(CountingSince, PEOPLE))
    assert since is not None and (since.since, since.whole) == (date(2027, 1, 15), False)
