"""The data keys at hand in memory, and how each is wrapped: one file, since a key is at hand only until it is wrapped.

It does no I/O. A key leaves memory after a while even if nobody asks, so that one destroyed by another
process also dies here. A spare was marked as taken before it came here; after a while it is used only once the
key store has said again that it is there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim_bot.crypto.envelope import (
    associated_data,
    base32_lower,
    decrypt,
    encrypt,
    keyed_digest,
    subkey,
)
from trim_bot.crypto.keyring import Keyring, Wrapped
from trim_bot.domain.unused_keys import KeyGone, KeyNeeded, SparesNeeded, StoredKey

KEPT_FOR = timedelta(minutes=15)
"""How long an unwrapped key stays in memory, and how long a missing one is remembered as gone."""
SURE_FOR = timedelta(minutes=5)
"""How long it is believed that a spare exists, without asking again."""
_GONE_REMEMBERED = 10_000
_SWEEP_EVERY = timedelta(minutes=1)
USED_LATELY = timedelta(days=1)
"""For how long after its last use a key is fetched again beside others, once it has left memory."""
_MOST_BESIDE = 64
_PSEUDONYM_BYTES = 16


@dataclass(frozen=True, slots=True, eq=False)
class DataKey:
    """One data key split by use, when it came into memory, and when a spare was last known to exist.

    No two of them are compared.
    """

    cipher: AESGCM = field(repr=False)
    pseudonyms: bytes = field(repr=False)
    since: timedelta
    spare_since: timedelta | None = None
    made: dict[str, bytes] = field(default_factory=dict, repr=False)
    """The pseudonyms' key for each purpose asked for so far; gone with the key."""


def data_key(secret: bytes, since: timedelta, spare_since: timedelta | None = None) -> DataKey:
    """The key in use form: one subkey seals, another makes pseudonyms."""
    return DataKey(AESGCM(subkey(secret, "seal")), subkey(secret, "pseudonym"), since, spare_since)


def sealed_under(
    key: DataKey, org: str, table: str, column: str, row: str, key_id: str, plain: bytes
) -> bytes:
    """`plain` sealed so that it opens only at this organisation, table, column, row and key."""
    return encrypt(key.cipher, plain, associated_data(org, table, column, row, key_id))


def opened_under(
    key: DataKey, org: str, table: str, column: str, row: str, key_id: str, sealed: bytes
) -> bytes:
    """What was sealed there. Raises `SealBroken`."""
    return decrypt(key.cipher, sealed, associated_data(org, table, column, row, key_id))


def pseudonym_under(key: DataKey, purpose: str, text: str) -> str:
    """26 characters that stand for `text` as long as the key lives."""
    made = key.made.get(purpose)
    if made is None:
        made = key.made[purpose] = subkey(key.pseudonyms, purpose)
    return base32_lower(keyed_digest(made, text)[:_PSEUDONYM_BYTES])


