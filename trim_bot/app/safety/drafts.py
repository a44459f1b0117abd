"""Keeps what has been filled in of an interview, so that closing a window or calling for help loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import assert_never

from assessments.questionnaire import Group, Item, ItemKind, Questionnaire
from trim_bot.app.cases.settled import settled
from trim_bot.app.cases.stages import stage_of
from trim_bot.app.cases.state import get_check_in, interview_of
from trim_bot.app.seam.reading import FIRST_YEAR, LAST_YEAR
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CheckIn, Interview, InterviewState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import CheckInId, InterviewId, new_id

FIELD = "q_"
NOTE = "note"
MOST_TEXT = 2000


def questionnaire_for(work: Work, case: Case, check_in: CheckIn) -> Questionnaire:
    """The questionnaire of a check-in's stage. Raises NotOpen for a stage that has none."""
    stage = stage_of(work, case, check_in)
    if stage.questionnaire is None:
        raise NotOpen("questionnaire")
    return work.definitions.questionnaires[stage.questionnaire]


def draft_of(work: Work, case: Case, check_in: CheckIn) -> Interview:
    """The draft of a check-in; one with what an earlier talk settled, which is not kept yet, if there is none."""
    found = interview_of(work, check_in, InterviewState.DRAFT)
    if found is not None:
        return found
    questionnaire = questionnaire_for(work, case, check_in)
    return Interview(
        InterviewId(new_id()), case.key_id, case.id, check_in.id, questionnaire.key,
        InterviewState.DRAFT, work.who.id, answers=settled(work, case, check_in, questionnaire),
    )  # fmt: skip


def save_draft(work: Work, draft: Interview) -> None:
    """Keep a draft, or what became of it, whether or not something of it was kept before."""
    if work.tx.get(Interview, draft.id) is None:
        work.tx.add(draft)
    else:
        work.tx.save(draft)


def answers_in(
    group: Group, values: Mapping[str, object]
) -> tuple[dict[str, str | tuple[str, ...]], str | None]:
    """The answers to the items of a step, and the note; unknown fields and over-long text are left out."""
    answers = {
        item.id: _fitting(item, _plain(values[FIELD + item.id]))
        for item in group.items
        if FIELD + item.id in values
    }
    note = _plain(values[NOTE]) if NOTE in values else None
    return answers, None if note is None else note if isinstance(note, str) else ""


def keep_draft(work: Work, check_in_id: CheckInId, at: str, values: Mapping[str, object]) -> Interview:
    """Keep the fields of one step as they stand; unknown fields and over-long text are left out."""
    check_in, case = get_check_in(work, check_in_id)
    group = group_at(questionnaire_for(work, case, check_in), at)
    draft = draft_of(work, case, check_in)
    sent, note = answers_in(group, values)
    answers = {**draft.answers, **sent}
    notes = dict(draft.notes) if note is None else {**draft.notes, group.id: note}
    kept = replace(draft, answers=answers, notes=notes, by=work.who.id, revision=draft.revision + 1)
    save_draft(work, kept)
    return kept


def group_at(questionnaire: Questionnaire, at: str) -> Group:
    """The group at a step, counted from 0. Raises NotOpen."""
    if not at.isdecimal() or int(at) >= len(questionnaire.groups):
        raise NotOpen("step")
    return questionnaire.groups[int(at)]


def _fitting(item: Item, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """The answer if it is one the item knows, else nothing: what stands beside a button is not checked before."""
    known = {option.id for option in item.options}
    many = value if isinstance(value, tuple) else (value,) if value else ()
    one = value if isinstance(value, str) else ""
    match item.kind:
        case ItemKind.SCORED | ItemKind.CHOICE:
            return one if one in known else ""
        case ItemKind.CHOICES:
            return tuple(answer for answer in many if answer in known)
        case ItemKind.TEXT | ItemKind.TOGGLE:
            return one
        case ItemKind.DATE:
            return one if _is_day(one) else ""
        case _:
            assert_never(item.kind)


def _is_day(text: str) -> bool:
    try:
        return FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR
    except ValueError:
        return False


def _plain(value: object) -> str | tuple[str, ...]:
    match value:
        case str():
            return value[:MOST_TEXT]
        case bool():
            return "yes" if value else ""
        case date():
            return value.isoformat()
        case tuple():
            return tuple(str(one)[:MOST_TEXT] for one in value)
        case _:
            return ""
