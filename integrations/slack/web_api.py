"""The one way out to Slack's Web API: one connection pool, one try a call, errors that can be acted on."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from integrations.slack.quiet import silent_logger
from integrations.slack.wire import Json
from trim_bot.domain.errors import SafeError, TryLater

SLACK = "https://slack.com/api/"
TIMEOUT_SECONDS = 10.0
LATER = frozenset(
    {
        "fatal_error",
        "internal_error",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "rollup_error",
        "service_unavailable",
        "team_added_to_org",
    }
)
"""Slack's own troubles, which pass."""
FORMS = frozenset(
    {
        "apps.connections.open",
        "auth.revoke",
        "auth.test",
        "conversations.open",
        "oauth.v2.access",
        "users.info",
        "users.list",
    }
)
"""Methods that are asked with a form; the others take JSON."""


class Refused(SafeError):
    """Slack answered that it will not. `code` is Slack's own short word for why."""

    def __init__(self, code: str) -> None:
        super().__init__("Slack refused this")
        self.code = code


class WebApi:
    """Slack's Web API; each call brings its own proof. Must be closed."""

    def __init__(self, api_url: str = SLACK) -> None:
        self.client = AsyncWebClient(base_url=api_url, logger=silent_logger(), timeout=int(TIMEOUT_SECONDS))
        # Trying again is for the outbox, which knows what has been sent; a second try here could send twice.
        self.client.retry_handlers = []
        if is_loopback(api_url):
            self.client.proxy = None
        self._host = urlsplit(api_url).netloc

    async def call(
        self,
        method: str,
        arguments: Mapping[str, object],
        seconds: float = TIMEOUT_SECONDS,
        *,
        token: str = "",
        client: tuple[str, str] | None = None,
    ) -> Json:
        """One call, proven by a token or by the app's client id and secret.

        Raises TryLater when it may work later, Refused when Slack says no.
        """
        proof = f"Bearer {token}" if client is None else _basic(*client)
        self._connect()
        try:
            async with asyncio.timeout(seconds):
                answer = await self._request(method, dict(arguments), proof)
        except SlackApiError as error:
            raise _reason(error) from None
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError):
            raise TryLater from None
        data = answer.data
        if not isinstance(data, dict):
            raise TryLater
        return data

    async def _request(self, method: str, arguments: Json, proof: str) -> AsyncSlackResponse:
        headers = {"Authorization": proof}
        # In a body, and not in the address, no id gets into a log on the way.
        if method in FORMS:
            return await self.client.api_call(method, data=arguments, headers=headers)
        return await self.client.api_call(method, json=arguments, headers=headers)

    async def respond(self, url: str, text: str) -> None:
        """Show one person a neutral line where they typed a command.

        Raises TryLater, or Refused for an address that is not Slack's.
        """
        address = urlsplit(url)
        ours = address.netloc == self._host
        host = address.hostname or ""
        slacks = address.scheme == "https" and host.endswith((".slack.com", ".slack-gov.com"))
        if not (ours or slacks):
            raise Refused("response_url")
        line = {"response_type": "ephemeral", "replace_original": False, "text": text}
        try:
            async with (
                asyncio.timeout(TIMEOUT_SECONDS),
                self._connect().post(url, json=line, proxy=self.client.proxy) as answer,
            ):
                if answer.status >= 400:
                    raise Refused("response_url")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise TryLater from None

    def _connect(self) -> aiohttp.ClientSession:
        # Made when first used, since it belongs to the running loop.
        if self.client.session is None or self.client.session.closed:
            self.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        return self.client.session

    async def close(self) -> None:
        """Give the connections back."""
        if self.client.session is not None:
            await self.client.session.close()


def _basic(id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{id}:{secret}".encode()).decode()


def is_loopback(url: str) -> bool:
    """Whether an address names this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _reason(error: SlackApiError) -> SafeError:
    answer = error.response
    status = getattr(answer, "status_code", None)
    headers = {str(key).lower(): value for key, value in (getattr(answer, "headers", None) or {}).items()}
    data = getattr(answer, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if status == 429:
        return TryLater(_seconds(headers.get("retry-after")))
    if not isinstance(code, str) or code in LATER or (isinstance(status, int) and status >= 500):
        return TryLater()
    return Refused(code if code.isascii() and code.replace("_", "").isalnum() else "unknown")


def _seconds(text: object) -> float | None:
    value = text[0] if isinstance(text, list) and text else text
    return float(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None
