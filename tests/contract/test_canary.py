"""What a chat platform keeps holds the fixed catalogue and opaque tokens, and nothing else at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.ground.drawing import RenderError
from integrations.slack.render import render_message
from integrations.teams.render import home_card, message_card, neutral_card, opening_card
from integrations.teams.wire import paragraph
from tests.reading import texts
from trim_bot.app.examples.sample import LINK
from trim_bot.app.own.home_screens import home_view
from trim_bot.app.seam.views import Message
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL

TOKENS = st.text("abcXYZ019._-", min_size=1, max_size=200)
MESSAGES = st.builds(Message, TOKENS, TOKENS)
SHAPE = {
    "AdaptiveCard", "1.5", "RichTextBlock", "TextRun", "TextBlock", "ActionSet", "Container", "Action.Submit",
    "Action.Execute", "positive", "task/fetch", "heading", "Medium", "Bolder", "accent", "None",
    "section", "actions", "button", "plain_text", "primary", "open", "stop", "support", "me", "",
}  # fmt: skip
"""What a card is made of; none of it is said to anybody, or it is the name of an action."""


def said(found: Any) -> Iterator[str]:
    """Every text in a card, wherever it stands."""
    match found:
        case str():
            yield found
        case dict():
            yield from (text for value in found.values() for text in said(value))
        case list():
            yield from (text for value in found for text in said(value))


@given(MESSAGES)
def test_a_message_holds_one_fixed_text_and_two_tokens(message: Message) -> None:
    allowed = SHAPE | {
        MESSAGE_TEXT,
        OPEN_LABEL,
        STOP_LABEL,
        message.open_token,
        message.stop_token,
    }
    posted = render_message(message)
    assert set(said([posted.text, posted.blocks])) <= allowed
    assert set(said(message_card(message))) <= allowed


@given(MESSAGES, TOKENS)
def test_anything_more_in_a_message_is_found(message: Message, more: str) -> None:
    card = message_card(message)
    card["fallbackText"] = f"{more}!"
    assert f"{more}!" in set(said(card))


def test_the_first_card_holds_what_the_home_page_says_to_everybody() -> None:
    shown = {text.removeprefix("• ").removeprefix("Help: ") for text in said(home_card(LINK))}
    page = {"Action.OpenUrl", f"{LINK}/help-now"}
    assert shown <= SHAPE | page | set(texts(home_view(LINK)))


def card_body(card: Mapping[str, Any]) -> list[Any]:
    body: list[Any] = card["body"]
    return body


@given(st.lists(st.from_regex(r"[a-z]{1,20}", fullmatch=True), min_size=1, max_size=3))
def test_the_card_that_answers_words_holds_those_words_where_nobody_reads_them(verbs: list[str]) -> None:
    card = opening_card(verbs)
    assert set(said(card)) <= SHAPE | {words.OPENS_BESIDE, OPEN_LABEL, " ".join(verbs)}
    first, second = card_body(card)
    assert [first] == card_body(opening_card(("peer",)))[:1] and second


@pytest.mark.parametrize("typed", ["Anna", "anna-k", "07700900101", "häng", "two words", ""])
def test_what_is_no_plain_verb_never_gets_into_a_chat(typed: str) -> None:
    with pytest.raises(RenderError):
        opening_card(("peer", typed))


def test_no_card_for_a_chat_is_made_from_a_form_or_an_answer() -> None:
    # A card for a chat takes a kind of message, a fixed sentence or verbs; views go to dialogs.
    for make in (message_card, neutral_card, opening_card, home_card):
        taken = {str(one) for name, one in make.__annotations__.items() if name != "return"}
        assert taken <= {"Message", "str", "Sequence[str]"}
    assert neutral_card(words.CLOSE_THIS)["body"] == paragraph(words.CLOSE_THIS)
