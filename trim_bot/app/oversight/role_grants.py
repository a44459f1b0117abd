"""What the command line changes about members: roles given and ended, people met, each journalled, in one file since
all of it goes by one roster.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from trim_bot.app.oversight.last_of_role import LAST_ONE
from trim_bot.app.people import asked_roles
from trim_bot.app.people.eligible import note_staffing
from trim_bot.app.people.meeting import meet, member_at
from trim_bot.app.people.roster import Roster
from trim_bot.app.people.roster_records import Taught
from trim_bot.app.seam.ports import StoreAndClock, Tx
from trim_bot.app.seam.work import COMMAND_LINE
from trim_bot.app.site_file.reading import default_site
from trim_bot.domain.calendar import WorkCalendar, next_day_open
from trim_bot.domain.errors import NotThere, SafeError
from trim_bot.domain.grants import GrantRequest, GrantRequestId, GrantState
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.people import Account, Address, Grant, Profile, Role, Training
from trim_bot.domain.records import Action
from trim_bot.domain.site import Site


class Granted(Enum):
    """What came of giving a role."""

    GIVEN = "given"
    """Somebody known has it now."""
    MET = "met"
    """They were entered, and have it now."""
    HELD = "held"
    """They had it already."""
    UNKNOWN = "unknown"
    """Nobody is known there, and no name was given to enter them by."""

    @property
    def changed(self) -> bool:
        """Whether anything is different now."""
        return self in (Granted.GIVEN, Granted.MET)


async def give_role(
    kept: StoreAndClock, organisation: OrganisationId, address: Address, role: Role, name: str
) -> Granted:
    """Give a role, entering somebody new under `name`; every lead is told. Raises StoreUnavailable.

    It counts at once: whoever has the command line has the keys. So it is also the second yes where a desk has
    nobody else who could say it.
    """

    def body(tx: Tx) -> Granted:
        now = kept.clock.now()
        member = member_at(tx, address)
        done = Granted.GIVEN
        if member is None:
            if not name:
                return Granted.UNKNOWN
            member, done = meet(tx, Profile(address, name), now, listed=True), Granted.MET
        if tx.find(Grant, member_id=member.id, role=role):
            return Granted.HELD
        Roster(tx).grant_at_once(member.id, role, now)
        tx.journal.write(
            COMMAND_LINE, Action.CHANGED, f"grant_{role.value}", tx.pseudonym(member.key_id, member.id), now
        )
        return done

    return await kept.store.write(organisation, body)


class NotTrainedYet(SafeError):
    """Training that has not been held yet lets nobody hold talks."""

    text = "The day of the training is in the future: give the day on which it was held"


class Recorded(NamedTuple):
    """What came of recording a training."""

    until: date
    """The day it runs out."""
    changed: bool
    """Whether it is new, or puts right who held it: one that is on record already as it is given stays."""


NO_PROVIDER = "Not named"
"""Stands for who held a training where nobody said."""


async def record_training(
    kept: StoreAndClock, organisation: OrganisationId, address: Address, provider: str, trained_on: date
) -> Recorded:
    """Record a training of somebody who serves; it counts at once, as a role given here does.

    Whoever has the command line has the keys, and a desk that has one person cannot have a second who says yes. Every
    lead is told. The day is judged by the zone of the site. One of this day that waits for a second yes is the one
    that is given, as it was asked; what was asked about another waits on. Done again, it changes nothing. `provider`
    is empty where nobody said who held it.
    Raises NotThere for somebody who holds no role, NotTrainedYet, StoreUnavailable.
    """

    def body(tx: Tx) -> Recorded:
        now, roster, member = kept.clock.now(), Roster(tx), member_at(tx, address)
        if member is None or roster.one(member.id) is None:
            raise NotThere
        site = tx.get(Site, "site")
        if trained_on > today_at(site, now):
            raise NotTrainedYet
        held = [one for one in tx.find(Training, member_id=member.id) if one.trained_on == trained_on]
        waiting = [
            one
            for one in asked_roles.coming(tx, member.id)
            if one.role is None and one.trained_on == trained_on
        ]
        if held and not waiting and provider in ("", held[0].provider):
            return Recorded(held[0].expires_on, changed=False)
        ends = trained_on + timedelta(days=_training_days(site))
        taught = Taught(provider or NO_PROVIDER, trained_on, ends)
        for asked in waiting:
            taught = Taught(provider or asked.provider, trained_on, asked.expires_on or ends)
            given = replace(asked, provider=taught.provider, expires_on=taught.expires_on)
            asked_roles.end(tx, given, GrantState.GIVEN, now)
        if not waiting:
            tx.add(
                GrantRequest(
                    GrantRequestId(new_id()), member.key_id, member.id, None, None, None, GrantState.GIVEN, now, now,
                    taught.provider, taught.trained_on, taught.expires_on,
                )
            )  # fmt: skip
        if asked_roles.is_founded(tx):
            asked_roles.tell_leads(tx, now, but=member.id)
        roster.train(member.id, taught.provider, taught.trained_on, taught.expires_on)
        note_staffing(tx, now)
        tx.journal.write(COMMAND_LINE, Action.CHANGED, "train", tx.pseudonym(member.key_id, member.id), now)
        return Recorded(taught.expires_on, changed=True)

    return await kept.store.write(organisation, body)


def today_at(site: Site | None, now: datetime) -> date:
    """Which day it is at `now` (UTC) by the clock of the site; by UTC where there is no site yet."""
    return (now.astimezone(ZoneInfo(site.zone)) if site is not None else now).date()


def _training_days(site: Site | None) -> int:
    return site.training_valid_days if site is not None else default_site("", "").training_valid_days


class OnlyLead(SafeError):
    """A site is never left without a lead by a mere ending."""

    text = "This is the only lead: give somebody else the role first, or use --suspend"


class OnlyDeputy(OnlyLead):
    """Nor without anybody who leads."""

    text = "Nobody else leads here: give somebody else the role of lead or deputy first"


async def take_role(
    kept: StoreAndClock, organisation: OrganisationId, address: Address, role: Role, *, suspend: bool = False
) -> bool:
    """End a role, or suspend a lead; whoever is suspended as lead is a lead no more, nor by what was asked for them.

    False when it was neither held nor asked. Raises OnlyLead, NotThere, StoreUnavailable.
    """

    def body(tx: Tx) -> bool:
        now = kept.clock.now()
        member = member_at(tx, address)
        if member is None:
            raise NotThere
        held = {grant.role for grant in tx.find(Grant, member_id=member.id)}
        asked = any(one.role is role for one in asked_roles.coming(tx, member.id))
        if role not in held and (suspend or not asked):
            return False
        roster = Roster(tx)
        rests = role is Role.LEAD and Role.SUSPENDED_LEAD in held
        ends = Role.SUSPENDED_LEAD if rests else role
        if suspend:
            roster.suspend(member.id, now)
        elif ends in held and roster.leads_alone(member.id, ends):
            raise OnlyDeputy if ends is Role.DEPUTY else OnlyLead
        else:
            roster.revoke(member.id, ends, now)
        note_staffing(tx, now)
        tx.journal.write(
            COMMAND_LINE, Action.CHANGED, f"revoke_{role.value}", tx.pseudonym(member.key_id, member.id), now
        )
        return True

    return await kept.store.write(organisation, body)


async def leaves_nobody(
    kept: StoreAndClock, organisation: OrganisationId, address: Address, role: Role
) -> bool:
    """Whether nobody would hold a role of which something is to be said. Raises NotThere, StoreUnavailable."""

    def body(tx: Tx) -> bool:
        member = member_at(tx, address)
        if member is None:
            raise NotThere
        return role in LAST_ONE and {grant.member_id for grant in tx.find(Grant, role=role)} == {member.id}

    return await kept.store.read(organisation, body)


class NotAColleague(SafeError):
    """Work is passed on to practitioners alone."""

    text = "Only another practitioner can be given this work"


async def move_work(
    kept: StoreAndClock,
    organisation: OrganisationId,
    address: Address,
    to: Address | None,
    *,
    stay: bool = False,
) -> None:
    """From the next working day on, all work of one goes to another, or to a lead to give on; with `stay`, none does.

    What there is of it is not looked at. Raises NotThere, NotAColleague, StoreUnavailable.
    """

    def body(tx: Tx) -> None:
        now, member = kept.clock.now(), member_at(tx, address)
        other = member_at(tx, to) if to is not None else None
        if member is None or (to is not None and other is None):
            raise NotThere
        if other is not None and (
            other.id == member.id or not tx.find(Grant, member_id=other.id, role=Role.PRACTITIONER)
        ):
            raise NotAColleague
        roster = Roster(tx)
        if stay:
            roster.leave_work(member.id, now)
        else:
            roster.move_at_once(member.id, other.id if other is not None else None, _next_day(tx, now), now)
        about = tx.pseudonym(member.key_id, member.id)
        tx.journal.write(COMMAND_LINE, Action.CHANGED, "work_move", about, now)

    await kept.store.write(organisation, body)


def _next_day(tx: Tx, now: datetime) -> datetime:
    """When the next working day of the site begins (UTC), by its own hours and days off."""
    site = tx.get(Site, "site")
    if site is None:
        return now + timedelta(days=1)
    return next_day_open(WorkCalendar(site.hours, holidays=frozenset(site.extra_holidays)), now)


def listing(tx: Tx, now: datetime) -> list[dict[str, object]]:
    """Everyone with a role: name, roles and addresses. Journals that it was read, at business time `now`."""
    tx.journal.write(COMMAND_LINE, Action.SHOWED, "members_list", "", now)
    found: list[dict[str, object]] = []
    for serving in Roster(tx).all():
        accounts = tx.find(Account, member_id=serving.id)
        found.append(
            {
                "name": serving.name,
                "roles": sorted(role.value for role in serving.roles),
                "actors": sorted(account.address for account in accounts),
            }
        )
    return found
