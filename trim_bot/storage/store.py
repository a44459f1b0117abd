"""The store on SQLite or PostgreSQL: one file, since running a body, running it again and giving back its keys
are one thing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, Table, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from trim_bot.app.seam.ports import Clock, Tx
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.key_openings import KeyOpenings
from trim_bot.domain.key_use import key_purpose
from trim_bot.domain.records import JournalEntry
from trim_bot.domain.revocations import GIVEN, NOTHING, Revocable, RevocationKind
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import Outgoing, Step
from trim_bot.domain.unused_keys import KeyNeeded, SparesNeeded
from trim_bot.storage import journal, organisations
from trim_bot.storage.bound_register import BoundRegister
from trim_bot.storage.claims import claim
from trim_bot.storage.engine import (
    OpenFile,
    RunAgain,
    clock_of,
    enter,
    fault_of,
    reading_engine,
    writing_engine,
)
from trim_bot.storage.ledger.revocation_lines import (
    RevocationDigests,
    RevocationRecorder,
    line_of,
    worth_writing,
)
from trim_bot.storage.records.rows import shape_of, to_record
from trim_bot.storage.records.sealing import Keys, Pseudonyms, SealingSession, Vault
from trim_bot.storage.row_security import ALL_WORK, of, see, sees_all_work
from trim_bot.storage.small_stores import place_of
from trim_bot.storage.tables import journal as journals
from trim_bot.storage.tables import outgoing, steps, takings_back
from trim_bot.storage.transaction import SqlTx

T = TypeVar("T")
_READERS = 4
CLOCKS_AGREE = timedelta(seconds=5)
"""A difference between two clocks that is not worth minding."""
_MOST_CLASHES = 5
_MOST_STALE = 3


@dataclass(slots=True)
class _Attempt:
    """One run of a body in one transaction."""

    connection: Connection
    seals: SealingSession
    known: journal.Head
    """The newest row of the organisation's journal that was known here before the transaction began."""
    committed: Callable[[], None] = lambda: None
    """Called once the transaction is on disk."""


Work = Callable[[_Attempt], T]


