"""What was told is read again as it was written, also where another version wrote beside it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.builders import MONDAY
from trim_bot.app.watch.alert_notes import read, written
from trim_bot.app.watch.alert_state import AlertState, Firing, News, ToldOf, WayState, observe
from trim_bot.domain.alerts import AdminAlert, AlertKind

WAY = "https a.example.org"
TOLD = Firing(
    AdminAlert(AlertKind.STORE, "data", "Words.", "DATABASE_URL", MONDAY),
    MONDAY,
    MONDAY,
    ripe=True,
    told={WAY: ToldOf(News.BEGAN, MONDAY)},
)
STATE = AlertState({TOLD.alert.key: TOLD}, {WAY: WayState(2, MONDAY)}, MONDAY)


def newer(*spoil: tuple[str, object]) -> str:
    """The same with an alert of a later version, which differs from one of this in these places."""
    note = json.loads(written(STATE))
    entry = json.loads(written(STATE))["firing"][0]
    entry["alert"][1] = "other"
    for name, value in spoil:
        entry[name] = value
    note["firing"].insert(0, entry)
    return json.dumps(note)


def test_it_is_read_as_it_was_written() -> None:
    assert read(written(STATE)) == STATE


@pytest.mark.parametrize(
    "spoil",
    [
        ("alert", ["kind_of_later", "other", "Words.", "", None]),
        ("alert", ["store", "other", "Words.", "", None, "more"]),
        ("told", {WAY: ["news_of_later", MONDAY.isoformat()]}),
        ("since", "a time of later"),
        ("maybe", None),
    ],
)
def test_one_alert_that_is_unknown_here_leaves_the_others_known_and_is_written_back(
    spoil: tuple[str, object],
) -> None:
    text = newer(spoil)
    state = read(text)
    assert (state.firing, state.ways, state.daily_at) == (STATE.firing, STATE.ways, STATE.daily_at)
    later = observe(state, [TOLD.alert], {}, [WAY], MONDAY + timedelta(minutes=1))
    kept = json.loads(written(later))["firing"]
    assert json.loads(text)["firing"][0] in kept
    assert len(kept) == 2


def test_a_way_that_is_unknown_here_leaves_all_else_known() -> None:
    note = json.loads(written(STATE))
    note["ways"]["later"] = {"tries": 1}
    state = read(json.dumps(note))
    assert state.firing == STATE.firing
    assert state.ways[WAY] == WayState(2, MONDAY)


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"firing": 1}'])
def test_what_is_no_note_at_all_is_nothing(text: str | None) -> None:
    assert read(text) == AlertState()
