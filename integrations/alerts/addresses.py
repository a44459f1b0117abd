"""Reads ALERT_URLS: each address is a way of telling the administrator, and no fault in it quotes what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from integrations.ground.outgoing_calls import is_loopback_host

_MAILBOX = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
MOST_WAYS = 10


class Security(Enum):
    """How a mail server is spoken to."""

    TLS = "tls"
    """Encrypted from the first byte, as by `smtps:`."""
    STARTTLS = "starttls"
    """Encrypted before anything is said."""
    PLAIN = "plain"
    """In the open: on this machine, or where the address says so and holds no password."""


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where an incoming webhook listens. The address itself is the secret."""

    name: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailAddress:
    """Which server takes the mail, and from whom to whom."""

    name: str
    host: str
    port: int
    security: Security
    sender: str
    receivers: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)


AlertAddress = WebhookAddress | MailAddress


class AddressFault(ValueError):
    """What is wrong with one address; goes on from the variable's name, and holds nothing of the address."""


def read_addresses(text: str) -> tuple[AlertAddress, ...]:
    """Every address in a list with commas. Raises AddressFault for the first that is none."""
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    if len(entries) > MOST_WAYS:
        raise AddressFault(f"names more than {MOST_WAYS} addresses")
    return tuple(_each_named_apart(_read(entry, number) for number, entry in enumerate(entries, 1)))


def _each_named_apart(addresses: Iterator[AlertAddress]) -> Iterator[AlertAddress]:
    taken: dict[str, int] = {}
    for one in addresses:
        taken[one.name] = taken.get(one.name, 0) + 1
        yield one if taken[one.name] == 1 else replace(one, name=f"{one.name} {taken[one.name]}")


def _read(entry: str, number: int) -> AlertAddress:
    try:
        parts = urlsplit(entry)
        parts.port  # noqa: B018 (reading it is what checks it)
    except ValueError:
        raise AddressFault(f"has no address at place {number}") from None
    if not parts.hostname:
        raise AddressFault(f"names no host at place {number}")
    match parts.scheme:
        case "http" | "https":
            return WebhookAddress(f"{parts.scheme} {parts.hostname}", entry)
        case "smtp" | "smtps":
            return _mail(parts, number)
        case _:
            raise AddressFault(f"must read https:, smtp: or smtps: at place {number}")


def _mail(parts: SplitResult, number: int) -> MailAddress:
    host = parts.hostname or ""
    asked = parse_qs(parts.query)
    receivers = tuple(asked.get("to", ()))
    senders = asked.get("from", [])
    if not receivers or len(senders) != 1 or not all(map(_MAILBOX.fullmatch, (*receivers, *senders))):
        raise AddressFault(f"needs ?to=ADDRESS&from=ADDRESS at place {number}")
    plain = asked.get("starttls", ["no" if is_loopback_host(host) else "yes"]) == ["no"]
    security = Security.TLS if parts.scheme == "smtps" else Security.PLAIN if plain else Security.STARTTLS
    if security is Security.PLAIN and parts.password and not is_loopback_host(host):
        raise AddressFault(f"would send a password in the open at place {number}: leave starttls=no out")
    ports = {Security.TLS: 465, Security.STARTTLS: 587, Security.PLAIN: 25}
    return MailAddress(
        f"{parts.scheme} {host}",
        host,
        parts.port or ports[security],
        security,
        senders[0],
        receivers,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
