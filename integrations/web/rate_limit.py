"""The rate limit of addresses and sessions; kept in memory alone, under nothing that can be read."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request

MOST = 20
"""How much one address may send in an hour."""
MOST_ASKS = 200
"""How often one address may ask in an hour: a whole workplace may come from one, and what is too much lies aside."""
MOST_SIGN_INS = 2000
"""How many steps of a sign-in one address may take in an hour: a whole workplace may come from one."""
MOST_LOOKS = 1000
"""How often one session may look for people in an hour: two hundred names as one types, and no copy of a list."""
HOUR = 3600.0
MOST_ADDRESSES = 10_000
"""How many addresses are counted in an hour, so that memory stays bounded; more are let through."""


class RateLimit:
    """Counts by the hour. `now` is in seconds and never goes back; `most` is for one address in an hour."""

    def __init__(self, now: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._now = now
        self._most = most
        self._hour = -1
        self._key = b""
        self._counts: dict[bytes, int] = {}

    def refuses(self, request: Request) -> bool:
        """Count one more from whoever sent this; whether they have had all they may. Unknown ones are let through."""
        address = sender(request)
        return address is not None and self.too_often(address)

    def too_often(self, address: str) -> bool:
        """Count one more from an address; whether it has had all it may have this hour."""
        hour = int(self._now() // HOUR)
        if hour != self._hour:
            self._hour, self._key = hour, secrets.token_bytes(32)
            self._counts.clear()
        name = hashlib.blake2b(address.encode(), key=self._key, digest_size=16).digest()
        count = self._counts.get(name, 0)
        if count >= self._most:
            return True
        if count or len(self._counts) < MOST_ADDRESSES:
            self._counts[name] = count + 1
        return False


def sender(request: Request) -> str | None:
    """The address a request comes from, an IPv6 one by its network of 64 bits; None when it cannot be told.

    A peer on this machine or in a private network may be a proxy: what it says last in `X-Forwarded-For` counts.
    """
    peer = _read(request.client.host if request.client else "")
    if peer is None:
        return None
    if ip_address(peer.partition("/")[0]).is_private:
        said = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2]
        forwarded = _read(said.strip())
        if forwarded is not None:
            return forwarded
        return None if ip_address(peer.partition("/")[0]).is_loopback else peer
    return peer


def _read(text: str) -> str | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found) if found.is_loopback else str(ip_network((found, 64), strict=False))
