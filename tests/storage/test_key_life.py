"""Whatever processes, crashes, sweeps and clocks do, the key of a committed record is there until it is erased."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.fakes_crypto import HandClock
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.vault import Vault
from trim_bot.domain.unused_keys import (
    CHECKS_TO_DESTROY,
    MOST_KEYS,
    KeySweepPlan,
    SparesNeeded,
    plan_key_sweep,
)
from trim_bot.storage.keys import quarantine
from trim_bot.storage.keys.key_store import SqlKeyStore

KEYRING = Keyring.new()
START = datetime(2026, 11, 22, 9, tzinfo=UTC)
PROCESSES = st.integers(0, 1)
SPANS = st.sampled_from([timedelta(0), timedelta(minutes=4), timedelta(hours=6), timedelta(days=40)])


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlKeyStore]:
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_database"))
    store = SqlKeyStore(url)
    yield store
    store.close()


def looked(store: SqlKeyStore, at: datetime, *, times: int = 1) -> datetime:
    """So many looks, a day apart, at a store of which no record uses a key; returns when the next would be."""
    for _ in range(times):
        store.sweep(plan_key_sweep(store.keys_in_store(), frozenset(), at, accepted=True), at)
        at += timedelta(days=1)
    return at


def test_what_was_said_of_keys_in_hand_is_never_remembered_past_the_taking_of_more(
    store: SqlKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys taken by another thread, just as it is said what is held, are said anew at the next time."""
    taken = Event()
    vault = Vault(KEYRING, store, spare_pool=0, steady=HandClock())
    vault.make_spares(1)

    class Remembering(SqlKeyStore):
        def __setattr__(self, name: str, value: object) -> None:
            if name == "_said" and value is not None and threads:
                # The moment between the commit and the note of it.
                threads[0].start()
                taken.wait(0.2)
            super().__setattr__(name, value)

    def take() -> None:
        vault.make_spares(1)
        taken.set()

    threads: list[Thread] = []
    store.__class__ = Remembering
    threads.append(Thread(target=take))
    store.hold(())
    threads[0].join()
    threads.clear()
    said = []
    monkeypatch.setattr(quarantine, "hold", lambda connection, holder, ids: said.append(ids))
    store.hold(())
    assert said == [frozenset()]


def test_a_spare_that_lay_in_a_desk_all_through_a_quarantine_is_never_used_for_a_record(
    store: SqlKeyStore,
) -> None:
    clock = HandClock()
    vault = Vault(KEYRING, store, spare_pool=0, steady=clock)
    vault.make_spares(2)
    looked(store, START, times=CHECKS_TO_DESTROY + 10)
    assert store.all_ids() == []
    clock.forward(timedelta(days=CHECKS_TO_DESTROY + 10))
    with pytest.raises(SparesNeeded):
        vault.take()
    vault.make_spares(1)
    assert vault.take() in store.all_ids()


def test_a_key_leaves_the_quarantine_when_the_desk_that_holds_it_says_so(store: SqlKeyStore) -> None:
    clock = HandClock()
    vault = Vault(KEYRING, store, spare_pool=0, steady=clock)
    vault.make_spares(1)
    at = looked(store, START, times=CHECKS_TO_DESTROY + 5)
    assert [one.checks for one in store.keys_in_store().unused.values()] == [CHECKS_TO_DESTROY + 5]
    clock.forward(timedelta(days=1))
    with pytest.raises(SparesNeeded):
        vault.take()
    decided = plan_key_sweep(store.keys_in_store(), frozenset(), at + timedelta(days=30), accepted=True)
    assert decided.to_destroy != ()
    vault.prove_spares()
    # A sweep that decided before, and carries it out now, comes too late.
    store.sweep(decided, at)
    assert store.keys_in_store().unused == {}
    assert vault.take() in store.all_ids()


def test_a_spare_that_is_taken_between_look_and_deed_stays(store: SqlKeyStore) -> None:
    vault = Vault(KEYRING, store, spare_pool=2)
    vault.make_spares(1)
    taken = vault.take()
    waiting = tuple(sorted(store.keys_in_store().spares))
    decided = KeySweepPlan(spares=waiting)
    vault.make_spares(1)
    used = vault.take()
    store.sweep(decided, START)
    assert set(store.all_ids()) == {taken, used}
    Vault(KEYRING, store).fetch([used])


def test_two_desks_at_once_never_take_the_same_key(store: SqlKeyStore) -> None:
    Vault(KEYRING, store, spare_pool=60).make_spares(1)
    desks = [Vault(KEYRING, store, spare_pool=5) for _ in range(4)]

    def work(desk: Vault) -> list[str]:
        taken = []
        for _ in range(10):
            desk.make_spares(3)
            taken += [desk.take() for _ in range(3)]
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [key for keys in pool.map(work, desks) for key in keys]
    assert len(set(taken)) == 120


def test_an_erased_key_is_gone_from_the_quarantine_at_once(store: SqlKeyStore) -> None:
    vault = Vault(KEYRING, store, spare_pool=3)
    vault.make_spares(2)
    looked(store, START, times=2)
    gone = vault.take()
    vault.destroy([gone])
    held = store.keys_in_store()
    assert gone not in held.every
    assert gone not in held.unused
    assert len(held.unused) == 1


