"""The store on SQLite or PostgreSQL: one file, since every way in is run again until it needs no more keys and loses
to nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar, cast

from sqlalchemy import Connection, Table, insert, select, text

from trim_bot.app.seam.ports import Clock, Tx
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.key_openings import KeyOpenings
from trim_bot.domain.key_use import key_purpose
from trim_bot.domain.records import JournalEntry
from trim_bot.domain.revocations import GIVEN, NOTHING, Revocable, RevocationKind
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import Outgoing, Step
from trim_bot.domain.unused_keys import KeyNeeded, SparesNeeded
from trim_bot.storage import journal, organisations
from trim_bot.storage.attempts import Attempt, Body
from trim_bot.storage.bound_register import BoundRegister
from trim_bot.storage.claims import claim
from trim_bot.storage.engine import (
    OpenFile,
    RunAgain,
    clock_of,
    reading_engine,
    writing_engine,
)
from trim_bot.storage.group_commit import MOST_WAITS, GroupCommit
from trim_bot.storage.known_organisations import KnownOrganisations
from trim_bot.storage.ledger.revocation_lines import (
    RevocationDigests,
    RevocationRecorder,
    line_of,
    worth_writing,
)
from trim_bot.storage.looks import DueLooks, wake
from trim_bot.storage.records.rows import shape_of, to_record
from trim_bot.storage.records.sealing import Pseudonyms, Vault
from trim_bot.storage.row_security import ALL_WORK, of, see, sees_all_work
from trim_bot.storage.tables import journal as journals
from trim_bot.storage.tables import outgoing, steps, takings_back
from trim_bot.storage.transaction import SqlTx
from trim_bot.storage.write_queue import WriteQueue

T = TypeVar("T")
_READERS = 4
BUSY_SECONDS = 1.2
"""How long a desk waits for the lock of another process at a time."""
CLOCKS_AGREE = timedelta(seconds=5)
"""A difference between two clocks that is not worth minding."""
_MOST_CLASHES = 5
_MOST_STALE = 3


class SqlStore:
    """Implements the port `Store`.

    `url` names a SQLite file or PostgreSQL whose schema is in place (`trim_bot.storage.migrate`).
    `busy_seconds` is how long to wait for another process' lock at a time, and `most_waits` how often, before
    StoreUnavailable: a desk waits for short and again, who waits longer, such as a command, does so once.
    """

    def __init__(
        self,
        url: str,
        vault: Vault,
        pseudonyms: Pseudonyms,
        *,
        busy_seconds: float = BUSY_SECONDS,
        most_waits: int | None = None,
    ) -> None:
        self._vault = vault
        self._pseudonyms = pseudonyms
        self._writing = writing_engine(url, busy_seconds)
        self._file = OpenFile(self._writing)
        self._revocations: RevocationRecorder | None = None
        self._clock: Clock | None = None
        self._registers: dict[str, BoundRegister] = {}
        self.enforced = True
        """Whether rows must be bound by the journal; not before the first start with a keyring has signed them."""
        self.altered: set[tuple[str, str, str]] = set()
        """Rows met that are not as they were bound: organisation, table, and the row's name in the journal."""
        self.doubted: Callable[[str, int], object] = lambda organisation, seq: None
        """Told of a journal that is found not to be whole, so that this is kept outside the data."""
        self._reading = reading_engine(url, busy_seconds, _READERS)
        waits = most_waits or (1 if busy_seconds > BUSY_SECONDS else MOST_WAITS)
        self._commits = GroupCommit(pseudonyms, KeyOpenings(), self._file, self._register, waits)
        self._queue = WriteQueue(partial(self._commits.run, self._writing))
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="store-reader")
        known = KnownOrganisations(self)
        self.known_at, self.known_called = known.known_at, known.known_called
        self.organisations_due = DueLooks(self._read, self.write).organisations_due

    @property
    def openings(self) -> KeyOpenings:
        """How many data keys are opened here, and for what."""
        return self._commits.openings

    @openings.setter
    def openings(self, openings: KeyOpenings) -> None:
        self._commits.openings = openings

    def keep_revocations(self, revocations: RevocationRecorder, clock: Clock) -> None:
        """From here on, what a transaction takes back is written there before it is committed."""
        self._revocations, self._clock = revocations, clock

    def close(self) -> None:
        """Finish what is running and let go of every connection."""
        self._queue.close()
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()

    async def write(self, organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        """Run a body in one transaction that is alone in writing its organisation.

        Returns once the commit is on disk. Raises what the body raises, with everything rolled back,
        StoreUnavailable, RecordExists or NotStorable.
        """

        def work(attempt: Attempt) -> T:
            tx = self._tx(attempt, organisation)
            done = body(tx)
            attempt.seals.settle()
            tx.finish()
            wake(attempt.connection, organisation, tx.written)
            tx.bound.pass_on()
            attempt.before_commit = self._telling(attempt, organisation, tx.taken_back())
            attempt.committed, attempt.is_last = tx.bound.committed, tx.is_bare
            return done

        if not self._register(organisation).at.seq:
            # The whole journal is walked once; nobody else's writing waits for it.
            await self.read(organisation, lambda _: None)
        return await self._write(organisation, work, is_alone=True, joins=True)

    async def read(self, organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        """Run a body that only reads, on one snapshot, beside the writer."""

        def work(attempt: Attempt) -> T:
            tx = self._tx(attempt, organisation)
            done = body(tx)
            # What was put off would be lost here in silence.
            tx.finish()
            return done

        return await self._settled(self._read_now, organisation, work)

    async def organisations(self) -> list[Organisation]:
        """Every organisation of this deployment, by slug."""
        return await self._read(organisations.every)

    async def organisation_at(self, workspace: ChatWorkspace) -> Organisation | None:
        """The organisation of a chat workspace, or None."""
        return await self._read(lambda connection: organisations.at_workspace(connection, workspace))

    async def organisation_called(self, slug: str) -> Organisation | None:
        """The organisation with this slug, or None."""
        return await self._read(lambda connection: organisations.called(connection, slug))

    async def disconnect(self, workspace: ChatWorkspace) -> None:
        """Forget that a chat workspace belongs to an organisation."""

        def work(attempt: Attempt) -> None:
            connection = attempt.connection
            owner = organisations.at_workspace(connection, workspace)
            organisations.disconnect(connection, workspace)
            if owner is not None:
                noted = self._of_workspace(owner.id, workspace, NOTHING)
                attempt.before_commit = self._telling(attempt, owner.id, noted)

        await self._write("", work)

    async def found(self, slug: str, workspace: ChatWorkspace | None) -> Organisation:
        """Make an organisation, or return the one with this slug with the workspace added.

        Raises WorkspaceTaken when the workspace belongs to another.
        """

        def work(attempt: Attempt) -> Organisation:
            connection = attempt.connection
            before = organisations.called(connection, slug)
            one = organisations.found(connection, slug, workspace, attempt.seals.take)
            if workspace is not None and before is not None and workspace not in before.workspaces:
                noted = self._of_workspace(one.id, workspace, GIVEN)
                attempt.before_commit = self._telling(attempt, one.id, noted)
            return one

        return await self._write("", work)

    async def claim_steps(
        self, now: datetime, real: datetime, lease_seconds: int, limit: int, *, urgent: bool = False
    ) -> list[tuple[OrganisationId, Step]]:
        """Open steps due at `now` whose lease is free at `real`, leased to the caller; soonest first."""
        return await self._claim(Step, steps, now, real, lease_seconds, limit, urgent=urgent)

    async def claim_outgoing(
        self, now: datetime, real: datetime, lease_seconds: int, limit: int, *, urgent: bool = False
    ) -> list[tuple[OrganisationId, Outgoing]]:
        """Queued messages due at `now` whose lease is free at `real`, leased to the caller; soonest first."""
        return await self._claim(Outgoing, outgoing, now, real, lease_seconds, limit, urgent=urgent)

    async def clock_off(self) -> timedelta:
        """How far PostgreSQL's clock is ahead of this machine's, in whole seconds; SQLite has no clock of its own."""
        if self._reading.dialect.name != "postgresql":
            return timedelta()
        there = await self._read(lambda connection: connection.scalar(text("SELECT clock_timestamp()")))
        off = there - datetime.now(UTC)
        return timedelta(seconds=round(off.total_seconds())) if abs(off) >= CLOCKS_AGREE else timedelta()

    async def answers(self) -> bool:
        """Whether the database answers a question now."""
        try:
            await self._read(lambda connection: connection.execute(select(1)).first())
        except StoreUnavailable:
            return False
        return True

    async def server_time(self) -> datetime | None:
        """The time on the database's own machine (UTC); None for a file, which has no clock of its own."""
        return await self._read(clock_of)

    async def journal_head(self, organisation: OrganisationId) -> journal.Head:
        """The last link of a chain, to be noted outside as an anchor."""
        return await self._read(lambda connection: journal.head(connection, organisation), organisation)

    def journal_heads(self) -> dict[str, journal.Head]:
        """How far each journal has come, as far as this process knows; nothing is asked."""
        every = list(self._registers.items())
        return {one: of.at for one, of in every if of.at.seq and of.broken_at is None}

    def expect(self, heads: Mapping[str, journal.Head]) -> None:
        """What an anchor knows of each journal: one that ends before it was cut off. Each is read anew."""
        for one, head in heads.items():
            self._registers[one] = BoundRegister(one, self._pseudonyms, floor=head)

    @property
    def damaged(self) -> bool:
        """Whether a page was met that is not what was written; stays so until the store is opened anew."""
        return self._commits.damaged

    @property
    def in_doubt(self) -> list[str]:
        """Organisations whose journal was found not to be whole."""
        return sorted(one for one, of in list(self._registers.items()) if of.broken_at is not None)

    async def journal_entries(
        self, organisation: OrganisationId, after: int, limit: int
    ) -> list[JournalEntry]:
        """Journal rows numbered above `after`, in order."""
        return await self._read(
            lambda connection: journal.entries(connection, organisation, after, limit), organisation
        )

    async def may_do_all_work(self) -> bool:
        """Whether this login is given the steps and messages of every organisation, as a worker has to be."""
        return await self._read(sees_all_work)

    def _telling(
        self, attempt: Attempt, organisation: str, noted: list[RevocationDigests]
    ) -> Callable[[], None]:
        return partial(self._tell, attempt.connection, organisation, noted)

    def _tell(self, connection: Connection, organisation: str, noted: list[RevocationDigests]) -> None:
        """Have the ledger say what is taken back, as the last thing before the commit; with a token in the data.

        Whether that token is there tells later whether the commit was: a line without it counts for nothing.
        """
        if not noted or self._revocations is None or self._clock is None:
            return
        lines = worth_writing(noted, self._revocations)
        if not lines:
            return
        self._file.must_be_there()
        token, day = new_id(), self._clock.now().date()
        see(connection, of(organisation))
        connection.execute(insert(takings_back), {"organisation": organisation, "token": token})
        self._revocations.write(organisation, lines, token, day)

    def _of_workspace(
        self, organisation: str, workspace: ChatWorkspace, value: str
    ) -> list[RevocationDigests]:
        keyed = partial(self._pseudonyms.keyed, organisation)
        return [line_of(keyed, Revocable(RevocationKind.WORKSPACE, (workspace.text,)), value)]

    async def _claim(
        self,
        kind: type[T],
        table: Table,
        now: datetime,
        real: datetime,
        lease_seconds: int,
        limit: int,
        *,
        urgent: bool,
    ) -> list[tuple[OrganisationId, T]]:
        shape = shape_of(kind)

        def work(attempt: Attempt) -> list[tuple[OrganisationId, T]]:
            see(attempt.connection, ALL_WORK)
            rows = claim(attempt.connection, table, now, real, lease_seconds, limit, urgent=urgent)
            # What is done about them is done by what is read again, which is then compared with the journal.
            return [
                (OrganisationId(row["organisation"]), cast("T", to_record(shape, row, attempt.seals)))
                for row in rows
            ]

        return await self._write("", work)

    def _tx(self, attempt: Attempt, organisation: OrganisationId) -> SqlTx:
        return SqlTx(
            attempt.connection,
            organisation,
            attempt.seals,
            self._register(organisation),
            attempt.known,
            self._met_altered,
            enforced=self.enforced,
            ahead=attempt.ahead,
        )

    def _register(self, organisation: str) -> BoundRegister:
        found = self._registers.get(organisation)
        if found is None:
            found = self._registers.setdefault(organisation, BoundRegister(organisation, self._pseudonyms))
        return found

    def _met_altered(self, organisation: str, table: str, name: str) -> None:
        if table == journals.name:
            self.doubted(organisation, int(name))
        else:
            self.altered.add((organisation, table, name))

    async def _write(
        self,
        organisation: str,
        work: Callable[[Attempt], T],
        *,
        is_alone: bool = False,
        joins: bool = False,
    ) -> T:
        return await self._settled(self._queue.put, organisation, work, is_alone=is_alone, joins=joins)

    async def _read(self, work: Callable[[Connection], T], organisation: str = "") -> T:
        return await self._settled(self._read_now, organisation, lambda attempt: work(attempt.connection))

    async def _settled(
        self,
        put: Callable[[Body], Awaitable[object]],
        organisation: str,
        work: Callable[[Attempt], T],
        *,
        is_alone: bool = False,
        joins: bool = False,
    ) -> T:
        """Run `work` until it needs no more keys and loses to nobody.

        Keys that a transaction may not wait for are fetched between two of its runs.
        """
        purpose = key_purpose()
        keys = self._vault.for_work(lambda ids: self.openings.foresee(organisation, ids, purpose))
        body = Body(organisation, work, keys, purpose, is_alone, joins)
        stale = clashes = most = 0
        while True:
            try:
                return cast("T", await put(body))
            except KeyNeeded as signal:
                ids = signal.key_ids
                new = await self._on_reader(lambda: keys.fetch(ids))  # noqa: B023
                stale = 0 if new else stale + 1
            except SparesNeeded as signal:
                count = signal.count
                stale = 0 if count > most else stale + 1
                most = max(most, count)
                await self._on_reader(lambda: keys.make_spares(count))  # noqa: B023
            except RunAgain:
                body.joins = False
                clashes += 1
            if stale > _MOST_STALE or clashes > _MOST_CLASHES:
                raise StoreUnavailable

    async def _read_now(self, body: Body) -> object:
        ended = await self._on_reader(lambda: self._commits.run(self._reading, [body]))
        for _, fault in ended.failures:
            raise fault
        return ended.results[0][1]

    async def _on_reader(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, copy_context().run, call)
