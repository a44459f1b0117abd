"""What each gesture asks of the databases is known, and does not grow with people, cases and practitioners."""

from __future__ import annotations

import asyncio

import pytest

from tests.storage.conftest import Rig
from tests.storage.cost import Cost
from tests.storage.journeys import Journeys, Size

SMALL = Size(practitioners=10, held=5, exposed=6, unlisted=2)
MIDDLING = Size(practitioners=30, held=20, exposed=30, unlisted=8)
LARGE = Size(practitioners=200, held=100, exposed=200, unlisted=16)
COSTS: dict[str, tuple[int, int, int]] = {
    "cases": (24, 3, 4),
    "case": (18, 1, 4),
    "due": (14, 1, 3),
    "cover": (9, 1, 2),
    "team": (29, 2, 5),
    "assign, opening": (22, 1, 7),
    "assign, sending": (33, 1, 7),
    "home": (10, 1, 2),
    "status": (11, 2, 2),
    "ask, opening": (9, 2, 2),
    "ask, sending": (17, 1, 2),
    "log, opening": (10, 1, 2),
    "log, sending": (22, 1, 4),
    "log, by name": (23, 1, 5),
    "waiting": (33, 1, 7),
    "call sheet": (16, 1, 4),
    "accept": (25, 1, 5),
    "hand over": (35, 1, 6),
    "ask in a browser, sending": (26, 4, 3),
    "ask in a browser, shown": (14, 4, 3),
}
"""By journey, of a process without a key in memory: statements on SQLite, transactions, and at most so many questions
to the key store, which are one fewer where enough fresh keys wait there.

To be lowered whenever it can be. PostgreSQL is told in each transaction which organisation it is of, in a statement of
its own.
"""
BY_SERVICE: dict[str, int] = {
    "cases": 7,
    "case": 5,
    "due": 3,
    "cover": 3,
    "team": 6,
    "assign, opening": 7,
    "assign, sending": 7,
    "home": 3,
    "status": 4,
    "ask, opening": 4,
    "ask, sending": 3,
    "log, opening": 3,
    "log, sending": 5,
    "log, by name": 5,
    "waiting": 7,
    "call sheet": 5,
    "accept": 5,
    "hand over": 7,
    "ask in a browser, sending": 6,
    "ask in a browser, shown": 6,
}
"""Transactions where a key service opens the keyring: each round of keys is fetched between two of them."""


def _played(rig: Rig, size: Size, *, by_service: bool = False) -> dict[str, Cost]:
    journeys = Journeys(rig, size, by_service)
    asyncio.run(journeys.play())
    return journeys.costs


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=("small", "large"))
def test_each_journey_takes_what_is_written_here(rig: Rig, size: Size) -> None:
    postgres = rig.url.startswith("postgresql")
    costs = _played(rig, size)
    found = {
        name: (cost.statements - postgres * cost.transactions, cost.transactions)
        for name, cost in costs.items()
    }
    assert found == {
        name: (statements, transactions) for name, (statements, transactions, _) in COSTS.items()
    }
    assert {name: cost.keys for name, cost in costs.items() if cost.keys > COSTS[name][2]} == {}


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [SMALL, MIDDLING], ids=("small", "middling"))
def test_where_a_key_service_opens_the_keyring_no_list_takes_more_rounds(rig: Rig, size: Size) -> None:
    found = {name: cost.transactions for name, cost in _played(rig, size, by_service=True).items()}
    assert found == BY_SERVICE
