"""The renderer: Slack takes whatever the desk returns, nothing is lost, and it comes back the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from integrations.ground.drawing import RenderError
from integrations.slack.payloads import JSON, read_arrival
from integrations.slack.render import render_home, render_message, render_view
from integrations.slack.wire import cut, pieces
from tests.adapters.slack_app.person import TEAM, on_screen, submission
from tests.adapters.slack_app.referee import build_message, build_view
from tests.adapters.slack_app.rules import faults_of_message, faults_of_view
from tests.adapters.slack_app.samples import EVERYTHING, VIEWS, fit_to_be_sent, forms, long_words
from trim_bot.app.own.home_screens import home_view
from trim_bot.app.seam.gestures import Submit
from trim_bot.app.seam.views import (
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    FieldErrors,
    Form,
    Message,
    Option,
    PeopleInput,
    PersonInput,
    Text,
    TextInput,
    TimeInput,
    Toggle,
    View,
)
from trim_bot.domain.clean_text import cleaned

GOLDENS = Path(__file__).parent / "goldens"


def drawn(view: View) -> dict[str, Any]:
    page = render_view(view)
    assert page is not None
    return page


def one(*blocks: Any) -> Form:
    return Form("f", "T", blocks, submit="Send")


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_sample_is_drawn_as_agreed(name: str) -> None:
    page = render_view(VIEWS[name])
    assert page == json.loads((GOLDENS / f"{name}.json").read_text("utf-8"))


@given(forms())
@settings(max_examples=60)
def test_any_form_keeps_every_limit(form: Form) -> None:
    page = drawn(form)
    assert page == drawn(form), "drawing is pure"
    assert fit_to_be_sent(page)
    assert faults_of_view(page) == []
    build_view(page)
    anew = drawn(FieldErrors(form, {field.name: "Please look again" for field in form.inputs()}))
    assert faults_of_view(anew) == []


@given(forms())
@settings(max_examples=40)
def test_what_was_prefilled_comes_back_when_nothing_is_changed(form: Form) -> None:
    body = json.dumps(submission(on_screen(drawn(form)))).encode()
    arrival = read_arrival(body, JSON)
    assert arrival.gesture == Submit(form.name, form.token, {f.name: _expected(f) for f in form.inputs()})
    assert arrival.wire_names.keys() == {field.name for field in form.inputs()}


def _expected(field: Any) -> Any:
    match field:
        case TextInput():
            return cleaned(field.value)
        case Choice() | Toggle():
            return field.value
        case Choices():
            return field.value
        case DateInput() | TimeInput():
            page = drawn(one(field))["blocks"][0]["element"]
            return page.get("initial_date") or page.get("initial_time") or ""
        case PersonInput():
            return field.value.replace("T1", TEAM) if field.value.startswith("slack:") else ""
        case PeopleInput():
            return tuple(text.replace("T1", TEAM) for text in field.value if text.startswith("slack:"))
        case _:
            raise AssertionError(field)


@given(long_words)
def test_long_text_is_split_and_never_lost(text: str) -> None:
    blocks = drawn(one(Text(text)))["blocks"]
    shown = "".join(block["text"]["text"] for block in blocks)
    assert "".join(cleaned(shown).split()) == ("".join(cleaned(text).split()) or "–")


def test_goldens_hold_every_kind_of_block() -> None:
    kinds = {type(block).__name__ for view in VIEWS.values() for block in getattr(view, "blocks", ())}
    assert len(kinds) == 16


def test_messages_keep_every_limit() -> None:
    posted = render_message(Message("o", "s"))
    assert faults_of_message(posted.blocks) == []
    build_message(posted.text, posted.blocks)


def test_home_keeps_every_limit() -> None:
    home = render_home(home_view("https://desk.example.org"))
    assert faults_of_view(home) == []
    build_view(home)
    assert "value" not in str(home)


@pytest.mark.parametrize(
    "form",
    [
        Form("f", "T", tuple(Text(f"line {n}") for n in range(101))),
        Form("f", "T", (TextInput("a", "A"),)),
        Form("f", "T", (), token="x" * 3001),
        Form("f" * 256, "T", ()),
        one(TextInput("", "A")),
        one(TextInput("a~1", "A")),
        one(TextInput("a" * 256, "A")),
        one(TextInput("a", "A", value="x" * 3001)),
        one(Choice("a", "A", ())),
        one(Choice("a", "A", tuple(Option(str(n), "x") for n in range(101)))),
        one(Choice("a", "A", (Option("", "x"),))),
        one(Choice("a", "A", (Option("x" * 151, "x"),))),
        one(Choices("a", "A", (Option("b", "x"), Option("b", "y")))),
        one(Button("", "t", "x")),
        one(Button("~link", "t", "x")),
        one(Button("go", "x" * 2001, "x")),
    ],
    ids=range(16),
)
def test_what_cannot_fit_is_refused_and_not_dropped(form: Form) -> None:
    with pytest.raises(RenderError):
        render_view(form)


def test_a_field_outside_a_form_is_refused() -> None:
    with pytest.raises(RenderError):
        render_view(Done("d", "D", (TextInput("a", "A"),)))


def test_a_cut_title_is_said_in_full_on_the_page() -> None:
    page = drawn(EVERYTHING)
    assert page["title"]["text"] == "Every kind of block the…"
    assert page["blocks"][0]["text"]["text"] == EVERYTHING.title


@pytest.mark.parametrize(
    ("count", "one_of", "many_of"),
    [(10, "radio_buttons", "checkboxes"), (11, "static_select", "multi_static_select")],
)
def test_more_than_ten_options_become_a_list(count: int, one_of: str, many_of: str) -> None:
    options = tuple(Option(str(n), f"Option {n}") for n in range(count))
    blocks = drawn(one(Choice("a", "A", options), Choices("b", "B", options)))["blocks"]
    assert [block["element"]["type"] for block in blocks] == [one_of, many_of]


def test_a_long_option_goes_on_under_its_name() -> None:
    label = "I would rather that nobody rings me at home, " * 2 + "but a message is fine"
    option = drawn(one(Choice("a", "A", (Option("1", label),))))["blocks"][0]["element"]["options"][0]
    assert f"{option['text']['text']} {option['description']['text']}" == label


def test_an_action_twice_starts_a_new_row() -> None:
    rows = [block for block in drawn(VIEWS["offer"])["blocks"] if block["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [3, 1]


def test_names_cannot_break_out_of_the_link() -> None:
    blocks = drawn(EVERYTHING)["blocks"]
    marked = [block for block in blocks if block.get("text", {}).get("type") == "mrkdwn"]
    assert [block["text"]["text"] for block in marked] == [
        "<slack://user?team=T1&amp;id=U1|Write to them in Slack>"
    ]


def test_a_new_draft_gets_a_new_name_on_the_wire() -> None:
    def name(step: tuple[int, int] | None, revision: int) -> str:
        form = Form("f", "T", (TextInput("a", "A"),), submit="Send", step=step, revision=revision)
        inputs = [block for block in drawn(form)["blocks"] if block["type"] == "input"]
        return str(inputs[0]["block_id"])

    names = [name(None, 0), name(None, 1), name((1, 2), 0), name((2, 2), 0), name((2, 2), 1)]
    assert names == ["a", "a~0.1", "a~1.0", "a~2.0", "a~2.1"]


def test_cut_and_pieces() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"
    assert cut("  ", 6) == "–"
    assert pieces("ab cd ef", 5) == ["ab cd", "ef"]
    assert pieces("abcdefgh", 5) == ["abcde", "fgh"]
    assert pieces("", 5) == ["–"]
