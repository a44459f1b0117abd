"""What a browser sends becomes what the desk expects."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.web import render
from integrations.web.blocks import FormTarget
from integrations.web.browser_session import RESERVED, read_pairs
from integrations.web.render import draw_field
from tests.contract.html_tree import tree
from trim_bot.app.seam.text_kinds import Column, TextKind
from trim_bot.app.seam.views import Choices, PeopleInput, PersonInput, TextInput, Toggle

NAMES = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name not in RESERVED
)


@given(NAMES, st.text())
def test_one_value_is_kept_as_it_was_typed(name, value):
    kept = value.replace("\r\n", "\n")
    assert read_pairs([(name, value)]).values == {name: kept}


@given(NAMES, st.lists(st.text(min_size=1), unique=True))
def test_choices_are_always_several(name, chosen):
    shape = ("shape", render.shape(Choices(name, "", ())))
    values = read_pairs([shape, *((name, value) for value in chosen)]).values
    assert values == {name: tuple(dict.fromkeys(one.replace("\r\n", "\n") for one in chosen))}


@pytest.mark.parametrize(("sent", "value"), [([], False), (["yes"], True), (["no"], False)])
def test_a_toggle_is_yes_or_not(sent, value):
    pairs = [("shape", render.shape(Toggle("ok", ""))), *(("ok", one) for one in sent)]
    assert read_pairs(pairs).values == {"ok": value}


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ([], ()),
        (["", " "], ()),
        (["Ann@Example.org "], ("web:ann@example.org",)),
        (["web:ann@example.org", "ann@example.org"], ("web:ann@example.org",)),
        (["slack:T1:U1", "teams:t:o"], ("slack:T1:U1", "teams:t:o")),
        (["somebody"], ("somebody",)),
    ],
)
def test_people_are_addresses(sent, value):
    pairs = [("shape", render.shape(PeopleInput("who", ""))), *(("who", one) for one in sent)]
    assert read_pairs(pairs).values == {"who": value}


def test_one_person_typed_wins_over_one_chosen():
    pairs = [("shape", render.shape(PersonInput("who", ""))), ("who", "web:a"), ("who", "b@example.org")]
    assert read_pairs(pairs).values == {"who": "web:b@example.org"}


def test_a_name_that_comes_often_is_several_choices_even_unannounced():
    assert read_pairs([("kinds", "a"), ("kinds", "b")]).values == {"kinds": ("a", "b")}


def test_our_own_fields_are_no_values():
    got = read_pairs(
        [("csrf", "c"), ("t", "tok"), ("press", "act tok.en"), ("shape", "toggle t"), ("a", "1")]
    )
    assert (got.csrf, got.token, got.press, got.values) == ("c", "tok", ("act", "tok.en"), {"a": "1"})
    assert read_pairs([("press", "home ")]).press == ("home", "")
    assert read_pairs([("press", "")]).press is None


def test_nothing_sent_is_shown_in_a_trace():
    shown = repr(
        read_pairs([("csrf", "c-secret"), ("t", "t-secret"), ("press", "a p-secret"), ("what", "words")])
    )
    assert not any(word in shown for word in ("secret", "words"))


def test_boxes_of_rows_become_lines_before_what_was_pasted() -> None:
    pairs = [
        ("row1 who", "Alex  Byrne"),
        ("row2 who", "07700 900112"),
        ("row1 who", ""),
        ("row2 who", " "),
        ("row1 who", "Mei\tChen"),
        ("row2 who", ""),
        ("who", "Sam Reed; 07700 900117"),
    ]
    assert read_pairs(pairs).values == {
        "who": "Alex Byrne\t07700 900112\nMei Chen\t\nSam Reed; 07700 900117",
    }
    assert read_pairs(pairs[2:4]).values == {"who": ""}


def test_rows_come_back_as_boxes_and_the_rest_as_it_was_pasted() -> None:
    field = TextInput("who", "Who", multiline=True, columns=(Column("Name"), Column("Phone", TextKind.PHONE)))
    typed = replace(field, value="Alex Byrne\t07700 900112\nMei; 07700 900114\nSam\t07700 900117")
    drawn = tree(str(draw_field(typed, "f-who", "", FormTarget("csrf"))))
    boxes = [one.attributes for one in drawn.every("input")]
    assert [one["value"] for one in boxes if one["value"]] == ["Alex Byrne", "07700 900112"]
    assert {one["type"] for one in boxes if one["name"] == "row2 who"} == {"tel"}
    [pasted] = drawn.every("textarea")
    assert pasted.text.strip() == "Mei; 07700 900114\nSam\t07700 900117"


def test_only_ones_own_number_is_offered_by_a_device() -> None:
    for holds, offered in ((TextKind.OWN_PHONE, "tel"), (TextKind.PHONE, "off")):
        drawn = tree(str(draw_field(TextInput("n", "Number", holds=holds), "f-n", "", FormTarget("csrf"))))
        [box] = drawn.every("input")
        found = {name: box.attributes.get(name) for name in ("type", "inputmode", "autocomplete")}
        assert found == {"type": "tel", "inputmode": "tel", "autocomplete": offered}
