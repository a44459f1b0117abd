"""Keeps the roster: who serves, in which role, and until when their training counts."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.oversight import screens
from trim_bot.app.oversight.commands import GiveRole, OpenPerson, OpenServing, RecordTraining
from trim_bot.app.people.overview import Overview
from trim_bot.app.people.roster import Serving
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenRoster
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Address, Platform, Role

BY_COORDINATOR = (Role.PRACTITIONER, Role.LEAD, Role.DEPUTY)
BY_ADMINISTRATOR = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR, Role.CLINICAL_LEAD)


def open_roster(overview: Overview, command: OpenRoster) -> Screen:
    """Everyone who serves."""
    return screens.roster_page(
        overview.roster.all(),
        overview.now,
        _zone(overview),
        for_coordinator=_coordinates(overview),
    )


def open_serving(overview: Overview, command: OpenServing) -> Screen:
    """The form for giving a role."""
    return screens.serving_form(_grantable(overview))


def give_role(overview: Overview, command: GiveRole) -> Next:
    """Give a role that whoever asks may give.

    Raises Invalid for somebody unknown or gone, and for oneself where the role opens cases.
    """
    role = _own_to_change(overview, command.role)
    member = _member_for(overview, command.person)
    if member == overview.who.id and role in BY_COORDINATOR:
        raise Invalid(person=mending.NOT_ONESELF)
    overview.roster.grant(member, role, overview.now)
    return OpenRoster()


def open_person(overview: Overview, command: OpenPerson) -> Screen:
    """One person who serves."""
    one = _serving(overview, command.member)
    ending = [role for role in _grantable(overview) if role in one.roles]
    return screens.person_form(
        one, ending, overview.now, _zone(overview),
        may_train=_coordinates(overview), days=overview.site.training_valid_days,
    )  # fmt: skip


def record(overview: Overview, command: RecordTraining) -> Next:
    """Record training, or end a role."""
    one = _serving(overview, command.member)
    if command.change != screens.TRAINING:
        overview.roster.revoke(one.id, _own_to_change(overview, command.change), overview.now)
        return OpenRoster()
    if not _coordinates(overview):
        raise NotOpen("role")
    trained_on, expires_on = _training_dates(overview, command)
    overview.roster.train(one.id, command.provider, trained_on, expires_on)
    return OpenRoster()


def _training_dates(overview: Overview, command: RecordTraining) -> tuple[date, date]:
    if not command.provider:
        raise Invalid(provider=mending.FILL_IN)
    if command.trained_on is None:
        raise Invalid(trained_on=mending.GIVE_DATE)
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
    if profile is not None:
        raise Invalid(person=mending.PERSON_LEFT)
    if address.platform is Platform.WEB:
        raise Invalid(person=mending.PERSON_UNKNOWN)
    raise Invalid(person=mending.PERSON_NOT_CHECKED)


def _serving(overview: Overview, id: str) -> Serving:
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


def _own_to_change(overview: Overview, value: str) -> Role:
    role = next((role for role in _grantable(overview) if role.value == value), None)
    if role is None:
        raise NotOpen("role")
    return role


def _coordinates(overview: Overview) -> bool:
    return Role.COORDINATOR in overview.who.roles


def _zone(overview: Overview) -> ZoneInfo:
    """The site's: training runs out on a day of the site, whoever looks."""
    return ZoneInfo(overview.site.zone)