class SqlStore:
    """Implements the port `Store`.

    `url` names a SQLite file or PostgreSQL whose schema is in place (`trim_bot.storage.migrate`).
    `busy_seconds` is how long to wait for another process' lock before StoreUnavailable.
    """

    def __init__(self, url: str, vault: Vault, pseudonyms: Pseudonyms, *, busy_seconds: float = 1.2) -> None:
        self._vault = vault
        self._pseudonyms = pseudonyms
        self._writing = writing_engine(url, busy_seconds)
        self._file = OpenFile(self._writing)
        self.openings = KeyOpenings()
        """How many data keys are opened here, and for what."""
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
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self.damaged = False
        """Whether a page was met that is not what was written; stays so until the store is opened anew."""
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="store-reader")

    def keep_revocations(self, revocations: RevocationRecorder, clock: Clock) -> None:
        """From here on, what a transaction takes back is written there before it is committed."""
        self._revocations, self._clock = revocations, clock

    def close(self) -> None:
        """Finish what is running and let go of every connection."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()

    async def write(self, organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        """Run a body in one transaction that is alone in writing its organisation.

        Returns once the commit is on disk. Raises what the body raises, with everything rolled back,
        StoreUnavailable, RecordExists or NotStorable.
        """

        def work(attempt: _Attempt) -> T:
            tx = self._tx(attempt, organisation)
            done = body(tx)
            attempt.seals.settle()
            tx.bound.finish()
            self._tell(attempt.connection, organisation, tx.taken_back())
            attempt.committed = tx.bound.committed
            return done

        if not self._register(organisation).at.seq:
            # The whole journal is walked once; nobody else's writing waits for it.
            await self.read(organisation, lambda _: None)
        return await self._settled(self._writer, self._writing, organisation, work, alone=True)

    async def read(self, organisation: OrganisationId, body: Callable[[Tx], T]) -> T:
        """Run a body that only reads, on one snapshot, beside the writer."""

        def work(attempt: _Attempt) -> T:
            return body(self._tx(attempt, organisation))

        return await self._settled(self._readers, self._reading, organisation, work)

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

        def work(attempt: _Attempt) -> None:
            connection = attempt.connection
            owner = organisations.at_workspace(connection, workspace)
            organisations.disconnect(connection, workspace)
            if owner is not None:
                self._tell(connection, owner.id, self._of_workspace(owner.id, workspace, NOTHING))

        await self._write("", work)

    async def found(self, slug: str, workspace: ChatWorkspace | None) -> Organisation:
        """Make an organisation, or return the one with this slug with the workspace added.

        Raises WorkspaceTaken when the workspace belongs to another.
        """

        def work(attempt: _Attempt) -> Organisation:
            connection = attempt.connection
            before = organisations.called(connection, slug)
            one = organisations.found(connection, slug, workspace, attempt.seals.take)
            if workspace is not None and before is not None and workspace not in before.workspaces:
                self._tell(connection, one.id, self._of_workspace(one.id, workspace, GIVEN))
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

        def work(attempt: _Attempt) -> list[tuple[OrganisationId, T]]:
            see(attempt.connection, ALL_WORK)
            rows = claim(attempt.connection, table, now, real, lease_seconds, limit, urgent=urgent)
            # What is done about them is done by what is read again, which is then compared with the journal.
            return [
                (OrganisationId(row["organisation"]), cast("T", to_record(shape, row, attempt.seals)))
                for row in rows
            ]

        return await self._write("", work)

    def _tx(self, attempt: _Attempt, organisation: OrganisationId) -> SqlTx:
        return SqlTx(
            attempt.connection,
            organisation,
            attempt.seals,
            self._register(organisation),
            attempt.known,
            self._met_altered,
            enforced=self.enforced,
        )

    def _register(self, organisation: str) -> BoundRegister:
        return self._registers.setdefault(organisation, BoundRegister(organisation, self._pseudonyms))

    def _met_altered(self, organisation: str, table: str, name: str) -> None:
        if table == journals.name:
            self.doubted(organisation, int(name))
        else:
            self.altered.add((organisation, table, name))

    async def _write(self, organisation: str, work: Work[T]) -> T:
        return await self._settled(self._writer, self._writing, organisation, work)

    async def _read(self, work: Callable[[Connection], T], organisation: str = "") -> T:
        return await self._settled(
            self._readers, self._reading, organisation, lambda attempt: work(attempt.connection)
        )

    async def _settled(
        self,
        pool: ThreadPoolExecutor,
        engine: Engine,
        organisation: str,
        work: Work[T],
        *,
        alone: bool = False,
    ) -> T:
        """Run `work` until it needs no more keys and loses to nobody.

        Keys that a transaction may not wait for are fetched between two of its runs.
        """
        purpose = key_purpose()
        keys = self._vault.for_work(lambda ids: self.openings.foresee(organisation, ids, purpose))
        stale = clashes = most = 0
        while True:
            try:
                return await self._on(
                    pool, lambda: self._attempt(engine, organisation, work, keys, alone=alone)
                )
            except KeyNeeded as signal:
                ids = signal.key_ids
                new = await self._on(self._readers, lambda: keys.fetch(ids))  # noqa: B023
                stale = 0 if new else stale + 1
            except SparesNeeded as signal:
                count = signal.count
                stale = 0 if count > most else stale + 1
                most = max(most, count)
                await self._on(self._readers, lambda: keys.make_spares(count))  # noqa: B023
            except RunAgain:
                clashes += 1
            if stale > _MOST_STALE or clashes > _MOST_CLASHES:
                raise StoreUnavailable

    async def _on(self, pool: ThreadPoolExecutor, call: Callable[[], T]) -> T:
        told = copy_context()  # so that the body can say for whom keys are opened
        return await asyncio.get_running_loop().run_in_executor(pool, told.run, call)

    def _attempt(self, engine: Engine, organisation: str, work: Work[T], keys: Keys, *, alone: bool) -> T:
        purpose = key_purpose()
        seals = SealingSession(keys, self._pseudonyms, organisation)
        known = self._register(organisation).at
        committing = False
        try:
            with engine.connect() as connection, connection.begin() as transaction:
                enter(connection, organisation, alone=alone)
                attempt = _Attempt(connection, seals, known)
                result = work(attempt)
                seals.settle()
                # What is in memory was perhaps opened for somebody else.
                opened = sorted(seals.opened)
                self.openings.admit(organisation, opened, purpose)
                self._file.must_be_there()
                committing = True
                transaction.commit()
                attempt.committed()
                self.openings.count(opened, purpose.use)
                return result
        except SQLAlchemyError as error:
            fault = fault_of(error, committing=committing, database=place_of(engine.url))
            self.damaged |= isinstance(fault, StoreUnavailable) and fault.trouble is StoreTrouble.DAMAGED
        except BaseException:
            # Once the commit was asked for, its keys may be in use, whatever went wrong after.
            if not committing:
                seals.undo()
            raise
        if not committing:
            seals.undo()
        # Raised out here so that it does not carry the driver's error, which may quote a row.
        raise fault