class DataKeys:
    """Unwrapped keys by id, oldest use first. Safe to use from several threads.

    `room` is the most that are kept; whoever asks for more at once is handed them by the fetch (`WorkKeys`). `steady`
    gives the time since boot, which no clock that is moved can touch.
    """

    def __init__(self, room: int, spare_batch: int, steady: Callable[[], timedelta]) -> None:
        self._room = room
        self._spare_batch = spare_batch
        self._now = steady
        self._lock = Lock()
        self._held: OrderedDict[str, DataKey] = OrderedDict()
        self._spares: OrderedDict[str, DataKey] = OrderedDict()
        self._doubtful: dict[str, DataKey] = {}
        self._gone: OrderedDict[str, timedelta] = OrderedDict()
        self._used: OrderedDict[str, timedelta] = OrderedDict()
        self._destroyed = 0
        self._swept = steady()

    def at_hand(self, key_id: str) -> DataKey:
        """The key. Raises `KeyNeeded` when it must be fetched, `KeyGone` when a fetch found none."""
        with self._lock:
            key = self._held.get(key_id)
            if key is not None and self._fresh(key.since, KEPT_FOR):
                self._just_used(key_id)
                return key
            if self._is_gone(key_id):
                raise KeyGone(key_id)
            raise KeyNeeded((key_id,))

    def among(self, key_ids: Iterable[str]) -> tuple[dict[str, DataKey], list[str]]:
        """Those of `key_ids` that are held, which count as just used, and those (each once) that must be fetched.

        Whichever is known to be gone is in neither.
        """
        there, absent = dict[str, DataKey](), list[str]()
        with self._lock:
            for id in dict.fromkeys(key_ids):
                key = self._held.get(id)
                if key is not None and self._fresh(key.since, KEPT_FOR):
                    self._just_used(id)
                    there[id] = key
                elif not self._is_gone(id):
                    absent.append(id)
        return there, absent

    def beside(self, asked: Collection[str]) -> list[str]:
        """The ids of the keys used last that have left memory, to be fetched with those that are asked for now.

        Whoever needs one of them soon needs the others: each by itself would mean another round. There are no more
        than there is room for beside those that are asked for.
        """
        with self._lock:
            now, room = self._now(), self._room - len(asked)
            lately = [id for id, used in self._used.items() if now - used < USED_LATELY]
            gone = [
                id for id in lately if id not in asked and not self._is_at_hand(id) and not self._is_gone(id)
            ]
            return gone[-room:] if room > 0 else []

    def destructions(self) -> int:
        """How many times keys were destroyed here; what was read before the last one may be stale."""
        with self._lock:
            return self._destroyed

    def hold(self, asked: Iterable[str], found: dict[str, DataKey], destructions: int) -> bool:
        """Keep what a fetch found, as far as there is room, and remember the rest of `asked` as gone.

        False, and nothing is kept, when keys were destroyed since `destructions` was read.
        """
        with self._lock:
            if destructions != self._destroyed:
                return False
            for id in asked:
                if id in found:
                    self._held[id] = found[id]
                    self._held.move_to_end(id)
                    self._gone.pop(id, None)
                else:
                    self._held.pop(id, None)
                    self._mark_gone(id)
            self._shed()
            return True

    def forget(self, key_ids: Iterable[str]) -> None:
        """Drop destroyed keys from memory and remember them as gone."""
        with self._lock:
            self._destroyed += 1
            for id in key_ids:
                self._held.pop(id, None)
                self._spares.pop(id, None)
                self._doubtful.pop(id, None)
                self._mark_gone(id)

    def stock(self, spares: dict[str, DataKey]) -> None:
        """Add spares that the key store has marked as taken, committed."""
        with self._lock:
            self._spares.update(spares)

    def unproved(self, *, every: bool = False) -> list[str]:
        """Spares of which it must be asked whether they exist; with `every` those that are sure as well."""
        with self._lock:
            return [*self._doubtful, *(self._spares if every else ())]

    def proved(self, asked: Iterable[str], there: Collection[str]) -> None:
        """Of the spares asked for, keep those that exist, and drop the others for good."""
        with self._lock:
            now = self._now()
            for id in asked:
                key = self._doubtful.pop(id, None) or self._spares.get(id)
                if key is not None and id in there:
                    self._spares[id] = replace(key, spare_since=now)
                elif key is not None:
                    self._spares.pop(id, None)

    def release(self) -> list[str]:
        """Give up every spare; none of them was used."""
        with self._lock:
            ids = [*self._doubtful, *self._spares]
            self._doubtful.clear()
            self._spares.clear()
            return ids

    def take(self) -> str:
        """A spare's id; its key is at hand. Raises `SparesNeeded` when none is left that surely exists."""
        with self._lock:
            while self._spares:
                id, key = self._spares.popitem(last=False)
                if key.spare_since is not None and self._fresh(key.spare_since, SURE_FOR):
                    self._held[id] = replace(key, since=self._now())
                    self._shed()
                    return id
                self._doubtful[id] = key
            raise SparesNeeded(self._spare_batch)

    def give_back(self, key_id: str) -> None:
        """Make a taken key a spare again; any other id is ignored and left to the sweep of orphans."""
        with self._lock:
            key = self._held.get(key_id)
            if key is not None and key.spare_since is not None:
                del self._held[key_id]
                self._spares[key_id] = key
                self._spares.move_to_end(key_id, last=False)

    def spares(self) -> int:
        """How many spares are left."""
        with self._lock:
            return len(self._spares)

    def _just_used(self, key_id: str) -> None:
        self._held.move_to_end(key_id)
        self._used[key_id] = self._now()
        self._used.move_to_end(key_id)
        if len(self._used) > _MOST_BESIDE:
            self._used.popitem(last=False)

    def _is_at_hand(self, key_id: str) -> bool:
        key = self._held.get(key_id)
        return key is not None and self._fresh(key.since, KEPT_FOR)

    def _fresh(self, since: timedelta, limit: timedelta) -> bool:
        return self._now() - since < limit

    def _is_gone(self, key_id: str) -> bool:
        marked = self._gone.get(key_id)
        return marked is not None and self._fresh(marked, KEPT_FOR)

    def _mark_gone(self, key_id: str) -> None:
        self._used.pop(key_id, None)
        self._gone[key_id] = self._now()
        self._gone.move_to_end(key_id)
        while len(self._gone) > _GONE_REMEMBERED:
            self._gone.popitem(last=False)

    def _shed(self) -> None:
        now = self._now()
        if now - self._swept >= _SWEEP_EVERY:
            self._swept = now
            for id in [id for id, key in self._held.items() if not self._fresh(key.since, KEPT_FOR)]:
                del self._held[id]
        while len(self._held) > self._room:
            self._held.popitem(last=False)


