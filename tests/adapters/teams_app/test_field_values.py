"""What comes back from a card may hold anything: it is read as what it should be, or refused without a word of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.ground.untrusted_input import Malformed
from integrations.teams.activities import opened_words, typed_values
from tests.adapters.teams_app.samples import OBJECT, TENANT
from trim_bot.app.seam.gestures import Value

KINDS = {
    "note": "text",
    "kind": "choice",
    "needs": "choices",
    "day": "date",
    "at": "time",
    "who": "person",
    "others": "people",
    "sure": "toggle",
}
SENT: dict[str, Any] = {
    "form": "log",
    "t": "token",
    "k": KINDS,
    "note": " a, b ",
    "kind": "a",
    "needs": "a,b%2Cc",
    "day": "2026-11-22",
    "at": "07:30",
    "who": OBJECT.upper(),
    "others": f"{OBJECT},web:a%2Cb@example.org",
    "sure": "yes",
}
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=8,
)


def test_each_field_is_read_as_what_it_is() -> None:
    assert typed_values(SENT, TENANT) == {
        "note": " a, b ",
        "kind": "a",
        "needs": ("a", "b,c"),
        "day": "2026-11-22",
        "at": "07:30",
        "who": f"teams:{TENANT}:{OBJECT}",
        "others": (f"teams:{TENANT}:{OBJECT}", "web:a,b@example.org"),
        "sure": True,
    }


def test_a_field_that_was_left_out_is_empty() -> None:
    assert typed_values({"k": KINDS}, TENANT) == {
        "note": "",
        "kind": "",
        "needs": (),
        "day": "",
        "at": "",
        "who": "",
        "others": (),
        "sure": False,
    }


def test_without_kinds_texts_stay_texts() -> None:
    found = typed_values(
        {"form": "log", "t": "x", "others": f"{OBJECT},b", "sure": "yes", "on": True}, TENANT
    )
    assert found == {"others": f"{OBJECT},b", "sure": "yes", "on": True}
    assert typed_values({"gone": None}, TENANT) == {"gone": ""}


@pytest.mark.parametrize(
    ("said", "ticked"),
    [("yes", True), ("true", True), (True, True), ("no", False), ("false", False), (1, False)],
)
def test_only_a_yes_ticks(said: object, ticked: bool) -> None:
    assert typed_values({"k": {"sure": "toggle"}, "sure": said}, TENANT) == {"sure": ticked}


def test_somebody_of_another_tenant_stays_of_that_tenant() -> None:
    foreign = f"teams:elsewhere:{OBJECT}"
    assert typed_values({"k": {"who": "person"}, "who": foreign}, TENANT) == {"who": foreign}


def test_half_an_emoji_costs_nobody_the_rest_of_what_they_typed() -> None:
    assert typed_values({"note": "a\ud83d b\0\u202ec\r\nd"}, TENANT) == {"note": "a bc\nd"}


@pytest.mark.parametrize(
    "data",
    [
        {"note": ["a"]},
        {"note": {"a": "b"}},
        {"note": 7},
        {"note": "x" * 12_001},
        {"x" * 256: "a"},
        {"\ud800": "a"},
        {f"f{n}": "a" for n in range(101)},
        {"k": ["note"]},
        {"k": {"note": "secret"}},
        {"k": {"note": ["text"]}},
        {"k": {"t": "text"}},
        {"k": {f"f{n}": "text" for n in range(101)}},
        {"k": {"who": "person"}, "who": "Anna Smith"},
        {"k": {"who": "person"}, "who": f"{OBJECT},{OBJECT}"},
        {"k": {"who": "people"}, "who": ",".join(str(n) for n in range(1001))},
        {"k": {"needs": "choices"}, "needs": ",".join(str(n) for n in range(101))},
        {"k": {"sure": "text"}, "sure": True},
    ],
)
def test_what_no_card_sends_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refused:
        typed_values(data, TENANT)
    assert str(refused.value) == "This request cannot be read"


@given(st.dictionaries(st.sampled_from([*SENT, "other"]), junk), st.booleans())
def test_anything_at_all_is_read_or_refused(data: dict[str, Any], told: bool) -> None:
    try:
        values = typed_values({**data, "k": KINDS} if told else data, TENANT)
    except Malformed:
        return
    assert all(isinstance(name, str) and _is_value(value) for name, value in values.items())


def _is_value(value: Value) -> bool:
    return isinstance(value, str | bool) or (
        isinstance(value, tuple) and all(type(one) is str for one in value)
    )


@pytest.mark.parametrize("said", ["Peer", "peer Anna", "peer a b c", "x" * 70, ["peer"], 3, "peer häng"])
def test_words_that_are_no_verbs_are_refused(said: object) -> None:
    with pytest.raises(Malformed):
        opened_words({"words": said})
