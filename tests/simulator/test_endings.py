"""What the model takes for a right end of the wait for an answer: none while it is owed, but with whoever goes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.simulator.endings import Endings
from tests.simulator.facts import Facts, Row
from tests.simulator.findings import Rule
from tests.simulator.model import Model
from tests.simulator.test_model import row
from tests.simulator.world_time import BEGIN

AFTER = BEGIN + timedelta(hours=3)


def facts(*, asked: bool, state: str = "waiting", due: datetime = AFTER) -> Facts:
    """An offer that nobody has answered, and whether its person is still asked."""
    step = row(
        id="s", kind="offer", subject="o", case_id=None, state=state, rung="person", holder="m",
        opens_at=BEGIN.isoformat(), due_at=due.isoformat(), promised_at=None,
    )  # fmt: skip
    offer = row(id="o", member_id="m", state="waiting", closes_at=(BEGIN + timedelta(days=20)).isoformat())
    steps = {"s": step} if asked else {}
    return Facts(steps, {}, {}, {}, {"o": offer}, {}, {"m": row(id="m", left=1)}, {}, (0, ""))


@pytest.mark.parametrize(("going", "wrong"), [((), 2), (("somebody else",), 2), (("m",), 0)])
def test_an_offer_is_taken_away_unanswered_only_from_whoever_asked_to_be_erased(
    going: tuple[str, ...], wrong: int
) -> None:
    model = Model(("Europe/London", "GB", "ENG"), {})
    endings = Endings(model, 1, lambda ids: dict.fromkeys(ids, "cancelled"), lambda: going)
    assert not list(endings.look(facts(asked=True), BEGIN, by_clock=False))
    found = [one.rule for one in endings.look(facts(asked=False), AFTER, by_clock=False)]
    assert found == [Rule.ENDED] * wrong


@pytest.mark.parametrize(
    ("wrong", "days", "found"), [(False, 29, 1), (False, 20, 0), (True, 29, 0), (True, 39, 0), (True, 42, 1)]
)
def test_an_offer_waits_on_after_it_closed_only_as_long_as_a_wrong_clock_said(
    wrong: bool, days: int, found: int
) -> None:
    model = Model(("Europe/London", "GB", "ENG"), {})
    model.wrong = [(BEGIN, BEGIN + timedelta(hours=1))] if wrong else []
    endings = Endings(model, 1, lambda ids: dict.fromkeys(ids, "cancelled"), lambda: ())
    waits = facts(asked=True, state="told", due=BEGIN + timedelta(days=40))
    assert not list(endings.look(waits, BEGIN, by_clock=True))
    said = [one.rule for one in endings.look(waits, BEGIN + timedelta(days=days), by_clock=True)]
    assert said == [Rule.ENDED] * found


@pytest.mark.parametrize(("reopened", "wrong"), [(False, 1), (True, 0)])
def test_what_waited_ends_with_a_case_that_is_closed_and_opened_again_in_one_visit(
    reopened: bool, wrong: int
) -> None:
    model = Model(("Europe/London", "GB", "ENG"), {})
    endings = Endings(model, 1, lambda ids: dict.fromkeys(ids, "cancelled"), lambda: ())
    case = row(id="c", member_id="m", state="open", holder="p")
    step = row(
        id="s", kind="first_contact", subject="c", case_id="c", state="waiting", rung="nobody", holder=None,
        opens_at=BEGIN.isoformat(), due_at=AFTER.isoformat(), promised_at=None,
    )  # fmt: skip

    def stands(*steps: Row) -> Facts:
        return Facts({one.id: one for one in steps}, {}, {"c": case}, {}, {}, {}, {}, {}, (0, ""))

    assert not list(endings.look(stands(step), BEGIN, by_clock=False))
    endings.reopened |= {"c"} if reopened else set()
    assert len(list(endings.look(stands(), BEGIN, by_clock=False))) == wrong
    assert not endings.reopened


@pytest.mark.parametrize(
    ("mistaken", "looked_at", "wrong"), [(True, True, 0), (True, False, 1), (False, True, 1)]
)
def test_a_call_is_taken_back_by_somebody_and_a_lead_looks_at_it(
    mistaken: bool, looked_at: bool, wrong: int
) -> None:
    model = Model(("Europe/London", "GB", "ENG"), {})
    endings = Endings(model, 1, lambda ids: dict.fromkeys(ids, "cancelled"), lambda: ())
    case = row(id="c", member_id="m", state="open", holder="p")
    call, look = (
        row(
            id=kind, kind=kind, subject="c", case_id="c", state="waiting", rung="lead", holder="l",
            opens_at=BEGIN.isoformat(), due_at=AFTER.isoformat(), promised_at=None,
        )
        for kind in ("safety", "supervision")
    )  # fmt: skip

    def stands(*steps: Row) -> Facts:
        return Facts({one.id: one for one in steps}, {}, {"c": case}, {}, {}, {}, {}, {}, (0, ""))

    assert not list(endings.look(stands(call), BEGIN, by_clock=False))
    endings.mistaken |= {"c"} if mistaken else set()
    assert len(list(endings.look(stands(*(look,) if looked_at else ()), BEGIN, by_clock=False))) == wrong
