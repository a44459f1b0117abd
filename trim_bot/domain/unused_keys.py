"""Wrapped data keys, the signals about them, and what becomes of those that no record uses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trim_bot.domain.errors import FixedText, SafeError
from trim_bot.domain.policy import POLICY

BETWEEN_CHECKS = timedelta(hours=5)
"""Two looks closer together count as one, however often somebody looks."""
CHECKS_TO_QUARANTINE = 2
CHECKS_TO_DESTROY = 30
"""So many looks must have found it unused, so that a clock that jumps never ends a quarantine by itself."""
SPARES_KEPT = 512
"""How many keys that nobody took wait for their use; those beyond it go."""
MOST_KEYS = 10
MOST_PART = 20
"""More keys than the first, if they are more than one in so many of all, never go without somebody's word."""


@dataclass(frozen=True, slots=True)
class UnusedKey:
    """A taken key that no record used when it was looked: first at `seen_at`, last at `checked_at` (UTC)."""

    id: str
    seen_at: datetime
    checked_at: datetime
    checks: int

    @property
    def in_quarantine(self) -> bool:
        """Whether it was found unused often enough to be set apart."""
        return self.checks >= CHECKS_TO_QUARANTINE


@dataclass(frozen=True, slots=True)
class KeysInStore:
    """Every key of the store as it stands: those never taken, and those seen unused before, by id."""

    every: frozenset[str]
    spares: frozenset[str]
    unused: Mapping[str, UnusedKey]
    in_hand: frozenset[str] = frozenset()
    """Taken keys that a process had not used when it last said so: that they are idle shows no fault elsewhere."""


@dataclass(frozen=True, slots=True)
class KeySweepPlan:
    """What a sweep is to do, and what it will not do without somebody's word."""

    in_use: tuple[str, ...] = ()
    """Keys that a record uses after all, or that are gone: they leave the quarantine, and are nobody's spare."""
    found: tuple[UnusedKey, ...] = ()
    """Keys found unused for the first time."""
    looked: tuple[UnusedKey, ...] = ()
    """Keys found unused again, as they are to be noted now."""
    spares: tuple[str, ...] = ()
    """Never taken, and more than are needed: destroyed."""
    to_destroy: tuple[str, ...] = ()
    """At the end of their quarantine: destroyed."""
    refused: int = 0
    """How many keys would be set apart or destroyed if they were not too many at once."""
    of: int = 0
    """How many keys there are that somebody took."""


def too_many(going: int, of: int) -> bool:
    """Whether so many keys at once show a fault elsewhere, such as a wrong or an older database."""
    return going > MOST_KEYS and going * MOST_PART > of


def plan_key_sweep(
    standing: KeysInStore, used: Collection[str], at: datetime, *, accepted: bool = False
) -> KeySweepPlan:
    """What to do at `at` (real time, UTC), given the keys that any record uses.

    `used` must have been read after `standing`. `accepted`: somebody looked, and says that many may go.
    """
    taken = standing.every - standing.spares
    noted = dict.fromkeys((*standing.unused, *standing.spares, *sorted(standing.in_hand)))
    in_use = [id for id in noted if id in used or id not in standing.every]
    idle = sorted(taken.difference(used))
    seen = [_looked(standing.unused.get(id), id, at) for id in idle]
    apart = [one for one in seen if one.id in standing.unused and standing.unused[one.id].in_quarantine]
    fresh = [
        one for one in seen if one.id not in standing.unused or not standing.unused[one.id].in_quarantine
    ]
    to_destroy = [one.id for one in apart if _is_past(one, at)]
    refused = 0
    if not accepted and too_many(_unaccounted(standing, (one.id for one in fresh)), len(taken)):
        refused, fresh = len(fresh), []
    if not accepted and too_many(_unaccounted(standing, to_destroy), len(taken)):
        refused, to_destroy = refused + len(to_destroy), []
    going = set(to_destroy)
    staying = [one for one in (*fresh, *apart) if one.id not in going]
    return KeySweepPlan(
        in_use=tuple(in_use),
        found=tuple(one for one in staying if one.id not in standing.unused),
        looked=tuple(one for one in staying if standing.unused.get(one.id, one) != one),
        spares=tuple(sorted(standing.spares.difference(used))[SPARES_KEPT:]),
        to_destroy=tuple(to_destroy),
        refused=refused,
        of=len(taken),
    )


def _unaccounted(standing: KeysInStore, ids: Iterable[str]) -> int:
    """How many of these keys were not in the hands of a process that may have died with them."""
    return sum(id not in standing.in_hand for id in ids)


def _looked(before: UnusedKey | None, id: str, at: datetime) -> UnusedKey:
    if before is None:
        return UnusedKey(id, at, at, 1)
    if at < before.checked_at:
        # Noted by a clock that was ahead: begin the wait anew, and count nothing.
        return replace(before, seen_at=min(before.seen_at, at), checked_at=at)
    if at - before.checked_at < BETWEEN_CHECKS:
        return before
    return replace(before, checked_at=at, checks=before.checks + 1)


def _is_past(one: UnusedKey, at: datetime) -> bool:
    return one.checks >= CHECKS_TO_DESTROY and at - one.seen_at > POLICY.unused_key_kept


@dataclass(frozen=True, slots=True)
class StoredKey:
    """One wrapped data key: its id, the master key that wrapped it, the bytes, and when it was made (UTC)."""

    id: str
    master_id: str
    wrapped: bytes
    created_at: datetime


class KeyGone(SafeError):
    """The data key was destroyed or never existed: what it sealed cannot be read again."""

    text = "The key to this record has been destroyed"

    def __init__(self, key_id: str) -> None:
        super().__init__()
        self.key_id = key_id


class StoreSignal(FixedText):
    """No error: the store is to do something outside the transaction and run the body again. Nobody else catches it."""


class KeyNeeded(StoreSignal):
    """Data keys must be fetched outside the transaction; fetch `key_ids` and run the body again."""

    text = "Data keys must be fetched before this can run"

    def __init__(self, key_ids: Iterable[str]) -> None:
        super().__init__()
        self.key_ids = tuple(key_ids)


class SparesNeeded(StoreSignal):
    """No committed spare key is left; make `count` spares outside the transaction and run the body again."""

    text = "Spare data keys must be made before this can run"

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
