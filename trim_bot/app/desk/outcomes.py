"""Screens that follow a change, by name, so that a replay can be drawn again from its ids alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trim_bot.app.cases import first_contact_screens as first_contact
from trim_bot.app.cases import reopening_screens as reopening
from trim_bot.app.cases import screens as cases
from trim_bot.app.cases import supervising_screens as supervising
from trim_bot.app.cases import taking_screens as taking
from trim_bot.app.chats import confirmation_screens as second_yes
from trim_bot.app.chats import screens as chats
from trim_bot.app.events import call_sheet_screens as call_sheets
from trim_bot.app.events import logged_screens as incidents_logged
from trim_bot.app.events import offers_answered
from trim_bot.app.handover import screens as planning
from trim_bot.app.oversight import monthly_screens as monthly
from trim_bot.app.oversight import notes
from trim_bot.app.own import outcomes as own_outcomes
from trim_bot.app.own import profile_screens as profile
from trim_bot.app.people import leads
from trim_bot.app.referrals import screens as referrals
from trim_bot.app.requests import reply_screens as replies
from trim_bot.app.requests import screens as requests
from trim_bot.app.requests import support_screens as support
from trim_bot.app.safety import screens as safety
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Work

OUTCOMES: Mapping[str, Callable[[Work, Mapping[str, str]], Screen]] = {
    "incident_logged": incidents_logged.logged,
    "incident_corrected": incidents_logged.corrected,
    "offer_accepted": offers_answered.accepted,
    "offer_put_off": offers_answered.put_off,
    "offer_declined": offers_answered.declined,
    "answer_recorded": offers_answered.recorded,
    "calls_given": call_sheets.given,
    "case_passed": taking.passed,
    "case_closed": cases.closed,
    "case_reopened": reopening.reopened,
    "contact_kept": first_contact.kept,
    "talked_over": supervising.talked_over,
    "talk_to_lead": leads.talk_to_lead,
    "case_assigned": planning.assigned,
    "handed_over": planning.handed_over,
    "safety_acknowledged": safety.acknowledged,
    "safety_already": safety.already,
    "referral_kept": referrals.kept,
    "monthly_sent": monthly.sent,
    "welcome": notes.welcome,
    "monthly_note": notes.monthly_note,
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
