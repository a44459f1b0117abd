"""Journeys on a real store, and what is said to the database meanwhile, also by the store itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event, make_url

from tests.app.walking import Walk
from tests.builders import MONDAY
from tests.storage.story import Deployment, MovableClock
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Role
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.ledger.ledger_tables import ErasureKind
from trim_bot.storage.sweeps.retention import RetentionSweep

SEED, MOVES, MONTHS = 2, 60, 3
LONG_AFTER = timedelta(days=4000)
"""Past any time that something is kept."""
_ASKS = re.compile(r"(WITH|SELECT|UPDATE|DELETE)\b")
_VALUE = re.compile(r"%\(\w+\)s(::(TIMESTAMP WITH TIME ZONE|[A-Z]+)(\[\])?)?( COLLATE \"C\")?")


@contextmanager
def heard(url: str) -> Iterator[dict[str, Any]]:
    """Each statement that is run on a database meanwhile, by any engine, with the values it was first run with."""
    statements: dict[str, Any] = {}
    database = make_url(url).database

    def note(
        connection: Any, _cursor: object, statement: str, values: Any, _context: object, several: bool
    ) -> None:
        if connection.engine.url.database == database and _ASKS.match(statement):
            first = values[0] if several else values
            statements.setdefault(statement, tuple(first) if isinstance(first, list) else first)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def shape(statement: str) -> str:
    """A statement from its first table on, with a mark for every value."""
    text = _VALUE.sub("?", " ".join(statement.split()))
    return text[max(text.find("FROM "), 0) :]


async def journeys(places: Places) -> OrganisationId:
    """People in every role go about for some months; one is erased, and what is past keeping goes. Whose they are."""
    at = Deployment(places, MovableClock(MONDAY))
    try:
        walk = Walk(SEED, store=at.store)
        await walk.settle()
        town = walk.town
        await town.add("adam", Role.ADMINISTRATOR)
        await walk.begin()
        await walk.go(MOVES)
        for name, word in (
            ("cora", "status"),
            ("cora", "team"),
            ("lena", "team"),
            ("adam", "team"),
            ("priya", "due"),
        ):
            await town.say(name, "peer", word)
        for _ in range(MONTHS):
            await town.pass_time(days=30)
            await town.clockwork.sweep()
        organisation = at.organisation = OrganisationId(town.organisation.id)
        await at.eraser.erase(organisation, ErasureKind.MEMBER, town.ids["nurse"])
        at.clock.at = town.clock.now() + LONG_AFTER
        await RetentionSweep(at.store, at.eraser, at.key_sweep, at.clock).run()
        return organisation
    finally:
        at.close()
