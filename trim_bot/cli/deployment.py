"""Opens the deployment for one command, and reads what people name on the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from typing import TypeVar

from trim_bot.bootstrap.deployment import COMMAND_BUSY_SECONDS, Deployment, open_deployment
from trim_bot.bootstrap.process_log import set_up_logging
from trim_bot.bootstrap.store_opening import OpeningMode, note_lines, single_process
from trim_bot.cli.faults import Misuse
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.domain.people import Address, Platform
from trim_bot.settings.environment import Settings, load_settings

T = TypeVar("T")


def with_deployment(
    act: Callable[[Deployment], Awaitable[T]],
    settings: Settings | None = None,
    *,
    use: KeyUse = KeyUse.ORDINARY,
    alone: bool = False,
) -> T:
    """Run a command on the opened deployment; it waits its turn beside a running desk.

    It makes no database: one that was run in a wrong folder would work on empty ones and say that all is well. A
    command that opens a great many records says by `use` what for. One that runs `alone` is refused beside any other.
    """
    set_up_logging()
    settings = settings or load_settings()
    with keys_for(use), single_process(settings) if alone else nullcontext():
        return asyncio.run(_run(act, settings, alone=alone))


async def _run(act: Callable[[Deployment], Awaitable[T]], settings: Settings, *, alone: bool) -> T:
    deployment = await open_deployment(
        settings,
        busy_seconds=COMMAND_BUSY_SECONDS,
        opening=OpeningMode.ALONE if alone else OpeningMode.USE,
    )
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


def address(text: str) -> Address:
    """The address of an actor. Raises Misuse."""
    try:
        return Address.parse(text)
    except ValueError:
        raise Misuse("An actor reads slack:TEAM:USER, teams:TENANT:OBJECT or web:ADDRESS") from None


def workspace_of(text: str) -> ChatWorkspace:
    """The chat workspace that a text names. Raises Misuse."""
    try:
        found = Address.parse(f"{text}:X")
    except ValueError:
        found = None
    if found is None or found.platform is Platform.WEB or text != ChatWorkspace.of(found).text:
        raise Misuse("A workspace must read slack:TEAM or teams:TENANT")
    return ChatWorkspace.of(found)
