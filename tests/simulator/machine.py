"""The desk's own process: everything it holds in memory, opened over the stores, ended at once, started again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from types import SimpleNamespace
from unittest.mock import patch

from tests.fakes.telling import Telling
from tests.simulator.killing import Killer
from tests.simulator.place import Place, settings_of
from tests.simulator.platforms import Chats
from tests.simulator.ways import Reached
from tests.simulator.world_time import WorldTime
from trim_bot.app.clock import clocks as machine_clock
from trim_bot.app.clock.clockwork import Clockwork
from trim_bot.app.definitions import library_of
from trim_bot.app.desk.desk import Desk, Outside
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.bootstrap.deployment import Deployment, open_deployment
from trim_bot.bootstrap.sweeps import Sweeps
from trim_bot.crypto import boot_clock, data_keys, vault
from trim_bot.locale.phone_numbers import PhoneNumbers
from trim_bot.locale.public_holidays import PublicHolidays
from trim_bot.storage.store import SqlStore

LINK = "https://desk.example"
KEPT_FOR = timedelta(hours=12)
"""How long an opened key stays in memory. Half an hour passes between two beats here and seconds in earnest: by the
product's own quarter of an hour every question would first fetch its keys again."""


@dataclass
class Machine:
    """One process of the desk with its worker."""

    deployment: Deployment
    desk: Desk
    clockwork: Clockwork
    upkeep: Sweeps
    left_for_later: list[str]
    """What failed and was held back."""

    def close(self) -> None:
        """Stop in order."""
        self.deployment.close()

    def die(self) -> None:
        """Let go of every connection and do nothing else, as a process that is ended."""
        for store in (self.deployment.store, self.deployment.ledger, self.deployment.key_store):
            store.close()


async def start(place: Place, chats: Mapping[str, Chats]) -> Machine:
    """Open the stores and put the desk together, as `bootstrap.running` does. Raises what opening raises."""
    deployment = await open_deployment(settings_of(place))
    left: list[str] = []
    ways = {name: Reached(one, name) for name, one in chats.items()}
    desk = Desk(
        Outside(
            store=deployment.store,
            clock=deployment.clock,
            tokens=deployment.tokens,
            messengers=ways,
            directories=ways,
            holidays=PublicHolidays(),
            definitions=(await library_of(deployment.notes)).definitions(),
            link=LINK,
            tell=Telling(left),
            phones=PhoneNumbers(),
        )
    )
    clockwork = Clockwork(desk, left.append)
    return Machine(deployment, desk, clockwork, Sweeps(deployment, clockwork, Staff(desk.outside)), left)


@contextmanager
def clocks_of(time: WorldTime) -> Iterator[None]:
    """Whatever in this process asks a clock is told the time of the town; so is who asks the database's server."""

    class Shown:
        """What stands for `datetime` where the product asks this machine for the time."""

        fromisoformat = datetime.fromisoformat

        @staticmethod
        def now(_zone: tzinfo) -> datetime:
            return time.shown

    boot = SimpleNamespace(CLOCK_BOOTTIME=0, CLOCK_MONOTONIC=0, clock_gettime=lambda _: time.seconds)

    async def server_time(store: SqlStore) -> datetime | None:
        return time.true if store._writing.dialect.name == "postgresql" else None

    async def clock_off(store: SqlStore) -> timedelta:
        return -time.wrong_by if store._writing.dialect.name == "postgresql" else timedelta()

    with (
        patch.object(machine_clock, "datetime", Shown),
        patch.object(vault, "datetime", Shown),
        patch.object(boot_clock, "time", boot),
        patch.object(data_keys, "KEPT_FOR", KEPT_FOR),
        patch.object(SqlStore, "server_time", server_time),
        patch.object(SqlStore, "clock_off", clock_off),
    ):
        yield


async def end(killer: Killer) -> None:
    """Whatever the process had begun is gone; nothing of it runs on."""
    begun = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in begun:
        task.cancel()
    await asyncio.gather(*begun, return_exceptions=True)
    killer.disarm()
