"""The one way out to Slack's Web API: one connection pool, one try a call, errors that can be acted on."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from integrations.ground.drawing import Json
from integrations.ground.fault_lines import silent_logger
from integrations.ground.outgoing_calls import TOTAL_SECONDS, OutgoingCalls, date_in, is_loopback, seconds_in
from trim_bot.domain.errors import SafeError, Trouble, TryLater

SLACK = "https://slack.com/api/"
TIMEOUT_SECONDS = TOTAL_SECONDS
APP = "slack"
"""The place of calls that are made for no workspace: by the app, or before it is known whose token it has."""
LATER: Mapping[str, Trouble] = {
    "fatal_error": Trouble.FAILING,
    "internal_error": Trouble.FAILING,
    "message_limit_exceeded": Trouble.ASKED_TO_WAIT,
    "rate_limited": Trouble.ASKED_TO_WAIT,
    "ratelimited": Trouble.ASKED_TO_WAIT,
    "request_timeout": Trouble.SLOW,
    "rollup_error": Trouble.FAILING,
    "service_unavailable": Trouble.FAILING,
    "team_added_to_org": Trouble.FAILING,
}
"""Slack's own troubles, which pass."""
MOST_CODE = 60
FORMS = frozenset(
    {
        "api.test",
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


class SlackRefused(SafeError):
    """Slack answered that it will not. `code` is Slack's own short word for why."""

    text = "Slack refused this"

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


def _nothing_heard(_said: datetime) -> None:
    """Nobody wants to know what Slack's clock says."""


def staying() -> aiohttp.TraceConfig:
    """Ends a call that is sent on elsewhere: neither token nor words go where nobody asked for."""

    async def end(*_about: object) -> None:
        raise aiohttp.ClientError("redirected")

    config = aiohttp.TraceConfig()
    config.on_request_redirect.append(end)
    return config


class SlackWebApi:
    """Slack's Web API; each call brings its own proof. Must be closed."""

    def __init__(
        self,
        api_url: str = SLACK,
        ways: OutgoingCalls | None = None,
        heard: Callable[[datetime], None] = _nothing_heard,
    ) -> None:
        """`heard` is told the time that Slack's answers carry."""
        self.ways = ways or OutgoingCalls()
        self._heard = heard
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
        """One call for no workspace, proven by a token or by the app's client id and secret.

        Raises TryLater when it may work later, Refused when Slack says no.
        """
        return await self.ways.ask(
            APP, lambda: self.once(method, arguments, token=token, client=client), seconds
        )

    async def once(
        self,
        method: str,
        arguments: Mapping[str, object],
        *,
        token: str = "",
        client: tuple[str, str] | None = None,
    ) -> Json:
        """One try, whose time and place are the caller's. Raises TryLater and Refused."""
        proof = f"Bearer {token}" if client is None else _basic(*client)
        self._connect()
        try:
            answer = await self._request(method, dict(arguments), proof)
        except SlackApiError as error:
            raise self._told(_reason(error)) from None
        except aiohttp.ClientConnectorError:
            raise TryLater(trouble=Trouble.REFUSED, at=self._host) from None
        except TimeoutError:
            raise TryLater(trouble=Trouble.SLOW, at=self._host) from None
        except (aiohttp.ClientError, SlackClientError, OSError, ValueError, AttributeError):
            # The library trusts the shape of what it gets: a page of something in between has no members.
            raise TryLater(trouble=Trouble.FAILING, at=self._host) from None
        data = answer.data
        if not isinstance(data, dict):
            raise TryLater(trouble=Trouble.FAILING, at=self._host)
        return data

    def _told(self, error: SafeError) -> SafeError:
        if isinstance(error, TryLater):
            error.at = self._host
        return error

    async def _request(self, method: str, arguments: Json, proof: str) -> AsyncSlackResponse:
        headers = {"Authorization": proof}
        # In a body, and not in the address, no id gets into a log on the way.
        if method in FORMS:
            return await self.client.api_call(method, data=arguments, headers=headers)
        return await self.client.api_call(method, json=arguments, headers=headers)

    async def respond(self, url: str, text: str, blocks: Sequence[Json]) -> None:
        """Show one person a neutral line where they typed a command.

        Raises TryLater, or Refused for an address that is not Slack's.
        """
        address = urlsplit(url)
        ours = address.netloc == self._host
        host = address.hostname or ""
        slacks = address.scheme == "https" and host.endswith((".slack.com", ".slack-gov.com"))
        if not (ours or slacks):
            raise SlackRefused("response_url")
        line = {"response_type": "ephemeral", "replace_original": False, "text": text, "blocks": blocks}
        try:
            async with (
                asyncio.timeout(TIMEOUT_SECONDS),
                self._connect().post(url, json=line, proxy=self.client.proxy) as answer,
            ):
                if answer.status >= 400:
                    raise SlackRefused("response_url")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise TryLater from None

    def _connect(self) -> aiohttp.ClientSession:
        # Made when first used, since it belongs to the running loop.
        if self.client.session is None or self.client.session.closed:
            watching = staying()
            watching.on_request_end.append(self._answered)
            self.client.session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS), trace_configs=[watching]
            )
        return self.client.session

    async def _answered(
        self, _session: aiohttp.ClientSession, _context: object, end: aiohttp.TraceRequestEndParams
    ) -> None:
        if (said := date_in(end.response.headers.get("Date"))) is not None:
            self._heard(said)

    async def close(self) -> None:
        """Give the connections back."""
        if self.client.session is not None:
            await self.client.session.close()


def _basic(id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{id}:{secret}".encode()).decode()


def _reason(error: SlackApiError) -> SafeError:
    answer = error.response
    # What the library could not read comes as it was; what it could, as an answer of its own.
    status = getattr(answer, "status_code", None) or getattr(answer, "status", None)
    headers = {str(key).lower(): value for key, value in (getattr(answer, "headers", None) or {}).items()}
    data = getattr(answer, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    told = headers.get("retry-after")
    wish = seconds_in(told[0] if isinstance(told, list) and told else told)
    if status == 429:
        return TryLater(wish, Trouble.ASKED_TO_WAIT)
    if isinstance(status, int) and status >= 500:
        return TryLater(wish, Trouble.FAILING)
    if not isinstance(code, str):
        return TryLater(trouble=Trouble.FAILING)
    if code in LATER:
        return TryLater(wish, LATER[code])
    return SlackRefused(
        code if len(code) <= MOST_CODE and code.isascii() and code.replace("_", "").isalnum() else "unknown"
    )
