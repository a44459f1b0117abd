"""Settles a town in empty stores: site, people, roles, training, zones and shifts, from one seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from tests.simulator.machine import Machine
from tests.simulator.people import Person, cast, few
from tests.simulator.platforms import Chats
from tests.simulator.world_time import WorldTime
from trim_bot.app.oversight.role_grants import give_role
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.ports import Tx
from trim_bot.app.site_file.reading import read_site
from trim_bot.bootstrap.for_commands import apply_site
from trim_bot.domain.calendar import Shift, WorkingHours
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import AccountId, OrganisationId, new_id
from trim_bot.domain.people import Account, Address, Member, Profile, Role, Training
from trim_bot.domain.site import Organisation

SITE = """\
name = "Acme"
slug = "acme"
zone = "{zone}"
country = "{country}"
{region}
notice = "uk-1"
rung_working_days = {rung}
keep_closed_days = {keep}
most_open_cases = {most}

[hours]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]

[[services]]
id = "oh"
name = "Occupational health"
what = "A nurse or doctor at work"
how = "Ring 1234"
"""
SITES = (
    ("Europe/London", "GB", 'region = "ENG"'),
    ("Europe/Berlin", "DE", 'region = "BE"'),
    ("America/New_York", "US", 'region = "NY"'),
    ("Australia/Perth", "AU", 'region = "WA"'),
)


@dataclass
class Town:
    """One organisation with its people, as the model knows it."""

    seed: int
    weeks: int
    zone: str
    country: str
    region: str
    people: list[Person]
    rung: int
    """The site's working days a rung."""
    keep: int
    """For how many days it keeps what has ended."""
    most: int
    """How many open cases it lets anybody hold."""
    lines: tuple[tuple[Person, Person], ...] = ()
    """Who is managed by whom: a person, and their manager."""
    organisation: Organisation | None = None

    @property
    def id(self) -> OrganisationId:
        """The organisation's id."""
        assert self.organisation is not None
        return OrganisationId(self.organisation.id)

    def below(self) -> dict[str, frozenset[str]]:
        """By member, all whom they manage."""
        found: dict[str, set[str]] = {}
        for person, manager in self.lines:
            found.setdefault(manager.member_id, set()).add(person.member_id)
        return {id: frozenset(below) for id, below in found.items()}


def drawn(seed: int, weeks: int, time: WorldTime, *, small: bool = False) -> tuple[Town, str]:
    """A town from a seed, and its site file; a `small` one has a handful of people, and the shortest ladder."""
    chance = random.Random(f"town {seed}")
    zone, country, region = chance.choice(SITES)
    rung, keep = chance.choice((1, 2, 3)), chance.choice((30, 180))
    if small:
        rung, keep = 1, 30
    most = random.Random(f"room {seed}").choice((2, 5, 5))
    file = SITE.format(zone=zone, country=country, region=region, rung=rung, keep=keep, most=most)
    people = few(chance) if small else cast(chance, time.true, weeks, zone)
    lines = _lines(random.Random(f"lines {seed}"), people)
    file += "".join(
        f'\n[[reporting_lines]]\nperson = "{who.text}"\nmanager = "{above.text}"\n'
        for person, manager in lines
        for who in person.addresses
        for above in manager.addresses
    )
    code = region.partition('"')[2].rstrip('"')
    return Town(seed, weeks, zone, country, code, people, rung, keep, most, lines), file


def _lines(chance: random.Random, people: list[Person]) -> tuple[tuple[Person, Person], ...]:
    """Whoever leads manages a few, and so does a practitioner."""
    others = [one for one in people if not one.roles]
    leads = [one for one in people if Role.LEAD in one.roles]
    below = chance.sample(others, 5)
    return (*((one, leads[0]) for one in below[:3]), *((one, people[0]) for one in below[3:]))


async def settle(town: Town, site: str, machine: Machine, chats: Mapping[str, Chats]) -> None:
    """Make the organisation with its people."""
    deployment = machine.deployment
    made = await deployment.founder.found("acme", ChatWorkspace.parse("slack:T1"))
    made = await deployment.store.found("acme", ChatWorkspace.parse("teams:tenant-1"))
    today = deployment.clock.now().date()
    staff = "".join(
        f'\n[[staff]]\naddress = "{one.address.text}"\nname = "{one.name}"\n' for one in town.people
    )
    # Who manages whom is said once every account is known: a line that matches nobody is refused.
    before, _, _ = site.partition("\n[[reporting_lines]]")
    await apply_site(deployment, made, read_site(before + staff, "site.toml", today=today))
    town.organisation = await deployment.store.organisation_called("acme")
    for person in town.people:
        _register(person, town.zone, chats)
        for role in sorted(person.roles, key=lambda one: one.value):
            await give_role(deployment, town.id, person.address, role, person.name)
        person.member_id = await deployment.store.write(
            town.id,
            partial(_enter, person=person, site_zone=town.zone, today=today),
        )
    await apply_site(deployment, made, read_site(site + staff, "site.toml", today=today))


def _register(person: Person, site_zone: str, chats: Mapping[str, Chats]) -> None:
    for address in person.addresses:
        chats[address.platform.value].profiles[address.text] = Profile(
            address, person.name, zone=person.zone or site_zone
        )


def _enter(tx: Tx, person: Person, site_zone: str, today: date) -> str:
    member = member_at(tx, person.address)
    assert member is not None
    hours = WorkingHours(person.zone or site_zone, person.week) if person.week is not None else None
    shifts = tuple(Shift(start, end) for start, end in person.shifts)
    tx.save(replace(member, zone=person.zone, hours=hours, shifts=shifts, asked=True))
    for other in person.addresses[1:]:
        tx.add(Account(AccountId(new_id()), member.key_id, member.id, other.platform, other.text))
    if person.serves:
        until = today + timedelta(days=1500)
        tx.add(Training(new_id(), member.key_id, member.id, "Trainer", today - timedelta(days=200), until))
    return member.id


__all__ = ["Address", "Member", "Town", "drawn", "settle"]
