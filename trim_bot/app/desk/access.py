"""The role table: who may make which command, in what relationship; what is not here is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trim_bot.app.cases import commands as cases
from trim_bot.app.cases import entitled
from trim_bot.app.cases.entitled import Entitlement, Refs
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
from trim_bot.app.events import call_sheet_commands as call_sheets
from trim_bot.app.events import commands as incidents
from trim_bot.app.events import entitled_calls
from trim_bot.app.handover.commands import EraseMe, OpenErase, SaveProfile
from trim_bot.app.interviews import commands as interviews
from trim_bot.app.oversight import commands as oversight
from trim_bot.app.own import commands as own
from trim_bot.app.people.eligible import SERVES
from trim_bot.app.referrals.commands import MoveReferral, OfferReferral
from trim_bot.app.requests import commands as requests
from trim_bot.app.requests.commands import ChangePractitioner, WithdrawFromCase, WithdrawRequest
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
from trim_bot.app.seam.work import Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Role

ANYONE = frozenset[Role]()
"""Every member, whatever they are."""
LEADS = frozenset({Role.LEAD, Role.DEPUTY})
KEEPS = frozenset({Role.COORDINATOR})
GRANTS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Rule:
    """Roles (empty: every member), the relationship, and whether it is open to people who are signed out."""

    roles: frozenset[Role]
    entitled: Entitlement
    signed_out: bool = False


ACCESS: Mapping[type, Rule] = {
    OpenLog: Rule(SERVES, entitled.always),
    incidents.LogIncident: Rule(SERVES, entitled.always),
    incidents.OpenLogged: Rule(SERVES, entitled.always),
    incidents.OpenIncident: Rule(SERVES, entitled.logged_incident),
    incidents.CorrectIncident: Rule(SERVES, entitled.logged_incident),
    incidents.OpenOffer: Rule(ANYONE, entitled.own_offer),
    incidents.AcceptOffer: Rule(ANYONE, entitled.own_offer),
    incidents.AcceptWithSomeoneElse: Rule(ANYONE, entitled.own_offer),
    incidents.PutOffOffer: Rule(ANYONE, entitled.own_offer),
    incidents.DeclineOffer: Rule(ANYONE, entitled.own_offer),
    incidents.OpenContact: Rule(SERVES, entitled_calls.own_call_row),
    incidents.RecordAnswer: Rule(SERVES, entitled_calls.own_call_row),
    call_sheets.OpenCallSheet: Rule(SERVES, entitled_calls.call_sheet),
    call_sheets.TakeCall: Rule(SERVES, entitled_calls.call_row),
    call_sheets.TakeCalls: Rule(SERVES, entitled_calls.call_sheet),
    call_sheets.GiveBackCall: Rule(SERVES, entitled_calls.call_row),
    call_sheets.RecordCall: Rule(SERVES, entitled_calls.own_call_row),
    call_sheets.OpenGiveCalls: Rule(LEADS, entitled_calls.call_sheet),
    call_sheets.GiveCalls: Rule(LEADS, entitled_calls.call_sheet),
    cases.OpenCases: Rule(SERVES, entitled.always),
    OpenDue: Rule(SERVES, entitled.always),
    OpenCase: Rule(SERVES, entitled.holds_case),
    cases.OpenTake: Rule(SERVES, entitled.waiting_case),
    cases.TakeCase: Rule(SERVES, entitled.waiting_case),
    cases.PassCase: Rule(SERVES, entitled.assigned_case),
    cases.OpenAssign: Rule(LEADS, entitled.state_of_case),
    cases.AssignCase: Rule(LEADS, entitled.state_of_case),
    cases.OpenTeam: Rule(LEADS, entitled.always),
    cases.OpenCover: Rule(SERVES, entitled.always),
    cases.HandOverAll: Rule(SERVES, entitled.always),
    cases.OpenClose: Rule(SERVES, entitled.holds_case),
    cases.CloseCase: Rule(SERVES, entitled.holds_case),
    cases.ReopenCase: Rule(SERVES, entitled.may_reopen),
    cases.OpenFirstContact: Rule(SERVES, entitled.holds_first_contact),
    cases.RecordFirstContact: Rule(SERVES, entitled.holds_first_contact),
    cases.OpenSupervision: Rule(LEADS, entitled.holds_supervision),
    cases.SuperviseCase: Rule(LEADS, entitled.holds_supervision),
    cases.OpenSwitch: Rule(SERVES, entitled.holds_case),
    cases.SwitchCase: Rule(SERVES, entitled.holds_case),
    cases.OpenMove: Rule(SERVES, entitled.holds_check_in),
    cases.MoveCheckIn: Rule(SERVES, entitled.holds_check_in),
    cases.SkipCheckIn: Rule(SERVES, entitled.holds_check_in),
    OpenInterview: Rule(SERVES, entitled.holds_check_in),
    interviews.OpenNotice: Rule(SERVES, entitled.holds_check_in),
    interviews.AcknowledgeNotice: Rule(SERVES, entitled.holds_check_in),
    interviews.OpenStep: Rule(SERVES, entitled.holds_check_in),
    interviews.KeepStep: Rule(SERVES, entitled.holds_check_in),
    interviews.StepBack: Rule(SERVES, entitled.holds_check_in),
    interviews.OpenEnding: Rule(SERVES, entitled.holds_check_in),
    interviews.FinishInterview: Rule(SERVES, entitled.holds_check_in),
    OpenResult: Rule(SERVES, entitled.holds_check_in),
    interviews.ChooseNext: Rule(SERVES, entitled.holds_check_in),
    OpenSafety: Rule(SERVES, entitled.holds_case),
    CallForSafety: Rule(SERVES, entitled.holds_case),
    OpenSafetyCall: Rule(SERVES, entitled.was_called),
    AcknowledgeSafety: Rule(SERVES, entitled.was_called),
    OpenReferral: Rule(SERVES, entitled.holds_case),
    OfferReferral: Rule(SERVES, entitled.holds_case),
    OpenReferralMove: Rule(SERVES, entitled.holds_referral),
    MoveReferral: Rule(SERVES, entitled.holds_referral),
    OpenSupport: Rule(ANYONE, entitled.always),
    requests.AskForSupport: Rule(ANYONE, entitled.always),
    requests.OpenAsk: Rule(ANYONE, entitled.always, signed_out=True),
    requests.AskSignedOut: Rule(ANYONE, entitled.always, signed_out=True),
    requests.OpenReply: Rule(ANYONE, entitled.always, signed_out=True),
    requests.ReadReply: Rule(ANYONE, entitled.always, signed_out=True),
    requests.StopSignedOut: Rule(ANYONE, entitled.unknown_request, signed_out=True),
    requests.OpenRequest: Rule(SERVES, entitled.waiting_request),
    requests.TakeRequest: Rule(SERVES, entitled.waiting_request),
    requests.PassRequest: Rule(SERVES, entitled.waiting_or_held_request),
    OpenTaken: Rule(SERVES, entitled.holds_request),
    requests.AnswerRequest: Rule(SERVES, entitled.holds_request),
    own.OpenHome: Rule(ANYONE, entitled.always),
    own.OpenWaiting: Rule(ANYONE, entitled.always),
    OpenStepWaiting: Rule(ANYONE, entitled.always),
    own.StopMessages: Rule(ANYONE, entitled.always),
    own.StartMessages: Rule(ANYONE, entitled.always),
    OpenMe: Rule(ANYONE, entitled.always),
    WithdrawRequest: Rule(ANYONE, entitled.own_request),
    WithdrawFromCase: Rule(ANYONE, entitled.own_case),
    ChangePractitioner: Rule(ANYONE, entitled.own_case),
    own.OpenReaders: Rule(ANYONE, entitled.always),
    OpenErase: Rule(ANYONE, entitled.always),
    EraseMe: Rule(ANYONE, entitled.always),
    own.GiveBrowserLink: Rule(ANYONE, entitled.always),
    OpenChats: Rule(ANYONE, entitled.always),
    GiveChatCode: Rule(ANYONE, entitled.always),
    OpenChatCode: Rule(ANYONE, entitled.always),
    EnterChatCode: Rule(ANYONE, entitled.always),
    JoinChats: Rule(ANYONE, entitled.always),
    ConfirmJoin: Rule(ANYONE, entitled.always),
    RefuseJoin: Rule(ANYONE, entitled.always),
    UnlinkChat: Rule(ANYONE, entitled.own_chat),
    own.PutZoneAside: Rule(ANYONE, entitled.always),
    OpenProfile: Rule(ANYONE, entitled.always),
    SaveProfile: Rule(ANYONE, entitled.always),
    OpenRoster: Rule(GRANTS, entitled.always),
    oversight.OpenServing: Rule(GRANTS, entitled.always),
    oversight.GiveRole: Rule(GRANTS, entitled.always),
    oversight.OpenPerson: Rule(GRANTS, entitled.serving_member),
    oversight.RecordTraining: Rule(GRANTS, entitled.serving_member),
    OpenMonthly: Rule(KEEPS, entitled.always),
    oversight.SendMonthly: Rule(KEEPS, entitled.always),
    OpenStatus: Rule(KEEPS, entitled.always),
    oversight.OpenHelp: Rule(ANYONE, entitled.always, signed_out=True),
}


def has_role(command: type, roles: frozenset[Role], *, signed_out: bool) -> bool:
    """Whether somebody with these roles may ever make this command."""
    rule = ACCESS.get(command)
    if rule is None or (signed_out and not rule.signed_out):
        return False
    return not rule.roles or bool(rule.roles & roles)


def check_role(work: Work, command: type) -> None:
    """Raise NotOpen unless one of the asker's roles may make this command."""
    if not has_role(command, work.who.roles, signed_out=work.who.member is None):
        raise NotOpen("role")


def check_relation(work: Work, command: type, refs: Refs) -> None:
    """Raise NotOpen unless the asker stands in the right relationship; names the subject for the journal."""
    ACCESS[command].entitled(work, refs)
