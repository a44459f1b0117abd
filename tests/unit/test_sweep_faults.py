"""Work that fails at every tick is told once: as the outage of its store, or as the fault that it is."""

from __future__ import annotations

from tests.unit.test_outages import Told
from trim_bot.app.watch.sweep_faults import AGAIN_SECONDS, SweepFaults
from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.outages import OutagePart


def faults(told: Told) -> SweepFaults:
    lines = told.lines

    def tell(event: object, error: object = None, about: str = "") -> str:
        lines.append(f"sweep {about} {type(error).__name__}")
        return ""

    return SweepFaults(
        told.outages,
        lambda error: (OutagePart.KEYS, error.trouble.value, "KEYSTORE_URL"),
        tell,
        lambda error: type(error).__name__,
        lambda: told.now,
    )


def test_a_store_that_is_away_is_one_outage_however_many_notice() -> None:
    told = Told()
    met = faults(told)
    for name in ("beat", "slug", "keys") * 20:
        met.failed(name, StoreUnavailable(StoreTrouble.AWAY))
    assert told.lines == ["out of order keys away KEYSTORE_URL"]


def test_a_fault_that_stays_is_told_once_an_hour() -> None:
    told = Told()
    met = faults(told)
    for _ in range(100):
        met.failed("beat", ValueError())
        met.failed("beat", StoreUnavailable(StoreTrouble.BUSY))
        told.now += AGAIN_SECONDS / 80
    met.failed("beat", KeyError())
    assert told.lines == [
        "sweep beat ValueError",
        "sweep beat StoreUnavailable",
        "sweep beat ValueError",
        "sweep beat StoreUnavailable",
        "sweep beat KeyError",
    ]
