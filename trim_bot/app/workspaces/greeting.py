"""The welcome to everybody, once the set-up is done and somebody says so: the desk begins to write only then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from random import SystemRandom

from trim_bot.app.people import note_days
from trim_bot.app.people.meeting import was_welcomed, welcome, welcomes_queued
from trim_bot.app.people.welcome_hold import allow_welcome, welcome_waits
from trim_bot.app.seam.ports import Clock, Store, Tx
from trim_bot.app.seam.work import COMMAND_LINE
from trim_bot.app.workspaces.founding import Founder
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.people import Account, Grant, Member, Role
from trim_bot.domain.records import Action, NoteSent
from trim_bot.domain.site import Organisation, Site

_SHUFFLED = SystemRandom()
AT_ONCE = 50


class NotSetUp(SafeError):
    """Something is not there yet that everybody is told of by the welcome."""

    def __init__(self, lacking: tuple[str, ...]) -> None:
        self.lacking = lacking
        super().__init__(f"Nobody was written to. First: {'; '.join(lacking)}")


@dataclass(frozen=True, slots=True)
class Greeted:
    """What came of it."""

    began: bool
    """Whether it was held back until now."""
    queued: bool
    """Whether there was anybody who had no welcome yet."""


async def must_be_set_up(store: Store, founder: Founder, organisation: Organisation) -> None:
    """Check that there is what everybody is told of by the welcome. Raises NotSetUp, StoreUnavailable."""
    untouched = founder.as_founded(organisation.slug)

    def look(tx: Tx) -> tuple[str, ...]:
        return what_lacks(tx, untouched) if welcome_waits(tx) else ()

    if lacking := await store.read(OrganisationId(organisation.id), look):
        raise NotSetUp(lacking)


async def greet_everybody(
    store: Store, clock: Clock, founder: Founder, organisation: Organisation
) -> Greeted:
    """Let the desk write to everybody: who is known is welcomed now, and others as they are met.

    Done again, it goes on where it was cut short, and welcomes nobody twice. Raises NotSetUp, StoreUnavailable.
    """
    id = OrganisationId(organisation.id)
    untouched = founder.as_founded(organisation.slug)

    def begin(tx: Tx) -> bool:
        if not welcome_waits(tx):
            return False
        lacking = what_lacks(tx, untouched)
        if lacking:
            raise NotSetUp(lacking)
        if tx.get(NoteSent, note_days.KIND) is not None:
            # One that was asked for meanwhile begins now, while nothing of it is queued yet.
            note_days.begin_note(tx, clock.now())
        allow_welcome(tx)
        tx.journal.write(COMMAND_LINE, Action.CHANGED, "greet", "", clock.now())
        return True

    began = await store.write(id, begin)
    known = await store.read(id, _reachable)
    queued = False
    # In no order, which a database would keep; a few at a time, so that nobody waits long behind it.
    known = _SHUFFLED.sample(known, len(known))
    for start in range(0, len(known), AT_ONCE):
        some = known[start : start + AT_ONCE]
        queued |= await store.write(id, partial(_welcome, ids=some, clock=clock))
    return Greeted(began, queued)


def what_lacks(tx: Tx, untouched: Site) -> tuple[str, ...]:
    """What has to be done before anybody is written to, in order; `untouched` is a site as it was founded."""
    lacking: list[str] = []
    site = tx.get(Site, "site")
    if site is None or replace(site, key_id=untouched.key_id) == untouched:
        lacking.append("apply your site file (trim-bot site apply FILE)")
    for role in (Role.PRACTITIONER, Role.LEAD):
        if not tx.find(Grant, role=role, limit=1):
            lacking.append(f"name a {role.value} (trim-bot members grant {role.value} ACTOR)")
    return tuple(lacking)


def _reachable(tx: Tx) -> list[MemberId]:
    having = {account.member_id for account in tx.find(Account) if not account.left}
    return [member.id for member in tx.find(Member, left=False) if member.id in having]


def _welcome(tx: Tx, ids: list[MemberId], clock: Clock) -> bool:
    done = False
    for member in tx.find(Member, id=tuple(ids), left=False):
        if not was_welcomed(tx, member.id) and not welcomes_queued(tx, member.id):
            welcome(tx, member, clock.now())
            done = True
    return done
