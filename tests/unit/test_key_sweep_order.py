"""A sweep looks at keys first and at records after, so that a key taken into use meanwhile is seen in use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from trim_bot.domain.unused_keys import KeysInStore, KeySweepPlan
from trim_bot.storage.sweeps.revocation_sweep import KeySweep

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Moving:
    """Data and keys of a desk that takes a spare, and commits a record under it, between the two looks."""

    def __init__(self) -> None:
        self.looks = 0
        self.done = KeySweepPlan()

    def keys_in_store(self) -> KeysInStore:
        self.looks += 1
        return KeysInStore(frozenset({"key"}), frozenset({"key"} if self.looks == 1 else ()), {})

    async def read(self, _organisation: str, _body: object) -> set[str]:
        self.looks += 1
        return set() if self.looks == 1 else {"key"}

    def sweep(self, todo: KeySweepPlan, _at: datetime) -> None:
        self.done = todo

    async def check(self) -> None:
        """They belong together."""


async def test_a_key_that_comes_into_use_during_a_sweep_is_not_found_idle() -> None:
    desk = Moving()
    swept = await KeySweep(desk, desk, desk).run(NOON)  # type: ignore[arg-type]  # the three stores in one
    assert desk.looks == 2
    assert (desk.done.found, desk.done.to_destroy, desk.done.spares) == ((), (), ())
    assert desk.done.in_use == ("key",)
    assert (swept.destroyed, swept.quarantined) == (0, 0)
