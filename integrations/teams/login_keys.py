"""Keeps the Bot Connector's signing keys: fetched without blocking, once at a time, and never by a stranger's wish."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

import httpx
import jwt

from integrations.ground.outgoing_calls import date_in
from trim_bot.domain.errors import SafeError

REFRESH_SECONDS = 12 * 3600.0
"""Keys this old are fetched again, while they still serve."""
KEEP_SECONDS = 24 * 3600.0
"""Keys this old serve no more: one of them may have been withdrawn."""
UNKNOWN_SECONDS = 5 * 60.0
"""Between two fetches for the sake of a key id nobody knows, since anybody can make one up."""
RETRY_SECONDS = 5.0
"""Between two tries while there are no keys at all."""
FETCH_SECONDS = 2.0
MOST_BYTES = 1024 * 1024
MOST_KEYS = 100
SHORTEST_BITS = 2048
ALGORITHM = "RS256"


class KeysUnavailable(SafeError):
    """The keys cannot be fetched, so that nothing can be told about a token."""

    def __init__(self) -> None:
        super().__init__("The signing keys cannot be fetched")


@dataclass(frozen=True, slots=True)
class LoginKey:
    """One public key, with the channels it may sign for; None where the key document names none."""

    key: jwt.PyJWK = field(repr=False)
    endorsements: frozenset[str] | None


class LoginKeys:
    """The keys of one OpenID document, by key id. Must be closed. `monotonic` gives seconds."""

    def __init__(
        self,
        openid_url: str,
        monotonic: Callable[[], float] = time.monotonic,
        heard: Callable[[datetime], None] = lambda said: None,
    ) -> None:
        """`heard` is told the time that the answers carry."""
        self._heard = heard
        self._url = openid_url
        self._monotonic = monotonic
        self._http: httpx.AsyncClient | None = None
        self._keys: Mapping[str, LoginKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._failed = False
        self._fetching: asyncio.Task[None] | None = None

    async def key(self, id: str) -> LoginKey | None:
        """The key with this id, or None when there is none. Raises KeysUnavailable when that cannot be told."""
        if not self._fresh(KEEP_SECONDS):
            await self._fetch(RETRY_SECONDS)
            if not self._fresh(KEEP_SECONDS):
                raise KeysUnavailable
        elif not self._fresh(REFRESH_SECONDS):
            self._begin(UNKNOWN_SECONDS)
        found = self._keys.get(id)
        if found is None:
            await self._fetch(UNKNOWN_SECONDS)
            found = self._keys.get(id)
            if found is None and self._failed:
                raise KeysUnavailable
        return found

    async def warm(self) -> bool:
        """Fetch before the first request needs it; whether there are keys now."""
        if not self._fresh(REFRESH_SECONDS):
            await self._fetch(RETRY_SECONDS)
        return self._fresh(KEEP_SECONDS)

    async def close(self) -> None:
        """End what is running and give the connections back."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)
        if self._http is not None:
            await self._http.aclose()

    def _fresh(self, seconds: float) -> bool:
        return self._fetched_at is not None and self._monotonic() - self._fetched_at < seconds

    async def _fetch(self, pause: float) -> None:
        self._begin(pause)
        if self._fetching is not None:
            await asyncio.shield(self._fetching)

    def _begin(self, pause: float) -> None:
        """Start fetching, unless that is going on already or was tried a short while ago."""
        if self._fetching is not None:
            return
        if self._tried_at is not None and self._monotonic() - self._tried_at < pause:
            return
        self._tried_at = self._monotonic()
        self._fetching = asyncio.get_running_loop().create_task(self._get_all())
        self._fetching.add_done_callback(self._ended)

    def _ended(self, _task: asyncio.Task[None]) -> None:
        self._fetching = None

    async def _get_all(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                document = await self._get(self._url)
                address = document.get("jwks_uri")
                if not isinstance(address, str) or not _same_origin(address, self._url):
                    raise ValueError
                keys = _read_keys(await self._get(address))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, ValueError, RecursionError):
            self._failed = True
            return
        self._keys, self._fetched_at, self._failed = keys, self._monotonic(), False

    async def _get(self, url: str) -> Mapping[str, object]:
        if self._http is None:
            # Made when first used, since it belongs to the running loop. On this machine there is no TLS to set up.
            secure = url.startswith("https:")
            self._http = httpx.AsyncClient(timeout=FETCH_SECONDS, trust_env=secure, verify=secure)
        async with self._http.stream("GET", url) as answer:
            if (said := date_in(answer.headers.get("date"))) is not None:
                self._heard(said)
            answer.raise_for_status()
            body = b""
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise ValueError
        document = json.loads(body)
        if not isinstance(document, dict):
            raise ValueError
        return document


def _same_origin(one: str, other: str) -> bool:
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.netloc) == (second.scheme, second.netloc)


def _read_keys(document: Mapping[str, object]) -> dict[str, LoginKey]:
    """Every usable key of a key document. Raises ValueError when there is none."""
    listed = document.get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ValueError
    found: dict[str, LoginKey] = {}
    for one in listed:
        if isinstance(one, dict) and isinstance(one.get("kid"), str) and (key := _read_key(one)) is not None:
            found[one["kid"]] = key
    if not found:
        raise ValueError
    return found


def _read_key(one: dict[str, object]) -> LoginKey | None:
    if one.get("kty") != "RSA" or one.get("use", "sig") != "sig" or one.get("alg", ALGORITHM) != ALGORITHM:
        return None
    try:
        key = jwt.PyJWK({"kty": "RSA", "n": one.get("n"), "e": one.get("e")}, ALGORITHM)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    if key.key.key_size < SHORTEST_BITS:
        return None
    named = one.get("endorsements")
    endorsed = frozenset(name for name in named if isinstance(name, str)) if isinstance(named, list) else None
    return LoginKey(key, endorsed)
