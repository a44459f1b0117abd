"""The one identity of data, keys and ledger, with its generation: what shows that they belong together now.

A generation is told to the key store first, then written into the data, then noted as reached in the key store and
the ledger. So a copy of the data lacks a generation the keys know was reached, a copy of the keys lacks one that
the data names, and two that grew apart name different ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class Generation:
    """A number that only grows, and a random token that tells it from the same number elsewhere."""

    number: int
    token: str = field(default_factory=new_id)

    @property
    def text(self) -> str:
        """The number and the token as they are kept, `7:token`; `parse` reads it."""
        return f"{self.number}:{self.token}"

    @staticmethod
    def parse(text: str | None) -> Generation | None:
        """What `text` wrote, or None."""
        if text is None:
            return None
        number, _, token = text.partition(":")
        return Generation(int(number), token)


@dataclass(frozen=True, slots=True)
class DataStamp:
    """What the data says. `holds_something`: whether there is an organisation."""

    identity: str | None
    generation: Generation | None
    holds_something: bool


@dataclass(frozen=True, slots=True)
class KeysStamp:
    """What the key store says: which generations it told, and the number of the newest that the data reached."""

    identity: str | None
    told: tuple[Generation, ...]
    reached: int
    holds_something: bool


@dataclass(frozen=True, slots=True)
class LedgerStamp:
    """The identity and generation that the erasure ledger holds, None where it was never given any."""

    identity: str | None
    generation: Generation | None


@dataclass(frozen=True, slots=True)
class Stamps:
    """The identity and generation as data, key store and ledger each hold them."""

    data: DataStamp
    keys: KeysStamp
    ledger: LedgerStamp


class StoreMismatch(Enum):
    """How the three do not belong together."""

    DATA_MISSING = "data_missing"
    """The data holds nothing, and the keys are those of a desk."""
    DATA_OLDER = "data_older"
    """The data is an older copy: the keys or the ledger have seen it further on."""
    KEYS_OTHER = "keys_other"
    """The keys are those of another desk, or the two grew apart."""
    KEYS_OLDER = "keys_older"
    """The key store is an older copy: the data has been told something by a newer one."""
    LEDGER_OTHER = "ledger_other"
    """The ledger is that of another desk, or it grew apart."""


class StoresMismatched(SafeError):
    """Data, keys and ledger do not belong together: nothing may be opened or destroyed."""

    def __init__(self, how: StoreMismatch) -> None:
        super().__init__("Data, key store and ledger do not belong together")
        self.how = how


def mismatch_of(stamps: Stamps) -> StoreMismatch | None:
    """How the three do not belong together, or None; None too where none of them has an identity yet."""
    data, keys, ledger = stamps.data, stamps.keys, stamps.ledger
    if data.identity is None or data.generation is None:
        return _without_identity(stamps)
    if keys.identity is None:
        # The first generation is written into the data before the keys: the adoption was cut short.
        return None if data.generation.number == 1 else StoreMismatch.KEYS_OLDER
    if keys.identity != data.identity:
        return StoreMismatch.KEYS_OTHER
    if data.generation.number < keys.reached:
        return StoreMismatch.DATA_OLDER
    if data.generation not in keys.told:
        newest = max((one.number for one in keys.told), default=0)
        return StoreMismatch.KEYS_OLDER if data.generation.number > newest else StoreMismatch.KEYS_OTHER
    return _ledger(data.identity, data.generation, ledger)


def _without_identity(stamps: Stamps) -> StoreMismatch | None:
    if stamps.keys.identity is not None:
        return StoreMismatch.DATA_OLDER if stamps.data.holds_something else StoreMismatch.DATA_MISSING
    if stamps.keys.holds_something and not stamps.data.holds_something:
        return StoreMismatch.DATA_MISSING
    return None if stamps.ledger.identity is None else StoreMismatch.LEDGER_OTHER


def _ledger(identity: str, generation: Generation, ledger: LedgerStamp) -> StoreMismatch | None:
    if ledger.identity is None or ledger.generation is None:
        return None
    if ledger.identity != identity:
        return StoreMismatch.LEDGER_OTHER
    if ledger.generation.number > generation.number:
        return StoreMismatch.DATA_OLDER
    if ledger.generation.number == generation.number and ledger.generation != generation:
        return StoreMismatch.LEDGER_OTHER
    return None
