"""Looking up the people a form names: never more than it may name, each once, and a few at a time."""

from __future__ import annotations

import pytest
from anyio.lowlevel import checkpoint

from tests.builders import Town, log_values
from trim_bot.app.desk.desk import LOOK_UPS_AT_ONCE
from trim_bot.app.seam.views import Answer, Done, FieldErrors
from trim_bot.domain.people import Address, Profile
from trim_bot.domain.policy import POLICY

pytestmark = pytest.mark.anyio


class Lookups:
    """Knows everybody; keeps who was asked for, and how many were at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.most = 0
        self.with_hours = 0
        self._running = 0

    async def __call__(self, address: Address, *, hours: bool = True) -> Profile:
        self.with_hours += hours
        self.asked.append(address.text)
        self._running += 1
        self.most = max(self.most, self._running)
        await checkpoint()
        self._running -= 1
        return Profile(address, f"Member {address.user}")


@pytest.fixture
def lookups(town: Town, monkeypatch: pytest.MonkeyPatch) -> Lookups:
    found = Lookups()
    monkeypatch.setattr(town.directory, "look_up", found)
    return found


def some(first: int, count: int) -> tuple[str, ...]:
    return tuple(f"slack:T1:U{number}" for number in range(first, first + count))


async def test_a_form_that_names_too_many_asks_for_a_bounded_number(town: Town, lookups: Lookups) -> None:
    form = await town.say("priya", "peer", "log")
    lookups.asked.clear()
    names = log_values(town.actor("nurse")) | {"direct": some(0, 3000), "peripheral": some(3000, 3000)}
    assert isinstance(await town.send("priya", form, **names), FieldErrors)
    assert len(lookups.asked) == 2 * POLICY.people_in_a_field


async def test_everybody_is_asked_for_once_and_a_few_at_a_time(town: Town, lookups: Lookups) -> None:
    names = log_values(town.actor("nurse")) | {"direct": some(0, 30), "peripheral": some(30, 30)}
    checked = await town.send_once("priya", await town.say("priya", "peer", "log"), **names)
    lookups.asked.clear()
    done = await town.send_once("priya", checked, **names)
    assert isinstance(done, Done) and done.answer is Answer.OK
    assert sorted(lookups.asked) == sorted(some(0, 60))
    assert lookups.most == LOOK_UPS_AT_ONCE
    assert lookups.with_hours == 0, "their mailboxes are not opened for that"


async def test_a_name_typed_often_is_asked_for_once(town: Town, lookups: Lookups) -> None:
    form = await town.say("priya", "peer", "log")
    lookups.asked.clear()
    names = log_values(town.actor("nurse")) | {"direct": some(0, 1) * 50}
    assert isinstance(await town.send("priya", form, **names), FieldErrors)
    assert lookups.asked == list(some(0, 1))