def killed(store: SqlKeyStore, url: str, records: int) -> set[str]:
    """A desk that used a few keys for records, said every so often what it holds, and was killed; the records' keys."""
    own = SqlKeyStore(url)
    desk = Vault(KEYRING, own, spare_pool=8)
    used: set[str] = set()
    for _ in range(records):
        desk.make_spares(8)
        used.add(desk.take())
        desk.prove_spares(every=True)
    own.close()
    return used


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_database"))
    return f"sqlite:///{tmp_path / 'killed.db'}"


def test_keys_of_processes_that_were_killed_are_accounted_for_and_go_without_anybodys_word(url: str) -> None:
    store = SqlKeyStore(url)
    used = killed(store, url, 2) | killed(store, url, 2) | killed(store, url, 2)
    at, looks = START, 0
    while store.keys_in_store().unused or not looks:
        todo = plan_key_sweep(store.keys_in_store(), used, at)
        assert todo.refused == 0
        assert not looks or len(todo.looked) + len(todo.to_destroy) > MOST_KEYS, "more than may go otherwise"
        store.sweep(todo, at)
        at, looks = at + timedelta(days=1), looks + 1
    held = store.keys_in_store()
    assert looks > CHECKS_TO_DESTROY
    assert held.every - held.spares == used and held.in_hand == frozenset()
    store.close()


def test_keys_that_were_used_are_accounted_for_by_nobody_once_their_process_said_so(url: str) -> None:
    """A wrong or an older database, in which records are missing, is still told by their keys."""
    store = SqlKeyStore(url)
    used = killed(store, url, 12)
    assert not used & store.keys_in_store().in_hand
    todo = plan_key_sweep(store.keys_in_store(), frozenset(), START)
    assert (todo.refused > 0, todo.found) == (True, ())
    store.close()


def test_a_process_that_ends_in_order_has_nothing_in_hand(url: str) -> None:
    store = SqlKeyStore(url)
    desk = Vault(KEYRING, store, spare_pool=3)
    desk.make_spares(5)
    used = desk.take()
    assert used in store.keys_in_store().in_hand
    desk.release()
    held = store.keys_in_store()
    assert held.in_hand == frozenset() and held.every - held.spares == {used}
    store.close()


class KeyLife(RuleBasedStateMachine):
    """Two processes on one key store. `rows` are the keys of committed records."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.store = SqlKeyStore(f"sqlite:///{Path(self.folder.name) / 'keys.db'}")
        self.wrong = timedelta(0)
        self.boot = timedelta(0)
        self.rows: set[str] = set()
        self.planned: KeySweepPlan | None = None
        self.vaults = [self._vault() for _ in range(2)]

    def _vault(self) -> Vault:
        return Vault(
            KEYRING,
            self.store,
            spare_batch=2,
            spare_pool=2,
            now=lambda: self._real,
            steady=lambda: self.boot,
        )

    @property
    def _real(self) -> datetime:
        return START + self.boot + self.wrong

    def _taken(self, process: int) -> str:
        vault = self.vaults[process]
        while True:
            try:
                return vault.take()
            except SparesNeeded as needed:
                vault.make_spares(needed.count)

    @rule(process=PROCESSES, count=st.integers(1, 5), swept=st.booleans())
    def commit(self, process: int, count: int, swept: bool) -> None:
        keys = [self._taken(process) for _ in range(count)]
        if swept:
            self.carry_out()
        assert self.rows.isdisjoint(keys)
        self.rows.update(keys)

    @rule(process=PROCESSES, count=st.integers(1, 5))
    def roll_back(self, process: int, count: int) -> None:
        for key in [self._taken(process) for _ in range(count)]:
            self.vaults[process].give_back(key)

    @rule(process=PROCESSES, taken=st.integers(0, 3))
    def crash(self, process: int, taken: int) -> None:
        for _ in range(taken):
            self._taken(process)
        self.vaults[process] = self._vault()

    @rule(process=PROCESSES)
    def end_in_order(self, process: int) -> None:
        self.vaults[process].release()
        self.vaults[process] = self._vault()

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        if self.rows:
            key = data.draw(st.sampled_from(sorted(self.rows)))
            self.store.delete([key])
            self.rows.discard(key)

    @rule()
    def look(self) -> None:
        # Keys first, records after, as the sweep does.
        standing = self.store.keys_in_store()
        todo = plan_key_sweep(standing, frozenset(self.rows), self._real, accepted=True)
        # As if no spare were needed, so that those that wait are destroyed all the time.
        self.planned = replace(todo, spares=tuple(standing.spares - self.rows))

    @rule()
    def carry_out(self) -> None:
        if self.planned is not None:
            self.store.sweep(self.planned, self._real)
            self.planned = None

    @rule()
    def sweep_for_long(self) -> None:
        for _ in range(CHECKS_TO_DESTROY + 1):
            self.look()
            self.carry_out()
            self.boot += timedelta(hours=30)

    @rule(by=SPANS)
    def pass_time(self, by: timedelta) -> None:
        self.planned = None if by > timedelta(minutes=4) else self.planned
        self.boot += by

    @rule(
        wrong=st.sampled_from([timedelta(0), timedelta(days=400), -timedelta(days=400), timedelta(hours=25)])
    )
    def jump(self, wrong: timedelta) -> None:
        self.wrong = wrong

    @invariant()
    def every_record_opens(self) -> None:
        assert self.rows <= set(self.store.get(self.rows))

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestKeyLife = KeyLife.TestCase
TestKeyLife.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
