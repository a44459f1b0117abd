"""What the model takes for left out of a lead's page: all at the end of the ladder, but what is too near to them."""

from __future__ import annotations

import pytest

from tests.simulator.facts import Facts
from tests.simulator.pages import Pages
from tests.simulator.people import OFFICE, Person
from tests.simulator.test_model import row
from tests.simulator.world_time import BEGIN
from trim_bot.domain.people import Address, Platform, Role


@pytest.mark.parametrize(("passed", "left_to_them"), [("", 1), ("of somebody else", 1), ("of the person", 0)])
def test_a_lead_is_owed_what_nobody_has_but_of_whom_they_passed_on(passed: str, left_to_them: int) -> None:
    step = row(
        id="s", kind="check_in", subject="t", case_id="c", state="told", rung="nobody", holder=None,
        opens_at=BEGIN.isoformat(), due_at=BEGIN.isoformat(), promised_at=None,
    )  # fmt: skip
    requests = {
        "of the person": row(id="of the person", member_id="m", state="case", taken_by=None, case_id="c"),
        "of somebody else": row(
            id="of somebody else", member_id="n", state="taken", taken_by=None, case_id=None
        ),
    }
    case = row(id="c", member_id="m", state="open", holder="p")
    facts = Facts({"s": step}, {}, {"c": case}, {}, {}, requests, {}, {}, (0, ""))
    lead = Person(
        "L", (Address(Platform.SLACK, "T1", "U1"),), frozenset({Role.LEAD}), "", OFFICE, member_id="lead"
    )
    pages = Pages({"lead": lead}, lambda _: {}, set, passed={("lead", passed)})
    assert len(list(pages._owed(lead, facts, BEGIN))) == left_to_them
