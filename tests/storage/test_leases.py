"""Leases of a wrong clock are free, calls for safety can be asked for alone, and PostgreSQL tells its own time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Self

import pytest

from tests.storage.conftest import DeskStore, Rig
from tests.storage.running import NOW, ORG, run, step
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import MemberId
from trim_bot.domain.steps import LONGEST_LEASE, OutboxState, Outgoing, Priority, StepKind
from trim_bot.storage import store as store_module

AHEAD = timedelta(days=30)
SECOND = timedelta(seconds=1)


def _message(id: str, **fields: Any) -> Outgoing:
    return Outgoing(id, "waiting", MemberId("m"), None, OutboxState.QUEUED, NOW, **fields)


@pytest.mark.parametrize(
    "until", [NOW + AHEAD, NOW + LONGEST_LEASE + SECOND], ids=["a month", "just too far"]
)
def test_a_lease_further_ahead_than_the_longest_is_free(desk_store: DeskStore, until: datetime) -> None:
    def body(tx: Tx) -> None:
        tx.add(step("one", lease_until=until))
        tx.add(_message("a", lease_until=until))

    run(desk_store.store.write(ORG, body))
    assert [one.id for _, one in run(desk_store.store.claim_steps(NOW, NOW, 60, 10))] == ["one"]
    assert [one.id for _, one in run(desk_store.store.claim_outgoing(NOW, NOW, 60, 10))] == ["a"]


def test_the_longest_lease_there_is_holds(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> None:
        tx.add(step("one", lease_until=NOW + LONGEST_LEASE))
        tx.add(_message("a", lease_until=NOW + LONGEST_LEASE))

    run(desk_store.store.write(ORG, body))
    assert run(desk_store.store.claim_steps(NOW, NOW, 60, 10)) == []
    assert run(desk_store.store.claim_outgoing(NOW, NOW, 60, 10)) == []


def test_calls_for_safety_can_be_asked_for_alone(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> None:
        tx.add(step("ordinary", due_at=NOW - AHEAD))
        tx.add(step("call", kind=StepKind.SAFETY))
        tx.add(_message("note", priority=Priority.NOTE))
        tx.add(_message("call", priority=Priority.SAFETY))

    run(desk_store.store.write(ORG, body))
    assert [one.id for _, one in run(desk_store.store.claim_steps(NOW, NOW, 60, 10, urgent=True))] == ["call"]
    assert [one.id for _, one in run(desk_store.store.claim_outgoing(NOW, NOW, 60, 10, urgent=True))] == [
        "call"
    ]
    assert [one.id for _, one in run(desk_store.store.claim_steps(NOW, NOW, 60, 10))] == ["ordinary"]


def test_how_far_the_servers_clock_is_off_is_told(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(datetime):
        """This machine's clock, a month ahead."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp((datetime.now(UTC) + AHEAD).timestamp(), UTC)

    assert run(rig.store.clock_off()) == timedelta()
    monkeypatch.setattr(store_module, "datetime", Wrong)
    off = run(rig.store.clock_off())
    wanted = -AHEAD if rig.store._reading.dialect.name == "postgresql" else timedelta()
    assert abs(off - wanted) <= timedelta(seconds=5)
