"""Which ways out go over a proxy of the environment, as `docs/sizes-and-network.md` says of each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import httpx
import pytest

from integrations.alerts.addresses import WebhookAddress
from integrations.alerts.webhook import Webhook
from integrations.ground.outgoing_calls import OutgoingCalls
from integrations.slack.web_api import SlackWebApi
from integrations.teams.credentials import LoginHttp
from integrations.teams.tokens import LoginKeys
from integrations.teams.web_api import MicrosoftWebApi
from trim_bot.domain.errors import SafeError

pytestmark = pytest.mark.anyio
VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


class Proxy:
    """Notes what it is asked for, and lets nothing through."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Refuse one connection."""
        self.asked.append((await reader.readline()).decode("ascii").split()[1])
        writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Proxy]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    one = Proxy()
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield one
    server.close()
    await server.wait_closed()


async def ask_slack() -> None:
    api = SlackWebApi()
    try:
        await api.call("auth.test", {}, token="xoxb-1")
    finally:
        await api.close()


async def ask_graph() -> None:
    api = MicrosoftWebApi(lambda host: True)
    try:
        await api._connect().get("https://graph.microsoft.com/v1.0/users")
    finally:
        await api.close()


async def ask_for_keys() -> None:
    keys = LoginKeys("https://login.botframework.com/v1/.well-known/openidconfiguration")
    try:
        await keys._get(keys._url)
    finally:
        await keys.close()


async def ask_the_login() -> None:
    login = LoginHttp("https://login.microsoftonline.com")
    try:
        await asyncio.to_thread(login._connect().get, "https://login.microsoftonline.com/common")
    finally:
        login.close()


async def tell_a_webhook() -> None:
    hook = Webhook(WebhookAddress("https hooks", "https://hooks.example.org/x"), OutgoingCalls())
    await hook._post({})


WAYS: list[tuple[Callable[[], Awaitable[None]], str]] = [
    (ask_slack, "slack.com:443"),
    (ask_graph, "graph.microsoft.com:443"),
    (ask_for_keys, "login.botframework.com:443"),
    (ask_the_login, "login.microsoftonline.com:443"),
    (tell_a_webhook, "hooks.example.org:443"),
]


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
@pytest.mark.parametrize(("way", "host"), WAYS, ids=[host for _, host in WAYS])
async def test_every_way_out_by_https_goes_over_the_proxy(
    monkeypatch: pytest.MonkeyPatch, proxy: Proxy, way: Callable[[], Awaitable[None]], host: str, name: str
) -> None:
    monkeypatch.setenv(name, proxy.url)
    with suppress(SafeError, httpx.HTTPError):
        await way()
    assert set(proxy.asked) == {host}


async def test_slack_heeds_no_exceptions(monkeypatch: pytest.MonkeyPatch, proxy: Proxy) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "slack.com")
    with suppress(SafeError):
        await ask_slack()
    assert set(proxy.asked) == {"slack.com:443"}


async def test_the_socket_goes_the_way_of_the_api(monkeypatch: pytest.MonkeyPatch, proxy: Proxy) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    api = SlackWebApi()
    assert api.client.proxy == proxy.url
    await api.close()


async def test_this_machine_is_never_asked_over_a_proxy(
    monkeypatch: pytest.MonkeyPatch, proxy: Proxy
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    api = SlackWebApi("http://127.0.0.1:9/api/")
    assert api.client.proxy is None
    await api.close()
