"""Which backups were made and how long their keys may live, noted in the ledger since no restore takes it back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.small_stores import utc_text

_PREFIX = "backup:"
_SINCE = "backups_noted_since"
_LONGEST_FACT = 200


@dataclass(frozen=True, slots=True)
class KnownBackup:
    """When it was made, when its key file must be gone (both UTC), and the ids of the master keys that open it."""

    made_at: datetime
    delete_keys_by: datetime
    masters: tuple[str, ...]


def note_backup(ledger: ErasureLedger, mark: str, made: KnownBackup) -> None:
    """Keep that it was made; those past their day are forgotten. `mark` tells it from every other, as its digest does.

    Raises `StoreUnavailable`.
    """
    if ledger.fact(_SINCE) is None:
        ledger.note_fact(_SINCE, utc_text(made.made_at))
    for name, known in _kept(ledger).items():
        if known.delete_keys_by < made.made_at:
            ledger.drop_fact(name)
    told = f"{utc_text(made.made_at)} {utc_text(made.delete_keys_by)} {','.join(made.masters)}"
    ledger.note_fact(_name(mark), told[:_LONGEST_FACT])


def forget_backup(ledger: ErasureLedger, mark: str) -> None:
    """Forget one whose files are gone. Raises `StoreUnavailable`."""
    ledger.drop_fact(_name(mark))


def known_backups(ledger: ErasureLedger) -> list[KnownBackup]:
    """Every backup that is noted, the oldest first. Raises `StoreUnavailable`."""
    return sorted(_kept(ledger).values(), key=lambda one: one.made_at)


def newest_backup(ledger: ErasureLedger) -> datetime | None:
    """When the newest one was made (UTC), or None. Raises `StoreUnavailable`."""
    known = known_backups(ledger)
    return known[-1].made_at if known else None


def noted_since(ledger: ErasureLedger) -> datetime | None:
    """From when on every backup is noted (UTC); None before the first. Raises `StoreUnavailable`."""
    held = ledger.fact(_SINCE)
    return datetime.fromisoformat(held) if held is not None else None


def _kept(ledger: ErasureLedger) -> dict[str, KnownBackup]:
    return {name: _read(value) for name, value in ledger.facts_under(_PREFIX).items()}


def _read(value: str) -> KnownBackup:
    made, until, masters = value.split(" ")
    # A list that was cut ends in half an id, which is none that a keyring holds: it counts as an older one.
    return KnownBackup(datetime.fromisoformat(made), datetime.fromisoformat(until), tuple(masters.split(",")))


def _name(mark: str) -> str:
    return _PREFIX + hashlib.sha256(mark.encode()).hexdigest()[:24]


def needing_others(known: Sequence[KnownBackup], newest: str, now: datetime) -> list[KnownBackup]:
    """Those in date at `now` (UTC) that another master key than `newest` opens."""
    return [
        one for one in known if one.delete_keys_by >= now and any(master != newest for master in one.masters)
    ]
