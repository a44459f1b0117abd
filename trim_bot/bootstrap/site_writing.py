"""Puts a checked site file into force: settings, reporting lines, listed staff, and the help file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from trim_bot.app.eligible import LINE
from trim_bot.app.identify import meet, member_at
from trim_bot.app.ports import Tx
from trim_bot.app.site_file import SiteFile
from trim_bot.app.site_file.entries import ListedPerson, ReportingLinePair
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.founding import found
from trim_bot.bootstrap.help_file import help_path, write_help
from trim_bot.bootstrap.letting_go import let_go_of_managed
from trim_bot.bootstrap.roster_writing import COMMAND_LINE
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.people import Address, Profile, ReportingLine
from trim_bot.domain.records import Action
from trim_bot.domain.site import Organisation, Site
from trim_bot.locale.crisis_numbers import numbers_for
from trim_bot.storage.notes import rename

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


async def apply_site(deployment: Deployment, organisation: Organisation | None, file: SiteFile) -> Applied:
    """Put it into force for an organisation, or for a new one.

    Done again, it changes nothing more. Raises WorkspaceTaken, RecordExists, StoreUnavailable.
    """
    store, draft = deployment.store, file.draft
    employer = organisation or await found(store, draft.slug)
    id = OrganisationId(employer.id)
    renamed = employer.slug if employer.slug != draft.slug else ""
    if renamed:
        await rename(store, id, draft.slug)
    site = replace(draft, numbers=draft.numbers or numbers_for(draft.country))
    await store.write(id, lambda tx: _keep(tx, site, deployment))
    removed = await _in_turns(deployment, id, await _stale_lines(deployment, id, file), _drop_line)
    added = await _in_turns(deployment, id, file.reporting_lines, _add_line)
    await let_go_of_managed(deployment, employer)
    listed = await _in_turns(deployment, id, file.staff, _list_member(deployment))
    await asyncio.to_thread(write_help, help_path(deployment.settings), site, instead_of=renamed)
    return Applied(draft.slug, renamed, not draft.numbers, added, removed, listed)


def _keep(tx: Tx, site: Site, deployment: Deployment) -> None:
    held = tx.get(Site, site.id)
    if held is None:
        tx.add(replace(site, key_id=tx.new_key()))
    else:
        tx.save(replace(site, key_id=held.key_id))
    tx.journal.write(COMMAND_LINE, Action.CHANGED, "site_apply", "", deployment.clock.now())


async def _stale_lines(deployment: Deployment, id: OrganisationId, file: SiteFile) -> list[str]:
    def body(tx: Tx) -> list[str]:
        wanted = {_digests(tx, pair) for pair in file.reporting_lines}
        return [line.id for line in tx.find(ReportingLine) if (line.person, line.manager) not in wanted]

    return await deployment.store.read(id, body)


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


def _list_member(deployment: Deployment) -> Callable[[Tx, ListedPerson], bool]:
    def act(tx: Tx, person: ListedPerson) -> bool:
        address = Address.parse(person.address)
        member = member_at(tx, address)
        if member is None:
            meet(tx, Profile(address, person.name), deployment.clock.now(), listed=True)
            return True
        if not member.listed:
            tx.save(replace(member, listed=True))
            return True
        return False

    return act


async def _in_turns(
    deployment: Deployment, id: OrganisationId, items: Sequence[T], act: Callable[[Tx, T], bool]
) -> int:
    """Do something to each item in short transactions with pauses; how many times it changed anything."""
    changed = 0
    for batch in _batches(items):

        def body(tx: Tx, batch: tuple[T, ...] = batch) -> int:
            return sum(act(tx, item) for item in batch)

        changed += await deployment.store.write(id, body)
        await asyncio.sleep(PAUSE_SECONDS)
    return changed


def _batches(items: Sequence[T]) -> Iterator[tuple[T, ...]]:
    rest = iter(items)
    while batch := tuple(islice(rest, BATCH)):
        yield batch
