"""Screens of the interview: notice, questions a step at a time, and what outweighs any score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from assessments.questionnaire import Item, ItemKind, Questionnaire
from trim_bot.app.interviews.commands import OpenEnding, OpenNotice, OpenStep, StepBack
from trim_bot.app.notices import Notice
from trim_bot.app.seam.links import CallForSafety, OpenCase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import (
    Bullets,
    Choice,
    Choices,
    DateInput,
    Input,
    Option,
    Text,
    TextInput,
    Toggle,
)
from trim_bot.app.words.times import spoken
from trim_bot.domain.cases import CheckIn, Interview

AGREED_DATE = "agreed_date"
READERS = "you, whoever covers for you, and the person if they ask"
OVERRIDES = (
    Option("safety", "I am worried about their safety, or somebody else's"),
    Option("cannot_function", "They cannot manage daily life"),
    Option("person_asks", "They ask for professional help"),
    Option("uneasy", "I am uneasy, whatever the answers say"),
)


def not_yet(check_in: CheckIn, zone: ZoneInfo) -> Page:
    """The window has not opened: 72 hours are a not-before."""
    return Page(
        "not_yet",
        "It is too early for this talk",
        (
            Text(f"It can be held from {spoken(check_in.opens_at, zone)}. Talking too soon can do harm."),
            Text("You can be there for them in other ways until then. You can agree a time now."),
            Button("Back", OpenCase(check_in.case_id)),
        ),
    )


def notice_form(notice: Notice, check_in: CheckIn) -> Form:
    """To be told in one's own words before the first question."""
    return Form(
        OpenNotice(check_in.id),
        "Before you begin",
        (
            Text("Tell them this in your own words. Ask whether they want to go on."),
            Text(notice.title),
            Bullets(notice.lines),
            Toggle("acknowledged", "They have heard this and want to go on", required=True),
        ),
        submit="Begin",
        back=Button("Back", OpenCase(check_in.case_id)),
    )


def step_form(questionnaire: Questionnaire, draft: Interview, check_in: CheckIn, at: int) -> Form:
    """One group of questions. Leaving an item open is allowed; it then counts as not discussed."""
    group = questionnaire.groups[at]
    blocks: list[Block] = [Text(group.prompt)]
    blocks += [_input(item, draft.answers.get(item.id, "")) for item in group.items]
    if not any(item.kind is ItemKind.TEXT for item in group.items):
        # Where the questionnaire itself asks for words, a second field for them would only puzzle.
        blocks.append(_note(draft.notes.get(group.id, "")))
    blocks.append(Button("Safety concern", CallForSafety(check_in.case_id, check_in.id, str(at))))
    if at == 0:
        blocks.append(Text("What you leave open counts as not discussed.", quiet=True))
        blocks.append(Text(questionnaire.note, quiet=True))
    return Form(
        OpenStep(check_in.id, str(at)),
        group.title,
        tuple(blocks),
        submit="Keep and go on",
        step=(at + 1, len(questionnaire.groups) + 1),
        revision=draft.revision,
        back=Button("Back", StepBack(check_in.id, str(at), str(at - 1))) if at > 0 else None,
    )


@dataclass(frozen=True, slots=True)
class AlsoMet:
    """A talk about another event that this one may stand for; `meant` where that is taken to be so."""

    id: str
    label: str
    meant: bool


def _also(others: Sequence[AlsoMet]) -> tuple[Choices, ...]:
    if not others:
        return ()
    return (
        Choices(
            "also",
            "This talk was also",
            tuple(Option(one.id, one.label) for one in others),
            hint="Untick what you did not talk about. That talk is then still to come.",
            value=tuple(one.id for one in others if one.meant),
        ),
    )


def ending_form(
    questionnaire: Questionnaire,
    draft: Interview,
    check_in: CheckIn,
    left: int,
    others: Sequence[AlsoMet] = (),
) -> Form:
    """The last step. `others` are talks about other events that this one may stand for."""
    steps = len(questionnaire.groups) + 1
    open_items = (
        (Text(f"Not discussed: {left}. That is fine; the form then says it is not complete."),)
        if left
        else ()
    )
    return Form(
        OpenEnding(check_in.id),
        "Your own view",
        (
            *open_items,
            *_also(others),
            Choices(
                "overrides",
                "Tick what is so",
                OVERRIDES,
                hint="Each of these counts more than any score.",
                value=tuple(one.value for one in draft.overrides),
            ),
            TextInput(
                "note",
                "Anything else to keep",
                hint="Facts and what you agreed, not the story.",
                required=False,
                multiline=True,
                value=draft.notes.get("ending", ""),
                max_length=1000,
                readers=READERS,
            ),
            Text(
                "If you are worried about safety, the next screen helps you, and others are called in.",
                quiet=True,
            ),
        ),
        submit="Finish",
        step=(steps, steps),
        revision=draft.revision,
        back=Button("Back", StepBack(check_in=check_in.id, at="", to=str(steps - 2))),
    )


def _note(kept: str) -> TextInput:
    return TextInput(
        "note",
        "A line of notes",
        "Facts and what you agreed, not the story. No names of others.",
        required=False,
        value=kept,
        max_length=500,
        readers=READERS,
    )


def _input(item: Item, kept: str | tuple[str, ...]) -> Input:
    name, hint = f"q_{item.id}", item.hint or ""
    one = kept if isinstance(kept, str) else ""
    options = tuple(Option(option.id, option.text) for option in item.options)
    match item.kind:
        case ItemKind.SCORED | ItemKind.CHOICE:
            return Choice(name, item.text, options, hint, required=False, value=one)
        case ItemKind.CHOICES:
            return Choices(name, item.text, options, hint, value=kept if isinstance(kept, tuple) else ())
        case ItemKind.TEXT:
            return TextInput(
                name,
                item.text,
                hint,
                required=False,
                value=one,
                multiline=True,
                max_length=1000,
                readers=READERS,
            )
        case ItemKind.TOGGLE:
            return Toggle(name, item.text, hint, value=one == "yes")
        case ItemKind.DATE:
            return DateInput(name, item.text, hint, required=False, value=one)
        case _:
            assert_never(item.kind)
