"""One table: what each form, button and word leads to; a new feature is one line here."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases import check_ins, reopening, supervising
from trim_bot.app.cases import commands as case
from trim_bot.app.cases import handlers as cases
from trim_bot.app.cases import hands as case_hands
from trim_bot.app.chats import confirmation as second_yes
from trim_bot.app.chats import handlers as chats
from trim_bot.app.chats.commands import (
    ConfirmJoin,
    EnterChatCode,
    GiveChatCode,
    JoinChats,
    OpenChatCode,
    OpenChats,
    RefuseJoin,
    UnlinkChat,
)
from trim_bot.app.events import call_sheet_commands as call
from trim_bot.app.events import call_sheets, corrections, offers, switching
from trim_bot.app.events import commands as incident
from trim_bot.app.events import handlers as incidents
from trim_bot.app.handover import planning
from trim_bot.app.handover.commands import EraseMe, OpenErase, SaveProfile
from trim_bot.app.interviews import commands as interview
from trim_bot.app.interviews import handlers as interviews
from trim_bot.app.interviews import results
from trim_bot.app.oversight import commands as oversight
from trim_bot.app.oversight import handlers as roster
from trim_bot.app.oversight import monthly, status
from trim_bot.app.own import commands as own
from trim_bot.app.own import handlers as own_record
from trim_bot.app.own import home, profile
from trim_bot.app.own.home import open_due
from trim_bot.app.referrals import handlers as referrals
from trim_bot.app.referrals.commands import MoveReferral, OfferReferral
from trim_bot.app.requests import commands as request
from trim_bot.app.requests import first_contact, support
from trim_bot.app.requests import handlers as requests
from trim_bot.app.requests.commands import ChangePractitioner, WithdrawFromCase, WithdrawRequest
from trim_bot.app.safety import handlers as safety
from trim_bot.app.safety.commands import AcknowledgeSafety, OpenSafety, OpenSafetyCall
from trim_bot.app.seam.links import (
    CallForSafety,
    OpenCase,
    OpenDue,
    OpenInterview,
    OpenLog,
    OpenMe,
    OpenMonthly,
    OpenProfile,
    OpenReferral,
    OpenReferralMove,
    OpenResult,
    OpenRoster,
    OpenStatus,
    OpenStepWaiting,
    OpenSupport,
    OpenTaken,
)
from trim_bot.app.seam.route import Route, button, form, page
from trim_bot.domain.records import Action

_ALL = (
    # Incidents and offers
    form(
        "log",
        OpenLog,
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
    page("due", OpenDue, open_due, reads=True),
    page("case", OpenCase, cases.open_case, reads=True),
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
    page("interview", OpenInterview, interviews.open_interview, reads=True),
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
        OpenResult,
        results.open_result,
        interview.ChooseNext,
        results.choose_next,
        Action.CHANGED,
        reads=True,
    ),
    # Safety and referrals
    page("safety", OpenSafety, safety.open_safety, reads=True),
    button("safety_call", CallForSafety, safety.call, Action.SAFETY, gather="answers"),
    page("safety_called", OpenSafetyCall, safety.open_call, reads=True),
    button("safety_have", AcknowledgeSafety, safety.acknowledge, Action.SAFETY),
    form(
        "referral",
        OpenReferral,
        referrals.open_referral,
        OfferReferral,
        referrals.offer,
        Action.REFERRED,
    ),
    form(
        "referral_next",
        OpenReferralMove,
        referrals.open_move,
        MoveReferral,
        referrals.move,
        Action.REFERRED,
        reads=True,
    ),
    # Asking for support
    form(
        "support",
        OpenSupport,
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
        OpenTaken,
        requests.open_taken,
        request.AnswerRequest,
        requests.answer,
        Action.ANSWERED,
        reads=True,
    ),
    # One's own record
    page("home", own.OpenHome, home.open_home),
    page("waiting", own.OpenWaiting, home.open_waiting),
    page("open", OpenStepWaiting, home.open_step),
    button("stop", own.StopMessages, home.stop_messages, Action.CHANGED),
    button("start", own.StartMessages, home.start_messages, Action.CHANGED),
    page("me", OpenMe, own_record.open_me, reads=True),
    button("withdraw_request", WithdrawRequest, own_record.withdraw_request, Action.WITHDRAWN),
    button("withdraw", WithdrawFromCase, own_record.withdraw, Action.WITHDRAWN),
    button("someone_else", ChangePractitioner, own_record.change_practitioner, Action.ASSIGNED),
    page("readers", own.OpenReaders, own_record.open_readers),
    form("erase", OpenErase, own_record.open_erase, EraseMe, own_record.erase, Action.ERASED),
    button("browser", own.GiveBrowserLink, own_record.give_link, Action.SIGNED_IN),
    page("chats", OpenChats, chats.open_chats),
    button("chat_code", GiveChatCode, chats.give_code, Action.CHANGED),
    form(
        "enter_code",
        OpenChatCode,
        chats.open_code,
        EnterChatCode,
        chats.enter_code,
        Action.CHANGED,
    ),
    button("join_chats", JoinChats, chats.join_chats, Action.CHANGED),
    button("confirm_join", ConfirmJoin, second_yes.confirm, Action.CHANGED),
    button("refuse_join", RefuseJoin, second_yes.refuse, Action.CHANGED),
    button("unlink_chat", UnlinkChat, chats.unlink, Action.CHANGED),
    button("zone_aside", own.PutZoneAside, profile.put_zone_aside, Action.CHANGED),
    form("profile", OpenProfile, profile.open_profile, SaveProfile, profile.save, Action.CHANGED),
    # Keeping the scheme running
    page("roster", OpenRoster, roster.open_roster, overview=True),
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
    page("monthly", OpenMonthly, monthly.open_monthly, overview=True),
    button("send_monthly", oversight.SendMonthly, monthly.send, Action.CHANGED, overview=True),
    page("status", OpenStatus, status.open_status, overview=True),
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
