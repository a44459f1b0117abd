"""Seals and opens values under data keys, one for each case or member, that can be destroyed one by one.

The body of a transaction does no I/O. When it needs a key or a spare that is not in memory, the vault
raises `KeyNeeded` or `SparesNeeded`; the caller calls `fetch` or `make_spares` outside and runs the body
again. So a key is always committed, and marked as taken, before the data it seals.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from trim_bot.crypto.boot_clock import since_boot
from trim_bot.crypto.data_keys import (
    DataKey,
    DataKeys,
    KeyStore,
    data_key,
    unwrapped_key,
    wrapped_key,
)
from trim_bot.crypto.envelope import (
    KEY_BYTES,
    associated_data,
    base32_lower,
    decrypt,
    encrypt,
    keyed_digest,
    subkey,
)
from trim_bot.crypto.errors import WrongKey
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.ids import new_id
from trim_bot.domain.unused_keys import KeyNeeded, StoredKey

_PSEUDONYM_BYTES = 16


def real_now() -> datetime:
    """Real time in UTC; business time has no say in how long a key is kept."""
    return datetime.now(UTC)


class Vault:
    """The one place that holds data keys unwrapped. Safe to use from several threads.

    `room` is how many keys stay in memory; `spare_batch` is what `SparesNeeded` asks for. Whoever makes new keys
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
        key = self._keys.at_hand(key_id)
        return encrypt(key.cipher, plain, associated_data(org, table, column, row, key_id))

    def open(self, org: str, table: str, column: str, row: str, key_id: str, sealed: bytes) -> bytes:
        """What was sealed there. Raises `SealBroken`, `KeyNeeded`, `KeyGone`."""
        key = self._keys.at_hand(key_id)
        return decrypt(key.cipher, sealed, associated_data(org, table, column, row, key_id))

    def pseudonym(self, key_id: str, purpose: str, text: str) -> str:
        """26 characters that stand for `text` as long as the key lives, and for nothing after.

        Raises `KeyNeeded`, `KeyGone`.
        """
        key = self._keys.at_hand(key_id)
        digest = keyed_digest(subkey(key.pseudonyms, purpose), text)
        return base32_lower(digest[:_PSEUDONYM_BYTES])

    def need(self, key_ids: Iterable[str]) -> None:
        """Say at once which keys a list will use. Raises one `KeyNeeded` with all that are missing."""
        missing = self._keys.missing(key_ids)
        if missing:
            raise KeyNeeded(missing)

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

    def fetch(self, key_ids: Iterable[str]) -> None:
        """Read and unwrap keys, outside any transaction. One that does not exist is `KeyGone` from here on.

        A body that is run several times passes every id asked for so far, so that none is pushed out. Keys used
        lately that have left memory come along.
        Raises `WrongKey`, and whatever the key store raises.
        """
        ids = list(dict.fromkeys(key_ids))
        while asked := self._keys.missing(ids):
            destructions = self._keys.destructions()
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
            if self._keys.hold([*beside, *asked], found, destructions, len(ids) + len(beside)):
                return

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
