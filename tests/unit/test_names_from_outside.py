"""However somebody is called by a chat, they can ask; the name is made fit to be shown."""

from __future__ import annotations

import pytest

from integrations.ground.untrusted_input import called
from integrations.slack.payloads import FORM, read_arrival
from tests.adapters.slack_app.person import command
from trim_bot.domain.clean_text import MOST_NAME, tidy_name
from trim_bot.domain.people import Address, Platform, Profile

ODD = {
    "Alex \U0001f9d1\u200d\u2695\ufe0f": "Alex \U0001f9d1\u200d\u2695\ufe0f",
    "\u202eylA\u202c\u2066 Byrne\u2069": "ylA Byrne",
    "Al\x00ex\x1b[31m\nByrne": "Alex Byrne",
    "\u200f\u200bAlex\ufeff": "Alex",
    "x" * 300: "x" * (MOST_NAME - 1) + "…",
    "  ": "",
    "": "",
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_made_fit_to_be_shown(name: str) -> None:
    assert tidy_name(name) == ODD[name]
    profile = Profile(Address(Platform.SLACK, "T1", "U1"), name, handle=name)
    assert (profile.name, profile.handle) == (ODD[name], ODD[name])


@pytest.mark.parametrize(
    "name", [*ODD, None, 7, ["x"], {"a": 1}, "x" * 100_000], ids=lambda one: str(one)[:12]
)
def test_no_name_stands_in_the_way_of_a_request(name: object) -> None:
    assert called({"name": name, "username": "alex"}, "name", "username")
    assert bool(called({"name": name}, "name")) is (isinstance(name, str) and bool(name.strip()))


@pytest.mark.parametrize("name", ODD)
def test_support_is_open_to_whoever_is_called_so(name: str) -> None:
    arrival = read_arrival(command("/support", called=name), FORM)
    assert arrival.name == ODD[name]
