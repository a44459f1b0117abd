"""Speaks to the Bot Connector: at the addresses that are real, opens 1:1 conversations, sends cards, asks
who it is with.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, quote, urlsplit

from integrations.ground.background_tasks import try_again
from integrations.ground.outgoing_calls import OutgoingCalls, is_loopback_host
from integrations.teams.web_api import (
    READS,
    SENDS,
    Busy,
    HttpAnswer,
    MicrosoftRefused,
    MicrosoftWebApi,
    Throttle,
    Windows,
    code_of,
    no_answer,
)
from trim_bot.domain.errors import Trouble, TryLater

CARD = "application/vnd.microsoft.card.adaptive"
REPLY_TRIES = 4
"""Where a person waits for the answer, and nothing was done that could be done twice. A number, and no seconds."""


class ConnectorTokens(Protocol):
    """Where the connector's tokens come from."""

    async def for_connector(self) -> str:
        """A token. Raises TryLater."""
        ...

    def forget(self, token: str) -> None:
        """A token was refused."""
        ...


def card_message(card: Mapping[str, object], summary: str) -> dict[str, object]:
    """An activity that shows one card; `summary` is what a lock screen and a list of chats show of it."""
    return {
        "type": "message",
        "summary": summary,
        "attachments": [{"contentType": CARD, "content": dict(card)}],
    }


class Connector:
    """The Bot Connector's REST interface, for one app."""

    def __init__(
        self,
        app_id: str,
        tokens: ConnectorTokens,
        api: MicrosoftWebApi,
        throttle: Throttle,
        ways: OutgoingCalls,
    ) -> None:
        self._app_id = app_id
        self._tokens = tokens
        self._api = api
        self._throttle = throttle
        self._ways = ways

    async def open(self, service_url: str, tenant: str, person: str) -> ConversationRoute:
        """The 1:1 conversation of the app with a person, by their Entra object id; made when there is none.

        Nothing is seen of it before something is sent. Raises TryLater or Refused.
        """
        body = {
            "bot": {"id": self._app_id},
            "members": [{"id": person}],
            "isGroup": False,
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        answer = await self._call("POST", service_url, "conversations", tenant, person, SENDS, body)
        return ConversationRoute(service_url, _id(answer))

    async def send(self, route: ConversationRoute, tenant: str, activity: Mapping[str, object]) -> str:
        """Send an activity, in one try, and return its id. Raises TryLater or Refused."""
        path = f"conversations/{_segment(route.conversation)}/activities"
        answer = await self._call(
            "POST", route.service_url, path, tenant, route.conversation, SENDS, activity
        )
        # Whatever else is wrong with the answer: it was taken, and must not be sent again.
        id = answer.get("id")
        return id if isinstance(id, str) and id.isascii() and id.isprintable() and len(id) <= 300 else ""

    async def reach(self, service_url: str, tenant: str) -> None:
        """Ask for something that changes nothing and shows nothing. Raises TryLater while it is away, or Refused."""
        await self._call("GET", service_url, "conversations", tenant, tenant, READS)

    async def reply(self, route: ConversationRoute, tenant: str, activity: Mapping[str, object]) -> str:
        """HttpAnswer somebody who waits: as `send`, but tried a few times where Microsoft asks for it."""
        return await try_again(lambda: self.send(route, tenant, activity), REPLY_TRIES, Busy)

    async def member(self, route: ConversationRoute, tenant: str, person: str) -> Mapping[str, object]:
        """What is known of one member of a conversation. Raises TryLater or Refused."""
        path = f"conversations/{_segment(route.conversation)}/members/{_segment(person)}"
        return await self._call("GET", route.service_url, path, tenant, route.conversation, READS)

    async def _call(
        self,
        method: str,
        service_url: str,
        path: str,
        tenant: str,
        thread: str,
        windows: Windows,
        body: Mapping[str, object] | None = None,
    ) -> Mapping[str, object]:
        place = workspace_of(tenant)
        # First, so that nobody waits for a turn at which there would be nobody.
        self._ways.look(place)
        await self._throttle.turn(tenant, f"{tenant} {thread}", windows)
        url = f"{service_url.rstrip('/')}/v3/{path}"
        answer = await self._ways.ask(place, lambda: self._proven(method, url, body), workspace=place)
        if 200 <= answer.status < 300:
            return answer.body
        raise MicrosoftRefused(answer.status, code_of(answer.body))

    async def _proven(self, method: str, url: str, body: Mapping[str, object] | None) -> HttpAnswer:
        """One answer that says something. A token that is not taken is asked for anew, once."""
        for _ in range(2):
            token = await self._tokens.for_connector()
            answer = await self._api.call(method, url, token, body)
            if answer.status != 401:
                break
            self._tokens.forget(token)
        else:
            raise TryLater(trouble=Trouble.NOT_TAKEN, at=urlsplit(url).netloc)
        if (later := no_answer(answer)) is not None:
            raise later
        return answer


def workspace_of(tenant: str) -> str:
    """A tenant as the desk names a workspace."""
    return f"teams:{tenant}"


def _segment(id: str) -> str:
    """An id as one part of a path. Raises Refused for one that cannot be one."""
    if not id.strip(".") or len(id) > MOST_CONVERSATION:
        raise MicrosoftRefused(0, "id")
    return quote(id, safe="")


def _id(answer: Mapping[str, object]) -> str:
    id = answer.get("id")
    if not isinstance(id, str) or not id or len(id) > MOST_CONVERSATION:
        raise TryLater
    return id


MOST_SERVICE_URL = 500


class ServiceUrls:
    """The hosts of `TEAMS_SERVICE_HOSTS`, in small letters, with a port only where one is meant."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = frozenset(hosts)

    def allows(self, url: str) -> bool:
        """Whether a token may be sent there: a listed host by https, or by http on this machine."""
        parts = _split(url)
        if parts is None or parts.netloc.lower() not in self._hosts or parts.query or parts.fragment:
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and is_loopback_host(parts.hostname or ""))


def same_service(one: str, other: str) -> bool:
    """Whether two service addresses are equal, the slash at the end apart."""
    return one.rstrip("/") == other.rstrip("/")


def _split(url: str) -> SplitResult | None:
    if len(url) > MOST_SERVICE_URL or not url.isascii() or not url.isprintable() or "\\" in url or " " in url:
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None


MOST_CONVERSATION = 500


@dataclass(frozen=True, slots=True)
class ConversationRoute:
    """One 1:1 conversation."""

    service_url: str
    conversation: str

    @property
    def text(self) -> str:
        """As it is kept with the account."""
        return json.dumps({"service_url": self.service_url, "conversation": self.conversation})

    @classmethod
    def parse(cls, text: str) -> ConversationRoute | None:
        """The route kept in a text, or None when there is none that can be read."""
        try:
            kept = json.loads(text)
            service_url, conversation = kept["service_url"], kept["conversation"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        if not (
            isinstance(service_url, str) and isinstance(conversation, str) and service_url and conversation
        ):
            return None
        return cls(service_url, conversation)
