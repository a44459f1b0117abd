"""Whatever the desk answers is drawn whole, escaped, and bound together."""

from dataclasses import fields as parts_of
from typing import get_args

import pytest
from hypothesis import given

from integrations.web.blocks import FormTarget, ringable, safe_url
from integrations.web.direct_message import chat_url
from integrations.web.render import draw, title
from tests.adapters.web import views_at_random as at_random
from tests.adapters.web.reading_html import Page
from tests.adapters.web.reading_html import read as read_marked
from trim_bot.app.seam import views
from trim_bot.app.seam.views import (
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    Form,
    Option,
    PersonCard,
    Text,
    TextInput,
    TimeInput,
    Weight,
)
from trim_bot.domain.people import Address, Platform
from trim_bot.settings.clouds import slack_home

TARGET = FormTarget("proof")
UNSEEN = frozenset({"name", "action", "token", "max_length", "revision", "answer", "url", "chat"})
"""Parts of a block that are for the machine, or drawn only where they are of use."""


def read(drawn: str) -> Page:
    """A page without the marks that set a run of letters apart from its neighbours."""
    return read_marked(str(drawn).translate({0x2068: None, 0x2069: None}))


def said(block) -> set[str]:
    """Every sentence a block holds for somebody to read."""
    found: set[str] = set()
    for part in parts_of(block):
        if part.name not in UNSEEN or (isinstance(block, PersonCard) and part.name == "name"):
            found |= _texts(getattr(block, part.name))
    return found


def _texts(value) -> set[str]:
    if isinstance(value, str):
        return {value}
    if isinstance(value, Option):
        return {value.label}
    if isinstance(value, tuple):
        return set().union(*(_texts(one) for one in value))
    return set()


def shown(page) -> str:
    """All text, and what stands in fields."""
    held = [element.get("value", "") for _, element in page.elements]
    return "\n".join([page.text, *held])


@given(at_random.views, at_random.people)
def test_any_view_is_sound_html_without_anything_that_runs(view, people):
    page = read(draw(view, FormTarget("proof", people=people)))
    assert page.faults == []
    assert {tag for tag, _ in page.elements}.isdisjoint({"b", "img", "script"})
    assert title(view)


@given(at_random.forms)
def test_nothing_of_a_form_is_dropped(form):
    page = read(draw(form, TARGET))
    everything = shown(page)
    for block in form.blocks:
        # A single choice shows its answer only among its options; the other fields keep whatever was typed.
        kept = said(block) - ({block.value} if isinstance(block, Choice) else set())
        if isinstance(block, Choices):
            kept -= set(block.value)
        missing = {text for text in kept if text not in everything}
        assert not missing
    for button in [block for block in form.blocks if isinstance(block, Button)]:
        assert page.all("button", value=f"{button.action} {button.token}")
    for field in form.inputs():
        names = (field.name, f"find {field.name}")
        named = [one for _, one in page.elements if one.get("name") in names]
        assert named or (isinstance(field, Choice | Choices) and not field.options)


@given(at_random.readings)
def test_nothing_of_an_answer_is_dropped(block):
    everything = shown(read(draw(Done("done", "That is done", (block,)), TARGET)))
    assert all(text in everything for text in said(block))


@given(at_random.field_errors())
def test_every_error_stands_in_the_summary_and_at_its_field(errors):
    page = read(draw(errors, TARGET))
    everything = page.text
    for name, text in errors.errors.items():
        at_field = sum(1 for field in errors.form.inputs() if field.name == name)
        assert everything.count(text) >= 1 + at_field
    assert bool(page.all("div", role="alert")) is bool(errors.errors)


def test_equal_buttons_share_one_row_and_are_equally_large():
    offer = Form(
        "offer",
        "A talk?",
        tuple(Button("a", str(n), label) for n, label in enumerate(("Yes", "Later", "No"))),
    )
    page = read(draw(offer, TARGET))
    assert len(page.all("div", class_="row equal")) == 1
    assert [button["class"] for button in page.all("button")] == ["button equal"] * 3
    assert all("formnovalidate" in button for button in page.all("button"))


