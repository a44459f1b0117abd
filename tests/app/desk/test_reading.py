"""What tests read of a view is what is there: words apart from what is hidden, and nothing hidden is left unread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.fakes import FakeTokens
from tests.reading import all_blocks, buttons_of, everything_in, fields_of, unsigned, values_of, words_of
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.views import (
    Block,
    Button,
    Choice,
    DateInput,
    Done,
    FieldErrors,
    Form,
    Link,
    Message,
    Option,
    PersonCard,
    Text,
    TextInput,
    View,
)
from trim_bot.domain.people import Address, Platform

NAME = "Planted Name"
VIEWS = catalogue()
HIDDEN: dict[str, Block] = {
    "a field's name": TextInput(NAME, "Label"),
    "an answer's value": Choice("pick", "Label", (Option(NAME, "Yes"),)),
    "an action": Button(NAME, "", "Label"),
    "an address": PersonCard("", "", "", "", Address(Platform.SLACK, "T1", NAME)),
    "where a link leads": Link("Label", f"https://desk.example/{NAME}"),
    "a token": Button(
        "case", FakeTokens().sign("o", "case", {"case": NAME}, nonce=None, expires_at=None), "Label"
    ),
}
READ: dict[str, Block] = {
    "a text": Text(f"This is {NAME}"),
    "who it is": PersonCard(NAME, "", "", ""),
    "what was typed": TextInput("note", "Label", value=NAME),
    "a day": DateInput("on", "Label", value=NAME),
    "an answer": Choice("pick", "Label", (Option("yes", NAME),)),
}


def around(block: Block) -> Iterator[View]:
    """Every kind of view that can hold a block."""
    form = Form("form", "Title", (block,))
    yield from (form, FieldErrors(form, {}), Done("done", "Title", (block,)))


@pytest.mark.parametrize("where", HIDDEN)
def test_what_nobody_reads_is_no_word_and_is_found_among_everything(where: str) -> None:
    for view in around(HIDDEN[where]):
        assert NAME not in words_of(view)
        assert NAME in everything_in(view)


@pytest.mark.parametrize("where", READ)
def test_what_is_read_is_a_word_and_is_found_among_everything(where: str) -> None:
    for view in around(READ[where]):
        assert NAME in words_of(view)
        assert NAME in everything_in(view)


def test_what_is_to_be_mended_and_the_way_back_are_read() -> None:
    back = Button("back", "", "Go back")
    errors = FieldErrors(Form("form", "Title", (), submit="Send", back=back), {"note": "Please say more"})
    assert words_of(errors).splitlines() == ["Title", "Send", "Go back", "Please say more"]
    assert buttons_of(errors) == buttons_of(errors.form) == [back]


def test_every_word_of_every_screen_is_among_everything_but_for_what_the_platform_says() -> None:
    for name, view in VIEWS.items():
        carried = " ".join(everything_in(view).split())
        assert isinstance(view, Message) or all(line in carried for line in words_of(view).splitlines()), name


def test_a_view_without_its_tokens_reads_the_same() -> None:
    for name, view in VIEWS.items():
        bare = unsigned(view)
        assert words_of(bare) == words_of(view), name
        assert buttons_of(bare) == [replace(one, token="") for one in buttons_of(view)], name
        assert [one for one in all_blocks(bare) if not isinstance(one, Button)] == [
            one for one in all_blocks(view) if not isinstance(one, Button)
        ], name


def test_fields_are_found_by_name_with_what_stands_in_them() -> None:
    form = Form("form", "Title", (TextInput("note", "Note", value="words"), DateInput("on", "Day")))
    assert list(fields_of(form)) == ["note", "on"]
    assert values_of(FieldErrors(form, {})) == {"note": "words", "on": ""}


def test_everything_is_walked_or_refused() -> None:
    when = datetime(2026, 11, 23, tzinfo=UTC)
    walked = everything_in([{"key": (b"bytes", None, 2)}], {Platform.SLACK}, when, Text("text"))
    assert walked.split("\n") == ["key", "bytes", "None", "2", "slack", str(when), "text", "False"]
    with pytest.raises(TypeError, match="object is not walked"):
        everything_in([object()])


def test_a_token_that_was_made_afresh_makes_no_difference() -> None:
    form = Form("form", "Title", (Button("case", "one.token", "Open"),), token="first")
    other = replace(form, token="second", blocks=(Button("case", "other.token", "Open"),))
    assert form != other
    assert unsigned(form) == unsigned(other)
    assert unsigned(FieldErrors(form, {})) == unsigned(FieldErrors(other, {}))
