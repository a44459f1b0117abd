"""Puts a checked site file into force: settings, reporting lines, listed staff and the help file, in one file since
what a command that failed has changed is said of all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from random import SystemRandom
from typing import TypeVar

from trim_bot.app.handover.reassignment import let_go_of_managed
from trim_bot.app.people.eligible import LINE
from trim_bot.app.people.meeting import meet, member_at
from trim_bot.app.seam.ports import Clock, Store, Tx
from trim_bot.app.seam.work import COMMAND_LINE, WorkOf
from trim_bot.app.site_file.entries import ListedPerson, ReportingLinePair
from trim_bot.app.site_file.reading import SITE_ID, SiteFile, SiteFileError, SiteFileErrors
from trim_bot.app.site_file.signatures import floors_of, put_into_force
from trim_bot.app.workspaces.founding import Founder
from trim_bot.app.workspaces.help_in_force import HelpShelf
from trim_bot.domain.errors import RecordAltered, SafeError, StoreUnavailable
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.people import Account, Address, Member, Profile, ReportingLine
from trim_bot.domain.records import Action
from trim_bot.domain.site import Organisation, Site

T = TypeVar("T")
BATCH = 100
PAUSE_SECONDS = 0.02
"""Between two short writes, so that a running desk gets its turn."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What is different now."""

    slug: str
    renamed_from: str
    numbers_are_ours: bool
    """Whether the site named no numbers, so that shipped ones are shown as not yet verified."""
    lines_added: int
    lines_removed: int
    staff_added: int


class AppliedInPart(SafeError):
    """The settings are in force, and part of the rest of the file is not; done again, it goes on from there."""

    def __init__(self, slug: str, left: int, of: int) -> None:
        super().__init__(
            f"The settings of {slug} are in force, but {left} of {of} reporting lines and people are not yet. "
            "The database does not answer, or a running desk kept it busy. Run the command again to go on"
        )


@dataclass(frozen=True, slots=True)
class SiteKept:
    """What a site file is put into force with."""

    store: Store
    clock: Clock
    founder: Founder
    work: WorkOf
    rename: Callable[[Tx, str], None]
    """Gives the transaction's organisation another slug; the transaction ends in RecordExists where that is taken."""
    help: HelpShelf
    """Keeps the help numbers where no database is needed for them."""
    files_sign: bool = False
    """Everybody is made up, so that what a file says of a signature counts."""


async def apply_site(kept: SiteKept, organisation: Organisation | None, file: SiteFile) -> Applied:
    """Put it into force for an organisation, or for a new one.

    Help numbers, slug and settings are changed together or not at all, and before the rest. Done again, it changes
    nothing more. Raises SiteFileErrors where a line names somebody nobody knows or a floor is 0 and was not before,
    WorkspaceTaken, RecordExists, StoreUnavailable, what the shelf raises (by all of these nothing was saved),
    AppliedInPart.
    """
    draft = file.draft
    await _check_lines(kept.store, organisation, file)
    await _check_floors(kept.store, organisation, file)
    renamed = organisation.slug if organisation is not None and organisation.slug != draft.slug else ""
    site = replace(draft, numbers=draft.numbers or kept.founder.numbers(draft.country))
    # First, since a file can be put back and a commit cannot. A process that is killed here leaves numbers that are
    # too new, and a desk that starts writes those in force.
    put_back = await asyncio.to_thread(kept.help.put, site, instead_of=renamed)
    try:
        employer = organisation or await kept.founder.found(draft.slug)
        id = OrganisationId(employer.id)
        await kept.store.write(id, lambda tx: _keep(tx, site, kept, renamed=bool(renamed)))
    except BaseException:
        put_back()
        raise
    turns = _Turns(kept.store, id)
    try:
        removed = await turns.each(await _stale_lines(kept.store, id, file), _drop_line)
        turns.through = 0
        added = await turns.each(file.reporting_lines, _add_line)
        await let_go_of_managed(kept.store, kept.work, employer)
        listed = await turns.each(file.staff, _list_member(kept.clock), members_of)
    except StoreUnavailable:
        every = len(file.reporting_lines) + len(file.staff)
        raise AppliedInPart(draft.slug, every - turns.through, every) from None
    return Applied(draft.slug, renamed, not draft.numbers, added, removed, listed)


NOBODY = (
    "Nobody is known by this “{key}”, so the line would keep nothing from anybody. Put the address right, list them "
    "under [[staff]], or start the desk first, which meets everyone of a connected chat."
)


async def _check_lines(store: Store, organisation: Organisation | None, file: SiteFile) -> None:
    """Raise SiteFileErrors where a line names an address that is in no list: such a line would be kept in silence."""
    listed = {person.address for person in file.staff}
    asked = {address for pair in file.reporting_lines for address in (pair.person, pair.manager)} - listed
    if organisation is not None and asked:
        asked = await store.read(OrganisationId(organisation.id), lambda tx: _unknown(tx, asked))
    faults = [
        SiteFileError(file.file, line, NOBODY.format(key=key))
        for pair in file.reporting_lines
        for key, address, line in zip(("person", "manager"), pair[:2], pair.lines, strict=True)
        if address in asked
    ]
    if faults:
        raise SiteFileErrors(faults)


ZERO_FLOOR = "“floor” must be from 1 to 999; 0 stays only where it is in force already."


