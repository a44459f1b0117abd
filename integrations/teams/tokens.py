"""Checks that a request comes from the Bot Connector, just now, for this app and from the address it names."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import jwt

from integrations.ground.recently_seen import RecentlySeen
from integrations.teams.connector import ServiceUrls, same_service
from integrations.teams.login_keys import ALGORITHM, LoginKey, LoginKeys
from trim_bot.domain.errors import SafeError

ISSUER = "https://api.botframework.com"
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

    def __init__(self, fault: Fault) -> None:
        super().__init__("This request cannot be accepted")
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
        self, app_id: str, keys: LoginKeys, services: ServiceUrls, now: Callable[[], float] = time.time
    ) -> None:
        self._app_id = app_id.lower()
        self._keys = keys
        self._services = services
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
        if claims.get("iss") != ISSUER:
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
