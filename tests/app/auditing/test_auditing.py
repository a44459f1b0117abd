"""An auditor searches the journal by kind, day and opaque id, and nothing else is open to them."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest

from tests.app.asking import ask
from tests.app.beginnings import open_case_for, refused
from tests.builders import Town
from tests.fakes import FakeStore
from tests.reading import buttons, everything_in, form_of, name_of, rows_of, words_of
from trim_bot.app.seam import mending
from trim_bot.app.seam.gestures import Press, Value
from trim_bot.app.seam.paging import FROM_THE_FIRST, NEXT
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import FieldErrors, View
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Role
from trim_bot.domain.records import Action, JournalEntry

pytestmark = pytest.mark.anyio


@pytest.fixture
async def audited(town: Town) -> Town:
    """The town with an auditor, and somewhat in its journal."""
    await town.add("odile", Role.AUDITOR)
    await ask(town)
    await open_case_for(town, "nurse", holder="priya")

    def more(tx: Tx) -> None:
        for _ in range(20):
            tx.journal.write("clock", Action.CLIMBED, "step", "subject", town.clock.now())

    await town.write(more)
    return town


async def form(town: Town, name: str = "odile") -> View:
    return await town.desk.receive(town.actor(name), Press("journal", ""))


async def search(town: Town, **values: Value) -> View:
    return await town.send(
        "odile", await form(town), **({"kind": "", "first": "", "last": "", "about": ""} | values)
    )


def journal(town: Town) -> list[JournalEntry]:
    return list(cast(FakeStore, town.store).states[OrganisationId(town.organisation.id)].journal)


def newest(view: View) -> int:
    """The number of the first row."""
    return int(rows_of(view)[0][0].partition(".")[0])


async def every_row(town: Town, view: View) -> list[str]:
    """The numbers of all rows, page by page."""
    found = [name.partition(".")[0] for name, _ in rows_of(view)]
    while any(one.label == NEXT for one in buttons(view, "journal_rows")):
        view = await town.press("odile", view, "journal_rows")
        found += [name.partition(".")[0] for name, _ in rows_of(view)]
    return found


async def test_all_rows_come_newest_first_page_by_page_and_none_twice(audited: Town) -> None:
    before = journal(audited)
    found = await every_row(audited, await search(audited))
    assert found == [str(row.seq) for row in reversed(before)]


@pytest.mark.parametrize("action", [Action.REQUESTED, Action.CHANGED, Action.ERASED])
async def test_one_kind_alone(audited: Town, action: Action) -> None:
    wanted = [str(row.seq) for row in reversed(journal(audited)) if row.action is action]
    assert await every_row(audited, await search(audited, kind=action.value)) == wanted


async def test_an_opaque_id_finds_what_it_did_and_what_was_done_about_it(audited: Town) -> None:
    actor = next(row.actor for row in reversed(journal(audited)) if row.actor not in ("clock", "signed-out"))
    wanted = [
        str(row.seq)
        for row in reversed(journal(audited))
        if actor in (row.actor, row.subject, *row.what.split()[1:])
    ]
    assert wanted and await every_row(audited, await search(audited, about=f" {actor} ")) == wanted
    assert await every_row(audited, await search(audited, about=actor[:-1])) == []


async def test_days_are_those_of_the_site_and_both_count(audited: Town) -> None:
    await audited.settle(zone="Pacific/Auckland")
    # Ten in the morning in London is the evening of the same day in Auckland; three hours later it is the next.
    audited.clock.move(timedelta(hours=3))
    await ask(audited, "driver")
    late = [str(row.seq) for row in reversed(journal(audited)) if row.action is Action.REQUESTED][:1]
    asked = await search(audited, kind="requested", first="2026-11-24", last="2026-11-24")
    assert await every_row(audited, asked) == late
    earlier = await every_row(audited, await search(audited, kind="requested", last="2026-11-23"))
    assert earlier and late[0] not in earlier


async def test_days_the_wrong_way_round_are_said(audited: Town) -> None:
    answer = await search(audited, first="2026-11-24", last="2026-11-23")
    assert isinstance(answer, FieldErrors) and answer.errors == {"last": mending.LAST_BEFORE_FIRST}


async def test_a_search_is_written_down(audited: Town) -> None:
    await search(audited, kind="erased")
    row = journal(audited)[-1]
    assert (row.action, row.what) == (Action.SHOWED, "journal")


async def test_it_tells_no_name_and_no_word(audited: Town) -> None:
    view = await search(audited)
    said = everything_in(view)
    assert not [name for name in ("Nurse", "Priya", "Odile", "Adam") if name in said]
    assert "opaque" in words_of(await form(audited))


async def test_there_is_a_way_back_to_the_newest(audited: Town) -> None:
    first = await search(audited)
    older = await audited.press("odile", first, "journal_rows")
    labels = [one.label for one in buttons(older, "journal_rows")]
    again = await audited.press("odile", older, "journal_rows", labels.index(FROM_THE_FIRST))
    assert name_of(again) == "journal_rows"
    assert newest(again) >= newest(first)


@pytest.mark.parametrize("name", ["adam", "cora", "lena", "priya", "nurse"])
async def test_nobody_else_searches(audited: Town, name: str) -> None:
    assert refused(await form(audited, name))
    shown = form_of(await form(audited))
    assert refused(await audited.send(name, shown, kind="", first="", last="", about=""))
    rows = await search(audited)
    assert refused(await audited.press(name, rows, "journal_rows"))