class KeyStore(Protocol):
    """Wrapped data keys. Every call is its own transaction, durable when it returns."""

    @property
    def on_server(self) -> bool:
        """Whether they lie in a database server, which may be slow to answer."""
        ...

    def get(self, ids: Iterable[str], /) -> dict[str, StoredKey]:
        """The keys that exist among `ids`, by id; an id that is not there is left out."""
        ...

    def add(self, keys: Sequence[StoredKey], spares: Sequence[StoredKey] = (), /) -> None:
        """Keep new keys, all or none: `keys` are taken by the caller, `spares` wait for whoever takes them."""
        ...

    def take(self, count: int, master_id: str, /) -> list[StoredKey]:
        """At most `count` keys that nobody had taken; committed, they are the caller's alone."""
        ...

    def still_taken(self, ids: Iterable[str], /) -> set[str]:
        """Those of `ids` that exist and that somebody took; they count as in use from here on."""
        ...

    def hold(self, ids: Iterable[str], /) -> None:
        """Say which of the keys that were taken here are not used yet; the others are."""
        ...

    def give_back(self, ids: Iterable[str], /) -> None:
        """Let others take keys that the caller took and surely did not use."""
        ...

    def delete(self, ids: Iterable[str], /) -> None:
        """Destroy keys for good; an id that is not there is no error."""
        ...

    def all_ids(self) -> list[str]:
        """The id of every key."""
        ...

    def not_under(self, master_id: str, limit: int, /) -> list[StoredKey]:
        """At most `limit` keys that another master key than `master_id` wrapped."""
        ...

    def replace(self, keys: Sequence[StoredKey], /) -> None:
        """Put a new wrapping on keys that exist. A key deleted meanwhile stays deleted: never an insert."""
        ...


def wrapped_key(keyring: Keyring, key_id: str, secret: bytes) -> Wrapped:
    """`secret` under the newest master key, bound to its id so that two rows cannot be exchanged."""
    return keyring.wrap(secret, key_id.encode())


def unwrapped_key(keyring: Keyring, stored: StoredKey) -> bytes:
    """The data key in `stored`. Raises `WrongKey`."""
    return keyring.unwrap(Wrapped(stored.master_id, stored.wrapped), stored.id.encode())


def rewrap_all(keyring: Keyring, keys: KeyStore, batch: int = 500) -> int:
    """Rewrap every stored key that is not under the newest master key; returns how many were.

    It works in batches and can be stopped and run again. Data is untouched. Raises `WrongKey` at a key
    that this keyring cannot unwrap, with every earlier batch already kept.
    """
    done = 0
    while old := keys.not_under(keyring.newest.id, batch):
        keys.replace([_rewrapped(keyring, stored) for stored in old])
        done += len(old)
    return done


def _rewrapped(keyring: Keyring, stored: StoredKey) -> StoredKey:
    fresh = wrapped_key(keyring, stored.id, unwrapped_key(keyring, stored))
    return replace(stored, master_id=fresh.master_id, wrapped=fresh.blob)
