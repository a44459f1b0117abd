"""What storage asks of the keys and of pseudonyms, and one transaction's use of them.

The vault itself is a stranger to storage; these protocols are all that storage knows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from trim_bot.domain.errors import RecordAltered, SafeError
from trim_bot.domain.ids import KeyId
from trim_bot.domain.unused_keys import KeyGone, StoreSignal

_SEALED = "sealed"


class Keys(Protocol):
    """The keys of one piece of work: they seal and open. Its signals are those of `trim_bot.domain.unused_keys`.

    `KeyNeeded` and `SparesNeeded` come only where the key store may not be asked from within a transaction.
    """

    def seal(self, org: str, table: str, column: str, row: str, key_id: str, plain: bytes) -> bytes:
        """The plain value sealed under a key, bound to its place. Raises KeyNeeded, KeyGone."""
        ...

    def open(self, org: str, table: str, column: str, row: str, key_id: str, sealed: bytes) -> bytes:
        """Raises KeyNeeded, KeyGone, or an error when the value was changed or moved."""
        ...

    def pseudonym(self, key_id: str, purpose: str, text: str) -> str:
        """A digest of a text that nobody can link once the key is gone. Raises KeyNeeded, KeyGone."""
        ...

    def need(self, key_ids: Iterable[str]) -> None:
        """Have all of these in one round. Raises one KeyNeeded with every key that is missing."""
        ...

    def take(self, count: int) -> str:
        """A fresh committed key; where there is none, at least `count` are made. Raises SparesNeeded."""
        ...

    def expect(self, count: int) -> None:
        """Have so many fresh committed keys ready. Raises SparesNeeded."""
        ...

    def give_back(self, key_id: str) -> None:
        """Return a taken key that was surely not used."""
        ...

    def fetch(self, key_ids: Iterable[str]) -> bool:
        """Bring keys for this work, outside any transaction; whether any is asked for the first time."""
        ...

    def make_spares(self, count: int) -> None:
        """Make and commit fresh keys; outside any transaction."""
        ...


class Vault(Protocol):
    """Where the keys of each piece of work come from."""

    def for_work(self, foresee: Callable[[Sequence[str]], object]) -> Keys:
        """The keys of one piece of work. `foresee` is told of all it asked for before any more are fetched."""
        ...


class Pseudonyms(Protocol):
    """Keyed digests, by which equal texts are found without being kept."""

    def keyed(self, org: str, purpose: str, text: str) -> str:
        """The digest of a text for one organisation and purpose."""
        ...


class SealingSession:
    """One transaction's way to the keys. It remembers those it took, and what the body must not pass over."""

    def __init__(self, keys: Keys, pseudonyms: Pseudonyms, organisation: str) -> None:
        self._keys = keys
        self._pseudonyms = pseudonyms
        self._organisation = organisation
        self.opened: set[str] = set()
        """The keys under which something was opened."""
        self._taken: list[str] = []
        self._signal: StoreSignal | SafeError | None = None

    def seal(self, table: str, row: str, key_id: str, plain: bytes) -> bytes:
        """Seal the fields of one row."""
        with self._remembering():
            return self._keys.seal(self._organisation, table, _SEALED, row, key_id, plain)

    def open(self, table: str, row: str, key_id: str, sealed: bytes) -> bytes:
        """Open the fields of one row."""
        self.opened.add(key_id)
        with self._remembering():
            return self._keys.open(self._organisation, table, _SEALED, row, key_id, sealed)

    def need(self, key_ids: Iterable[str]) -> None:
        """Say which keys a list will use."""
        with self._remembering():
            self._keys.need(key_ids)

    def pseudonym(self, key_id: str, of: str) -> str:
        """The journal's name for something, as long as the key lives."""
        with self._remembering():
            return self._keys.pseudonym(key_id, "journal", of)

    def pseudonyms(self, of: Mapping[str, str]) -> list[str]:
        """The journal's names for many, given with the key of each."""
        self.need(of.values())
        return [self.pseudonym(key_id, one) for one, key_id in of.items()]

    def keyed(self, purpose: str, text: str) -> str:
        """The digest of a text for this organisation."""
        return self._pseudonyms.keyed(self._organisation, purpose, text)

    def take(self) -> KeyId:
        """A fresh key, given back if the transaction is undone."""
        with self._remembering():
            # As many again as were taken so far: a body that needs hundreds asks for them a few times only.
            key_id = self._keys.take(len(self._taken))
        self._taken.append(key_id)
        return KeyId(key_id)

    def expect(self, count: int) -> None:
        """So many fresh keys are about to be taken."""
        with self._remembering():
            self._keys.expect(count)

    def settle(self) -> None:
        """Raise again what the body caught: what it did without the key must not be committed."""
        if self._signal is not None:
            raise self._signal

    def undo(self) -> None:
        """Give back the keys taken; only after a transaction that was surely rolled back."""
        for key_id in self._taken:
            self._keys.give_back(key_id)
        self._taken.clear()

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except (KeyGone, RecordAltered):
            # An answer like any other: this record is gone, or spoilt.
            raise
        except (StoreSignal, SafeError) as signal:
            self._signal = signal
            raise
