"""One table: what each form, button and word leads to; a new feature is one line here."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.commands import call_sheets as call
from trim_bot.app.commands import cases as case
from trim_bot.app.commands import incidents as incident
from trim_bot.app.commands import interviews as interview
from trim_bot.app.commands import oversight, own
from trim_bot.app.commands import requests as request
from trim_bot.app.handlers import (
    call_sheets,
    case_hands,
    cases,
    chats,
    check_ins,
    corrections,
    first_contact,
    home,
    incidents,
    interviews,
    monthly,
    offers,
    own_record,
    planning,
    profile,
    referrals,
    reopening,
    requests,
    results,
    roster,
    safety,
    second_yes,
    status,
    supervising,
    support,
    switching,
)
from trim_bot.app.route import Route, button, form, page
from trim_bot.domain.records import Action

_ALL = (
    # Incidents and offers
    form(
        "log",
        incident.OpenLog,
        incidents.open_log,
        incident.LogIncident,
        incidents.log,
        Action.LOGGED,
        people=("direct", "peripheral"),
    ),
    page("logged", incident.OpenLogged, corrections.open_logged, reads=True),
    form(
        "incident",
        incident.OpenIncident,
        corrections.open_incident,
        incident.CorrectIncident,
        corrections.correct,
        Action.CORRECTED,
        reads=True,
        people=("more",),
    ),
    page("offer", incident.OpenOffer, offers.open_offer, reads=True),
    button("offer_yes", incident.AcceptOffer, offers.accept, Action.ANSWERED),
    button("offer_other", incident.AcceptWithSomeoneElse, offers.accept_with_someone_else, Action.ANSWERED),
    button("offer_later", incident.PutOffOffer, offers.put_off, Action.ANSWERED),
    button("offer_no", incident.DeclineOffer, offers.decline, Action.ANSWERED),
    form(
        "contact",
        incident.OpenContact,
        offers.open_contact,
        incident.RecordAnswer,
        offers.record_answer,
        Action.ANSWERED,
        reads=True,
    ),
    page("call_sheet", call.OpenCallSheet, call_sheets.open_sheet, reads=True),
    button("call_take", call.TakeCall, call_sheets.take_one, Action.ASSIGNED),
    button("call_take_some", call.TakeCalls, call_sheets.take_some, Action.ASSIGNED),
    button("call_back", call.GiveBackCall, call_sheets.give_back, Action.ASSIGNED),
    # One name each: Slack lets no two buttons beside one another have the same.
    button("call_no", call.RecordCall, call_sheets.record, Action.ANSWERED, when={"answer": "no"}),
    button("call_not_now", call.RecordCall, call_sheets.record, Action.ANSWERED, when={"answer": "not_now"}),
    button("call_yes", call.RecordCall, call_sheets.record, Action.ANSWERED, when={"answer": "yes"}),
    button(
        "call_not_reached",
        call.RecordCall,
        call_sheets.record,
        Action.ANSWERED,
        when={"answer": "not_reached"},
    ),
    form(
        "call_give",
        call.OpenGiveCalls,
        call_sheets.open_give,
        call.GiveCalls,
        call_sheets.give_some,
        Action.ASSIGNED,
    ),
    # Cases
    page("cases", case.OpenCases, cases.open_cases, reads=True),
    page("due", case.OpenDue, cases.open_due, reads=True),
    page("case", case.OpenCase, cases.open_case, reads=True),
    page("take", case.OpenTake, case_hands.open_take),
    button("take_case", case.TakeCase, case_hands.take, Action.ASSIGNED),
    button("pass_case", case.PassCase, case_hands.pass_on, Action.ASSIGNED),
    page("team", case.OpenTeam, planning.open_team),
    form("assign", case.OpenAssign, planning.open_assign, case.AssignCase, planning.assign, Action.ASSIGNED),
    page("cover", case.OpenCover, planning.open_cover),
    button("hand_over_all", case.HandOverAll, planning.hand_over_all, Action.ASSIGNED),
    form("close", case.OpenClose, cases.open_close, case.CloseCase, cases.close, Action.CLOSED),
    form(
        "switch",
        case.OpenSwitch,
        switching.open_switch,
        case.SwitchCase,
        switching.switch,
        Action.CHANGED,
    ),
    button("reopen", case.ReopenCase, reopening.reopen, Action.REOPENED),
    form(
        "first_contact",
        case.OpenFirstContact,
        first_contact.open_first_contact,
        case.RecordFirstContact,
        first_contact.record,
        Action.CHANGED,
        reads=True,
    ),
    page("supervision", case.OpenSupervision, supervising.open_supervision, reads=True),
    button("talked_over", case.SuperviseCase, supervising.supervise, Action.CHANGED),
    # Check-ins and interviews
    form("move", case.OpenMove, check_ins.open_move, case.MoveCheckIn, check_ins.move, Action.CHANGED),
    button("skip", case.SkipCheckIn, check_ins.skip, Action.CHANGED),
    page("interview", interview.OpenInterview, interviews.open_interview, reads=True),
    form(
        "notice",
        interview.OpenNotice,
        interviews.open_notice,
        interview.AcknowledgeNotice,
        interviews.acknowledge,
        Action.CHANGED,
    ),
    form(
        "questions",
        interview.OpenStep,
        interviews.open_step,
        interview.KeepStep,
        interviews.keep_step,
        Action.CHANGED,
        reads=True,
        gather="answers",
    ),
    button("back", interview.StepBack, interviews.step_back, Action.CHANGED, gather="answers"),
    form(
        "ending",
        interview.OpenEnding,
        interviews.open_ending,
        interview.FinishInterview,
        interviews.finish,
        Action.HELD,
    ),
    form(
        "result",
        interview.OpenResult,
        results.open_result,
        interview.ChooseNext,
        results.choose_next,
        Action.CHANGED,
        reads=True,
    ),
    # Safety and referrals
    page("safety", interview.OpenSafety, safety.open_safety, reads=True),
    button("safety_call", interview.CallForSafety, safety.call, Action.SAFETY, gather="answers"),
    page("safety_called", interview.OpenSafetyCall, safety.open_call, reads=True),
    button("safety_have", interview.AcknowledgeSafety, safety.acknowledge, Action.SAFETY),
    form(
        "referral",
        interview.OpenReferral,
        referrals.open_referral,
        interview.OfferReferral,
        referrals.offer,
        Action.REFERRED,
    ),
    form(
        "referral_next",
        interview.OpenReferralMove,
        referrals.open_move,
        interview.MoveReferral,
        referrals.move,
        Action.REFERRED,
        reads=True,
    ),
    # Asking for support
    form(
        "support",
        request.OpenSupport,
        support.open_support,
        request.AskForSupport,
        support.ask,
        Action.REQUESTED,
    ),
    form(
        "ask",
        request.OpenAsk,
        support.open_ask,
        request.AskSignedOut,
        support.ask_signed_out,
        Action.REQUESTED,
    ),
    form(
        "reply", request.OpenReply, support.open_reply, request.ReadReply, support.read_reply, Action.SHOWED
    ),
    button("stop_request", request.StopSignedOut, support.stop, Action.WITHDRAWN),
    page("request", request.OpenRequest, requests.open_request),
    button("take_request", request.TakeRequest, requests.take, Action.ASSIGNED),
    button("pass_request", request.PassRequest, requests.pass_on, Action.ASSIGNED),
    form(
        "request_taken",
        request.OpenTaken,
        requests.open_taken,
        request.AnswerRequest,
        requests.answer,
        Action.ANSWERED,
        reads=True,
    ),
    # One's own record
    page("home", own.OpenHome, home.open_home),
    page("waiting", own.OpenWaiting, home.open_waiting),
    page("open", own.OpenStepWaiting, home.open_step),
    button("stop", own.StopMessages, home.stop_messages, Action.CHANGED),
    button("start", own.StartMessages, home.start_messages, Action.CHANGED),
    page("me", own.OpenMe, own_record.open_me, reads=True),
    button("withdraw_request", own.WithdrawRequest, own_record.withdraw_request, Action.WITHDRAWN),
    button("withdraw", own.WithdrawFromCase, own_record.withdraw, Action.WITHDRAWN),
    button("someone_else", own.ChangePractitioner, own_record.change_practitioner, Action.ASSIGNED),
    page("readers", own.OpenReaders, own_record.open_readers),
    form("erase", own.OpenErase, own_record.open_erase, own.EraseMe, own_record.erase, Action.ERASED),
    button("browser", own.GiveBrowserLink, own_record.give_link, Action.SIGNED_IN),
    page("chats", own.OpenChats, chats.open_chats),
    button("chat_code", own.GiveChatCode, chats.give_code, Action.CHANGED),
    form(
        "enter_code",
        own.OpenChatCode,
        chats.open_code,
        own.EnterChatCode,
        chats.enter_code,
        Action.CHANGED,
    ),
    button("join_chats", own.JoinChats, chats.join_chats, Action.CHANGED),
    button("confirm_join", own.ConfirmJoin, second_yes.confirm, Action.CHANGED),
    button("refuse_join", own.RefuseJoin, second_yes.refuse, Action.CHANGED),
    button("unlink_chat", own.UnlinkChat, chats.unlink, Action.CHANGED),
    button("zone_aside", own.PutZoneAside, profile.put_zone_aside, Action.CHANGED),
    form("profile", own.OpenProfile, profile.open_profile, own.SaveProfile, profile.save, Action.CHANGED),
    # Keeping the scheme running
    page("roster", oversight.OpenRoster, roster.open_roster, overview=True),
    form(
        "serving",
        oversight.OpenServing,
        roster.open_serving,
        oversight.GiveRole,
        roster.give_role,
        Action.CHANGED,
        people=("person",),
        overview=True,
    ),
    form(
        "person",
        oversight.OpenPerson,
        roster.open_person,
        oversight.RecordTraining,
        roster.record,
        Action.CHANGED,
        overview=True,
    ),
    page("monthly", oversight.OpenMonthly, monthly.open_monthly, overview=True),
    button("send_monthly", oversight.SendMonthly, monthly.send, Action.CHANGED, overview=True),
    page("status", oversight.OpenStatus, status.open_status, overview=True),
)

ROUTES: Mapping[str, Route] = {route.name: route for route in _ALL}

WORDS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("peer",): ("cases", "status", "team", "me"),
    ("peer", "log"): ("log",),
    ("peer", "cases"): ("cases",),
    ("peer", "due"): ("due",),
    ("peer", "cover"): ("cover",),
    ("peer", "team"): ("team", "roster"),
    ("peer", "profile"): ("profile",),
    ("peer", "status"): ("status",),
    ("support",): ("support",),
    ("support", "me"): ("me",),
    ("support", "link"): ("chats",),
    ("me",): ("me",),
    ("home",): ("home",),
    ("waiting",): ("waiting",),
    ("ask",): ("ask",),
    ("reply",): ("reply",),
}
"""What can be typed or opened, and the routes it may lead to: the first that the asker's roles allow."""

WITHOUT_TOKEN = frozenset({"support", "me", "home", "waiting", "profile", "logged", "roster", "erase"})
"""What a button without a token may open: pages that are about whoever presses."""


def entry_words(name: str) -> tuple[str, ...] | None:
    """The words that open a form by its name in the browser, or None when it needs a token."""
    if (name,) in WORDS:
        return (name,)
    return ("peer", name) if ("peer", name) in WORDS else None


def opens(name: str) -> bool:
    """Whether pressing what has this name only shows something; False for what changes something or is unknown."""
    route = ROUTES.get(name)
    return route is not None and route.shows is not None
