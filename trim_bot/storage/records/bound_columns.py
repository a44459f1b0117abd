"""Which columns of which tables are bound by the keyed journal: what authorises somebody, and what was published."""

from __future__ import annotations

from collections.abc import Mapping

BOUND: Mapping[str, tuple[str, ...]] = {
    "member": ("key_id", "left"),
    "account": ("key_id", "member_id", "platform", "address_key", "left"),
    "joined_member": ("key_id", "member_id"),
    "role_grant": ("member_id", "role"),
    "training": ("member_id", "trained_on", "expires_on"),
    "reporting_line": ("person", "manager"),
    "incident": ("key_id", "logged_by"),
    "exposure": ("key_id", "incident_id", "member_id"),
    "planned_event": ("incident_id", "state"),
    "briefing": ("key_id", "incident_id", "state", "leader"),
    "briefing_invite": ("key_id", "briefing_id", "member_id"),
    "offer": ("key_id", "incident_id", "member_id", "state", "proposed", "taken_by", "case_id"),
    "support_case": (
        "key_id", "member_id", "programme", "state", "holder", "cover", "named", "closed_at", "closed_by", "sealed",
    ),
    "check_in": ("case_id", "exposure"),
    "interview": ("key_id", "case_id", "check_in_id", "by"),
    "referral": ("key_id", "case_id"),
    "support_request": ("key_id", "member_id", "named", "state", "taken_by", "case_id", "code_key", "sealed"),
    "step": ("kind", "subject", "case_id", "state", "rung", "holder", "due_at"),
    "session": ("member_id", "purpose", "expires_at"),
    "grant_request": ("key_id", "member_id", "asked_by", "agreed_by", "role", "state", "until", "sealed"),
    "founding": ("ended_at",),
    "site": ("key_id", "sealed"),
    "counts": ("n",),
    "week_status": ("says", "written_at", "practitioners", "leads"),
    "beginning": ("began_on",),
    "bulletin": ("period", "published_at", "body", "signature"),
    "counting_since": ("since", "whole"),
}  # fmt: skip
"""By table, the columns that decide who may do what, or that were published."""

NOT_BOUND: Mapping[str, str] = {
    "organisation": "holds names of ours alone; each record is bound to its organisation",
    "workspace": "leads to an organisation, where an account must be bound to count",
    "meta": "holds facts of the stores, which are compared with the other stores",
    "journal": "is the chain itself",
    "taking_back": "holds random tokens for a moment",
    "stored_outcome": "is authorised afresh each time it is drawn",
    "kept_page": "is sealed with a secret of its browser, and authorised afresh each time it is drawn",
    "greeting": "says only that somebody was welcomed",
    "erasure_asked": "gives nobody anything, and is carried out within a minute",
    "outgoing": "leads to a step, which is bound, and is authorised at each press",
    "installation": "is sealed under a key of its own, and only ever sent to the platform",
    "next_look": "says when the clock looks, which it does within the hour or the day whatever stands there",
    "note_sent": "holds the day of a note to everybody",
    "counted_person": "holds digests that keep somebody from being counted twice in a quarter",
}
"""By table, why it is not bound."""
