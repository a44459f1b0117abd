"""Every sentence of the interview, in one file like any subject's: notice, questions, what outweighs a
score, and the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never
from zoneinfo import ZoneInfo

from assessments.questionnaire import Item, ItemKind, Questionnaire
from assessments.scoring import Advice
from trim_bot.app.cases.advising import Advising
from trim_bot.app.cases.change_screens import change_blocks, total_words
from trim_bot.app.cases.conversation_screens import Coming, window_words
from trim_bot.app.cases.screens import way_to_safety
from trim_bot.app.interviews.commands import AfterTalk, OpenEnding, OpenNotice, OpenStep, StepBack
from trim_bot.app.notices import Notice
from trim_bot.app.seam.links import KeepAndAskSafety, OpenCase, OpenResult
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import (
    Alert,
    Bullets,
    Choice,
    Choices,
    DateInput,
    Facts,
    Heading,
    Input,
    Option,
    PersonCard,
    Text,
    TextInput,
    Toggle,
    Tone,
    Wording,
)
from trim_bot.app.words.thresholds import UNSIGNED
from trim_bot.app.words.times import spoken, spoken_date
from trim_bot.domain.cases import CheckIn, Interview
from trim_bot.domain.ids import CaseId, CheckInId
from trim_bot.domain.policy import POLICY
from workflows.engine import AskSupervisor, Effect, Override, SuggestReferral

AGREED_DATE = "agreed_date"
_NOTHING_SETTLED: Mapping[str, str] = MappingProxyType({})
READERS = "you, whoever covers for you, and the person on their own page"
OVERRIDES = Wording(
    Override,
    {
        Override.SAFETY: "I am worried about their safety, or somebody else's",
        Override.CANNOT_FUNCTION: "They cannot manage daily life",
        Override.PERSON_ASKS: "They ask for professional help",
        Override.UNEASY: "I am uneasy, whatever the answers say",
    },
)
_FOLLOWS = {
    AfterTalk.REFER: "Offer other help",
    AfterTalk.LEAD: "Talk it over with a lead",
    AfterTalk.ANOTHER: "Agree another talk",
    AfterTalk.CLOSE: "End these talks",
}
FOLLOWS = Wording(AfterTalk, {AfterTalk.KEEP: "Carry on as planned", **_FOLLOWS})
"""What can come next, where a talk is planned."""
FOLLOWS_NOTHING = Wording(AfterTalk, {AfterTalk.KEEP: "Keep in touch, nothing planned", **_FOLLOWS})
"""What follows a talk after which nothing is planned."""


def not_yet(whose: PersonCard, check_in: CheckIn, zone: ZoneInfo) -> Page:
    """The window has not opened: 72 hours are a not-before."""
    return Page(
        "not_yet",
        "Too early for this talk",
        (
            whose,
            Text(
                phrase(
                    "It can be held from {when}. Talking too soon can do harm.",
                    when=spoken(check_in.opens_at, zone),
                )
            ),
            Text("You can be there for them in other ways until then. You can agree a time now."),
            Button("Back", OpenCase(check_in.case_id)),
        ),
    )


def notice_form(whose: PersonCard, notice: Notice, check_in: CheckIn) -> Form:
    """To be told in one's own words before the first question."""
    return Form(
        OpenNotice(check_in.id),
        "Before you begin",
        (
            whose,
            Text("Tell them this in your own words. Ask whether they want to go on."),
            Text(notice.title),
            Bullets(notice.lines),
            Toggle("acknowledged", "They have heard this and want to go on", required=True),
        ),
        submit="Begin",
        back=Button("Back", OpenCase(check_in.case_id)),
    )


def step_form(
    whose: PersonCard,
    questionnaire: Questionnaire,
    draft: Interview,
    check_in: CheckIn,
    at: int,
    seen: str = "",
    settled: Mapping[str, str] = _NOTHING_SETTLED,
) -> Form:
    """One group of questions. Leaving an item open is allowed; it then counts as not discussed.

    `settled` has the answers of the first talk to what cannot change: they are shown, and not asked again.
    """
    group = questionnaire.groups[at]
    blocks: list[Block] = [whose, Text(group.prompt)]
    known = [
        item for item in group.items if item.id in settled and draft.answers.get(item.id) == settled[item.id]
    ]
    if known:
        blocks.append(Facts(tuple((item.text, _as_before(item, settled[item.id])) for item in known)))
        blocks.append(Text(NOT_AGAIN, quiet=True))
    blocks += [_input(item, draft.answers.get(item.id, "")) for item in group.items if item not in known]
    if not any(item.kind is ItemKind.TEXT for item in group.items):
        # Where the questionnaire itself asks for words, a second field for them would only puzzle.
        blocks.append(_note(draft.notes.get(group.id, "")))
    if at == 0:
        blocks.append(Text("What you leave open counts as not discussed.", quiet=True))
        blocks.append(Text(questionnaire.note, quiet=True))
    blocks += way_to_safety(KeepAndAskSafety(check_in.case_id, check_in.id, str(at)))
    return Form(
        OpenStep(check_in.id, str(at), seen),
        group.title,
        tuple(blocks),
        submit="Save and go on",
        step=(at + 1, len(questionnaire.groups) + 1),
        revision=draft.revision,
        back=Button("Back", StepBack(check_in.id, str(at), str(at - 1), seen=seen)) if at > 0 else None,
    )


