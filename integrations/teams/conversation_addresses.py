"""Where messages in Teams go: the addresses of the Bot Connector that are real, and one person's conversation."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from integrations.ground.outgoing_calls import is_loopback_host

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
class Route:
    """One 1:1 conversation."""

    service_url: str
    conversation: str

    @property
    def text(self) -> str:
        """As it is kept with the account."""
        return json.dumps({"service_url": self.service_url, "conversation": self.conversation})

    @classmethod
    def parse(cls, text: str) -> Route | None:
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
