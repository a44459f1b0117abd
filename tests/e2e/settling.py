"""Settles a new deployment as an administrator does by command: site file, roles, training, the first clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from tests.database_logins import bring_up
from tests.e2e.workplace import TEAM
from trim_bot.app.clock.clocks import PRACTICE_NOTE
from trim_bot.app.oversight.role_grants import Granted, give_role
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.ports import Tx
from trim_bot.app.site_file.reading import read_site
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.bootstrap.for_commands import apply_site
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.people import Address, Role, Training
from trim_bot.settings.environment import Settings

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A working morning, and no public holiday follows within the month that the story takes."""
SLUG = "acme"
SERVING = (Role.PRACTITIONER, Role.LEAD, Role.DEPUTY)

SITE = """\
name = "Acme"
slug = "acme"
zone = "Europe/London"
country = "GB"
region = "ENG"
notice = "uk-1"

[hours]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]

[[numbers]]
label = "Samaritans"
number = "116 123"
source = "https://www.samaritans.org"
verified_on = 2026-11-20

[[services]]
id = "oh"
name = "Occupational health"
what = "A nurse or doctor at work"
how = "Ring 1234"
"""


@dataclass(frozen=True, slots=True)
class Hire:
    """Somebody the desk is told of before it opens."""

    address: str
    name: str
    roles: tuple[Role, ...] = ()


async def settle(
    settings: Settings, hires: Sequence[Hire], site: str = SITE, workspace: str = f"slack:{TEAM}"
) -> None:
    """Make the organisation with its workspace, settings and people, and set business time to MONDAY."""
    bring_up(settings)
    deployment = await open_deployment(settings)
    try:
        organisation = await deployment.founder.found(SLUG, ChatWorkspace.parse(workspace))
        staff = "".join(_listed(hire) for hire in hires if not hire.roles)
        file = read_site(site + staff, "site.toml", today=date(2026, 11, 22))
        await apply_site(deployment, organisation, file)
        await deployment.notes.put(PRACTICE_NOTE, MONDAY.isoformat())
        id = OrganisationId(organisation.id)
        for hire in hires:
            for role in hire.roles:
                done = await give_role(deployment, id, Address.parse(hire.address), role, hire.name)
                assert done is not Granted.UNKNOWN
            if set(hire.roles) & set(SERVING):
                await deployment.store.write(id, partial(_train, hire=hire))
    finally:
        deployment.close()


def _listed(hire: Hire) -> str:
    return f'\n[[staff]]\naddress = "{hire.address}"\nname = "{hire.name}"\n'


def _train(tx: Tx, hire: Hire) -> None:
    member = member_at(tx, Address.parse(hire.address))
    assert member is not None
    tx.add(Training(new_id(), member.key_id, member.id, "Trainer", date(2026, 1, 5), date(2028, 1, 5)))
