"""Says so before what was kept of a step in one place is overwritten from another that was opened earlier.

A form says in its token, as a digest, what had been kept of its step when it was drawn: two tabs, two chats, or two
people one after the other may have the same step open.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from assessments.questionnaire import Group
from trim_bot.app.interviews.answer_words import answer_words
from trim_bot.app.interviews.commands import KeepStep, StepBack
from trim_bot.app.safety.drafts import FIELD, NOTE, answers_in, draft_of, group_at, questionnaire_for
from trim_bot.app.seam import mending
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CheckIn, Interview
from trim_bot.domain.errors import Invalid

_DIGITS = 16
_NOTHING: tuple[str | tuple[str, ...], ...] = ("", ())


def kept_of(draft: Interview, group: Group) -> str:
    """What has been kept of a step, as a digest; nothing where nothing has been."""
    held = [draft.answers.get(item.id, "") for item in group.items], draft.notes.get(group.id, "")
    if all(one in _NOTHING for one in held[0]) and not held[1]:
        return _digest("nothing")
    return _digest(json.dumps(held))


def kept_in_all(draft: Interview) -> str:
    """What has been kept of every step, as a digest."""
    answers = {id: answer for id, answer in draft.answers.items() if answer not in _NOTHING}
    notes = {id: note for id, note in draft.notes.items() if note}
    return _digest(json.dumps([answers, notes], sort_keys=True))


def check_nothing_changed(work: Work, case: Case, check_in: CheckIn, seen: str) -> None:
    """Raises Invalid where something was saved in any step since the last one was opened: it would be scored unseen."""
    if seen and seen != kept_in_all(draft_of(work, case, check_in)):
        raise Invalid(overrides=mending.TALK_SAVED_MEANWHILE)


def check_unchanged(work: Work, case: Case, check_in: CheckIn, command: KeepStep | StepBack) -> None:
    """Raises Invalid, with what is kept now field by field, where it is not what was seen and not what is sent."""
    group = group_at(questionnaire_for(work, case, check_in), command.at)
    draft = draft_of(work, case, check_in)
    if not command.seen or command.seen == kept_of(draft, group):
        return
    differing = dict(_differing(draft, group, command.answers))
    if differing:
        raise Invalid(**{name: mending.kept_elsewhere(kept) for name, kept in differing.items()})


def _differing(draft: Interview, group: Group, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    sent, note = answers_in(group, values)
    for item in group.items:
        kept = draft.answers.get(item.id, "")
        if item.id in sent and kept != sent[item.id] and not (kept in _NOTHING and sent[item.id] in _NOTHING):
            yield FIELD + item.id, answer_words(item, kept)
    if note is not None and note != draft.notes.get(group.id, ""):
        yield NOTE, draft.notes.get(group.id, "")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
