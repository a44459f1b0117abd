"""Tells by a webhook: one JSON object in the shape that its host takes, following no redirect."""

from __future__ import annotations

import httpx

from integrations.alerts.addresses import WebhookAddress
from integrations.alerts.webhook_bodies import body_for
from integrations.ground.outgoing_calls import OutgoingCalls, is_loopback, seconds_in
from trim_bot.app.watch.alert_words import AlertText
from trim_bot.app.watch.not_taken import NotTaken
from trim_bot.domain.errors import Trouble, TryLater

BUSY = frozenset({408, 425, 429})


class Webhook:
    """Implements the port `Way`."""

    def __init__(self, address: WebhookAddress, ways: OutgoingCalls) -> None:
        self.name = address.name
        self._url = address.url
        self._ways = ways

    async def send(self, text: AlertText) -> None:
        """Raises NotTaken, TryLater."""
        await self._ways.ask(self.name, lambda: self._post(body_for(self._url, text)))

    async def _post(self, body: dict[str, object]) -> None:
        try:
            async with (
                httpx.AsyncClient(trust_env=not is_loopback(self._url), follow_redirects=False) as client,
                # What it says beyond its status is not read.
                client.stream("POST", self._url, json=body) as answer,
            ):
                status, wait = answer.status_code, seconds_in(answer.headers.get("retry-after"))
        except httpx.ConnectError:
            raise TryLater(trouble=Trouble.REFUSED) from None
        except (httpx.TimeoutException, TimeoutError):
            raise TryLater(trouble=Trouble.SLOW) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            # Its text may hold the address.
            raise TryLater(trouble=Trouble.FAILING) from None
        if status in BUSY or status >= 500:
            raise TryLater(wait, Trouble.FAILING)
        if not 200 <= status < 300:
            raise NotTaken(f"It answered with status {status}", f"status {status}")
