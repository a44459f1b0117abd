"""What the model takes for being passed over: a step that leaves somebody who could not know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.simulator.facts import Facts, Row
from tests.simulator.findings import Rule
from tests.simulator.model import Model, Owned
from tests.simulator.people import OFFICE, Person
from tests.simulator.world_time import BEGIN
from trim_bot.domain.people import Address, Platform, Role

LATER = BEGIN + timedelta(days=3)


def row(**columns: object) -> Row:
    """A row with these columns."""
    return Row({name: index for index, name in enumerate(columns)}, list(columns.values()))


def facts(state: str, taken_by: str | None) -> Facts:
    """The lead has a request now that was somebody's before."""
    step = row(
        id="s", kind="request", subject="r", case_id=None, state="told", rung="lead", holder="lead",
        opens_at=BEGIN.isoformat(), due_at=LATER.isoformat(), promised_at=None,
    )  # fmt: skip
    member = row(id="p", messages_stopped=0, left=0, availability="room")
    return Facts(
        {"s": step}, {}, {}, {}, {}, {"r": row(id="r", state=state, member_id="m", taken_by=taken_by)},
        {"p": member}, {"g": row(id="g", member_id="p", role="practitioner")}, (0, ""),
    )  # fmt: skip


def said(now: datetime, at: Facts) -> list[Rule]:
    """The rules that are broken when the clock has taken the step from somebody whom no message reached."""
    roles = frozenset({Role.PRACTITIONER})
    person = Person("P", (Address(Platform.SLACK, "T1", "U1"),), roles, "", OFFICE, member_id="p")
    model = Model(("Europe/London", "GB", "ENG"), {"p": person})
    model.kept.owned = {("s", "p"): Owned(BEGIN)}
    return [one.rule for one in model.follow(at, now, now, by_clock=True)]


@pytest.mark.parametrize(("state", "taken_by"), [("waiting", None), ("taken", "somebody else")])
def test_a_request_that_leaves_somebody_who_was_not_told_passed_them_over(
    state: str, taken_by: str | None
) -> None:
    assert said(LATER, facts(state, taken_by)) == [Rule.PASSED_OVER]


def test_whoever_took_a_request_by_their_own_gesture_knew_of_it() -> None:
    assert said(LATER, facts("taken", "p")) == []


@pytest.mark.parametrize(("days", "broken"), [(1, []), (2, [Rule.PASSED_OVER])])
def test_a_talk_past_its_window_leaves_whoever_is_off_for_longer_than_the_sites_days(
    days: int, broken: list[Rule]
) -> None:
    """Next at work in a day and a half, they hear of it within two of the site's days and not within one."""
    roles = frozenset({Role.PRACTITIONER})
    off = LATER + timedelta(hours=30)
    shifts = ((off, off + timedelta(hours=12)),)
    addresses = (Address(Platform.SLACK, "T1", "U1"),)
    person = Person("P", addresses, roles, "", ((),) * 7, shifts, member_id="p")
    model = Model(("Europe/London", "GB", "ENG"), {"p": person}, days=days)
    model.kept.owned = {("s", "p"): Owned(BEGIN)}
    at = facts("waiting", None)
    talk = row(id="k", case_id="c", stage="first", state="open", closes_at=BEGIN.isoformat(), agreed_at=None)
    step = row(
        id="s", kind="check_in", subject="k", case_id="c", state="told", rung="lead", holder="lead",
        opens_at=BEGIN.isoformat(), due_at=LATER.isoformat(), promised_at=None,
    )  # fmt: skip
    found = model.follow(replace(at, steps={"s": step}, check_ins={"k": talk}), LATER, LATER, by_clock=True)
    assert [one.rule for one in found] == broken
