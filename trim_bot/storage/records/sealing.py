"""What storage asks of the vault and of pseudonyms, and one transaction's use of them.

The vault itself is a stranger to storage; these protocols are all that storage knows of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from trim_bot.domain.ids import KeyId
from trim_bot.domain.unused_keys import KeyNeeded, SparesNeeded

_SEALED = "sealed"


class Vault(Protocol):
    """Seals and opens under data keys. Its signals are those of `trim_bot.domain.unused_keys`."""

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
        """Raises one KeyNeeded with every key that is missing."""
        ...

    def take(self) -> str:
        """A fresh committed key. Raises SparesNeeded."""
        ...

    def give_back(self, key_id: str) -> None:
        """Return a taken key that was surely not used."""
        ...

    def fetch(self, key_ids: Iterable[str]) -> None:
        """Bring keys into memory; outside any transaction."""
        ...

    def make_spares(self, count: int) -> None:
        """Make and commit fresh keys; outside any transaction."""
        ...


class Pseudonyms(Protocol):
    """Keyed digests, by which equal texts are found without being kept."""

    def keyed(self, org: str, purpose: str, text: str) -> str:
        """The digest of a text for one organisation and purpose."""
        ...


class SealingSession:
    """One transaction's way to the vault. It remembers keys taken, and a signal that the body caught."""

    def __init__(self, vault: Vault, pseudonyms: Pseudonyms, organisation: str) -> None:
        self._vault = vault
        self._pseudonyms = pseudonyms
        self._organisation = organisation
        self.opened: set[str] = set()
        """The keys under which something was opened."""
        self._taken: list[str] = []
        self._signal: KeyNeeded | SparesNeeded | None = None

    def seal(self, table: str, row: str, key_id: str, plain: bytes) -> bytes:
        """Seal the fields of one row."""
        try:
            return self._vault.seal(self._organisation, table, _SEALED, row, key_id, plain)
        except KeyNeeded as signal:
            self._signal = signal
            raise

    def open(self, table: str, row: str, key_id: str, sealed: bytes) -> bytes:
        """Open the fields of one row."""
        self.opened.add(key_id)
        try:
            return self._vault.open(self._organisation, table, _SEALED, row, key_id, sealed)
        except KeyNeeded as signal:
            self._signal = signal
            raise

    def need(self, key_ids: Iterable[str]) -> None:
        """Say which keys a list will use."""
        try:
            self._vault.need(key_ids)
        except KeyNeeded as signal:
            self._signal = signal
            raise

    def pseudonym(self, key_id: str, of: str) -> str:
        """The journal's name for something, as long as the key lives."""
        try:
            return self._vault.pseudonym(key_id, "journal", of)
        except KeyNeeded as signal:
            self._signal = signal
            raise

    def keyed(self, purpose: str, text: str) -> str:
        """The digest of a text for this organisation."""
        return self._pseudonyms.keyed(self._organisation, purpose, text)

    def take(self) -> KeyId:
        """A fresh key, given back if the transaction is undone."""
        try:
            key_id = self._vault.take()
        except SparesNeeded as signal:
            # As many again as were taken so far: a body that needs hundreds is run again a few times only.
            self._signal = SparesNeeded(max(signal.count, len(self._taken)))
            raise self._signal from None
        self._taken.append(key_id)
        return KeyId(key_id)

    def settle(self) -> None:
        """Raise again a signal that the body caught: what it did without the key must not be committed."""
        if self._signal is not None:
            raise self._signal

    def undo(self) -> None:
        """Give back the keys taken; only after a transaction that was surely rolled back."""
        for key_id in self._taken:
            self._vault.give_back(key_id)
        self._taken.clear()
