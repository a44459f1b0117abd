"""What the judge takes for a second message: not what comes again because a backup does not know of the first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.simulator.facts import Facts
from tests.simulator.findings import Rule
from tests.simulator.messages import Judge
from tests.simulator.model import Model
from tests.simulator.people import OFFICE, Person
from tests.simulator.platforms import Accepted
from tests.simulator.world_time import BEGIN
from trim_bot.app.seam.views import Message
from trim_bot.domain.people import Address, Platform, Role

MORNING = BEGIN + timedelta(days=7, hours=4)
"""In working time, after everybody's welcome."""
HALF_AN_HOUR = timedelta(minutes=30)
AT = Address(Platform.SLACK, "T1", "U1")


@pytest.mark.parametrize(
    ("backed_up", "found"),
    [(None, 1), (-HALF_AN_HOUR, 0), (HALF_AN_HOUR / 2, 1)],
    ids=["none", "before", "after"],
)
def test_only_what_went_out_after_the_backup_that_came_back_may_come_again(
    backed_up: timedelta | None, found: int
) -> None:
    person = Person("P", (AT,), frozenset({Role.PRACTITIONER}), "", OFFICE, member_id="p")
    model = Model(("Europe/London", "GB", "ENG"), {"p": person})
    stands = Facts({}, {}, {}, {}, {}, {}, {}, {}, (0, ""))
    judge = Judge(welcomed={"p": BEGIN})

    def told(at: timedelta) -> list[Rule]:
        message = Accepted(AT, MORNING + at, Message("", ""))
        return [one.rule for one in judge.judge(message, "p", model, (stands,), [])]

    assert told(timedelta()) == []
    if backed_up is not None:
        judge.came_back(MORNING + backed_up)
    assert told(HALF_AN_HOUR) == [Rule.DOUBLED] * found
    assert told(2 * HALF_AN_HOUR) == [Rule.DOUBLED], "once more, and no oftener"
