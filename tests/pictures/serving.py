"""Serves a practice workspace on a free port of this machine while pictures are taken."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from trim_bot.bootstrap.serving import Desktop
from trim_bot.practice.workspace import practice_ground, practice_workspace

HOST = "127.0.0.1"
LONGEST_SECONDS = 60.0


class _Telling(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.open = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.open.set()


@contextmanager
def practice_server() -> Iterator[str]:
    """The address of the running workspace. Raises RuntimeError when it does not come up."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        link = f"http://{HOST}:{listening.getsockname()[1]}"
        with practice_ground(link) as (_, settings):
            application = Desktop(settings, link=link, make_practice=practice_workspace).app()
            config = uvicorn.Config(application, log_config=None, log_level="warning", access_log=False)
            server = _Telling(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                if not server.open.wait(LONGEST_SECONDS):
                    raise RuntimeError("the practice workspace did not come up")
                yield link
            finally:
                server.should_exit = True
                thread.join(LONGEST_SECONDS)
