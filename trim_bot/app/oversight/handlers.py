"""Keeps the roster, shows whether the scheme is on track and staffed, and sends the monthly note: one file, since
each is handed an overview and nothing else.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from trim_bot.app.bulletins.content import Content, from_json
from trim_bot.app.oversight import asked_screens, screens, work_move_screens
from trim_bot.app.oversight.commands import (
    AgreeToMove,
    EndRole,
    GiveRole,
    MoveWork,
    OpenAsked,
    OpenEndRole,
    OpenMoveAsked,
    OpenPerson,
    OpenServing,
    OpenWorkMove,
    RecordTraining,
    RefuseMove,
    RosterRecord,
    SayNo,
    SayYes,
    SeeGivenRoles,
    SendMonthly,
    WorkGoes,
)
from trim_bot.app.oversight.last_of_role import LAST_ONE
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.people.roster import Overview
from trim_bot.app.people.roster_records import Asked, Serving, Taught
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenMonthly, OpenRoster, OpenStatus
from trim_bot.app.seam.ports import Counts
from trim_bot.app.seam.unsigned import Plain, Screen
from trim_bot.app.seam.views import Done
from trim_bot.app.seam.work import Next, Outcome
from trim_bot.app.words.times import UNTIL
from trim_bot.domain.bulletins import PeriodKind
from trim_bot.domain.calendar import NeverOpen, add_working_days, next_day_open
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.figures import week_of
from trim_bot.domain.grants import GrantRequestId
from trim_bot.domain.ids import MemberId
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Address, Platform, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import SchemeStatus, Served
from trim_bot.domain.site import Site

BY_COORDINATOR = (Role.PRACTITIONER, Role.LEAD, Role.DEPUTY)
BY_ADMINISTRATOR = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR, Role.CLINICAL_LEAD)


def open_serving(overview: Overview, command: OpenServing) -> Screen:
    """The form for giving a role."""
    return screens.serving_form(_grantable(overview))


def give_role(overview: Overview, command: GiveRole) -> Next:
    """Give a role that whoever asks may give; once the desk is founded, a second person has to say yes to most.

    Raises Invalid for somebody unknown or gone, and for oneself where the role opens cases.
    """
    role = _own_to_change(overview, command.role)
    member = _member_for(overview, command.person)
    if member == overview.who.id and role in BY_COORDINATOR:
        raise Invalid(person=mending.NOT_ONESELF)
    lapses = _lapses(overview)
    given = overview.roster.ask_role(member, role, overview.who.id, overview.now, lapses)
    return OpenRoster() if given else Outcome("role_asked", _until(overview, lapses))


def open_person(overview: Overview, command: OpenPerson) -> Screen:
    """One person who serves."""
    one = _serving(overview, command.member)
    ends = any(role in one.roles for role in _endable(overview))
    if not _coordinates(overview):
        return screens.person_page(one, overview.now, _zone(overview), may_end=ends)
    return screens.person_form(
        one, overview.now, _zone(overview), days=overview.site.training_valid_days, may_end=ends,
        may_move=_takes_work(one),
    )  # fmt: skip


def record(overview: Overview, command: RecordTraining) -> Next:
    """Record training. Raises Invalid."""
    one = _serving(overview, command.member)
    if not _coordinates(overview):
        raise NotOpen("role")
    trained_on, expires_on = _training_dates(overview, command)
    today, lapses = overview.now.astimezone(_zone(overview)).date(), _lapses(overview)
    recorded = overview.roster.ask_training(
        one.id,
        Taught(command.provider, trained_on, expires_on),
        overview.who.id,
        overview.now,
        lapses,
        today,
    )
    return OpenRoster() if recorded else Outcome("role_asked", _until(overview, lapses))


def open_end_role(overview: Overview, command: OpenEndRole) -> Screen:
    """The roles of theirs that whoever asks may end."""
    one = _serving(overview, command.member)
    ending = [role for role in _endable(overview) if role in one.roles]
    last = [role for role in LAST_ONE if sum(role in other.roles for other in overview.roster.all()) == 1]
    return screens.end_role_form(one, ending, overview.now, _zone(overview), last)


def end_role(overview: Overview, command: EndRole) -> Next:
    """Suspend a lead, or end a role; the only one who leads is never merely ended. Raises Invalid."""
    one = _serving(overview, command.member)
    match command.change:
        case RosterRecord.SUSPEND:
            _own_to_change(overview, Role.LEAD)
            overview.roster.suspend(one.id, overview.now)
        case Role() as role:
            if role not in _endable(overview):
                raise NotOpen("role")
            if role in one.roles and overview.roster.leads_alone(one.id, role):
                raise Invalid(change=mending.ONLY_DEPUTY if role is Role.DEPUTY else mending.ONLY_LEAD)
            overview.roster.revoke(one.id, role, overview.now)
        case _:
            assert_never(command.change)
    return OpenRoster()


def open_work_move(overview: Overview, command: OpenWorkMove) -> Screen:
    """Where all of somebody's work can go. Who is listed is a matter of who serves, never of the work."""
    one = _serving(overview, command.member)
    return work_move_screens.work_move_form(one, _next_holders(overview, one), overview.now, _zone(overview))


