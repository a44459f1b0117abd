"""Reads every sentence of an example as a person does, and estimates how hard it is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from trim_bot.app.seam.views import (
    Alert,
    Block,
    Bullets,
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    Facts,
    FieldErrors,
    Form,
    Heading,
    Link,
    Message,
    Nothing,
    PeopleInput,
    PersonCard,
    PersonInput,
    Text,
    TextInput,
    TimeInput,
    Toggle,
    View,
)
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL

_END = re.compile(r"(?<=[.?!:])\s+|\n")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")


def texts(view: View) -> Iterator[str]:
    """Every text on a screen, in order; not what somebody typed or is called."""
    match view:
        case Form(title=title, blocks=blocks, submit=submit, back=back):
            yield title
            for block in blocks:
                yield from _block(block)
            yield submit or ""
            yield back.label if back else ""
        case FieldErrors(form=form, errors=errors):
            yield from texts(form)
            yield from errors.values()
        case Done(title=title, blocks=blocks):
            yield title
            for block in blocks:
                yield from _block(block)
        case Message():
            yield from (MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL)
        case Nothing():
            return


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Text(text=text):
            yield text
        case Facts(rows=rows):
            for row in rows:
                yield from row
        case Bullets(items=items):
            yield from items
        case Alert(text=text, lines=lines):
            yield text
            yield from lines
        case PersonCard(reach=reach, best_time=best_time):
            yield from (reach, best_time)
        case Button(label=label) | Link(label=label):
            yield label
        case (
            Choice(label=label, hint=hint, options=options) | Choices(label=label, hint=hint, options=options)
        ):
            yield from (label, hint, *(option.label for option in options))
        case TextInput(label=label, hint=hint, readers=readers):
            yield from (label, hint, readers)
        case (
            DateInput(label=label, hint=hint)
            | TimeInput(label=label, hint=hint)
            | PersonInput(label=label, hint=hint)
            | PeopleInput(label=label, hint=hint)
            | Toggle(label=label, hint=hint)
        ):
            yield from (label, hint)


def sentences(view: View) -> list[str]:
    """The sentences on a screen; a label or an answer counts as one."""
    return [one.strip() for text in texts(view) for one in _END.split(text) if one.strip()]


def words(sentence: str) -> list[str]:
    """The words of a sentence; numbers and codes are none."""
    return _WORD.findall(sentence)


def grade(views: Mapping[str, View] | list[View]) -> float:
    """The Flesch-Kincaid grade of whole sentences on some screens; syllables are estimated by groups of vowels."""
    every = list(views.values()) if isinstance(views, Mapping) else views
    whole = [one for view in every for one in sentences(view) if one.endswith((".", "?"))]
    said = [word for one in whole for word in words(one)]
    if not said:
        return 0.0
    return 0.39 * len(said) / len(whole) + 11.8 * sum(map(_syllables, said)) / len(said) - 15.59


def _syllables(word: str) -> int:
    plain = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", plain)))
