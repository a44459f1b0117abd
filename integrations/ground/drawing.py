"""What every renderer for a chat does alike: texts that fit, buttons in rows, and the facts about a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from trim_bot.app.desk.routes import asks_for_change
from trim_bot.app.seam.gestures import Gesture, Submit
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.languages import spoken_here
from trim_bot.app.seam.views import (
    Answer,
    Block,
    Button,
    Done,
    Form,
    Input,
    Link,
    PersonCard,
    Text,
    TextInput,
    View,
)
from trim_bot.app.words import adapter_words as words
from trim_bot.domain.clean_text import cleaned, isolated
from trim_bot.domain.errors import SafeError

Json = dict[str, object]
T = TypeVar("T")

EMPTY = "–"
"""Drawn where there is nothing to say."""


class RenderError(SafeError):
    """A view that the platform would refuse; the text names the limit and nothing of the content."""


def cannot_show(view: View | None, link: str, gesture: Gesture | None) -> tuple[Text | Link, ...]:
    """What stands in the place of a page that does not fit: whether anything is kept, and the way to the browser.

    Of what only opened something, nothing is said to be kept. `link` is where the pages are; without one the sentence
    stands alone.
    """
    said = Text(_kept_or_not(view, gesture))
    return (said, Link(here(words.YOUR_PAGE), f"{link}/")) if link else (said,)


def _kept_or_not(view: View | None, gesture: Gesture | None) -> str:
    if gesture is None or not asks_for_change(gesture):
        return here(words.CANNOT_SHOW)
    if (
        isinstance(gesture, Submit)
        and isinstance(view, Form)
        and (view.name, view.step) == (gesture.form, None)
    ):
        # The same form again: it looked something up, and took nothing.
        return here(words.CANNOT_SHOW_UNSAVED)
    saved = isinstance(view, Form) or (isinstance(view, Done) and view.answer is Answer.OK)
    return here(words.CANNOT_SHOW_KEPT) if saved else here(words.CANNOT_SHOW_UNSAVED)


def shown(text: str) -> str:
    """The text without what cannot be seen, what runs from right to left set apart; a dash where nothing is left."""
    return set_apart(cleaned(text).strip()) or EMPTY


def set_apart(text: str) -> str:
    """The text with whatever runs against the lines of the language it is drawn in set apart."""
    return isolated(text, right_to_left=spoken_here().right_to_left)


def shortened(text: str, most: int) -> str:
    """At most `most` characters, ending in an ellipsis when something is left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def in_order(
    blocks: Sequence[Block], rows: Callable[[Sequence[Button]], list[T]], one: Callable[[Block], list[T]]
) -> list[T]:
    """All blocks in order as `one` draws each; buttons that follow one another are drawn by `rows` together."""
    drawn: list[T] = []
    row: list[Button] = []
    for block in blocks:
        if isinstance(block, Button):
            row.append(block)
            continue
        drawn += rows(row)
        row = []
        drawn += one(block)
    return drawn + rows(row)


def hints_of(field: Input) -> list[str]:
    """What stands beside a field of a chat: how a list is typed there, as lines; its own hint; who reads it."""
    text = field if isinstance(field, TextInput) else None
    lines = here(words.LINES_OF_A_LIST) if text is not None and text.columns else ""
    readers = here(words.readers_line(text.readers)) if text is not None and text.readers else ""
    return [part for part in (lines, field.hint, readers) if part.strip()]


def person_facts(card: PersonCard) -> list[tuple[str, str]]:
    """What is known of a person, each with its name; what is empty is left out."""
    facts = (
        (here(words.NAME), card.name),
        (here(words.TALK), card.talk),
        (here(words.PHONE), card.phone),
        (here(words.REACH), card.reach),
        (here(words.BEST_TIME), card.best_time),
    )
    return [fact for fact in facts if cleaned(fact[1]).strip()]
