"""The role table: who may make which command, in what relationship; what is not here is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trim_bot.app import entitled, entitled_calls
from trim_bot.app.commands import call_sheets, cases, incidents, interviews, oversight, own, requests
from trim_bot.app.entitled import Entitlement, Refs
from trim_bot.app.work import Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Role

ANYONE = frozenset[Role]()
"""Every member, whatever they are."""
SERVES = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY})
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
    incidents.OpenLog: Rule(SERVES, entitled.always),
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
    cases.OpenDue: Rule(SERVES, entitled.always),
    cases.OpenCase: Rule(SERVES, entitled.holds_case),
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
    interviews.OpenInterview: Rule(SERVES, entitled.holds_check_in),
    interviews.OpenNotice: Rule(SERVES, entitled.holds_check_in),
    interviews.AcknowledgeNotice: Rule(SERVES, entitled.holds_check_in),
    interviews.OpenStep: Rule(SERVES, entitled.holds_check_in),
    interviews.KeepStep: Rule(SERVES, entitled.holds_check_in),
    interviews.StepBack: Rule(SERVES, entitled.holds_check_in),
    interviews.OpenEnding: Rule(SERVES, entitled.holds_check_in),
    interviews.FinishInterview: Rule(SERVES, entitled.holds_check_in),
    interviews.OpenResult: Rule(SERVES, entitled.holds_check_in),
    interviews.ChooseNext: Rule(SERVES, entitled.holds_check_in),
    interviews.OpenSafety: Rule(SERVES, entitled.holds_case),
    interviews.CallForSafety: Rule(SERVES, entitled.holds_case),
    interviews.OpenSafetyCall: Rule(SERVES, entitled.was_called),
    interviews.AcknowledgeSafety: Rule(SERVES, entitled.was_called),
    interviews.OpenReferral: Rule(SERVES, entitled.holds_case),
    interviews.OfferReferral: Rule(SERVES, entitled.holds_case),
    interviews.OpenReferralMove: Rule(SERVES, entitled.holds_referral),
    interviews.MoveReferral: Rule(SERVES, entitled.holds_referral),
    requests.OpenSupport: Rule(ANYONE, entitled.always),
    requests.AskForSupport: Rule(ANYONE, entitled.always),
    requests.OpenAsk: Rule(ANYONE, entitled.always, signed_out=True),
    requests.AskSignedOut: Rule(ANYONE, entitled.always, signed_out=True),
    requests.OpenReply: Rule(ANYONE, entitled.always, signed_out=True),
    requests.ReadReply: Rule(ANYONE, entitled.always, signed_out=True),
    requests.StopSignedOut: Rule(ANYONE, entitled.unknown_request, signed_out=True),
    requests.OpenRequest: Rule(SERVES, entitled.waiting_request),
    requests.TakeRequest: Rule(SERVES, entitled.waiting_request),
    requests.PassRequest: Rule(SERVES, entitled.waiting_or_held_request),
    requests.OpenTaken: Rule(SERVES, entitled.holds_request),
    requests.AnswerRequest: Rule(SERVES, entitled.holds_request),
    own.OpenHome: Rule(ANYONE, entitled.always),
    own.OpenWaiting: Rule(ANYONE, entitled.always),
    own.OpenStepWaiting: Rule(ANYONE, entitled.always),
    own.StopMessages: Rule(ANYONE, entitled.always),
    own.StartMessages: Rule(ANYONE, entitled.always),
    own.OpenMe: Rule(ANYONE, entitled.always),
    own.WithdrawRequest: Rule(ANYONE, entitled.own_request),
    own.WithdrawFromCase: Rule(ANYONE, entitled.own_case),
    own.ChangePractitioner: Rule(ANYONE, entitled.own_case),
    own.OpenReaders: Rule(ANYONE, entitled.always),
    own.OpenErase: Rule(ANYONE, entitled.always),
    own.EraseMe: Rule(ANYONE, entitled.always),
    own.GiveBrowserLink: Rule(ANYONE, entitled.always),
    own.OpenChats: Rule(ANYONE, entitled.always),
    own.GiveChatCode: Rule(ANYONE, entitled.always),
    own.OpenChatCode: Rule(ANYONE, entitled.always),
    own.EnterChatCode: Rule(ANYONE, entitled.always),
    own.JoinChats: Rule(ANYONE, entitled.always),
    own.ConfirmJoin: Rule(ANYONE, entitled.always),
    own.RefuseJoin: Rule(ANYONE, entitled.always),
    own.UnlinkChat: Rule(ANYONE, entitled.own_chat),
    own.PutZoneAside: Rule(ANYONE, entitled.always),
    own.OpenProfile: Rule(ANYONE, entitled.always),
    own.SaveProfile: Rule(ANYONE, entitled.always),
    oversight.OpenRoster: Rule(GRANTS, entitled.always),
    oversight.OpenServing: Rule(GRANTS, entitled.always),
    oversight.GiveRole: Rule(GRANTS, entitled.always),
    oversight.OpenPerson: Rule(GRANTS, entitled.serving_member),
    oversight.RecordTraining: Rule(GRANTS, entitled.serving_member),
    oversight.OpenMonthly: Rule(KEEPS, entitled.always),
    oversight.SendMonthly: Rule(KEEPS, entitled.always),
    oversight.OpenStatus: Rule(KEEPS, entitled.always),
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
