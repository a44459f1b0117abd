"""Serves the organisation at size to all three ways in at once, from a thread, while pictures are taken."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn

from tests.e2e.deployment import Deployment, Stores, deploy
from tests.e2e.teams_side import object_id
from tests.e2e.tenancy import Tenancy, open_for_business
from tests.e2e.workplace import Workplace
from tests.pictures.large_organisation import WALKERS, everybody, hires, settle_large, site
from tests.pictures.serving import HOST
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.tokens import SealedTokens

T = TypeVar("T")
LONGEST_SECONDS = 300.0
PAGE = 1_000


class _Listing(Workplace):
    """The stand-in for Slack with its list of everybody."""

    def _usual(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method != "users.list":
            return super()._usual(method, arguments)
        begins = int(arguments.get("cursor") or 0)
        some = list(self.users.values())[begins : begins + PAGE]
        follows = str(begins + PAGE) if begins + PAGE < len(self.users) else ""
        return {"ok": True, "members": some, "response_metadata": {"next_cursor": follows}}


class LargeDesk:
    """The running desk. `run` does something at its side and waits for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, deployment: Deployment, link: str) -> None:
        self.link = link
        self.deployment = deployment
        self.tokens = SealedTokens(Keyring.load(f"file:{deployment.folder / 'keyring.json'}"))
        self._loop = loop

    @property
    def slack_faults(self) -> list[str]:
        """What Slack would have refused of all it was given."""
        return self.deployment.workplace.faults

    def run(self, something: Coroutine[Any, Any, T]) -> T:
        """Its result. Raises what it raises."""
        return asyncio.run_coroutine_threadsafe(something, self._loop).result(LONGEST_SECONDS)


@contextmanager
def large_desk() -> Iterator[LargeDesk]:
    """Built anew, served, and ended after the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    after = AsyncExitStack()
    with tempfile.TemporaryDirectory(prefix="lists-") as folder, pytest.MonkeyPatch.context() as patch:
        try:
            begun = asyncio.run_coroutine_threadsafe(_begin(after, Path(folder), patch), loop)
            deployment, link = begun.result(LONGEST_SECONDS)
            yield LargeDesk(loop, deployment, link)
        finally:
            asyncio.run_coroutine_threadsafe(after.aclose(), loop).result(LONGEST_SECONDS)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


async def _begin(after: AsyncExitStack, folder: Path, patch: pytest.MonkeyPatch) -> tuple[Deployment, str]:
    workplace = _Listing()
    for key, name in everybody().items():
        workplace.hire(f"U{key.upper()}", name)
    await workplace.come()
    after.push_async_callback(workplace.go)
    tenant: Tenancy = await after.enter_async_context(open_for_business())
    for key, (name, _) in WALKERS.items():
        tenant.hire(object_id(key), name)
    stores = Stores.files(folder)
    deployment = await deploy(
        patch, workplace, stores, folder, hires(), site(), tenant, both=True, settling=settle_large
    )
    after.push_async_callback(deployment.stop)
    listening = after.enter_context(socket.socket())
    listening.bind((HOST, 0))
    assert deployment.asgi is not None
    config = uvicorn.Config(deployment.asgi, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))

    async def end() -> None:
        server.should_exit = True
        await serving

    after.push_async_callback(end)
    return deployment, f"http://{HOST}:{listening.getsockname()[1]}"
