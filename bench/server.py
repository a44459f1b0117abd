"""Serves one application on a loopback port: `python -m bench.server bare|default|product`."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.slack_anchors import bolt

CPU_PATH = "/bench/cpu"


class WithCpu:
    """Tells at one more address how many seconds of CPU this process has used."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != CPU_PATH:
            await self._app(scope, receive, send)
            return
        body = repr(time.process_time()).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _product(after: ExitStack) -> ASGIApp:
    """The whole application as it is deployed for one Slack workspace, in the folder it is started in."""
    # Loaded here, so that the anchors carry nothing of the product.
    from bench.environment import settings_here
    from bench.slack_product import no_network
    from trim_bot.bootstrap import app as desktop

    after.enter_context(no_network())
    settings_here()
    return desktop()


APPS: Mapping[str, Callable[[ExitStack], ASGIApp]] = {
    "bare": lambda _: bolt(before_response=True),
    "default": lambda _: bolt(before_response=False),
    "product": _product,
}


def main(name: str) -> None:
    """Serve until the process is ended; the port is the first line of the output."""
    with ExitStack() as after, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        config = uvicorn.Config(
            WithCpu(APPS[name](after)), access_log=False, log_level="error", timeout_keep_alive=300
        )
        print(listening.getsockname()[1], flush=True)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1])
