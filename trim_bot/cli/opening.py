"""Opens the deployment for one command, and reads what people name on the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from trim_bot.bootstrap.deployment import COMMAND_BUSY_SECONDS, Deployment, open_deployment
from trim_bot.bootstrap.known_ledger import note_lines
from trim_bot.bootstrap.reporting import set_up_logging
from trim_bot.cli.faults import Misuse
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.people import Address
from trim_bot.settings import Settings, load_settings

T = TypeVar("T")


def with_deployment(act: Callable[[Deployment], Awaitable[T]], settings: Settings | None = None) -> T:
    """Run a command on the opened deployment; it waits its turn beside a running desk."""
    set_up_logging()
    chosen = settings or load_settings()

    async def run() -> T:
        deployment = await open_deployment(chosen, busy_seconds=COMMAND_BUSY_SECONDS)
        try:
            done = await act(deployment)
            await note_lines(deployment.ledger, deployment.notes)
            return done
        finally:
            try:
                # What was done is done; the next one who opens the stores settles them.
                with suppress(StoreUnavailable):
                    await deployment.settle()
            finally:
                deployment.close()

    return asyncio.run(run())


def address(text: str) -> Address:
    """The address of an actor. Raises Misuse."""
    try:
        return Address.parse(text)
    except ValueError:
        raise Misuse("An actor reads slack:TEAM:USER, teams:TENANT:OBJECT or web:ADDRESS") from None
