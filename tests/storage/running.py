"""Runs one call of a store to its end, from a test that is not itself asynchronous."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from trim_bot.domain.ids import MemberId, OrganisationId, StepId
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ORG = OrganisationId("org-one")
OTHER = OrganisationId("org-two")


def run(call: Coroutine[Any, Any, T]) -> T:
    """The result of a call."""
    return asyncio.run(call)


def step(id: str, **changes: Any) -> Step:
    """An open step that is due now."""
    held: dict[str, Any] = {
        "kind": StepKind.CHECK_IN,
        "subject": "subject",
        "case_id": None,
        "state": StepState.WAITING,
        "rung": Rung.ASSIGNED,
        "holder": MemberId("holder"),
        "opens_at": NOW,
        "due_at": NOW,
    }
    return Step(StepId(id), **(held | changes))
