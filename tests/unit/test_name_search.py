"""People are found by any part of their name in any script, the same ones every time, and never more than twenty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.domain.name_search import (
    MOST_MATCHES,
    Colleague,
    Matches,
    NameIndex,
    PeopleChoice,
    words_in,
)

NAMES = (
    "Ann Smith",
    "Hannah Berg",
    "Anne-Marie O’Brien",
    "Zoë Łęcka",
    "José García Márquez",
    "Søren Ångström",
    "Li Wei",
    "Ng Boon",
    "王小明",
    "김 민준",
    "さくら たなか",
    "דנה כהן",
    "محمّد أحمد",
    "हिन्दी शर्मा",
    "Ολγα Παπαδοπούλου",
    "Ёлка Петрова",
    "فاطمة موسى",
    "شاکری یکتا",
)


def index(*names: str) -> NameIndex:
    return NameIndex(Colleague(f"web:{at}", name) for at, name in enumerate(names or NAMES))


def names(found: Matches) -> list[str]:
    return [one.name for one in found.people]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("smi", "Ann Smith"),
        ("فاطمه", "فاطمة موسى"),
        ("موسي", "فاطمة موسى"),
        ("شاكري", "شاکری یکتا"),
        ("SMITH, ANN", "Ann Smith"),
        ("ann sm", "Ann Smith"),
        ("mith", "Ann Smith"),
        ("marie", "Anne-Marie O’Brien"),
        ("anne marie", "Anne-Marie O’Brien"),
        ("o'brien", "Anne-Marie O’Brien"),
        ("obrien", "Anne-Marie O’Brien"),
        ("zoe", "Zoë Łęcka"),
        ("lecka", "Zoë Łęcka"),
        ("marquez", "José García Márquez"),
        ("Ｊｏｓｅ", "José García Márquez"),
        ("soren", "Søren Ångström"),
        ("Ångström".encode().decode(), "Søren Ångström"),
        ("Li Wei", "Li Wei"),
        ("ng", "Ng Boon"),
        ("小明", "王小明"),
        ("王小", "王小明"),
        ("민준", "김 민준"),
        ("さくら", "さくら たなか"),
        ("サクラ".translate({ord("サ"): "さ", ord("ク"): "く", ord("ラ"): "ら"}), "さくら たなか"),
        ("כהן", "דנה כהן"),
        ("\u200fדנה\u200f", "דנה כהן"),
        ("محمد", "محمّد أحمد"),
        ("احمد", "محمّد أحمد"),
        ("शर्मा", "हिन्दी शर्मा"),
        ("παπ", "Ολγα Παπαδοπούλου"),
        ("елка", "Ёлка Петрова"),
    ],
)
def test_a_part_of_a_name_finds_it(typed: str, name: str) -> None:
    assert name in names(index().find(typed))


@pytest.mark.parametrize("typed", ["", " ", "a", "an", "sm", ",,,", "王", "l w", "\u200f", "'"])
def test_too_little_finds_nobody_and_says_so(typed: str) -> None:
    assert index().find(typed) == Matches(too_short=True)


def test_a_word_that_begins_so_comes_before_one_that_only_holds_it() -> None:
    assert names(index("Hannah Aas", "Joanna Bo", "Ann Zed", "Zed Anna").find("ann")) == [
        "Ann Zed",
        "Zed Anna",
        "Hannah Aas",
        "Joanna Bo",
    ]


def test_two_of_one_name_stand_in_the_order_of_their_places() -> None:
    two = [Colleague("web:2", "Ann Smith", "Ward 7"), Colleague("web:1", "Ann Smith", "Depot")]
    found = NameIndex(two).find("smith").people
    assert [one.place for one in found] == ["Depot", "Ward 7"]


def test_at_most_twenty_are_found_and_that_there_are_more_is_known() -> None:
    many = NameIndex(Colleague(f"web:{n}", f"Ann Number{n:03}") for n in range(21))
    found = many.find("ann")
    assert (len(found.people), found.more) == (MOST_MATCHES, True)
    without = many.find("ann", without=frozenset({found.people[0].address}))
    assert (len(without.people), without.more) == (MOST_MATCHES, False)


@pytest.mark.parametrize(
    ("typed", "many"),
    [("ann smith", 2), ("Smith,  ANN", 2), ("Ann", 0), ("Ann Smit", 0), ("ann marie smith", 1), ("", 0)],
)
def test_a_whole_name_is_everyone_who_is_called_so_and_nobody_else(typed: str, many: int) -> None:
    found = index("Ann Smith", "Smith Ann", "Ann Smithson", "Ann Marie Smith", "Ann").named(typed)
    assert len(found) == many + (typed == "Ann")


def test_nobody_names_themselves() -> None:
    choice = PeopleChoice(index("Ann Smith", "Ann Smith"), frozenset({"web:0"}))
    assert [one.address for one in choice.find("ann").people] == ["web:1"]
    assert [one.address for one in choice.named("ann smith")] == ["web:1"]
    assert [one.address for one in choice.few()] == ["web:1"]


def test_a_short_list_is_there_whole_and_a_long_one_only_by_name() -> None:
    assert len(PeopleChoice(index(*"abcdefghijklmnopqrst")).few()) == MOST_MATCHES
    assert PeopleChoice(index(*"abcdefghijklmnopqrstu")).few() == ()
    assert (PeopleChoice().few(), PeopleChoice().is_there, PeopleChoice().find("ann")) == (
        (),
        False,
        Matches(),
    )


words = st.text(st.characters(categories=["L", "M", "Zs", "Pd", "Nd"]), min_size=1, max_size=12)


@given(st.lists(words, max_size=30), words)
def test_what_is_found_has_every_word_and_nobody_who_has_is_left_out(listed: list[str], typed: str) -> None:
    found = index(*listed, "Ann").find(typed, most=100)
    wanted = words_in(typed)
    if found.too_short:
        return
    inside = [
        name for name in (*listed, "Ann") if all(any(w in one for one in words_in(name)) for w in wanted)
    ]
    whole = [name for name in inside if set(wanted) <= set(words_in(name))]
    assert set(whole) <= set(names(found)) <= set(inside)
    if len(typed) > 3 * len(wanted) and max(map(len, wanted)) > 6:
        assert sorted(names(found)) == sorted(inside)


@given(words)
def test_everybody_is_found_by_their_own_name(name: str) -> None:
    one = index(name, "Ann Smith")
    assert not words_in(name) or name in [found.name for found in one.named(name)]
    found = one.find(name)
    assert found.too_short or name in names(found)


@given(st.text(max_size=300))
def test_whatever_is_typed_the_answer_comes_and_is_the_same_again(typed: str) -> None:
    known = index()
    assert known.find(typed) == known.find(typed)
    assert len(known.find(typed).people) <= len(NAMES)
    known.named(typed)
