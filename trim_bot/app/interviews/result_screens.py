"""The result of an interview as the practitioner sees it: an aid, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from assessments.scoring import Advice
from trim_bot.app.cases.conversation_screens import window_words
from trim_bot.app.interviews.advising import Advising
from trim_bot.app.interviews.screens import OVERRIDES
from trim_bot.app.seam.links import OpenCase, OpenResult
from trim_bot.app.seam.unsigned import Block, Button, Form
from trim_bot.app.seam.views import Alert, Bullets, Choice, Facts, Heading, Option, Text, Tone
from trim_bot.app.words.times import spoken, spoken_date
from trim_bot.domain.cases import CheckIn, Interview
from workflows.effects import AskSupervisor, Effect, OfferReferral


@dataclass(frozen=True, slots=True)
class Coming:
    """The next conversation that is planned."""

    label: str
    check_in: CheckIn


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """All that the result shows."""

    case: str
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
        Text("Only you see this, and whoever covers for you or is called in.", quiet=True),
        Text("It is not told to the person as a number.", quiet=True),
    ]
    if sheet.check_in.held_at is not None:
        blocks.append(Text(f"{sheet.stage}, held {spoken(sheet.check_in.held_at, zone)}."))
    blocks += _score_blocks(advising)
    blocks += _advice_blocks(sheet)
    blocks += _notes(sheet)
    if sheet.coming is not None:
        blocks.append(Text(window_words(sheet.coming.label, sheet.coming.check_in, zone)))
    blocks.append(
        Choice(
            "then",
            "What comes next?",
            _options(sheet),
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
        return [Text("This conversation has no score.")]
    left = len(score.not_discussed)
    total = (
        f"{score.total} of {score.highest}"
        if score.total is not None
        else f"Not complete: {left} not discussed"
    )
    blocks: list[Block] = [Facts((("Total", total),))]
    if advising.comparison is not None:
        texts = {item.id: item.text for item in advising.questionnaire.items()}
        changes = tuple(
            f"{texts[one.item_id]}: {_WORDS[one.first]}, now {_WORDS[one.later]}"
            for one in advising.comparison.factors
            if one.change
        )
        blocks.append(Heading("Since the first talk"))
        blocks.append(Bullets(changes) if changes else Text("No item that both talks covered has changed."))
    blocks.append(Text(advising.questionnaire.note, quiet=True))
    return blocks


_WORDS = {0: "no", 1: "partly", 2: "clearly"}


def _advice_blocks(sheet: ResultSheet) -> list[Block]:
    advising = sheet.advising
    if advising.score is None and not sheet.interview.overrides:
        return []
    blocks: list[Block] = [Heading("What your clinical lead asks for")]
    if advising.signed is not None:
        signed = advising.signed
        blocks.append(Text(_advice(advising.advice)))
        blocks.append(Text(f"Set by {signed.signed_by} on {spoken_date(signed.signed_on)}.", quiet=True))
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
    labels = {option.value: option.label for option in OVERRIDES}
    ticked = tuple(labels[one.value] for one in sheet.interview.overrides)
    if ticked:
        blocks += [Heading("What you ticked"), Bullets(ticked)]
    asks = [effect for effect in sheet.effects if isinstance(effect, AskSupervisor)]
    if any(isinstance(effect, OfferReferral) for effect in sheet.effects):
        blocks.append(Alert(Tone.WAITING, "Offer other help now. It does not wait for the next talk."))
    if asks:
        blocks.append(Text("We ask the lead to talk this over with you. They do not see whom it is about."))
    kept = tuple(note for note in sheet.interview.notes.values() if note)
    if kept:
        blocks += [Heading("Your notes"), Bullets(kept)]
    return blocks


def _options(sheet: ResultSheet) -> tuple[Option, ...]:
    keep = "Carry on as planned" if sheet.coming is not None else "Keep in touch, nothing planned"
    return (
        Option("keep", keep),
        Option("refer", "Offer other help"),
        Option("lead", "Talk it over with the lead"),
        Option("another", "Agree another talk"),
        Option("close", "End these talks"),
    )
