"""Checks that a request comes from the Bot Connector, with the keys it signs by: one file, since a key has
no other use.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from urllib.parse import urlsplit

import httpx
import jwt

from integrations.ground.outgoing_calls import date_in
from integrations.ground.recently_seen import RecentlySeen
from integrations.teams.cloud_names import PUBLIC
from integrations.teams.connector import ServiceUrls, same_service
from trim_bot.domain.errors import SafeError, Trouble, TryLater

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

    text = "The signing keys cannot be fetched"


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
        away: Callable[[TryLater | None], None] = lambda later: None,
    ) -> None:
        """`heard` is told the time that the answers carry, `away` why the keys cannot be fetched, or that they can
        be again (None)."""
        self._away = away
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

    async def try_again(self) -> None:
        """Fetch anew after a fetch that failed."""
        if self._failed:
            await self._fetch(RETRY_SECONDS)

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
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            TimeoutError,
            OSError,
            ValueError,
            RecursionError,
        ) as error:
            self._failed = True
            self._away(TryLater(trouble=_trouble(error), at=urlsplit(self._url).netloc))
            return
        self._keys, self._fetched_at, self._failed = keys, self._monotonic(), False
        self._away(None)

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


def _trouble(error: Exception) -> Trouble:
    """Why nothing was fetched."""
    match error:
        case httpx.ConnectError():
            return Trouble.REFUSED
        case httpx.TimeoutException() | TimeoutError():
            return Trouble.SLOW
        case _:
            return Trouble.FAILING


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


CHANNEL = "msteams"
EARLY_SECONDS = 300
"""How far our clock may be behind the login's: the five minutes that both vendors' libraries allow."""
LATE_SECONDS = 60
"""How long a token is taken past its end; less, since a stolen one lives on for as long."""
MOST_LETTERS = 8192
MOST_KEY_ID = 200
MOST_CHECKED = 256
CHECKED_SECONDS = 300.0


class Fault(Enum):
    """What is wrong with a token, as it is reported."""

    ABSENT = "no-token"
    """There is none, or not of the kind Bearer."""
    UNREADABLE = "unreadable-token"
    """Not a token at all, or without a claim that has to be there."""
    ALGORITHM = "wrong-algorithm"
    """Signed in another way than RS256, or not at all."""
    KEY = "unknown-key"
    """Signed with a key the Bot Connector does not publish."""
    SIGNATURE = "wrong-signature"
    """Changed since, or signed with another key than it says."""
    ISSUER = "wrong-issuer"
    """Made by somebody else."""
    AUDIENCE = "wrong-audience"
    """Made for another app."""
    EXPIRED = "expired-token"
    """Too old."""
    EARLY = "early-token"
    """Not valid yet."""
    NO_SERVICE = "no-service-url"
    """The activity or the token does not say where answers go."""
    OTHER_SERVICE = "other-service-url"
    """The activity names another address than the token."""
    FOREIGN_SERVICE = "foreign-service-url"
    """An address that is not on the list of hosts."""
    CHANNEL = "not-endorsed"
    """Another channel than Teams, or a key that may not sign for Teams."""


class BadToken(SafeError):
    """This token opens nothing."""

    text = "This request cannot be accepted"

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Sender:
    """A checked token: the address it was made for, and the key that signed it."""

    service_url: str
    key: LoginKey = field(repr=False)
    key_id: str
    until: float
    """When the token ends, in seconds since 1970."""


class TokenCheck:
    """The check of one app's tokens."""

    def __init__(
        self,
        app_id: str,
        keys: LoginKeys,
        services: ServiceUrls,
        now: Callable[[], float] = time.time,
        issuer: str = PUBLIC.issuer,
    ) -> None:
        self._app_id = app_id.lower()
        self._keys = keys
        self._services = services
        self._issuer = issuer
        self._now = now
        # The Bot Connector sends one token with many requests: the signature of the very same one holds a while.
        self._checked: RecentlySeen[Sender] = RecentlySeen(MOST_CHECKED, CHECKED_SECONDS)

    async def check(self, header: str) -> Sender:
        """Check an `Authorization` header. Raises BadToken, KeysUnavailable."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > MOST_LETTERS or not token.isascii():
            raise BadToken(Fault.ABSENT)
        digest = hashlib.sha256(token.encode()).hexdigest()
        known = self._checked.find(digest)
        if known is not None and self._now() < known.until and await self._stands(known):
            return known
        id = _key_id(token)
        key = await self._keys.key(id)
        if key is None:
            raise BadToken(Fault.KEY)
        claims = _claims(token, key)
        until = _end(claims)
        if until + LATE_SECONDS <= self._now():
            raise BadToken(Fault.EXPIRED)
        if claims.get("iss") != self._issuer:
            raise BadToken(Fault.ISSUER)
        audience = claims.get("aud")
        if not isinstance(audience, str) or audience.lower() != self._app_id:
            raise BadToken(Fault.AUDIENCE)
        sender = Sender(_service(claims), key, id, until)
        self._checked.keep(digest, sender)
        return sender

    async def _stands(self, sender: Sender) -> bool:
        """Whether the key that signed is still one of those published."""
        return await self._keys.key(sender.key_id) is sender.key

    def bind(self, sender: Sender, activity: Mapping[str, object]) -> None:
        """Check that an activity belongs to its token. Raises BadToken."""
        named = activity.get("serviceUrl")
        if not isinstance(named, str) or not named or not sender.service_url:
            raise BadToken(Fault.NO_SERVICE)
        if not same_service(named, sender.service_url):
            raise BadToken(Fault.OTHER_SERVICE)
        if not self._services.allows(named):
            raise BadToken(Fault.FOREIGN_SERVICE)
        endorsed = sender.key.endorsements
        if activity.get("channelId") != CHANNEL or (endorsed is not None and CHANNEL not in endorsed):
            raise BadToken(Fault.CHANNEL)


def _key_id(token: str) -> str:
    try:
        head = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise BadToken(Fault.UNREADABLE) from None
    if head.get("alg") != ALGORITHM:
        raise BadToken(Fault.ALGORITHM)
    id = head.get("kid")
    if not isinstance(id, str) or not 0 < len(id) <= MOST_KEY_ID:
        raise BadToken(Fault.KEY)
    return id


def _claims(token: str, key: LoginKey) -> Mapping[str, object]:
    # Issuer and audience are compared by the caller: the library would take a list of audiences as well.
    options: jwt.types.Options = {"require": ["exp", "iss", "aud"], "verify_aud": False}
    try:
        return jwt.decode(token, key.key, algorithms=[ALGORITHM], options=options, leeway=EARLY_SECONDS)
    except jwt.InvalidSignatureError:
        raise BadToken(Fault.SIGNATURE) from None
    except jwt.ExpiredSignatureError:
        raise BadToken(Fault.EXPIRED) from None
    except jwt.ImmatureSignatureError:
        raise BadToken(Fault.EARLY) from None
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
        raise BadToken(Fault.UNREADABLE) from None


def _end(claims: Mapping[str, object]) -> float:
    """When a token ends, in seconds since 1970, as the library read it."""
    until = claims.get("exp")
    return float(int(until)) if isinstance(until, int | float | str) else 0.0


def _service(claims: Mapping[str, object]) -> str:
    """The address in a token; the documents spell its name in another way than the tokens do."""
    found = {claims[name] for name in ("serviceurl", "serviceUrl") if isinstance(claims.get(name), str)}
    return str(found.pop()) if len(found) == 1 else ""
