"""How many data keys one process opens in an hour of one organisation, and what is never held back."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from trim_bot.domain.key_openings import KeyOpenings, KeysHeldBack
from trim_bot.domain.key_use import KeyPurpose, KeyUse, key_purpose, keys_for
from trim_bot.domain.policy import POLICY, told

HOUR, MINUTE = 3600.0, 60.0


@dataclass
class Counted:
    """A count with a time that the test moves, and those of whom its alarm told."""

    most: int = 10
    slowly: int = 2
    now: float = 0.0
    alarmed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.openings = KeyOpenings(self.most, self.slowly, lambda: self.now)
        self.openings.alarm = self.alarmed.append

    def opens(self, *ids: object, of: str = "one", by: str = "") -> bool:
        """Whether these are opened for somebody: they are fetched, opened, and shown."""
        purpose, keys = KeyPurpose(key_purpose().use, by), [str(id) for id in ids]
        try:
            self.openings.foresee(of, keys, purpose)
            self.openings.admit(of, keys, purpose)
        except KeysHeldBack:
            return False
        self.openings.count(keys, purpose.use)
        return True


def test_a_list_of_hundreds_is_ordinary_and_a_copy_of_everything_is_not() -> None:
    counted = Counted(POLICY.keys_opened_in_an_hour, POLICY.keys_opened_slowly_in_a_minute)
    assert all(counted.opens(*range(start, start + 400)) for start in (0, 400, 800))
    assert not counted.opens(*range(1200, 1600))
    assert counted.opens(*range(1200, 1500))


def test_the_same_keys_count_once_however_often_they_are_opened() -> None:
    counted = Counted()
    for _ in range(20):
        assert counted.opens(*range(10))
        counted.now += 15 * MINUTE
    assert counted.openings.opened[KeyUse.ORDINARY] == 200


def test_beyond_the_hour_a_few_are_opened_each_minute() -> None:
    counted = Counted()
    assert counted.opens(*range(10))
    assert [counted.opens(id) for id in "abc"] == [True, True, False]
    counted.now += MINUTE
    assert not counted.opens(*"cde")
    assert counted.opens(*"cd")
    assert counted.openings.held_back == 2


def test_what_was_opened_lately_stays_open_meanwhile() -> None:
    counted = Counted(slowly=0)
    assert counted.opens(*range(10))
    counted.now += 50 * MINUTE
    assert counted.opens(*range(5))
    assert not counted.opens("a")
    counted.now += 15 * MINUTE
    # Five have not been opened for an hour, and make room for five others.
    assert counted.opens(*"abcde", *range(5))
    assert not counted.opens("f")


def test_each_member_has_a_minute_of_their_own() -> None:
    counted = Counted(most=0)
    assert [counted.opens(id, by="thief") for id in "abc"] == [True, True, False]
    assert all(
        counted.opens(one, by=str(one)) and counted.opens(f"of {one}", by=str(one)) for one in range(40)
    )


def test_whoever_asks_does_not_count_themselves() -> None:
    counted = Counted(most=0, slowly=0)
    assert counted.opens("key", by="key")
    assert not counted.opens("key", by="another")


def test_what_has_passed_slowly_passes_again_within_its_minute() -> None:
    counted = Counted(most=0)
    assert all(counted.opens(*"ab") for _ in range(3))
    counted.now += MINUTE
    assert counted.opens(*"cd")
    assert not counted.opens("a")


def test_what_is_only_fetched_takes_from_nobody() -> None:
    counted = Counted(most=0)
    for id in range(40):
        counted.openings.foresee("one", [str(id)], KeyPurpose())
    assert counted.opens(*"ab")
    with pytest.raises(KeysHeldBack):
        counted.openings.foresee("one", list("cde"), KeyPurpose())


def test_an_event_of_a_thousand_is_answered_within_an_hour() -> None:
    counted = Counted(POLICY.keys_opened_in_an_hour, POLICY.keys_opened_slowly_in_a_minute)
    with keys_for(KeyUse.OWN):
        assert all(
            counted.opens(*(f"{kind} {one}" for kind in ("member", "event", "case"))) for one in range(1000)
        )
    assert counted.opens(*range(POLICY.keys_opened_in_an_hour))


def test_the_alarm_rings_once_and_again_when_it_begins_anew() -> None:
    counted = Counted(slowly=0)
    assert counted.opens(*range(10))
    assert not any(counted.opens(id) for id in "abc")
    assert counted.alarmed == ["one"]
    counted.now += HOUR
    assert counted.opens(*"abcdefghij")
    assert not counted.opens("k")
    assert counted.alarmed == ["one", "one"]


def test_one_organisation_holds_no_other_back() -> None:
    counted = Counted(slowly=0)
    assert counted.opens(*range(10))
    assert not counted.opens("a")
    assert counted.opens("a", of="two")
    assert counted.alarmed == ["one"]


@pytest.mark.parametrize("use", [use for use in KeyUse if use is not KeyUse.ORDINARY])
def test_whatever_names_its_purpose_is_counted_and_not_held_back(use: KeyUse) -> None:
    counted = Counted(slowly=0)
    with keys_for(use):
        assert counted.opens(*range(500))
    assert counted.openings.opened == {use: 500}
    # Nor does it take from what people may open.
    assert counted.opens(*range(10))


def test_the_numbers_are_printed_with_their_reasons() -> None:
    printed = {name: (value, why) for name, value, why in told()}
    assert printed["keys_opened_in_an_hour"][0] == "1500"
    assert "lists of hundreds" in printed["keys_opened_in_an_hour"][1]
    assert "keys_opened_slowly_in_a_minute" in printed