def test_enter_sends_the_form_and_never_a_button_inside_it():
    inside = (TextInput("what", "What?"), Button("call", "t", "I am worried", Weight.QUIET))
    first = read(draw(Form("f", "F", inside, "t", "Send"), TARGET)).all("button")[0]
    assert "name" not in first
    assert "disabled" not in first
    without = read(draw(Form("f", "F", inside, "t"), TARGET)).all("button")[0]
    assert "disabled" in without


@pytest.mark.parametrize(
    ("field", "html_type"),
    [
        (DateInput("f", "F", value="2026-11-24"), "date"),
        (DateInput("f", "F", value="24th of November"), "text"),
        (TimeInput("f", "F", value="07:30"), "time"),
        (TimeInput("f", "F", value="half seven"), "text"),
    ],
)
def test_a_day_or_time_typed_in_words_is_kept_as_typed(field, html_type):
    shown_field = read(draw(Form("f", "F", (field,)), TARGET)).all("input", name="f")[0]
    assert (shown_field["type"], shown_field["value"]) == (html_type, field.value)


def test_text_that_begins_with_a_line_break_keeps_it():
    drawn = draw(Form("f", "F", (TextInput("a", "A", multiline=True, value="\nx"),)), TARGET)
    assert ">\n\nx</textarea>" in drawn


@pytest.mark.parametrize(
    ("line", "rings"),
    [
        ("Samaritans: 116 123, any time", "tel:116123"),
        ("Emergency: 999 (not yet verified by your site)", "tel:999"),
        ("Ring 0800 1111", "tel:08001111"),
        ("Text SHOUT to: 85258", "sms:85258?body=SHOUT"),
        ("Open 24 hours, 365 days", ""),
        ("Helpline: see the wall", ""),
    ],
)
def test_numbers_in_help_can_be_rung(line, rings):
    page = read(ringable(line))
    assert [link["href"] for link in page.all("a")] == ([rings] if rings else [])
    assert page.text == line


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a", True),
        ("/me", True),
        ("tel:999", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://[", False),
    ],
)
def test_only_safe_addresses_can_be_followed(url, kept):
    assert safe_url(url) == (url if kept else "")


def test_a_person_is_rung_first_and_written_to_with_a_warning():
    card = PersonCard("Ann", "07700 900123", "By phone", "Mornings", Address(Platform.SLACK, "T1", "U1"))
    page = read(draw(Done("d", "D", (card,)), TARGET))
    hrefs = [link["href"] for link in page.all("a")]
    assert hrefs == ["tel:07700900123", "https://slack.com/app_redirect?team=T1&channel=U1"]
    assert "keeps a record" in page.text
    assert chat_url(Address(Platform.TEAMS, "t", "o")) == ""


def test_in_a_cloud_of_its_own_a_person_is_written_to_there():
    card = PersonCard("Ann", "", "By chat", "", Address(Platform.SLACK, "T1", "U1"))
    page = read(draw(Done("d", "D", (card,)), FormTarget("proof", slack_home=slack_home("gov"))))
    hrefs = [link["href"] for link in page.all("a")]
    assert hrefs == ["https://slack-gov.com/app_redirect?team=T1&channel=U1"]


def test_words_of_text_keep_their_line_breaks():
    assert "one\ntwo" in draw(Done("d", "D", (Text("one\ntwo"),)), TARGET)


def test_every_kind_of_block_has_been_drawn_at_random():
    # The strategies and the seam name the same kinds, so a new block cannot go untested.
    kinds = {kind.__name__ for one in get_args(views.Block) for kind in (get_args(one) or (one,))}
    assert kinds == kinds & vars(at_random).keys()