@dataclass(frozen=True, slots=True)
class AlsoMet:
    """A talk about another event that this one may stand for; `meant` where that is taken to be so."""

    id: CheckInId
    label: str
    meant: bool


def _also(others: Sequence[AlsoMet]) -> tuple[Choices, ...]:
    if not others:
        return ()
    # Of more than can be ticked at once the later ones are still to come, as if they had been unticked.
    others = others[: POLICY.options_at_once]
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
    whose: PersonCard,
    questionnaire: Questionnaire,
    draft: Interview,
    check_in: CheckIn,
    left: int,
    others: Sequence[AlsoMet] = (),
    seen: str = "",
) -> Form:
    """The last step. `others` are talks about other events that this one may stand for; `seen` is what was kept."""
    steps = len(questionnaire.groups) + 1
    open_items = (
        (
            Text(
                phrase(
                    "Not discussed: {left}. That is fine; the form then says it is not complete.", left=left
                )
            ),
        )
        if left
        else ()
    )
    return Form(
        OpenEnding(check_in.id, seen),
        "Your own view",
        (
            whose,
            *open_items,
            *_also(others),
            Choices(
                "overrides",
                "Tick what is so",
                OVERRIDES.options(),
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


NOT_AGAIN = "This is from the first talk. It cannot change, so it is not asked again."


def _as_before(item: Item, answer: str) -> str:
    return next(option.text for option in item.options if option.id == answer)


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


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """All that the result shows."""

    case: CaseId
    whose: PersonCard
    check_in: CheckIn
    stage: str
    interview: Interview
    advising: Advising
    effects: tuple[Effect, ...]
    coming: Coming | None


def result_form(sheet: ResultSheet, zone: ZoneInfo) -> Form:
    """Total, changes, what the clinical lead asks for, what was ticked, then the next step as a choice."""
    advising = sheet.advising
    blocks: list[Block] = [
        sheet.whose,
        Text("Only you see this, and whoever covers for you or is called in.", quiet=True),
        Text("The person can read your notes on their own page, and no number.", quiet=True),
    ]
    if sheet.check_in.held_at is not None:
        blocks.append(
            Text(
                phrase("{stage}, held {when}.", stage=sheet.stage, when=spoken(sheet.check_in.held_at, zone))
            )
        )
    blocks += _score_blocks(advising)
    blocks += _advice_blocks(sheet)
    blocks += _notes(sheet)
    if sheet.coming is not None:
        blocks.append(Text(window_words(sheet.coming.label, sheet.coming.check_in, zone)))
    blocks.append(
        Choice.of(
            "then",
            "What comes next?",
            FOLLOWS if sheet.coming is not None else FOLLOWS_NOTHING,
            hint="You decide, with the person. You can change it later.",
        )
    )
    return Form(
        OpenResult(sheet.check_in.id),
        "What you recorded",
        tuple(blocks),
        submit="Go on",
        back=Button("Back", OpenCase(sheet.case)),
    )


def _score_blocks(advising: Advising) -> list[Block]:
    score = advising.score
    if score is None:
        return [Text("This talk has no score.")]
    blocks: list[Block] = [Facts((("Total", total_words(score)),)), *change_blocks(advising)]
    blocks.append(Text(advising.questionnaire.note, quiet=True))
    return blocks


def _advice_blocks(sheet: ResultSheet) -> list[Block]:
    advising = sheet.advising
    if advising.score is None and not sheet.interview.overrides:
        return []
    blocks: list[Block] = [Heading("What your clinical lead asks for")]
    if advising.signed is not None:
        signed = advising.signed
        blocks.append(Text(_advice(advising.advice)))
        said = phrase(
            "Set by {signed_by} on {day}.", signed_by=signed.signed_by, day=spoken_date(signed.signed_on)
        )
        blocks.append(Text(said if signed.signed_here else UNSIGNED, quiet=True))
    else:
        blocks.append(Text("No clinical lead has set a threshold here, so the total suggests nothing."))
    return blocks


def _advice(advice: Advice) -> str:
    match advice:
        case Advice.NONE_SET:
            return "No threshold is set, so the total suggests nothing."
        case Advice.INCOMPLETE:
            return "Too little was discussed for the total to suggest anything. What you noticed counts."
        case Advice.NO_PROMPT:
            return "The total asks for nothing at this point. It does not mean that all is well."
        case Advice.DISCUSS:
            return "Talk it over with the lead."
        case Advice.OFFER_HELP:
            return "Offer a step on to professional help."
        case _:
            assert_never(advice)


def _notes(sheet: ResultSheet) -> list[Block]:
    blocks: list[Block] = []
    ticked = tuple(OVERRIDES[one] for one in sheet.interview.overrides)
    if ticked:
        blocks += [Heading("What you ticked"), Bullets(ticked)]
    asks = [effect for effect in sheet.effects if isinstance(effect, AskSupervisor)]
    if any(isinstance(effect, SuggestReferral) for effect in sheet.effects):
        blocks.append(Alert(Tone.WAITING, "Offer other help now. It does not wait for the next talk."))
    if asks:
        blocks.append(Text("We ask the lead to talk this over with you. They do not see whom it is about."))
    kept = tuple(as_given(note) for note in sheet.interview.notes.values() if note)
    if kept:
        blocks += [Heading("Your notes"), Bullets(kept)]
    return blocks