def move_work(overview: Overview, command: MoveWork) -> Next:
    """Have it passed on from the next working day. Nothing of the work is looked at, so the answer cannot tell of it.

    Raises Invalid for somebody who serves no more, and for oneself: nobody has others' work sent to themself.
    """
    one = _serving(overview, command.member)
    match command.next_holder:
        case WorkGoes.NOWHERE:
            overview.roster.leave_work(one.id, overview.now)
            return OpenRoster()
        case WorkGoes.ON:
            to = None
        case _:
            to = command.next_holder
            if to not in {other.id for other in _next_holders(overview, one)}:
                raise Invalid(next_holder=mending.NOT_ALLOWED_HOLDER)
            if not overview.roster.can_move(one.id, to):
                raise Invalid(next_holder=mending.NO_LEAD_TO_AGREE)
    begins = next_day_open(overview.calendar, overview.now)
    lapses = _lapses(overview)
    if overview.roster.move_work(one.id, to, begins, lapses, overview.now):
        return Outcome("work_moves", _until(overview, begins))
    return Outcome("work_move_asked", _until(overview, lapses))


def open_move_asked(overview: Overview, command: OpenMoveAsked) -> Screen:
    """What a lead is asked about the work of somebody. Raises NotOpen once nothing is asked."""
    one = _serving(overview, command.member)
    if one.work_goes_at is None or one.work_goes_at <= overview.now or not one.work_goes_to:
        raise NotOpen("move")
    may_agree = overview.roster.may_agree_to_move(one.id, overview.who.id)
    begins = next_day_open(overview.calendar, overview.now) if may_agree else None
    return work_move_screens.move_asked_page(one, one.work_goes_at, _zone(overview), begins)


def agree_to_move(overview: Overview, command: AgreeToMove) -> Next:
    """Be the second person. Raises NotOpen for whoever has or gets the work or keeps the roster, and too late."""
    begins = next_day_open(overview.calendar, overview.now)
    overview.roster.agree_to_move(command.member, overview.who.id, begins, overview.now)
    return OpenMoveAsked(command.member)


def refuse_move(overview: Overview, command: RefuseMove) -> Next:
    """It stays where it is. Raises NotOpen for whoever could not say yes to it."""
    if not overview.roster.may_agree_to_move(command.member, overview.who.id):
        raise NotOpen("move")
    overview.roster.leave_work(command.member, overview.now)
    return Outcome("work_stays")


def _takes_work(one: Serving) -> bool:
    return not one.roles.isdisjoint(BY_COORDINATOR)


def _next_holders(overview: Overview, one: Serving) -> list[Serving]:
    others = (other for other in overview.roster.all() if Role.PRACTITIONER in other.roles)
    return [other for other in others if other.id not in (one.id, overview.who.id)]


def open_asked(overview: Overview, command: OpenAsked) -> Screen:
    """What was asked on the roster."""
    asked = _asked(overview, command.request)
    by_me = asked.request.asked_by == overview.who.id
    keeps = bool(_grantable(overview))
    begins = next_day_open(overview.calendar, overview.now) if asked.may_agree else None
    return asked_screens.asked_page(asked, overview.now, _zone(overview), begins, by_me=by_me, keeps=keeps)


def say_yes(overview: Overview, command: SayYes) -> Next:
    """Be the second person. Raises NotOpen for whoever asked, whoever it is for, and once it has lapsed."""
    asked = _asked(overview, command.request)
    begins = next_day_open(overview.calendar, overview.now)
    overview.roster.agree(asked, overview.who.id, begins, overview.now)
    return OpenAsked(command.request)


def say_no(overview: Overview, command: SayNo) -> Next:
    """Nothing of it begins."""
    overview.roster.refuse(_asked(overview, command.request), overview.now)
    return OpenAsked(command.request)


def see_given_roles(overview: Overview, command: SeeGivenRoles) -> Next:
    """Nothing waits about it any more."""
    overview.roster.seen(overview.who.id, overview.now)
    return Outcome("given_roles_seen")


def _asked(overview: Overview, id: GrantRequestId) -> Asked:
    asked = overview.roster.asked_one(id, overview.who.id)
    if asked is None:
        raise NotOpen("grant")
    return asked


def _until(overview: Overview, at: datetime) -> dict[str, str]:
    """A day (of the site) that a screen after a change names."""
    return {UNTIL: at.astimezone(_zone(overview)).date().isoformat()}


def _lapses(overview: Overview) -> datetime:
    """When what is asked now lapses, by the site's working days."""
    days = POLICY.second_yes_working_days
    try:
        return add_working_days(overview.calendar, overview.now, days)
    except NeverOpen:
        return overview.now + timedelta(days=days)


