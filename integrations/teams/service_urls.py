"""Tells which addresses of the Bot Connector are real: a token of ours goes nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from integrations.ground.this_machine import is_loopback_host

MOST_LETTERS = 500


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
    if len(url) > MOST_LETTERS or not url.isascii() or not url.isprintable() or "\\" in url or " " in url:
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None