async def _check_floors(store: Store, organisation: Organisation | None, file: SiteFile) -> None:
    """Raise SiteFileErrors for each floor of 0 that is not in force: the forms of set-up take no other either."""
    if not file.zero_floors:
        return
    floors: Mapping[str, int] = {}
    if organisation is not None:
        floors = await store.read(OrganisationId(organisation.id), _floors)
    faults = [
        SiteFileError(file.file, line, ZERO_FLOOR)
        for questionnaire, line in file.zero_floors
        if floors.get(questionnaire) != 0
    ]
    if faults:
        raise SiteFileErrors(faults)


def _floors(tx: Tx) -> Mapping[str, int]:
    """Those that stand; none of settings that were altered, since nothing of them is in force."""
    try:
        held = tx.get(Site, SITE_ID)
    except RecordAltered:
        return {}
    return floors_of(held) if held is not None else {}


def _unknown(tx: Tx, asked: set[str]) -> set[str]:
    """Those addresses that are nobody's, and were nobody's chat before they took it off."""
    rest = sorted(asked)
    left: set[str] = set()
    for start in range(0, len(rest), BATCH):
        some = tuple(rest[start : start + BATCH])
        left |= set(some) - {account.address for account in tx.find(Account, address=some)}
    former = {digest for member in tx.find(Member) for digest in member.lines} if left else set()
    return {address for address in left if tx.keyed(LINE, address) not in former}


def _keep(tx: Tx, site: Site, kept: SiteKept, *, renamed: bool) -> None:
    if renamed:
        kept.rename(tx, site.slug)
    held = _held(tx, site, kept.founder)
    settled = put_into_force(site, held, files_sign=kept.files_sign)
    if held is None:
        tx.add(replace(settled, key_id=tx.new_key()))
    else:
        tx.save(replace(settled, key_id=held.key_id))
    tx.journal.write(COMMAND_LINE, Action.CHANGED, "site_apply", "", kept.clock.now())


def _held(tx: Tx, site: Site, founder: Founder) -> Site | None:
    """The settings as they are kept. Those that were altered or do not open go, and what is applied puts them right."""
    try:
        return tx.get(Site, site.id)
    except RecordAltered:
        tx.drop(Site, site.id)
        # As founded, so that the ledger hears of what is applied as of any other change.
        founded = replace(founder.as_founded(site.slug), key_id=tx.new_key())
        tx.add(founded)
        return founded


async def _stale_lines(store: Store, id: OrganisationId, file: SiteFile) -> list[str]:
    def body(tx: Tx) -> list[str]:
        if file.lines_stay:
            return []
        wanted = {_digests(tx, pair) for pair in file.reporting_lines}
        return [line.id for line in tx.find(ReportingLine) if (line.person, line.manager) not in wanted]

    return await store.read(id, body)


def _drop_line(tx: Tx, id: str) -> bool:
    tx.drop(ReportingLine, id)
    return True


def _add_line(tx: Tx, pair: ReportingLinePair) -> bool:
    person, manager = _digests(tx, pair)
    if any(line.manager == manager for line in tx.find(ReportingLine, person=person)):
        return False
    tx.add(ReportingLine(new_id(), person, manager))
    return True


def _digests(tx: Tx, pair: ReportingLinePair) -> tuple[str, str]:
    return tx.keyed(LINE, pair.person), tx.keyed(LINE, pair.manager)


def _list_member(clock: Clock) -> Callable[[Tx, ListedPerson], bool]:
    def act(tx: Tx, person: ListedPerson) -> bool:
        address = Address.parse(person.address)
        member = member_at(tx, address)
        if member is None:
            meet(tx, Profile(address, person.name), clock.now(), listed=True)
            return True
        if not member.listed:
            tx.save(replace(member, listed=True))
            return True
        return False

    return act


_SHUFFLED = SystemRandom()


def members_of(tx: Tx, people: Sequence[ListedPerson]) -> None:
    """Read whoever is known of them at once: one by one, the whole would begin anew for each person's key."""
    accounts = tx.find(Account, address=tuple(Address.parse(person.address).text for person in people))
    tx.get_many(Member, [account.member_id for account in accounts])


class _Turns:
    """Does something to many items in short transactions with pauses; `through` is how many it came through."""

    def __init__(self, store: Store, id: OrganisationId) -> None:
        self._store = store
        self._id = id
        self.through = 0

    async def each(
        self,
        items: Sequence[T],
        act: Callable[[Tx, T], bool],
        ahead: Callable[[Tx, Sequence[T]], None] = lambda tx, items: None,
    ) -> int:
        """How many times it changed anything. `ahead` reads what a batch of them will need."""
        changed = 0
        # In no order: a database that was filled in the order of a list would tell whose each row is.
        for batch in _batches(_SHUFFLED.sample(items, len(items))):

            def body(tx: Tx, batch: tuple[T, ...] = batch) -> int:
                ahead(tx, batch)
                return sum(act(tx, item) for item in batch)

            changed += await self._store.write(self._id, body)
            self.through += len(batch)
            await asyncio.sleep(PAUSE_SECONDS)
        return changed


def _batches(items: Sequence[T]) -> Iterator[tuple[T, ...]]:
    rest = iter(items)
    while batch := tuple(islice(rest, BATCH)):
        yield batch