def _training_dates(overview: Overview, command: RecordTraining) -> tuple[date, date]:
    if command.trained_on > overview.now.astimezone(_zone(overview)).date():
        raise Invalid(trained_on=mending.DATE_IN_FUTURE)
    if command.expires_on is None:
        return command.trained_on, command.trained_on + timedelta(days=overview.site.training_valid_days)
    if command.expires_on < command.trained_on:
        raise Invalid(expires_on=mending.EXPIRES_BEFORE)
    return command.trained_on, command.expires_on


def _member_for(overview: Overview, address: Address) -> MemberId:
    profile = overview.profiles.get(address.text)
    id = overview.roster.member_for(address, profile, overview.now)
    if id is not None:
        return id
    if profile is not None and profile.left:
        raise Invalid(person=mending.PERSON_LEFT)
    if address.platform is Platform.WEB:
        raise Invalid(person=mending.PERSON_UNKNOWN)
    raise Invalid(person=mending.PERSON_NOT_CHECKED)


def _serving(overview: Overview, id: MemberId) -> Serving:
    one = overview.roster.one(id)
    if one is None:
        raise NotOpen("member")
    return one


def _grantable(overview: Overview) -> tuple[Role, ...]:
    given: tuple[Role, ...] = ()
    if Role.COORDINATOR in overview.who.roles:
        given += BY_COORDINATOR
    if Role.ADMINISTRATOR in overview.who.roles:
        given += BY_ADMINISTRATOR
    return given


def _endable(overview: Overview) -> tuple[Role, ...]:
    given = _grantable(overview)
    return (*given, Role.SUSPENDED_LEAD) if Role.LEAD in given else given


def _own_to_change(overview: Overview, role: Role) -> Role:
    if role not in _grantable(overview):
        raise NotOpen("role")
    return role


def _coordinates(overview: Overview) -> bool:
    return Role.COORDINATOR in overview.who.roles


def _zone(overview: Overview) -> ZoneInfo:
    """The site's: training runs out on a day of the site, whoever looks."""
    return ZoneInfo(overview.site.zone)


def open_monthly(overview: Overview, command: OpenMonthly) -> Screen:
    """The note before it goes out, and when it last did."""
    last = _last(overview)
    zone = ZoneInfo(overview.site.zone)
    day = last.astimezone(zone).date() if last is not None else None
    return screens.preview(day, again=_may_go(overview, last))


def send(overview: Overview, command: SendMonthly) -> Next:
    """Queue the note for every member who has not left; too soon after the last, show when that was instead."""
    if not _may_go(overview, _last(overview)):
        return OpenMonthly()
    overview.roster.note_to_all(overview.now)
    return Outcome("monthly_sent")


def _last(overview: Overview) -> datetime | None:
    return overview.roster.last_note(MessageKind.MONTHLY.value)


def _may_go(overview: Overview, last: datetime | None) -> bool:
    return last is None or overview.now - last >= POLICY.notes_apart


WEEK = timedelta(days=7)


def open_status(overview: Overview, command: OpenStatus) -> Screen:
    """The coordinator's page. Days are the site's, so that every coordinator reads the same."""
    told = newest_quarter(overview.bulletins)
    said, standing = _said(overview.counts, told, overview.now, ZoneInfo(overview.site.zone))
    return screens.coordinator_page((*said, *screens.staffing_blocks(standing.staffing)), overview.link)


def employer_screen(
    counts: Counts, told: Content | None, site: Site, now: datetime, zone: ZoneInfo | None = None
) -> Done:
    """What closed weeks and quarters say, for everybody: nothing of it is live. `now` is aware; `zone` is the site's
    unless given."""
    zone = zone or ZoneInfo(site.zone)
    said, standing = _said(counts, told, now, zone)
    today = now.astimezone(zone).date()
    return screens.employer_page((*said, *screens.served_blocks(_served(standing, today))))


def newest_quarter(bulletins: Bulletins) -> Content | None:
    """The newest bulletin of a quarter, if one is published."""
    told = (from_json(one.body) for one in bulletins.all())
    return next((one for one in told if one.kind is PeriodKind.QUARTER), None)


def _said(
    counts: Counts, told: Content | None, now: datetime, zone: ZoneInfo
) -> tuple[tuple[Plain, ...], SchemeStatus]:
    """What closed weeks and quarters say, and all that was read for it."""
    today = now.astimezone(zone).date()
    standing = counts.standing(_newest(today), today)
    return screens.status_blocks(_statement(standing, today), told=told), standing


def _newest(today: date) -> tuple[str, str]:
    return week_of(today - WEEK), week_of(today - 2 * WEEK)


def _served(standing: SchemeStatus, today: date) -> Served | None:
    """Of the week whose sentence stands on the page."""
    statement = _statement(standing, today)
    return standing.served.get(week_of(statement.last_day)) if statement is not None else None


def _statement(standing: SchemeStatus, today: date) -> screens.Statement | None:
    """Last week's, or until it is written the one before; never one from before the desk began."""
    for back, week in enumerate(_newest(today)):
        last_day = today - timedelta(days=today.weekday() + 1) - back * WEEK
        if week in standing.weeks and standing.began_on is not None and standing.began_on <= last_day:
            return screens.Statement(last_day, standing.weeks[week])
    return None
