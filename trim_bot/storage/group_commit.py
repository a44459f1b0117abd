"""Runs bodies in one transaction, one or several that wait together: one file, since what becomes of each follows from
how far the transaction came.

Only a success is ever told of a body that ran beside others. Where one fails, the transaction is undone; those before
it, which went well, go together again, and it is run by itself, so that what it ends in is its own doing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from trim_bot.app.seam.work import Undo
from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.key_openings import KeyOpenings, KeysHeldBack
from trim_bot.domain.unused_keys import StoreSignal
from trim_bot.storage.attempts import Attempt, Body
from trim_bot.storage.bound_register import BoundRegister
from trim_bot.storage.engine import OpenFile, enter, enter_at_once, fault_of, must_be_sound
from trim_bot.storage.errors import NotStorable, RecordExists
from trim_bot.storage.journal import Ahead, Head
from trim_bot.storage.records.sealing import Pseudonyms, SealingSession
from trim_bot.storage.small_stores import place_of

LONGEST_SECONDS = 0.05
"""After which no further body joins a transaction, for whoever waits for it and for other processes."""
CLOSING_SECONDS = 20.0
"""How long the lines of several may take to be written before their commit. Whoever finds a line without its commit
for longer (`revocation_sweep.WAIT_SECONDS`) holds that nothing came of it: a slow ledger gets each by itself."""
MOST_WAITS = 6
"""How often a body waits for an organisation that another process writes, before it is told that nothing was saved. It
stands aside in between, so that other organisations go on; whoever asked sees meanwhile that it is being done."""
AT_LEAST = 8
"""So many are not parted by time: where the machine is slow, one commit for each would make it slower still."""
_NO_FAULT_OF_OTHERS = (StoreSignal, KeysHeldBack)
"""What may be told at once, whatever ran before in the transaction: it asks for a key, and nothing came of the body."""


class CommitStage(Enum):
    """How far a transaction came."""

    ENTERING = "entering"
    """It is begun, or waits for an organisation."""
    RUNNING = "running"
    """A body is run."""
    CLOSING = "closing"
    """Every body has ended, and what comes last before the commit is done."""
    COMMITTING = "committing"
    """The commit was asked for: whether it happened is known only once it has returned."""


@dataclass(slots=True)
class BodiesEnded:
    """What became of bodies: those of which it is certain, and those that are still to be run, in order."""

    results: list[tuple[Body, object]] = field(default_factory=list)
    failures: list[tuple[Body, BaseException]] = field(default_factory=list)
    left: list[Body] = field(default_factory=list)
    behind: list[Body] = field(default_factory=list)
    """Of those still to be run, the ones that come after whoever else waits."""


@dataclass(slots=True)
class _Run:
    """One body that has ended in a transaction that has not."""

    body: Body
    attempt: Attempt
    result: object
    opened: list[str]


@dataclass(slots=True)
class _Transaction:
    """One transaction and how far it came."""

    bodies: Sequence[Body]
    known: Mapping[str, Head]
    """The newest row of each journal that was known before it began."""
    stage: CommitStage = CommitStage.ENTERING
    now: Body | None = None
    """The body that is run, or whose organisation is waited for."""
    seals: list[SealingSession] = field(default_factory=list)
    runs: list[_Run] = field(default_factory=list)
    here: str | None = None
    """The organisation that is seen, once one is."""
    taken_elsewhere: set[str] = field(default_factory=set)
    """Organisations that somebody else is writing."""
    fault: BaseException | None = None

    @property
    def unrun(self) -> list[Body]:
        """Bodies whose turn did not come, or whose organisation somebody else was writing."""
        seen = {id(run.body) for run in self.runs} | {id(self.now)}
        return [body for body in self.bodies if id(body) not in seen]


class GroupCommit:
    """Runs bodies, each in a session of its own, with whoever else is there.

    `register_of` gives what an organisation's journal binds; `most_waits` is how often one is waited for that another
    process writes.
    """

    def __init__(
        self,
        pseudonyms: Pseudonyms,
        openings: KeyOpenings,
        file: OpenFile,
        register_of: Callable[[str], BoundRegister],
        most_waits: int = MOST_WAITS,
    ) -> None:
        self._pseudonyms = pseudonyms
        self.openings = openings
        """How many data keys are opened here, and for what."""
        self._file = file
        self._register_of = register_of
        self._most_waits = most_waits
        self.longest_seconds = LONGEST_SECONDS
        self.closing_seconds = CLOSING_SECONDS
        self.damaged = False
        """Whether a page was met that is not what was written; stays so until the store is opened anew."""

    def run(
        self, engine: Engine, bodies: Sequence[Body], give_way: Callable[[], bool] = lambda: False
    ) -> BodiesEnded:
        """Run bodies in one transaction until one fails, there is no more time, or somebody else goes first.

        Each body runs at most three times: beside others, beside those that went well with it, and by itself.
        """
        first = self._transaction(engine, bodies, give_way)
        if first.fault is None or first.stage is CommitStage.COMMITTING:
            return self._over(first)
        if first.stage is CommitStage.ENTERING:
            return self._not_entered(first)
        failed = first.now
        if len(bodies) == 1 or failed is None:
            return self._by_themselves(first)
        ended = BodiesEnded()
        good = [run.body for run in first.runs]
        if good:
            again = self._transaction(engine, good, give_way)
            is_over = again.fault is None or again.stage is CommitStage.COMMITTING
            ended = self._over(again) if is_over else self._by_themselves(again)
        if isinstance(first.fault, _NO_FAULT_OF_OTHERS):
            ended.failures.append((failed, first.fault))
        else:
            failed.joins = False
            ended.left.append(failed)
        ended.left += first.unrun
        return ended

    def _transaction(
        self, engine: Engine, bodies: Sequence[Body], give_way: Callable[[], bool]
    ) -> _Transaction:
        # What is known of each journal before the transaction begins.
        names = {body.organisation for body in bodies}
        known = {name: self._register_of(name).at for name in names}
        one, until = _Transaction(bodies, known), time.monotonic() + self.longest_seconds
        try:
            with engine.connect() as connection, connection.begin() as transaction:
                self._run_each(
                    one,
                    connection,
                    lambda: give_way() or (len(one.runs) >= AT_LEAST and time.monotonic() > until),
                )
                one.stage, one.now = CommitStage.CLOSING, None
                self._close(one.runs)
                self._file.must_be_there()
                one.stage = CommitStage.COMMITTING
                transaction.commit()
                for run in one.runs:
                    run.attempt.committed()
        except SQLAlchemyError as error:
            one.fault = self._fault_of(error, engine, one.stage)
        except BaseException as error:  # noqa: BLE001 (it is told to whoever waits for the body)
            one.fault = error
        # Once the commit was asked for, its keys may be in use, whatever went wrong after.
        if one.fault is not None and one.stage is not CommitStage.COMMITTING:
            for seals in one.seals:
                seals.undo()
        return one

    def _run_each(self, one: _Transaction, connection: Connection, is_over: Callable[[], bool]) -> None:
        ahead = dict[str, Ahead]()
        for body in one.bodies:
            name = body.organisation
            if one.runs and (is_over() or not self._may_follow(name)):
                return
            if name in one.taken_elsewhere or not self._is_in(one, connection, body):
                continue
            one.stage, one.now = CommitStage.RUNNING, body
            seals = SealingSession(body.keys, self._pseudonyms, name)
            one.seals.append(seals)
            attempt = Attempt(connection, seals, one.known[name], ahead.setdefault(name, Ahead()))
            one.runs.append(self._run(body, attempt))
            if attempt.is_last:
                return

    def _close(self, runs: Sequence[_Run]) -> None:
        """Do what comes last before the commit. Raises `StoreUnavailable` where that takes too long for several."""
        until = time.monotonic() + self.closing_seconds
        for run in runs:
            run.attempt.before_commit()
            if len(runs) > 1 and time.monotonic() > until:
                raise StoreUnavailable(StoreTrouble.BUSY)

    def _is_in(self, one: _Transaction, connection: Connection, body: Body) -> bool:
        """Enter the organisation of a body; only the first is waited for."""
        name = body.organisation
        if name == one.here:
            return True
        one.stage, one.now = CommitStage.ENTERING, body
        if one.here is None and not one.taken_elsewhere:
            enter(connection, name, alone=body.is_alone)
        elif not enter_at_once(connection, name):
            # What is seen now is that one; whichever comes next is entered again.
            one.here = None
            one.taken_elsewhere.add(name)
            return False
        one.here = name
        return True

    def _may_follow(self, organisation: str) -> bool:
        """Whether a journal is as it should be; where it is not, each transaction finds out for itself."""
        register = self._register_of(organisation)
        return register.is_signed and register.broken_at is None

    def _run(self, body: Body, attempt: Attempt) -> _Run:
        try:
            result = body.context.copy().run(body.work, attempt)
        except Undo:
            # Nothing of it is kept, and yet what it opened is about to be shown.
            self.openings.count(self._admitted(body, attempt)[1], body.purpose.use)
            raise
        attempt.seals.settle()
        must_be_sound(attempt.connection)
        return _Run(body, attempt, result, self._admitted(body, attempt)[0])

    def _admitted(self, body: Body, attempt: Attempt) -> tuple[list[str], list[str]]:
        """The keys that a body opened, and those that no earlier run of it has paid for. Raises `KeysHeldBack`."""
        # What is in memory was perhaps opened for somebody else.
        opened = sorted(attempt.seals.opened)
        fresh = [key for key in opened if key not in body.admitted]
        self.openings.admit(body.organisation, fresh, body.purpose)
        body.admitted.update(fresh)
        return opened, fresh

    def _fault_of(self, error: SQLAlchemyError, engine: Engine, stage: CommitStage) -> BaseException:
        fault = fault_of(error, committing=stage is CommitStage.COMMITTING, database=place_of(engine.url))
        self.damaged |= isinstance(fault, StoreUnavailable) and fault.trouble is StoreTrouble.DAMAGED
        return fault

    def _over(self, one: _Transaction) -> BodiesEnded:
        """The commit was asked for: it happened, or it is not known whether it did."""
        ended = BodiesEnded(left=one.unrun)
        fault = one.fault
        if fault is None:
            for run in one.runs:
                self.openings.count(run.opened, run.body.purpose.use)
                ended.results.append((run.body, run.result))
            return ended
        if len(one.runs) > 1 and isinstance(fault, RecordExists | NotStorable):
            # Whose fault that was nobody can say.
            fault = StoreUnavailable()
        ended.failures += [(run.body, fault) for run in one.runs]
        return ended

    def _not_entered(self, one: _Transaction) -> BodiesEnded:
        """Nobody could begin, or one organisation is written by somebody else for long: its bodies wait again, or hear
        of it."""
        fault, now = one.fault, one.now
        ended = BodiesEnded()
        is_busy = isinstance(fault, StoreUnavailable) and fault.trouble is StoreTrouble.BUSY
        for body in one.bodies:
            if fault is None or (now is not None and body.organisation != now.organisation):
                ended.left.append(body)
            elif is_busy and body.waited + 1 < self._most_waits:
                body.waited += 1
                ended.behind.append(body)
            else:
                ended.failures.append((body, fault))
        return ended

    def _by_themselves(self, one: _Transaction) -> BodiesEnded:
        """Nothing came of the transaction: the only body hears of it, or each is run by itself."""
        if len(one.bodies) == 1 and one.fault is not None:
            return BodiesEnded(failures=[(one.bodies[0], one.fault)])
        for body in one.bodies:
            body.joins = False
        return BodiesEnded(left=list(one.bodies))
