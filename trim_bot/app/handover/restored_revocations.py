"""Asks the ledger about every record a backup brought back, and does again what was taken back: one file,
since it is one walk.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import combinations_with_replacement
from typing import Protocol

from trim_bot.app.handover.out_of_effect import ALONE, ENDS, NONE_SPOILT, RECORD_OF, Spoilt, end_waits
from trim_bot.app.handover.replaying import Again, take_again
from trim_bot.app.people.asked_roles import lapse_all
from trim_bot.app.people.counted import count_afresh
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.app.seam.work import RESTORE, WorkOf
from trim_bot.domain.cases import Case, CheckIn, CloseReason
from trim_bot.domain.chat_workspaces import ChatWorkspace, Installation
from trim_bot.domain.errors import RecordAltered
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.incidents import Exposure, Offer
from trim_bot.domain.people import Account, Availability, Grant, Member, Reach, Training
from trim_bot.domain.records import Action
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.revocations import (
    GIVEN,
    GIVEN_TO,
    NOTHING,
    TAKEN_FROM,
    RestoredRevocations,
    Revocable,
    RevocationKind,
    RevocationLine,
    revocable_state,
    subject_digest,
    value_digest,
)
from trim_bot.domain.site import Organisation, Site
from trim_bot.domain.spoilt_records import SpoiltRecord
from trim_bot.domain.steps import Step

ASKED: tuple[type[object], ...] = (
    Member,
    Account,
    Grant,
    Training,
    Installation,
    Exposure,
    Offer,
    SupportRequest,
    Case,
    CheckIn,
    Referral,
    Step,
    Site,
)
"""Records of which something may have been taken back."""
_SHOWN_LOST = frozenset({RevocationKind.OFFER, RevocationKind.REQUEST, RevocationKind.CONVERSATION})
"""Kinds of which it is told that something was given again, and is not so in the backup. Talks are opened again."""
_ORDER = {kind: place for place, kind in enumerate(RevocationKind)}
_LONGEST_LEAVE = 400
_PLAIN: dict[RevocationKind, tuple[str, ...]] = {
    RevocationKind.LEFT: ("left",),
    RevocationKind.MESSAGES: ("stopped",),
    RevocationKind.REACH: tuple(one.value for one in Reach),
    RevocationKind.AVAILABILITY: tuple(one.value for one in Availability),
    RevocationKind.ERASURE: ("asked",),
    RevocationKind.OFFER: ("declined", "not_now", "withdrawn"),
    RevocationKind.REQUEST: ("withdrawn", "closed"),
    RevocationKind.REFERRAL: tuple(one.value for one in ReferralState),
    RevocationKind.TALK: tuple(one.value for one in CloseReason),
}
"""Values beside what is there as given, and what is not there."""


@dataclass(frozen=True, slots=True)
class _Found:
    again: Again
    day: date


class _Lines:
    """The lines of one organisation, by what they are about."""

    def __init__(self, lines: Iterable[RevocationLine]) -> None:
        self._by_subject: dict[str, list[RevocationLine]] = defaultdict(list)
        for line in lines:
            self._by_subject[line.subject].append(line)
        self.unread = 0
        self.given_again = 0
        self.site_older = False

    def says_over(self, tx: Tx, record: SpoiltRecord) -> bool:
        """Whether all of a record was taken back, as far as that can be known by its id."""
        kind = ENDS.get(record.kind)
        if kind is None:
            return False
        subject = subject_digest(tx.keyed, Revocable(kind, (record.id,)))
        lines = self._by_subject.get(subject, [])
        return bool(lines) and lines[-1].value != value_digest(tx.keyed, subject, GIVEN)

    def about(self, tx: Tx, record: object, members: list[str]) -> Iterator[_Found]:
        """The latest of what is said about one record."""
        id = str(getattr(record, "id", ""))
        marks = revocable_state(record)
        values = dict(marks.values)
        if isinstance(record, Member):
            values[Revocable(RevocationKind.ERASURE, (record.id,))] = NOTHING
        for mark, stands in values.items():
            subject = subject_digest(tx.keyed, mark)
            lines = self._by_subject.get(subject, [])
            if lines:
                yield from self._value(tx, mark, stands, subject, lines[-1], id, members)
        for mark in marks.people:
            subject = subject_digest(tx.keyed, mark)
            lines = self._by_subject.get(subject, [])
            if lines:
                yield from self._people(tx, mark, subject, lines, id, members)

    def _value(
        self,
        tx: Tx,
        mark: Revocable,
        stands: str,
        subject: str,
        line: RevocationLine,
        id: str,
        members: list[str],
    ) -> Iterator[_Found]:
        value = next(
            (
                one
                for one in _candidates(mark.kind, stands, line.day, members)
                if value_digest(tx.keyed, subject, one) == line.value
            ),
            None,
        )
        if mark.kind is RevocationKind.SITE:
            self.site_older |= value is None
        elif value is None:
            self.unread += 1
        elif value == GIVEN and stands != GIVEN and mark.kind in _SHOWN_LOST:
            self.given_again += 1
        elif value != stands:
            yield _Found(Again(mark.kind, id, value), line.day)

    def _people(
        self, tx: Tx, mark: Revocable, subject: str, lines: list[RevocationLine], id: str, members: list[str]
    ) -> Iterator[_Found]:
        known = {
            value_digest(tx.keyed, subject, way + member): (way, member)
            for member in members
            for way in (GIVEN_TO, TAKEN_FROM)
        }
        given_in = {line.token for line in lines if known.get(line.value, ("", ""))[0] == GIVEN_TO}
        latest: dict[str, tuple[str, RevocationLine]] = {}
        for line in lines:
            way, member = known.get(line.value, ("", ""))
            if member:
                latest[member] = (way, line)
            else:
                self.unread += 1
        for member, (way, line) in latest.items():
            value = GIVEN if way == GIVEN_TO else NOTHING
            yield _Found(Again(mark.kind, id, value, member, line.token in given_in), line.day)


class RevocationLedger(Protocol):
    """The part of the ledger that says what was taken back. Every call raises StoreUnavailable."""

    def after(self, n: int) -> list[RevocationLine]:
        """The lines numbered above `n` that hold, in order."""
        ...

    def kept_from(self) -> date | None:
        """The first day of which every line is still kept (UTC), or None where none was ever pruned."""
        ...


async def reapply_revocations(
    store: Store,
    destroy: Callable[[Iterable[str]], None],
    work: WorkOf,
    ledger: RevocationLedger,
    after: int,
    now: datetime,
    spoilt: Spoilt = NONE_SPOILT,
) -> RestoredRevocations:
    """Do again what the lines numbered above `after` say. Raises StoreUnavailable.

    Records that are `spoilt` are left out, and count for nothing from now on. Where one of them stands in the way of
    doing something again, the record that it was taken back from counts for nothing either.

    The store writes no lines of its own meanwhile: what is done stands in the ledger already.

    `destroy` ends keys for good; `now` is business time, UTC.
    """
    lines = ledger.after(after)
    done: Counter[RevocationKind] = Counter()
    unread = given_again = reopened = 0
    older: list[str] = []
    aside = _Aside(spoilt)
    for organisation in await store.organisations():
        own = _Lines(line for line in lines if line.organisation == organisation.id)
        for record in spoilt.of(organisation.id):
            await store.write(OrganisationId(organisation.id), partial(_leave_out, spoilt, own, record))
        read = partial(store.read, OrganisationId(organisation.id), partial(_all, own))
        # Talks that were opened again come first: what was taken back in them since can only be done in open ones.
        for one in filter(_is_opening, await read()):
            reopened += await _done(store, destroy, work, organisation, one, now, aside)
        for one in sorted(await read(), key=lambda found: _ORDER[found.again.kind]):
            if _is_opening(one):
                own.given_again += 1
            elif await _done(store, destroy, work, organisation, one, now, aside):
                done[one.again.kind] += 1
        await store.write(OrganisationId(organisation.id), partial(_counted, work, organisation, now))
        done[RevocationKind.WORKSPACE] += await _disconnect(store, organisation, lines)
        await store.write(OrganisationId(organisation.id), partial(_lapse_asked, now=now))
        unread, given_again = unread + own.unread, given_again + own.given_again
        older += [organisation.slug] if own.site_older else []
    return RestoredRevocations(
        +done,
        given_again,
        unread,
        tuple(older),
        ledger.kept_from(),
        reopened,
        spoilt.by_table(),
        aside.by_table(),
    )


class _Aside:
    """Notes which records count for nothing, since something could not be taken back from them again."""

    def __init__(self, spoilt: Spoilt) -> None:
        self._spoilt = spoilt
        self._ids: dict[str, set[str]] = defaultdict(set)

    def put(self, tx: Tx, again: Again) -> bool:
        """Whether there is a record that it was taken back from."""
        kind = RECORD_OF.get(again.kind)
        if kind is None:
            return False
        self._spoilt.set_aside(tx, kind, again.record)
        if ENDS.get(kind) is again.kind:
            end_waits(tx, kind, again.record)
        self._ids[self._spoilt.table_of(kind)].add(again.record)
        return True

    def by_table(self) -> dict[str, tuple[str, ...]]:
        return {table: tuple(sorted(ids)) for table, ids in sorted(self._ids.items())}


def _leave_out(spoilt: Spoilt, lines: _Lines, record: SpoiltRecord, tx: Tx) -> None:
    over = lines.says_over(tx, record)
    if over:
        end_waits(tx, record.kind, record.id)
    if over or record.kind is not Installation:
        # Nothing binds a token, and one that nobody took back may still be put right.
        spoilt.set_aside(tx, record.kind, record.id)


async def _done(
    store: Store,
    destroy: Callable[[Iterable[str]], None],
    work: WorkOf,
    organisation: Organisation,
    found: _Found,
    now: datetime,
    aside: _Aside,
) -> bool:
    """Do one thing again; where something in the way cannot be opened, as much of it as can be."""
    ways = [found]
    if found.again.kind in ALONE:
        ways.append(replace(found, again=replace(found.again, alone=True)))
    for one in ways:
        try:
            return await _do(store, destroy, work, organisation, one, now)
        except RecordAltered:
            continue
    return await store.write(OrganisationId(organisation.id), lambda tx: aside.put(tx, found.again))


def _lapse_asked(tx: Tx, now: datetime) -> None:
    """What was asked on the roster and has not begun is asked again by a person: it may have been refused since."""
    if lapse_all(tx, now):
        tx.journal.write(RESTORE, Action.WITHDRAWN, "asked_roles", "", now)


def _is_opening(found: _Found) -> bool:
    return found.again.kind is RevocationKind.TALK and found.again.value == GIVEN


def _counted(work: WorkOf, organisation: Organisation, now: datetime, tx: Tx) -> None:
    count_afresh(replace(work(tx, organisation), now=now))


def _all(lines: _Lines, tx: Tx) -> list[_Found]:
    lines.unread = lines.given_again = 0
    members = [str(member.id) for member in tx.find(Member)]
    records = (record for kind in ASKED for record in tx.find(kind))
    return [found for record in records for found in lines.about(tx, record, members)]


async def _do(
    store: Store,
    destroy: Callable[[Iterable[str]], None],
    work: WorkOf,
    organisation: Organisation,
    found: _Found,
    now: datetime,
) -> bool:
    at = min(now, datetime.combine(found.day, time(23, 59, 59), UTC))

    def body(tx: Tx) -> tuple[bool, str | None]:
        record = (
            tx.get(Installation, found.again.record)
            if found.again.kind is RevocationKind.INSTALLATION
            else None
        )
        again = replace(work(tx, organisation), now=at)
        changed = take_again(again, found.again)
        if changed:
            action = Action.REOPENED if _is_opening(found) else Action.WITHDRAWN
            tx.journal.write(RESTORE, action, f"again_{found.again.kind.value}", "", now)
        return changed, record.key_id if record is not None and changed else None

    changed, key = await store.write(OrganisationId(organisation.id), body)
    if key is not None:
        destroy([key])
    return changed


async def _disconnect(store: Store, organisation: Organisation, lines: list[RevocationLine]) -> int:
    """Forget workspaces that were disconnected since; the store knows them, and no record does."""
    done = 0
    for workspace in organisation.workspaces:

        def latest(tx: Tx, workspace: ChatWorkspace = workspace) -> str | None:
            subject = subject_digest(tx.keyed, Revocable(RevocationKind.WORKSPACE, (workspace.text,)))
            values = [line.value for line in lines if line.subject == subject]
            return values[-1] if values else None

        def nothing(tx: Tx, workspace: ChatWorkspace = workspace) -> str:
            subject = subject_digest(tx.keyed, Revocable(RevocationKind.WORKSPACE, (workspace.text,)))
            return value_digest(tx.keyed, subject, NOTHING)

        id = OrganisationId(organisation.id)
        if await store.read(id, latest) == await store.read(id, nothing):
            await store.disconnect(workspace)
            done += 1
    return done


def _candidates(kind: RevocationKind, stands: str, day: date, members: list[str]) -> Iterator[str]:
    yield from (GIVEN, NOTHING, *_PLAIN.get(kind, ()))
    match kind:
        case RevocationKind.SITE:
            yield stands
        case RevocationKind.CHAT:
            yield from members
        case RevocationKind.LEAVE:
            days = [(day + timedelta(days=ahead)).isoformat() for ahead in range(_LONGEST_LEAVE)]
            yield from days
            yield from (f"{begins}/{ends}" for begins, ends in combinations_with_replacement(days, 2))
        case _:
            return
