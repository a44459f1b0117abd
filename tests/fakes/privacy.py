"""Which fields of which records the fake store treats as sealed or keyed, as the real one does."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from trim_bot.app.desk.routes import RECORD_RULES
from trim_bot.domain.cases import Case, Interview
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.incidents import Exposure, Incident
from trim_bot.domain.people import Account, Member, Training
from trim_bot.domain.records import StoredOutcome
from trim_bot.domain.referrals import Referral
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.site import Site

SEALED: dict[type[object], frozenset[str]] = {
    Member: frozenset(
        {"name", "phone", "reach", "best_time", "zone", "hours", "shifts", "away_until", "language", "lines"}
        | {"told_of_changes", "away_from", "place", "reads"}
    ),
    Account: frozenset({"address", "route", "place"}),
    Installation: frozenset({"token", "refresh", "app_user"}),
    Training: frozenset({"provider"}),
    Incident: frozenset({"kind", "ended_at", "account", "zone"}),
    Exposure: frozenset({"directness", "name", "phone", "best_time", "chosen", "ended_at", "sent_at"}),
    Case: frozenset(
        {
            "called",
            "exposure_ended",
            "exposures",
            "incidents",
            "account",
            "contact",
            "refused",
            "passed",
            "close_reason",
            "contact_by",
            "asks",
            "ended_with",
            "lapse_told_at",
            "reopened_at",
            "calls",
        }
    ),
    Interview: frozenset({"answers", "notes", "overrides"}),
    Referral: frozenset({"service"}),
    SupportRequest: frozenset({"language", "text", "contact", "passed_by", "reply", "contact_by"}),
    Site: frozenset(field.name for field in fields(Site)) - {"id", "key_id"},
    **{rule.kind: frozenset(rule.sealed) for rule in RECORD_RULES if rule.sealed},
}
"""Sealed fields: kept only under the record's key, never searched or sorted by."""

KEYED: dict[type[object], frozenset[str]] = {
    Account: frozenset({"address"}),
    SupportRequest: frozenset({"code"}),
    Member: frozenset({"known_as"}),
    **{rule.kind: frozenset(rule.keyed) for rule in RECORD_RULES if rule.keyed},
}
"""Fields found by a keyed digest. Those that are not sealed as well read back as the digest."""

LISTS: dict[type[object], frozenset[str]] = {
    StoredOutcome: frozenset({"ids"}),
}
"""Open fields that hold several values, which cannot be searched or sorted by."""


_SORTABLE: dict[type[object], frozenset[str]] = {}
_SEARCHABLE: dict[type[object], frozenset[str]] = {}


def sortable(kind: type[object]) -> frozenset[str]:
    """Open single-valued fields of a record type."""
    if kind not in _SORTABLE:
        assert is_dataclass(kind)
        names = frozenset(field.name for field in fields(kind))
        nothing: frozenset[str] = frozenset()
        _SORTABLE[kind] = (
            names - SEALED.get(kind, nothing) - KEYED.get(kind, nothing) - LISTS.get(kind, nothing)
        )
    return _SORTABLE[kind]


def searchable(kind: type[object]) -> frozenset[str]:
    """Fields that records of a type can be found by."""
    if kind not in _SEARCHABLE:
        _SEARCHABLE[kind] = sortable(kind) | KEYED.get(kind, frozenset())
    return _SEARCHABLE[kind]
