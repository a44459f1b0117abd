"""The renderer: Teams takes whatever the desk returns, nothing is lost, and it comes back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from integrations.ground.drawing import RenderError
from integrations.teams.activities import opened_words, typed_values
from integrations.teams.render import (
    again_card,
    card_of,
    home_card,
    message_card,
    neutral_card,
    opening_card,
    title_of,
)
from integrations.teams.wire import cut, escaped, joined, parted
from tests.adapters.slack_app.samples import fit_to_be_sent
from tests.adapters.teams_app.client import pressed
from tests.adapters.teams_app.rules import DIALOG, MESSAGE, actions, elements, faults, inputs, strict_faults
from tests.adapters.teams_app.samples import EVERYTHING, MARKDOWN, OBJECT, TENANT, VIEWS, forms, long_words
from tests.reading import blocks_of
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.views import (
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    FieldErrors,
    Form,
    Heading,
    Input,
    Link,
    Message,
    Nothing,
    Option,
    PeopleInput,
    PersonInput,
    Text,
    TextInput,
    TimeInput,
    Toggle,
    View,
)
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT
from trim_bot.domain.clean_text import cleaned

GOLDENS = Path(__file__).parent / "goldens"
MARKS = dict.fromkeys((0x2060, 0x2068, 0x2069))
"""What is drawn beside what is said: so that words are not taken for a link, or run into their neighbours."""


def drawn(view: View) -> dict[str, Any]:
    card = card_of(view, TENANT)
    assert card is not None
    return card


def one(*blocks: Any) -> Form:
    return Form("f", "T", blocks, submit="Send")


def said(card: dict[str, Any]) -> list[str]:
    return [run["text"] for element in elements(card) for run in element.get("inlines", [])]


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_sample_is_drawn_as_agreed(name: str) -> None:
    card = card_of(VIEWS[name], TENANT)
    assert card == json.loads((GOLDENS / f"{name}.json").read_text("utf-8"))
    assert card is None or (faults(card), strict_faults(card)) == ([], [])


@given(forms)
@settings(max_examples=60)
def test_any_form_keeps_every_limit_and_the_schema(form: Form) -> None:
    card = drawn(form)
    assert card == drawn(form), "drawing is pure"
    assert fit_to_be_sent(card)
    assert (faults(card), strict_faults(card)) == ([], [])
    anew = drawn(FieldErrors(form, {field.name: "Please look again" for field in form.inputs()}))
    assert (faults(anew), strict_faults(anew)) == ([], [])


@given(forms)
@settings(max_examples=60)
def test_what_was_prefilled_comes_back_when_nothing_is_changed(form: Form) -> None:
    card = drawn(form)
    for action in actions(card):
        if action["type"] == "Action.Submit":
            values = typed_values(pressed(card, action), TENANT)
            assert values == {field.name: _expected(field) for field in form.inputs()}


@given(forms)
@settings(max_examples=40)
def test_fields_that_a_client_leaves_out_come_back_empty(form: Form) -> None:
    card = drawn(replace(form, submit="Send"))
    whole = pressed(card, actions(card)[-1])
    sent = {key: value for key, value in whole.items() if key in ("form", "t", "k")}
    emptied = form.filled({field.name: "" for field in form.inputs()})
    assert typed_values(sent, TENANT) == {field.name: field.value for field in emptied.inputs()}


def _expected(field: Input) -> Value:
    match field:
        case TextInput():
            return cleaned(field.value)
        case Choice() | Choices() | Toggle():
            return field.value
        case PersonInput():
            return field.value if ":" in field.value else ""
        case DateInput() | TimeInput():
            return str(inputs(drawn(one(field)))[0].get("value", ""))
        case PeopleInput():
            return tuple(dict.fromkeys(text for text in field.value if ":" in text))


@given(long_words)
def test_long_text_is_never_lost(text: str) -> None:
    shown = "".join("".join(said(drawn(one(Text(text))))).translate(MARKS).split())
    assert shown == ("".join(cleaned(text).split()).replace("\u2060", "") or "–")


def test_goldens_hold_every_kind_of_block() -> None:
    kinds = {type(block).__name__ for view in VIEWS.values() for block in getattr(view, "blocks", ())}
    assert len(kinds) == 16


def test_what_people_type_is_shown_as_it_stands() -> None:
    card = drawn(MARKDOWN)
    heading = card["body"][0]["text"].replace("\u2060", "")
    [shown] = blocks_of(MARKDOWN, Heading)
    assert heading.replace("\\", "") == shown.text
    assert heading.startswith("1. \\[Click\\](https://evil.example) \\*now\\* \\<at\\>")
    assert "{{" not in json.dumps(card)
    assert said(card)[:2] == ["**bold** [Click](https://evil.example)", "- a list"]


def test_markdown_is_escaped_wherever_it_is_read() -> None:
    assert escaped("- a") == "\\- a"
    assert escaped("-a 1.5 a+b") == "-a 1\u2060.5 a+b".replace("\u2060", "")
    assert escaped("2) b") == "2\u2060) b"
    assert escaped("a_b `c` ~d~ R&D &amp;") == "a\\_b \\`c\\` \\~d\\~ R&D \\&amp;"
    assert escaped(" \n ") == "–"


def test_a_person_is_rung_first_and_each_platform_says_what_it_keeps() -> None:
    here = said(drawn(EVERYTHING))
    assert here.index(words.PHONE) < here.index(words.REACH) < here.index(words.REACH_IN_TEAMS)
    elsewhere = said(drawn(VIEWS["elsewhere"]))
    assert {words.REACH_IN_SLACK, words.REACH_IN_BROWSER} <= set(elsewhere)


def test_people_of_this_tenant_are_looked_up_and_others_keep_their_address() -> None:
    fields = {element["id"]: element for element in inputs(drawn(EVERYTHING))}
    assert (fields["who"]["value"], fields["who"]["choices"]) == (OBJECT, [])
    assert fields["others"]["choices"] == [{"title": "web:a,b@example.org", "value": "web:a%2Cb@example.org"}]
    foreign = inputs(drawn(one(PersonInput("who", "Who", value=f"teams:elsewhere:{OBJECT}"))))[0]
    assert foreign["value"] == f"teams:elsewhere:{OBJECT}"


def test_a_list_of_our_own_serves_where_teams_looks_nobody_up() -> None:
    people = ((f"teams:{TENANT}:{OBJECT}", "Ann"), ("web:b@example.org", "Bo"))
    card = card_of(one(PeopleInput("who", "Who", value=("web:b@example.org",))), TENANT, people)
    assert card is not None
    field = inputs(card)[0]
    assert [(choice["title"], choice["value"]) for choice in field["choices"]] == [
        ("Ann", OBJECT),
        ("Bo", "web:b@example.org"),
    ]
    assert field["value"] == "web:b@example.org"


def test_nothing_stands_in_the_way_of_a_call_for_help() -> None:
    needed = TextInput("a", "A")
    assert inputs(drawn(one(needed)))[0]["isRequired"] is True
    for form in (
        one(needed, Button("safety", "t", "Call")),
        Form("f", "T", (needed,), "", "Send", back=BACK),
    ):
        assert "isRequired" not in inputs(drawn(form))[0]
        assert "optional" not in inputs(drawn(form))[0]["label"]


BACK = Button("back", "t", "Back")


def test_an_error_stands_beside_its_field_and_in_the_summary() -> None:
    form = one(TextInput("a", "Name", value="typed"), TextInput("b", "Other"))
    card = drawn(FieldErrors(form, {"b": "Please fill this in.", "gone": "Look again"}))
    summary, _, fault, field = card["body"]
    assert [run["inlines"][0]["text"] for run in summary["items"]] == [
        words.LOOK_AGAIN,
        "Other: Please fill this in.",
        "Look again",
    ]
    assert fault["inlines"][0]["text"] == "To mend: Please fill this in."
    assert field["id"] == "b"
    assert inputs(card)[0]["value"] == "typed"


def test_equal_ways_look_equal() -> None:
    row = [element for element in elements(drawn(VIEWS["offer"])) if element["type"] == "ActionSet"]
    assert {tuple(sorted(action)) for one in row for action in one["actions"]} == {("data", "title", "type")}
    assert len({len(one["actions"]) for one in row}) == 1
    assert [len(one["actions"]) for one in drawn(VIEWS["many"])["body"]] == [1] * 8


@pytest.mark.parametrize(
    ("labels", "rows"), [(("a",) * 6, [6]), (("a",) * 7, [1] * 7), (("a" * 21,) * 2, [1, 1])]
)
def test_a_row_holds_what_is_not_cut(labels: tuple[str, ...], rows: list[int]) -> None:
    card = drawn(one(*(Button("go", str(n), label) for n, label in enumerate(labels))))
    assert [len(row["actions"]) for row in card["body"]] == rows


def test_a_message_is_the_fixed_text_and_two_buttons() -> None:
    card = message_card(Message("o", "s"))
    assert (faults(card, MESSAGE), strict_faults(card)) == ([], [])
    assert (said(card), card["fallbackText"]) == ([MESSAGE_TEXT], MESSAGE_TEXT)
    opening, stopping = actions(card)
    assert opening["data"] == {"msteams": {"type": "task/fetch"}, "action": "open", "t": "o"}
    assert (stopping["type"], stopping["verb"]) == ("Action.Execute", "stop")
    assert stopping["data"] == {"action": "stop", "t": "s"}


def test_cards_of_our_own_may_stay_in_a_chat() -> None:
    home = home_card("https://desk.example.org")
    for card in (home, neutral_card("Done."), opening_card(("peer", "log"))):
        assert (faults(card, MESSAGE), strict_faults(card)) == ([], [])
    assert home == home_card("https://desk.example.org")


def test_words_typed_come_back_and_nothing_but_verbs_gets_into_the_card() -> None:
    card = opening_card(("peer", "log"))
    assert opened_words(pressed(card, actions(card)[0])) == ("peer", "log")
    assert opened_words({"action": "open", "t": "o"}) == ()
    for typed in ((), ("peer", "Anna"), ("peer", "a b"), ("a",) * 4, ("x" * 21,)):
        with pytest.raises(RenderError):
            opening_card(typed)


def test_a_slow_answer_keeps_everything_for_another_press() -> None:
    card = drawn(EVERYTHING)
    sent = pressed(card, actions(card)[-1])
    waiting = again_card("Wait.", "Look", {**sent, "msteams": {"type": "task/fetch"}})
    assert (pressed(waiting, actions(waiting)[0]), strict_faults(waiting)) == (sent, [])


@pytest.mark.parametrize(
    "form",
    [
        Form("f", "T", tuple(Text("line" * 300) for n in range(100))),
        Form("f", "T", (TextInput("a", "A"),)),
        Form("f", "T", (), token="x" * 4001, submit="Send"),
        Form("f", "T", tuple(TextInput(f"a{n}", "A") for n in range(101)), submit="Send"),
        one(TextInput("", "A")),
        one(TextInput("a" * 256, "A")),
        *(one(TextInput(name, "A")) for name in ("form", "action", "t", "k", "words", "msteams")),
        one(Choice("a", "A", ())),
        one(Choice("a", "A", tuple(Option(str(n), "x") for n in range(101)))),
        one(Choice("a", "A", (Option("", "x"),))),
        one(Choices("a", "A", (Option("b", "x"), Option("b", "y")))),
        one(Button("", "t", "x")),
        one(Button("go", "x" * 4001, "x")),
    ],
)
def test_what_cannot_fit_is_refused_and_not_dropped(form: Form) -> None:
    with pytest.raises(RenderError):
        card_of(form, TENANT)


def test_a_field_outside_a_form_is_refused() -> None:
    with pytest.raises(RenderError):
        card_of(Done("d", "D", (TextInput("a", "A"),)), TENANT)


def test_a_cut_title_is_said_in_full_on_the_card() -> None:
    long = Done("d", "A word " * 12, (Text("x"),))
    assert title_of(long).endswith("…") and len(title_of(long)) <= 60
    assert drawn(long)["body"][0]["text"] == ("A word " * 12).strip()
    assert title_of(FieldErrors(EVERYTHING, {})) == EVERYTHING.title
    assert title_of(Nothing()) == title_of(Message("o", "s")) == "Peer Support"


@pytest.mark.parametrize(("count", "style"), [(10, "expanded"), (11, "compact")])
def test_more_than_ten_options_become_a_list(count: int, style: str) -> None:
    options = tuple(Option(str(n), f"Option {n}") for n in range(count))
    fields = inputs(drawn(one(Choice("a", "A", options), Choices("b", "B", options))))
    assert [field["style"] for field in fields] == [style, style]


def test_a_way_to_a_page_is_followed_only_where_it_leads_to_one() -> None:
    card = drawn(one(Link("Page", "https://desk.example.org/me"), Link("Ring", "tel:999")))
    assert actions(card)[0]["url"] == "https://desk.example.org/me"
    assert said(card) == ["Ring: tel:999"]


def test_values_and_titles_survive_their_marks() -> None:
    assert parted(joined(("a,b", "100%", "%2C"))) == ("a,b", "100%", "%2C")
    assert cut("abcdefg", 6) == "abcde…"
    assert cut("  ", 6) == "–"
    assert faults(drawn(VIEWS["everything"]), DIALOG) == []
