"""Text from anywhere: cleaned in one place where it enters, and drawn on every platform whatever stands in it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from integrations.slack.render import render_home, render_view
from integrations.teams.render import card_of, title_of
from integrations.web import render
from integrations.web.blocks import FormTarget
from tests.adapters.slack_app.samples import fit_to_be_sent, words
from tests.adapters.teams_app.fake_teams import TENANT
from tests.adapters.teams_app.samples import forms
from trim_bot.app.desk.clean_gestures import clean_gesture
from trim_bot.app.seam.gestures import Press, Submit, Values
from trim_bot.app.seam.views import Done, Form, PersonCard, Text
from trim_bot.domain.clean_text import cleaned, cleaned_all, one_line
from trim_bot.domain.people import Address, Platform, Profile

KEPT = [
    "Zoë O’Neil-Ångström",
    "شخص\u200fما 12",
    "שלום\u200e abc",
    "👩\u200d🚒 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f ❤\ufe0f",
    "می\u200cخواهم",
    "one\n\ttwo",
]
"""What languages and emoji need."""


@pytest.mark.parametrize("text", KEPT)
def test_what_people_write_is_kept(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Jo\ud83d", "Jo"),
        ("\ud83d\ude00", "😀"),
        ("\ude00\ud83d", ""),
        ("a\0b", "ab"),
        ("a\r\nb\rc\x85d\u2028e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b2Jgone", "gone"),
        ("\x1b]0;title\x07", "]0;title"),
        ("user\u202etxt.exe", "usertxt.exe"),
        ("\u2066a\u2069", "a"),
        ("a\x7f\x80b\ufffe", "ab"),
    ],
)
def test_what_nobody_can_use_is_taken_out(text: str, left: str) -> None:
    assert cleaned(text) == left


@given(words)
def test_cleaning_twice_changes_nothing_and_the_result_can_be_written_anywhere(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once
    once.encode()
    assert all(letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs") for letter in once)
    line = one_line(text)
    assert line == one_line(line) == cleaned(line) and "\n" not in line


def test_every_way_in_is_cleaned() -> None:
    hostile = "Jo\ud83d\0\u202e Sm\x1b[31mith"
    address = Address(Platform.SLACK, "T1", "U1")
    assert Profile(address, f"{hostile}\n", handle=hostile) == Profile(address, "Jo Smith", handle="Jo Smith")
    values: Values = {"a": hostile, "b": (hostile, "x"), "c": True}
    told: Values = {"a": "Jo Smith", "b": ("Jo Smith", "x"), "c": True}
    assert clean_gesture(Submit("f", "t", values)) == Submit("f", "t", told)
    assert clean_gesture(Press("f", "t", values)) == Press("f", "t", told)
    assert Address.parse("web:jo\0\ud83d@example.org") == Address.parse("web:jo@example.org")
    assert cleaned_all([{"a": (hostile,)}, 7, None]) == [{"a": ("Jo Smith",)}, 7, None]


@given(forms, words, words)
def test_every_renderer_draws_any_text_there_can_be(form: Form, title: str, text: str) -> None:
    done = Done("saved", title, (Text(text), PersonCard(text, title, text, title)))
    for view in (form, done):
        assert fit_to_be_sent(render_view(view))
        assert fit_to_be_sent([card_of(view, TENANT), title_of(view)])
        page = cleaned(render.draw(view, FormTarget("csrf", "/f/")))
        page.encode()
    assert fit_to_be_sent(render_home(done))
