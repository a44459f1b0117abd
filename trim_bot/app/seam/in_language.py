"""Puts a finished view into the language of whoever reads it: the one pass in which every sentence is looked up.

A plain text that stands alone is looked up as a whole; what is not ours stays as it is. Names, phone numbers, what was
typed, tokens and addresses are never looked up, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Self, assert_never

from trim_bot.app.seam.languages import ENGLISH, Language, spoken_here
from trim_bot.app.seam.sentences import Given, Sentence
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
    Figures,
    Form,
    Heading,
    Input,
    Link,
    Message,
    Nothing,
    Option,
    PeopleInput,
    PersonCard,
    PersonInput,
    Text,
    TextInput,
    TimeInput,
    Toggle,
    View,
)


class Title(str):
    """A title or the label of what sends a form; `short` is what its translators wrote where there is little room."""

    __slots__ = ("short",)
    short: str

    @classmethod
    def of(cls, english: str, language: Language) -> Self:
        """A title in a language."""
        self = cls(translated(english, language))
        self.short = language.short(english)
        return self


def short_of(title: str) -> str:
    """What to show of a title where there is little room."""
    return (title.short if isinstance(title, Title) else "") or title


def translated(text: str, language: Language) -> str:
    """One text that may be a sentence of ours."""
    match text:
        case Sentence():
            return text.within(language)
        case Given() | "":
            return text
        case _:
            return language.sentence(text)


def here(text: str) -> str:
    """A sentence that an adapter says itself, in the language of what it draws."""
    return translated(text, spoken_here())


def in_language(view: View, language: Language) -> View:
    """The same view as its reader reads it."""
    if language is ENGLISH:
        return view
    match view:
        case Form():
            return _form(view, language)
        case FieldErrors(form, errors):
            return FieldErrors(_form(form, language), _texts(errors, language))
        case Done(title=title, blocks=blocks, files=files):
            said = tuple(_block(block, language) for block in blocks)
            kept = tuple(replace(file, text=_if_ours(file.text, language)) for file in files)
            return replace(view, title=Title.of(title, language), blocks=said, files=kept, language=language)
        case Message():
            return replace(view, language=language)
        case Nothing():
            return view
        case _:
            assert_never(view)


def language_of(view: View) -> Language:
    """The language a view is in."""
    match view:
        case Form() | Done() | Message():
            return view.language
        case FieldErrors(form):
            return form.language
        case Nothing():
            return spoken_here()
        case _:
            assert_never(view)


def _form(form: Form, language: Language) -> Form:
    return replace(
        form,
        title=Title.of(form.title, language),
        blocks=tuple(_block(block, language) for block in form.blocks),
        submit=None if form.submit is None else Title.of(form.submit, language),
        back=None if form.back is None else _button(form.back, language),
        language=language,
    )


def _texts(errors: Mapping[str, str], language: Language) -> dict[str, str]:
    return {name: translated(text, language) for name, text in errors.items()}


def _block(block: Block, language: Language) -> Block:
    def say(text: str) -> str:
        return translated(text, language)

    if isinstance(block, Input):
        return _input(block, language)
    match block:
        case Heading(text) | Text(text):
            return replace(block, text=say(text))
        case Facts(rows):
            return replace(block, rows=tuple((say(name), say(what)) for name, what in rows))
        case Figures(figures):
            return Figures(tuple(replace(row, label=say(row.label), said=say(row.said)) for row in figures))
        case Bullets(items):
            return Bullets(tuple(map(say, items)))
        case Alert(tone, text, lines):
            return Alert(tone, say(text), tuple(map(say, lines)))
        case PersonCard():
            return _person(block, language)
        case Button():
            return _button(block, language)
        case Link(label, url):
            return Link(say(label), url)
        case _:
            assert_never(block)


def _button(button: Button, language: Language) -> Button:
    return replace(button, label=translated(button.label, language), about=_if_ours(button.about, language))


def _person(card: PersonCard, language: Language) -> PersonCard:
    return replace(
        card,
        name=_if_ours(card.name, language),
        reach=translated(card.reach, language),
        talk=translated(card.talk, language),
    )


def _if_ours(text: str, language: Language) -> str:
    """A text where somebody's own stands: looked up only where it is known to be ours."""
    return text.within(language) if isinstance(text, Sentence) else text


def _input(field: Input, language: Language) -> Input:
    label, hint = translated(field.label, language), translated(field.hint, language)
    match field:
        case TextInput():
            columns = tuple(replace(one, label=translated(one.label, language)) for one in field.columns)
            readers = translated(field.readers, language)
            return replace(field, label=label, hint=hint, readers=readers, columns=columns)
        case Choice() | Choices():
            return replace(field, label=label, hint=hint, options=_options(field.options, language))
        case DateInput() | TimeInput() | PersonInput() | PeopleInput() | Toggle():
            return replace(field, label=label, hint=hint)
        case _:
            assert_never(field)


def _options(options: tuple[Option, ...], language: Language) -> tuple[Option, ...]:
    return tuple(Option(one.value, translated(one.label, language)) for one in options)
