"""The organisations that the benchmarks fill are real ones, every section runs, and the page takes what came."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench import draining, growth, handing, kept, lists, organisations, promises, reminders, rows
from bench.__main__ import ITEMS, chosen
from bench.databases import Kind
from bench.kept import copy_of, opened
from bench.page import BEGIN, END, PAGE, write_page
from bench.population import Plan, fill
from bench.report import Curve, Section, read_json, write_json
from bench.result import Pair, Result, aim_at_most, result
from bench.sizes import TINY
from tests.builders import Town
from tests.reading import name_of, words_of
from tests.store_looks import journal_break
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Member
from trim_bot.storage.store import SqlStore

pytestmark = pytest.mark.anyio

PLAN = Plan(people=12, closed=3, held=2, practitioners=3, waiting=2, others=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is filled here goes with the test."""
    monkeypatch.setenv("BENCH_FOLDER", str(tmp_path / "kept"))
    return tmp_path


@pytest.fixture
def sqlite(folder: Path) -> Kind:
    return Kind("SQLite", folder)


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def kind(request: pytest.FixtureRequest, folder: Path) -> Kind:
    server = request.getfixturevalue("postgres_url") if request.param == "PostgreSQL" else ""
    return Kind(request.param, folder, server)


def _sound(results: list[Result]) -> None:
    assert results
    assert all(one.ratio > 0 and one.subject > 0 and one.anchor > 0 for one in results)


async def test_the_desk_works_in_a_filled_organisation(kind: Kind) -> None:
    async with copy_of(PLAN, kind) as place, opened(place) as one:
        town, store = one.town, one.store
        cases = await town.say("priya", "peer", "cases")
        assert words_of(cases).count("Person Number") >= PLAN.held
        assert name_of(await town.press("priya", cases, "case")) == "case"
        assert len(await store.organisations()) == 1 + PLAN.others
        every = await town.all(Case)
        assert sum(case.state is CaseState.CLOSED for case in every) == PLAN.closed
        assert len({case.key_id for case in every}) == len(every), "each is sealed under a key of its own"
        assert len(await town.all(Member)) >= PLAN.people
        await town.pass_time(days=4)
        assert town.lost == []
        assert town.slack.sent, "what is due is told"
        assert store.altered == set(), "every row is as the journal binds it"
        assert await journal_break(store, OrganisationId(town.organisation.id)) is None


async def test_what_was_filled_is_used_again_until_the_filler_changes(
    sqlite: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[Plan] = []

    async def noted(town: Town, store: SqlStore, plan: Plan) -> None:
        filled.append(plan)
        await fill(town, store, plan)

    monkeypatch.setattr(kept, "fill", noted)
    for _ in range(2):
        async with copy_of(PLAN, sqlite) as place, opened(place) as one:
            await one.town.say("nurse0", "support")
    assert filled == [PLAN]
    monkeypatch.setattr(kept, "head", lambda: "another schema")
    async with copy_of(PLAN, sqlite):
        pass
    assert filled == [PLAN, PLAN]


async def test_journeys_and_lists(sqlite: Kind) -> None:
    results, curves = await growth.measure(TINY, sqlite)
    _sound(results)
    assert len(curves) == len(results)
    people, closed = TINY.towns[-1]
    async with copy_of(Plan(people, closed, 1, 10), sqlite) as place:
        told = lists._drawn(place, "cases")
    assert told["warm"] > 0
    assert told["cold"] > 0


async def test_what_is_due_all_at_once(sqlite: Kind) -> None:
    _sound(await draining.measure(TINY, sqlite))
    _sound(await reminders.measure(TINY, sqlite))


async def test_rows_promises_and_many_organisations(sqlite: Kind) -> None:
    _sound(await rows.measure(TINY, sqlite))
    _sound(await promises.measure(TINY, sqlite))
    _sound(await handing.measure(TINY, sqlite))
    results, curves = await organisations.measure(TINY, sqlite)
    _sound(results)
    assert len(curves) == len(results)


def test_each_section_is_named_once_and_found_by_how_it_begins() -> None:
    assert chosen([]) == list(ITEMS)
    assert chosen(["jour", "rows"]) == ["journeys", "rows"]
    with pytest.raises(SystemExit):
        chosen(["nothing"])


def test_the_page_takes_the_table_and_the_curves_and_keeps_its_prose(tmp_path: Path) -> None:
    page, pictures = tmp_path / "benchmarks.md", tmp_path / "pictures"
    shutil.copy(PAGE, page)
    pictures.mkdir()
    row = result("Log an event, 50,000 people", "ms wall", "100 people", [Pair(26, 20)], aim_at_most(1.3))
    curve = Curve("Log an event <six>", "people", "ms", [(100, 20), (50_000, 26)])
    conditions = {
        "processors": 2,
        "python": "3.11",
        "sqlite": "3.40",
        "flushes_per_second": 8000,
        "load": 0.5,
    }
    out = tmp_path / "bench.json"
    write_json(out, conditions, {"journeys": Section([row], [curve], ["Something is left out."])})
    before = page.read_text(encoding="utf-8")
    write_page(read_json(out), page, pictures)
    after = page.read_text(encoding="utf-8")
    assert (before.split(BEGIN)[0], before.split(END)[1]) == (after.split(BEGIN)[0], after.split(END)[1])
    assert "| Log an event, 50,000 people | 26 ms | 20 ms | 1.30 | ≤ 1.3 | met |" in after
    assert "Something is left out." in after
    assert "pictures/growth-journeys.svg" in after
    drawn = (pictures / "growth-journeys.svg").read_text(encoding="utf-8")
    assert "Log an event &lt;six&gt;: 26" in drawn
    page.write_text("no place", encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        write_page(read_json(out), page, pictures)
