"""Screens that follow a change, by name, so that a replay can be drawn again from its ids alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trim_bot.app.screens import (
    cases,
    chats,
    incidents_logged,
    leads,
    monthly,
    offers_answered,
    own_outcomes,
    planning,
    profile,
    referrals,
    replies,
    requests,
    safety,
    second_yes,
    support,
    taking,
)
from trim_bot.app.views import View
from trim_bot.app.work import Work

OUTCOMES: Mapping[str, Callable[[Work, Mapping[str, str]], View]] = {
    "incident_logged": incidents_logged.logged,
    "incident_corrected": incidents_logged.corrected,
    "offer_accepted": offers_answered.accepted,
    "offer_put_off": offers_answered.put_off,
    "offer_declined": offers_answered.declined,
    "answer_recorded": offers_answered.recorded,
    "case_passed": taking.passed,
    "case_closed": cases.closed,
    "talk_to_lead": leads.talk_to_lead,
    "case_assigned": planning.assigned,
    "handed_over": planning.handed_over,
    "safety_acknowledged": safety.acknowledged,
    "safety_already": safety.already,
    "referral_kept": referrals.kept,
    "monthly_sent": monthly.sent,
    "request_received": support.received,
    "request_sent": support.sent_without_name,
    "request_stopped": replies.stopped,
    "request_passed": requests.passed,
    "request_kept": requests.kept,
    "request_closed": requests.closed,
    "request_withdrawn": own_outcomes.request_withdrawn,
    "withdrawn": own_outcomes.case_withdrawn,
    "practitioner_changed": own_outcomes.practitioner_changed,
    "erased": own_outcomes.erased,
    "messages_stopped": own_outcomes.messages_stopped,
    "messages_started": own_outcomes.messages_started,
    "profile_saved": profile.saved,
    "zone_put_aside": profile.put_aside,
    "code_unknown": chats.code_unknown,
    "code_rest": chats.code_rest,
    "code_own": chats.code_own,
    "code_same": chats.code_same,
    "code_over": chats.code_over,
    "joining": chats.joining,
    "join_asked": second_yes.asked,
    "join_refused": second_yes.refused,
    "chats_joined": second_yes.joined,
    "chats_apart": second_yes.apart,
    "chat_unlinked": chats.unlinked,
}
