"""Who leads the desk that `quickstart` starts: entered where nobody ever did, and what is still missing is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from trim_bot.app.oversight.role_grants import give_role, record_training, today_at
from trim_bot.app.people.asked_roles import is_founded
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import COMMAND_LINE
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.cli.members import make_link
from trim_bot.cli.printing import say
from trim_bot.cli.quickstart_answers import LeadAnswer
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Account, Address, Platform, Role
from trim_bot.domain.records import Action
from trim_bot.domain.site import Organisation, Site

FIRST_ROLES = (Role.PRACTITIONER, Role.ADMINISTRATOR, Role.LEAD)
"""What the first person needs to take a request, and to give the other roles.

Lead is given last, after the training: where somebody leads nobody is entered again, so a run cut short goes on.
"""


@dataclass(frozen=True, slots=True)
class WayIn:
    """How the first person comes in; all of it is empty where nobody leads."""

    slug: str
    lead: str = ""
    address: Address | None = None
    link: str = field(default="", repr=False)
    """Empty where the desk is in use: a start is no reason to open it to whoever reads what it prints."""


@dataclass(frozen=True, slots=True)
class _Leading:
    """What the roster says of a desk."""

    today: date
    in_use: bool
    """Whether a lead ever opened it."""
    held: frozenset[Role]
    """Roles that somebody has."""
    name: str = ""
    address: Address | None = None
    """Of one who leads, in the browser if any of them has one there; None where nobody leads."""
    trained_until: date | None = None
    """How long the newest training of that one counts, None without any."""


async def settle_lead(
    deployment: Deployment,
    employer: Organisation,
    told: LeadAnswer | None,
    ask: Callable[[date], LeadAnswer],
    site: str,
) -> WayIn:
    """Enter the lead where nobody leads or ever did, say what is missing, and make a link until a lead has come in.

    `ask` is given what day it is at the site. Raises Misuse, NotTrainedYet, StoreUnavailable.
    """
    home = OrganisationId(employer.id)

    def look(tx: Tx) -> _Leading:
        return _leading(tx, deployment)

    found = await deployment.store.write(home, look)
    if found.address is not None:
        tell("stands", f"lead     {found.name}")
    elif not found.in_use:
        lead = told or ask(found.today)
        await _enter(deployment, home, lead)
        tell("made", f"lead     {lead.name}, who is administrator too")
        found = await deployment.store.write(home, look)
    _say_missing(found)
    if found.address is None:
        return WayIn(employer.slug)
    link = ""
    if not found.in_use and found.address.platform is Platform.WEB:
        link = await make_link(deployment, employer, found.address, site)
    return WayIn(employer.slug, found.name, found.address, link)


def tell(state: str, what: str) -> None:
    """One line of what a start found or did."""
    say(f"{state:<8} {what}")


async def _enter(deployment: Deployment, home: OrganisationId, lead: LeadAnswer) -> None:
    *first, last = FIRST_ROLES
    for role in first:
        await give_role(deployment, home, lead.address, role, lead.name)
    if lead.trained_on is not None:
        await record_training(deployment, home, lead.address, "", lead.trained_on)
    await give_role(deployment, home, lead.address, last, lead.name)


def _leading(tx: Tx, deployment: Deployment) -> _Leading:
    """Journals that the list was read, as `members list` does."""
    now = deployment.clock.now()
    tx.journal.write(COMMAND_LINE, Action.SHOWED, "members_list", "", now)
    people = Roster(tx).all()
    today, in_use = today_at(tx.get(Site, "site"), now), is_founded(tx)
    held = frozenset(role for one in people for role in one.roles)
    leads = [
        (Address.parse(account.address), one)
        for one in people
        if Role.LEAD in one.roles
        for account in tx.find(Account, member_id=one.id)
    ]
    if not leads:
        return _Leading(today, in_use, held)
    address, lead = min(leads, key=lambda one: one[0].platform is not Platform.WEB)
    until = lead.training.expires_on if lead.training is not None else None
    return _Leading(today, in_use, held, lead.name, address, until)


def _say_missing(found: _Leading) -> None:
    for role in FIRST_ROLES:
        if role not in found.held:
            tell("missing", f"{role.value} trim-bot members grant {role.value} ACTOR")
    if found.address is None:
        return
    if found.trained_until is None or found.trained_until < found.today:
        over = "" if found.trained_until is None else f"ran out on {found.trained_until.isoformat()}: "
        tell(
            "missing",
            f"training {over}trim-bot members train {found.address.text} --on DATE: until then no talks",
        )
