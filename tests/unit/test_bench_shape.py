"""Each benchmark runs, checks its own results and says what it should; how fast is for another day."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import gestures, routing, startup, status, teams, ticks, wire
from bench.databases import Kind
from bench.report import Section, failing, read_json, table, write_json
from bench.result import Pair, Result, Verdict, aim_at_least, aim_at_most, at_least, at_most, result
from bench.sizes import TINY

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    server = request.getfixturevalue("postgres_url") if request.param == "PostgreSQL" else ""
    return Kind(request.param, tmp_path, server)


def _sound(results: list[Result]) -> None:
    assert results
    assert all(one.ratio > 0 and one.subject > 0 and one.anchor > 0 for one in results)


async def test_routing() -> None:
    rows = await routing.measure(TINY)
    _sound(rows)
    assert str(rows[0].goal) == "≥ 0.95"


async def test_teams() -> None:
    rows = await teams.measure(TINY)
    _sound(rows)
    assert [str(one.goal) for one in rows] == ["≤ 1", "≤ 1.3"]


async def test_over_the_network(tmp_path: Path) -> None:
    rows = await wire.measure(TINY, tmp_path)
    _sound(rows)
    assert [str(one.goal) for one in rows if one.goal] == ["≥ 0.92", "≤ 0.2"]


async def test_ticks(kind: Kind) -> None:
    _sound([await ticks.measure(TINY, kind, 2)])


async def test_the_status_page(kind: Kind) -> None:
    rows = await status.measure(TINY, kind)
    _sound(rows)
    assert rows[0].anchor == 1


async def test_whole_gestures(kind: Kind) -> None:
    _sound(await gestures.measure(TINY, kind))


def test_a_start_for_slack_alone_loads_nothing_of_teams(tmp_path: Path) -> None:
    told = startup.started("slack", tmp_path / "desk")
    assert told["cpu"] > 0
    assert told["bytes"] > 0
    assert "integrations.slack.adapter" in told["modules"]


@pytest.mark.parametrize(
    ("goal", "ratio", "verdict"),
    [
        (at_least(0.9), 0.9, Verdict.MET),
        (at_least(0.9), 0.64, Verdict.CLOSE),
        (at_least(0.9), 0.62, Verdict.MISSED),
        (at_most(2), 2, Verdict.MET),
        (at_most(2), 2.8, Verdict.CLOSE),
        (at_most(2), 2.9, Verdict.MISSED),
        (aim_at_least(0.95, held=0.9), 0.64, Verdict.CLOSE),
        (aim_at_least(0.95, held=0.9), 0.62, Verdict.MISSED),
        (aim_at_least(0.35), 0.01, Verdict.CLOSE),
        (aim_at_most(1.3), 60, Verdict.CLOSE),
    ],
)
def test_only_what_is_far_worse_than_what_was_held_fails(goal, ratio: float, verdict: Verdict) -> None:
    row = Result("one", "ms", ratio, 1, "another", ratio, goal)
    assert row.verdict is verdict
    assert bool(failing([row])) is (verdict is Verdict.MISSED)


def test_the_ratio_is_the_median_of_the_pairs_not_of_the_two_columns() -> None:
    pairs = [Pair(1, 1), Pair(2, 4), Pair(9, 3)]
    cost = result("one", "ms", "another", pairs)
    assert (cost.subject, cost.anchor, cost.ratio) == (2, 3, 1)
    assert result("one", "ms", "another", pairs[1:2], rate=True).ratio == 2


def test_one_table_for_people_and_one_file_for_machines(tmp_path: Path) -> None:
    rows = [
        result("short", "ms", "another", [Pair(1, 2)], at_most(1)),
        result("a longer name", "µs", "another", [Pair(123.4, 2)]),
    ]
    lines = table(rows).splitlines()
    assert len(lines) == 3
    assert len({line.index("another") for line in lines[1:]}) == 1
    out = tmp_path / "deep" / "bench.json"
    write_json(out, {"processors": 2}, {"one": Section(rows)})
    write_json(out, {"processors": 4}, {"two": Section(notes=["Nothing was there."])})
    kept = read_json(out)
    assert [kept[name]["conditions"]["processors"] for name in ("one", "two")] == [2, 4], (
        "one section a run is enough"
    )
    assert [one["verdict"] for one in kept["one"]["results"]] == ["met", "no goal"]


def test_a_miss_says_how_much_is_missing() -> None:
    assert aim_at_least(0.5).said(0.1) == "missed: 20% of it"
    assert aim_at_most(2).said(9) == "missed: 4.5 times it"
    assert at_least(0.9).said(0.3) == "MISSED: 33% of it"
