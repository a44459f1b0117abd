"""Everything held about one person, in words and dates they can read; others in it stay unnamed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import get_type_hints

from trim_bot.app.own.copy_words import answered, called, opened
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import COMMAND_LINE, Keyed
from trim_bot.domain.cases import Case, CheckIn, Interview
from trim_bot.domain.errors import NotThere
from trim_bot.domain.ids import CaseId, KeyId, MemberId, RequestId
from trim_bot.domain.incidents import Exposure, Incident, Offer
from trim_bot.domain.people import Account, Address, Grant, Joined, Training
from trim_bot.domain.records import Action, RecordRule
from trim_bot.domain.referrals import Referral
from trim_bot.domain.requests import SupportRequest

MOST_READERS = 1000
_OWN_IDS = frozenset(
    {"id", "key_id", "member_id", "case_id", "check_in_id", "incident_id", "incidents", "briefing_id", "code"}
)
_STEPS = frozenset({"step", "revision", "lines"})
_OTHERS = frozenset(
    {
        "holder",
        "cover",
        "called",
        "refused",
        "by",
        "proposed",
        "taken_by",
        "passed_by",
        "made_by",
        "ended_by",
        "leader",
    }
)
_LEFT_OUT = _OWN_IDS | _STEPS | _OTHERS
"""Fields that hold our own ids or bookkeeping, or name somebody else."""


def subject_access_copy(
    tx: Tx, address: Address, now: datetime, rules: Iterable[RecordRule]
) -> dict[str, object]:
    """The copy, with times in UTC; journals that it was made. `rules` are those of the subjects. Raises NotThere.

    Names and answers are those that programs know; `copy_in` says them in another language.
    """
    member = member_at(tx, address)
    if member is None:
        raise NotThere
    about = tx.pseudonym(member.key_id, member.id)
    tx.journal.write(COMMAND_LINE, Action.SHOWED, "export", about, now)
    id = member.id
    cases, offers = tx.find(Case, member_id=id), tx.find(Offer, member_id=id)
    requests = tx.find(SupportRequest, member_id=id)
    theirs: tuple[Keyed, ...] = (*cases, *offers, *requests)
    former = tx.find(Joined, member_id=id)
    others, sealed = _of_subjects(
        tx, rules, {MemberId: (id,), CaseId: _ids(cases), RequestId: _ids(requests)}
    )
    subjects = [about, *(tx.pseudonym(*one) for one in (*map(_sealed_as, (*former, *theirs)), *sealed))]
    accounts = tx.find(Account, member_id=id)
    copy: dict[str, object] = {
        "made_at": readable(now),
        "person": _told(member),
        "accounts": [account.address for account in accounts],
        "places_told_by_chats": [account.place for account in accounts if account.place],
        "roles": [_told(grant) for grant in tx.find(Grant, member_id=id)],
        "training": [_told(training) for training in tx.find(Training, member_id=id)],
        "events": [_event(tx, exposure) for exposure in tx.find(Exposure, member_id=id)],
        "offers": [_told(offer) for offer in offers],
        "requests": [_told(request) for request in requests],
        "cases": [_case(tx, case) for case in cases],
        "who_opened_this": [
            _named({"at": readable(row.at), "action": readable(row.action), "what": opened(row.what)})
            for row in tx.journal.about(subjects, MOST_READERS)
        ],
        **others,
    }
    return _named(copy)


def _of_subjects(
    tx: Tx, rules: Iterable[RecordRule], theirs: dict[object, tuple[str, ...]]
) -> tuple[dict[str, object], list[tuple[KeyId, str]]]:
    """Records of subjects that go with what is theirs, by table, and the key and id of each that is sealed.

    A subject that keeps one record below another names the upper one first.
    """
    told: dict[str, object] = {}
    sealed: list[tuple[KeyId, str]] = []
    for rule in rules:
        found: dict[str, object] = {}
        for field, id_type in rule.named():
            if field in rule.goes_with and theirs.get(id_type):
                where: dict[str, object] = {field: theirs[id_type]}
                found |= {_id(one): one for one in tx.find(rule.kind, order_by="id", limit=None, **where)}
        theirs[get_type_hints(rule.kind)["id"]] = tuple(found)
        names = {name for name, _ in rule.named()}
        told[rule.table] = [_told(one, names) for one in found.values()]
        if rule.sealed:
            sealed += [(KeyId(getattr(one, "key_id")), id) for id, one in found.items()]  # noqa: B009
    return told, sealed


def _ids(records: Iterable[Keyed]) -> tuple[str, ...]:
    return tuple(one.id for one in records)


def _id(record: object) -> str:
    return str(getattr(record, "id"))  # noqa: B009


def _sealed_as(record: Keyed) -> tuple[KeyId, str]:
    return record.key_id, record.id


def _event(tx: Tx, exposure: Exposure) -> dict[str, object]:
    incident = tx.get(Incident, exposure.incident_id)
    told = _told(exposure)
    if incident is not None:
        # The account of the event is somebody else's words, and may name others.
        ended = exposure.ended_at or incident.ended_at
        told |= _named({"kind": incident.kind, "ended_at": readable(ended)})
    return told


def _case(tx: Tx, case: Case) -> dict[str, object]:
    parts: dict[str, object] = {
        "check_ins": [_told(one) for one in tx.find(CheckIn, case_id=case.id, order_by="opens_at")],
        "interviews": [_told(one) for one in tx.find(Interview, case_id=case.id)],
        "referrals": [_told(one) for one in tx.find(Referral, case_id=case.id, order_by="offered_at")],
    }
    return _told(case) | _named(parts)


def _named(told: Mapping[str, object]) -> dict[str, object]:
    return {called(name): one for name, one in told.items()}


def _told(record: object, but: Collection[str] = ()) -> dict[str, object]:
    if not is_dataclass(record) or isinstance(record, type):
        raise TypeError("only records are exported")
    held = {field.name: getattr(record, field.name) for field in fields(record)}
    return {
        called(name): readable(value)
        for name, value in held.items()
        if name not in _LEFT_OUT and name not in but
    }


def readable(value: object) -> object:
    """A value as JSON holds it: times as `2026-11-22 09:30 UTC`, which every language reads, enums as their words."""
    match value:
        case Enum():
            return answered(value)
        case None | str() | bool() | int() | float():
            return value
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M UTC")
        case date() | time():
            return value.isoformat()
        case Mapping():
            return {str(key): readable(one) for key, one in value.items()}
        case tuple() | list() | frozenset():
            return [readable(one) for one in value]
    return _told(value)
