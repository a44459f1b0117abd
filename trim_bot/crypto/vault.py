"""Seals and opens values under data keys, one for each case or member, that can be destroyed one by one: one file with
what a single piece of work has of them, since each is half of the other's promise.

It asks the key store only where it is told to. When a key or a spare is not in memory it raises `KeyNeeded` or
`SparesNeeded`, and somebody calls `fetch` or `make_spares`: a transaction by itself (`WorkKeys`), or whoever runs it,
outside. Either way a key is committed, and marked as taken, before the data it seals.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from trim_bot.crypto.boot_clock import since_boot
from trim_bot.crypto.data_keys import (
    DataKey,
    DataKeys,
    KeyStore,
    data_key,
    opened_under,
    pseudonym_under,
    sealed_under,
    unwrapped_key,
    wrapped_key,
)
from trim_bot.crypto.envelope import KEY_BYTES
from trim_bot.crypto.errors import WrongKey
from trim_bot.crypto.key_reach import KeyDistance, KeyReach, TooFar
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.ids import new_id
from trim_bot.domain.unused_keys import KeyGone, KeyNeeded, SparesNeeded, StoredKey

Foresee = Callable[[Sequence[str]], object]
"""Told of every key that the work has asked for, before any more are fetched; what it raises ends the work."""


def real_now() -> datetime:
    """Real time in UTC; business time has no say in how long a key is kept."""
    return datetime.now(UTC)


class Vault:
    """The one place that holds data keys unwrapped. Safe to use from several threads.

    `room` is the most keys that stay in memory; `spare_batch` is what `SparesNeeded` asks for. Whoever makes new keys
    makes `spare_pool` more that nobody has taken yet, for the next ones who need some. `steady` says how old things
    in memory are, `now` when a key was made.
    """

    def __init__(
        self,
        keyring: Keyring,
        key_store: KeyStore,
        *,
        room: int = 4096,
        spare_batch: int = 8,
        spare_pool: int = 24,
        now: Callable[[], datetime] = real_now,
        steady: Callable[[], timedelta] = since_boot,
    ) -> None:
        self._keyring = keyring
        self._store = key_store
        self._now = now
        self._steady = steady
        self._pool = spare_pool
        self._uses = 0
        self._keys = DataKeys(room, spare_batch, steady)
        self._reach = KeyReach(_reach(keyring, key_store), steady)

    @property
    def spares(self) -> int:
        """How many spare keys are ready."""
        return self._keys.spares()

    @property
    def uses(self) -> int:
        """How often this process has taken or destroyed a key so far."""
        return self._uses

    def seal(self, org: str, table: str, column: str, row: str, key_id: str, plain: bytes) -> bytes:
        """`plain` sealed so that it opens only at this organisation, table, column, row and key.

        Raises `KeyNeeded`, `KeyGone`.
        """
        return sealed_under(self._keys.at_hand(key_id), org, table, column, row, key_id, plain)

    def open(self, org: str, table: str, column: str, row: str, key_id: str, sealed: bytes) -> bytes:
        """What was sealed there. Raises `SealBroken`, `KeyNeeded`, `KeyGone`."""
        return opened_under(self._keys.at_hand(key_id), org, table, column, row, key_id, sealed)

    def pseudonym(self, key_id: str, purpose: str, text: str) -> str:
        """26 characters that stand for `text` as long as the key lives, and for nothing after.

        Raises `KeyNeeded`, `KeyGone`.
        """
        return pseudonym_under(self._keys.at_hand(key_id), purpose, text)

    def for_work(self, foresee: Foresee) -> WorkKeys:
        """The keys of one piece of work, which asks `foresee` before it fetches any."""
        return WorkKeys(self, self._reach, foresee)

    def among(self, key_ids: Iterable[str]) -> tuple[dict[str, DataKey], list[str]]:
        """Those of these keys that are in memory, and those that must be fetched; one that is gone is in neither."""
        return self._keys.among(key_ids)

    def take(self) -> str:
        """The id of a fresh data key that the key store has marked as taken. Raises `SparesNeeded`."""
        key_id = self._keys.take()
        self._uses += 1
        return key_id

    def give_back(self, key_id: str) -> None:
        """Return a taken key after a body that was surely rolled back.

        When it is not known whether the commit happened, do not: the key may be in use.
        """
        self._keys.give_back(key_id)

    def fetch(self, key_ids: Iterable[str]) -> dict[str, DataKey]:
        """Read and unwrap keys; returned are those that exist, however many. Any other is `KeyGone` from here on.

        As many as there is room for stay in memory. Keys used lately that have left it come along.
        Raises `WrongKey`, and whatever the key store raises.
        """
        ids = list(dict.fromkeys(key_ids))
        while True:
            destructions = self._keys.destructions()
            there, asked = self._keys.among(ids)
            if not asked:
                return there
            beside = self._keys.beside(ids)
            stored = self._store.get([*beside, *asked])
            now, found = self._steady(), {}
            for id, key in stored.items():
                try:
                    found[id] = data_key(unwrapped_key(self._keyring, key), now)
                except WrongKey:
                    # Whoever asks for it by itself hears of it.
                    if id in asked:
                        raise
                    beside.remove(id)
            if self._keys.hold([*beside, *asked], found, destructions):
                return there | {id: found[id] for id in asked if id in found}

    def make_spares(self, count: int) -> None:
        """Have `count` more spares, marked as taken and committed, outside any transaction.

        Those that wait in the key store come first; what is missing is made.
        """
        self.prove_spares()
        taken = self._store.take(count, self._keyring.newest.id)
        self._keys.stock({key.id: self._spare(unwrapped_key(self._keyring, key)) for key in taken})
        if len(taken) == count:
            return
        now = self._now()
        fresh = self._fresh(count - len(taken))
        waiting = self._fresh(self._pool)
        self._store.add(
            [self._to_store(id, secret, now) for id, secret in fresh.items()],
            [self._to_store(id, secret, now) for id, secret in waiting.items()],
        )
        self._keys.stock({id: self._spare(secret) for id, secret in fresh.items()})

    def prove_spares(self, *, every: bool = False) -> None:
        """Ask the key store whether spares exist that have lain here for long (`every`: all), and drop the rest."""
        asked = self._keys.unproved(every=every)
        if asked:
            self._keys.proved(asked, self._store.still_taken(asked))
        if every:
            self._store.hold(self._keys.unproved(every=True))

    def release(self) -> None:
        """Give the spares back, as a process does that ends in order and uses no key after."""
        self._reach.close()
        self._store.give_back(self._keys.release())
        self._store.hold(())

    def destroy(self, key_ids: Iterable[str]) -> None:
        """Delete keys from the key store (committed) and from memory; what they sealed is lost for good.

        Other processes forget them within `data_keys.KEPT_FOR`. Keys leave this one's memory even if the
        store fails.
        """
        ids = list(key_ids)
        self._uses += 1
        try:
            self._store.delete(ids)
        finally:
            self._keys.forget(ids)

    def _fresh(self, count: int) -> dict[str, bytes]:
        return {new_id(): secrets.token_bytes(KEY_BYTES) for _ in range(count)}

    def _spare(self, secret: bytes) -> DataKey:
        now = self._steady()
        return data_key(secret, now, spare_since=now)

    def _to_store(self, id: str, secret: bytes, now: datetime) -> StoredKey:
        wrapped = wrapped_key(self._keyring, id, secret)
        return StoredKey(id=id, master_id=wrapped.master_id, wrapped=wrapped.blob, created_at=now)


class WorkKeys:
    """One piece of work's way to the vault; not to be shared between threads.

    What is missing is fetched at once where the key store may be asked from within a transaction. Elsewhere
    `KeyNeeded` or `SparesNeeded` is raised: whoever runs the work undoes it, calls `fetch` or `make_spares`, and runs
    it again with the same object. A key that is destroyed here meanwhile opens nothing any more.
    """

    def __init__(self, vault: Vault, reach: KeyReach, foresee: Foresee) -> None:
        self._vault = vault
        self._reach = reach
        self._foresee = foresee
        self._own: dict[str, DataKey | None] = {}
        """What was fetched for this work; None for a key that does not exist."""
        self._asked: dict[str, None] = {}

    def seal(self, org: str, table: str, column: str, row: str, key_id: str, plain: bytes) -> bytes:
        """As `Vault.seal`."""
        with suppress(KeyNeeded):
            return self._vault.seal(org, table, column, row, key_id, plain)
        return sealed_under(self._key(key_id), org, table, column, row, key_id, plain)

    def open(self, org: str, table: str, column: str, row: str, key_id: str, sealed: bytes) -> bytes:
        """As `Vault.open`."""
        with suppress(KeyNeeded):
            return self._vault.open(org, table, column, row, key_id, sealed)
        return opened_under(self._key(key_id), org, table, column, row, key_id, sealed)

    def pseudonym(self, key_id: str, purpose: str, text: str) -> str:
        """As `Vault.pseudonym`."""
        with suppress(KeyNeeded):
            return self._vault.pseudonym(key_id, purpose, text)
        return pseudonym_under(self._key(key_id), purpose, text)

    def need(self, key_ids: Iterable[str]) -> None:
        """Say at once which keys a list will use; all that are missing are fetched in one round."""
        there, missing = self._vault.among(id for id in key_ids if id not in self._own)
        self._own.update(there)
        if missing:
            self._bring(missing)

    def fetch(self, key_ids: Iterable[str]) -> bool:
        """Bring keys for this work, outside any transaction; whether any of them had not been asked for before.

        Raises `WrongKey`, and whatever `foresee` and the key store raise.
        """
        before, ids = len(self._asked), self._noted(key_ids)
        self._keep(ids, self._vault.fetch(ids))
        return len(self._asked) > before

    def take(self, count: int = 0) -> str:
        """The id of a fresh data key that the key store has marked as taken.

        Where none is left, at least `count` are made. Raises `SparesNeeded`.
        """
        try:
            return self._taken()
        except SparesNeeded as signal:
            self._make(max(count, signal.count))
        return self._taken()

    def expect(self, count: int) -> None:
        """Have so many fresh keys ready, made in one round. Raises `SparesNeeded`."""
        lacking = count - self._vault.spares
        if lacking > 0:
            self._make(lacking)

    def give_back(self, key_id: str) -> None:
        """As `Vault.give_back`."""
        self._vault.give_back(key_id)

    def make_spares(self, count: int) -> None:
        """As `Vault.make_spares`; outside any transaction."""
        self._vault.make_spares(count)

    def _key(self, key_id: str) -> DataKey:
        if key_id not in self._own:
            self._bring([key_id])
        key = self._own[key_id]
        if key is None:
            raise KeyGone(key_id)
        return key

    def _make(self, count: int) -> None:
        try:
            self._reach.within(lambda: self._vault.make_spares(count), changes=True)
        except TooFar:
            raise SparesNeeded(count) from None

    def _taken(self) -> str:
        id = self._vault.take()
        there, _ = self._vault.among([id])
        self._own.update(there)
        return id

    def _bring(self, ids: list[str]) -> None:
        # Whether so much may be opened is asked before the key store is.
        self._foresee((*self._asked, *ids))
        try:
            found = self._reach.within(lambda: self._vault.fetch(ids))
        except TooFar:
            raise KeyNeeded(ids) from None
        self._asked.update(dict.fromkeys(ids))
        self._keep(ids, found)

    def _noted(self, key_ids: Iterable[str]) -> list[str]:
        ids = list(dict.fromkeys(key_ids))
        self._asked.update(dict.fromkeys(ids))
        self._foresee(tuple(self._asked))
        return ids

    def _keep(self, ids: Iterable[str], found: dict[str, DataKey]) -> None:
        self._own.update({id: found.get(id) for id in ids})


def _reach(keyring: Keyring, key_store: KeyStore) -> KeyDistance:
    if keyring.by_service:
        return KeyDistance.SERVICE
    return KeyDistance.SERVER if key_store.on_server else KeyDistance.FILE
