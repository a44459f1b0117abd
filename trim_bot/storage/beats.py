"""Keeps the last beat of every process among the notes of the deployment, judged by one clock: the database's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from trim_bot.app.clock import clocks
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.outages import Outage, OutagePart
from trim_bot.domain.process_beats import Beat, ProcessRole, Pulse
from trim_bot.storage.database_state import OF_THE_DATABASE
from trim_bot.storage.engine import clock_of
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import meta

PREFIX = "beat:"
_PARTS = frozenset(part.value for part in OutagePart)
_DEPLOYMENT = OrganisationId(OF_THE_DATABASE)
_BEATS = (meta.c.organisation == OF_THE_DATABASE, meta.c.name.startswith(PREFIX, autoescape=True))


class Beats:
    """Durable when a call returns. Every call raises StoreUnavailable."""

    def __init__(self, store: SqlStore, newest_backup: Callable[[], datetime | None] = lambda: None) -> None:
        """`newest_backup` gives when the newest backup was made, as the ledger knows; it may wait for an answer."""
        self._store = store
        self._newest_backup = newest_backup
        self._backup_at: datetime | None = None

    async def pulse(self) -> Pulse:
        """Every beat that is kept, and the time now."""
        return await self._store.read(_DEPLOYMENT, lambda tx: _pulse(connection_of(tx)))

    async def put(self, beat: Beat, age: timedelta, up: timedelta) -> Pulse:
        """Keep the beat of a process in place of its last one; those that say nothing any more go.

        `age` is how long ago it last did all that it had to, `up` how long ago it started. The clock of its machine may
        be another one: `beat.worked_at` is what that says now, and only tells how long each outage has lasted.
        """

        def body(tx: Tx) -> Pulse:
            connection = connection_of(tx)
            found = _pulse(connection)
            lasting = (
                replace(one, began_at=found.at - (beat.worked_at - one.began_at)) for one in beat.outages
            )
            mine = replace(beat, started_at=found.at - up, worked_at=found.at - age, outages=tuple(lasting))
            others = tuple(one for one in found.beats if one.process != beat.process)
            now = replace(found, beats=(*others, mine))
            for name in {beat.process, *(one.process for one in now.outdated())}:
                connection.execute(
                    delete(meta).where(
                        meta.c.organisation == OF_THE_DATABASE, meta.c.name == f"{PREFIX}{name}"
                    )
                )
            row = {
                "organisation": OF_THE_DATABASE,
                "name": f"{PREFIX}{beat.process}",
                "value": _written(mine),
            }
            connection.execute(insert(meta), row)
            return now

        pulse = await self._store.write(_DEPLOYMENT, body)
        try:
            self._backup_at = await asyncio.to_thread(self._newest_backup)
        except SafeError:
            # That the ledger is away is told by its own trial: a process is no less at work for it.
            return replace(pulse, backup_at=self._backup_at)
        return replace(pulse, backup_at=self._backup_at)


def _pulse(connection: Connection) -> Pulse:
    now = clock_of(connection) or clocks.real_now()
    rows = connection.execute(select(meta.c.name, meta.c.value).where(*_BEATS)).all()
    read = (_read(row.name.removeprefix(PREFIX), row.value) for row in rows)
    return Pulse(now, tuple(beat for beat in read if beat is not None))


def _written(beat: Beat) -> str:
    return json.dumps(
        {
            "role": beat.role.value,
            "version": beat.version,
            "started": beat.started_at.astimezone(UTC).isoformat(),
            "worked": beat.worked_at.astimezone(UTC).isoformat(),
            "ended": beat.ended,
            "outages": [
                [one.part.value, one.cause, one.look_at, one.began_at.astimezone(UTC).isoformat()]
                for one in beat.outages
            ],
            "sends": beat.sends,
        }
    )


def _read(process: str, text: str) -> Beat | None:
    """A beat as it was kept; None where another version wrote it in a way that this one does not know."""
    try:
        kept = json.loads(text)
        return Beat(
            process,
            ProcessRole(kept["role"]),
            kept["version"],
            datetime.fromisoformat(kept["started"]),
            datetime.fromisoformat(kept["worked"]),
            ended=kept["ended"],
            # A part that only another version knows makes nobody else's outage unknown, and no process dead.
            outages=tuple(
                Outage(OutagePart(part), cause, look_at, datetime.fromisoformat(began))
                for part, cause, look_at, began in kept["outages"]
                if part in _PARTS
            ),
            sends=tuple((platform, outcome, count) for platform, outcome, count in kept["sends"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
