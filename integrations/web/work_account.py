"""Tells which work account somebody has, and takes in a tenant: one file, imported only where Teams is set
up.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import re
import secrets
import time
import warnings
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode, urlsplit

import jwt
import msal
from itsdangerous import BadSignature, URLSafeTimedSerializer

from trim_bot.domain.errors import SafeError, TryLater
from trim_bot.domain.people import Address, Platform

EVERY_TENANT = "organizations"
LASTS_SECONDS = 600
"""How long somebody may take at the login."""
EARLY_SECONDS = 300
"""How far our clock may be behind the login's, as with the tokens of the Bot Connector."""
LATE_SECONDS = 60
"""How long an ID token is taken past its end."""
KEPT = ("state", "redirect_uri", "scope", "code_verifier", "nonce")
"""What msal needs again when somebody comes back."""
REQUIRED = ["aud", "iss", "exp", "iat", "nonce", "tid", "oid"]
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class HttpAnswer(Protocol):
    """An answer over HTTP."""

    @property
    def status_code(self) -> int: ...
    @property
    def text(self) -> str: ...


class Http(Protocol):
    """The way out: to the login's own host alone, from one thread at a time."""

    @property
    def authority(self) -> str:
        """The login's address as msal may see it."""
        ...

    def get(self, url: str) -> HttpAnswer:
        """One GET."""
        ...

    def close(self) -> None:
        """Give the connections back."""
        ...


class NotSignedIn(SafeError):
    """What came back proves nothing. Which check failed is not told."""

    text = "This sign-in did not work"


@dataclass(frozen=True, slots=True)
class _Login:
    issuer: str
    keys: str
    """Address of the signing keys."""


class _Forgetful(msal.TokenCache):  # type: ignore[misc]
    """Keeps no token: who somebody is, is all that is wanted of Entra."""

    def add(self, event: object, now: object = None) -> None:
        """Let it go at once."""


class WorkAccount:
    """Signs people in at Entra. Must be closed.

    `tenant` is empty where people of every connected tenant may come; `back` is the full address they come back
    to, and `secret` signs what their browser keeps meanwhile.
    """

    def __init__(
        self,
        http: Http,
        authority: str,
        app_id: str,
        password: str | Callable[[], object],
        tenant: str,
        back: str,
        secret: bytes,
    ) -> None:
        """`authority` is the login's address as browsers see it, ENTRA_AUTHORITY; `password` may be what gives another
        proof in msal's form."""
        for name in ("msal", "msal.authority", "msal.application"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        # A form posted from another site would need a cookie that every other site may use as well.
        warnings.filterwarnings("ignore", "response_mode='form_post' is recommended")
        self._http = http
        self._authority = authority
        self._app_id, self._password = app_id, password
        self._tenant = tenant.lower()
        self._back = back
        self._cookies = URLSafeTimedSerializer(secret, salt="work account")
        self._one_at_a_time = asyncio.Lock()
        self._login: _Login | None = None
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._app: msal.ConfidentialClientApplication | None = None

    async def begin(self) -> tuple[str, str]:
        """Where to send somebody, and what their browser keeps until they come back. Raises TryLater."""
        async with self._one_at_a_time:
            try:
                return await asyncio.to_thread(self._begun)
            except Exception:  # noqa: BLE001 (msal trusts the shape of what it gets; the text may hold anything)
                raise TryLater from None

    async def finish(self, kept: str, answer: Mapping[str, str]) -> Address:
        """The account of whoever came back with this answer. Raises NotSignedIn, TryLater."""
        flow = self._flow(kept)
        code, state = answer.get("code", ""), answer.get("state", "")
        if not code or not hmac.compare_digest(str(flow["state"]).encode(), state.encode()):
            raise NotSignedIn
        async with self._one_at_a_time:
            try:
                return await asyncio.to_thread(self._finished, flow, {"state": state, "code": code})
            except NotSignedIn:
                raise
            except Exception:  # noqa: BLE001 (the same; what was said of the person is let go with it)
                raise TryLater from None

    async def close(self) -> None:
        """Give the connections back."""
        async with self._one_at_a_time:
            await asyncio.to_thread(self._http.close)

    def _flow(self, kept: str) -> dict[str, object]:
        try:
            flow = self._cookies.loads(kept, max_age=LASTS_SECONDS)
        except BadSignature:
            raise NotSignedIn from None
        return dict(flow)

    # What follows runs in a thread, one at a time: msal waits for answers.

    def _begun(self) -> tuple[str, str]:
        flow = self._client().initiate_auth_code_flow(
            [], redirect_uri=self._back, prompt="select_account", response_mode="query"
        )
        address = self._authority + str(flow["auth_uri"]).removeprefix(self._http.authority)
        return address, self._cookies.dumps({name: flow[name] for name in KEPT})

    def _finished(self, flow: Mapping[str, object], answer: Mapping[str, str]) -> Address:
        try:
            found = self._client().acquire_token_by_auth_code_flow(dict(flow), dict(answer))
        except RuntimeError:
            # What msal raises for a nonce that is not ours.
            raise NotSignedIn from None
        token = found.get("id_token")
        if not isinstance(token, str):
            raise NotSignedIn
        claims = self._claims(token)
        nonce = hashlib.sha256(str(flow["nonce"]).encode()).hexdigest()
        tenant, person = str(claims["tid"]).lower(), str(claims["oid"]).lower()
        ours = self._tenant in ("", tenant) and _ID.fullmatch(tenant) and _ID.fullmatch(person)
        if not ours or not hmac.compare_digest(nonce.encode(), str(claims["nonce"]).encode()):
            raise NotSignedIn
        if claims["iss"] != self._known().issuer.replace("{tenantid}", tenant):
            raise NotSignedIn
        # Told of guests: who signed them in, which is not this tenant.
        if tenant not in str(claims.get("idp", tenant)).lower():
            raise NotSignedIn
        return Address(Platform.TEAMS, tenant, person)

    def _claims(self, token: str) -> Mapping[str, object]:
        """What a genuine token says: msal leaves every check of it to the application."""
        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims = jwt.decode(
                token, key, algorithms=["RS256"], audience=self._app_id, leeway=EARLY_SECONDS,
                options={"require": REQUIRED},
            )  # fmt: skip
        except jwt.PyJWTError:
            raise NotSignedIn from None
        if int(claims["exp"]) + LATE_SECONDS <= time.time():
            raise NotSignedIn
        return dict(claims)

    def _key(self, id: str) -> jwt.PyJWK:
        if id not in self._keys:
            found = json.loads(self._asked(self._known().keys))["keys"]
            usable = [one for one in found if one.get("kty") == "RSA" and one.get("kid")]
            self._keys = {str(one["kid"]): jwt.PyJWK(one, "RS256") for one in usable}
        if id not in self._keys:
            raise NotSignedIn
        return self._keys[id]

    def _known(self) -> _Login:
        if self._login is None:
            document = json.loads(self._asked(f"{self._place()}/v2.0/.well-known/openid-configuration"))
            path = urlsplit(str(document["jwks_uri"])).path
            self._login = _Login(str(document["issuer"]), f"{self._http.authority}{path}")
        return self._login

    def _client(self) -> msal.ConfidentialClientApplication:
        if self._app is None:
            self._app = msal.ConfidentialClientApplication(
                self._app_id,
                client_credential=self._password() if callable(self._password) else self._password,
                authority=self._place(),
                instance_discovery=False,
                token_cache=_Forgetful(),
                exclude_scopes=["offline_access"],
                http_client=self._http,
            )
        return self._app

    def _place(self) -> str:
        return f"{self._http.authority}/{self._tenant or EVERY_TENANT}"

    def _asked(self, url: str) -> str:
        answer = self._http.get(url)
        if answer.status_code != 200:
            raise TryLater
        return answer.text


CONSENT_LASTS_SECONDS = 3600
"""How long an administrator may take at the login."""
_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class TenantConsent:
    """What comes back is believed only where our own browser was sent, and a token can be had for the tenant.

    `agreed` tells whether the app gets a token of its own there, and `take_in` makes the tenant's organisation; both
    take the tenant's id and may raise TryLater.
    """

    def __init__(
        self,
        authority: str,
        app_id: str,
        back: str,
        secret: bytes,
        agreed: Callable[[str], Awaitable[bool]],
        take_in: Callable[[str], Awaitable[None]],
        graph_url: str = "https://graph.microsoft.com",
    ) -> None:
        self._authority, self._app_id, self._back = authority, app_id, back
        self._cookies = URLSafeTimedSerializer(secret, salt="tenant consent")
        self._agreed = agreed
        self._scope = f"{graph_url}/.default"
        self._take_in = take_in

    def begin(self) -> tuple[str, str]:
        """Where to send an administrator, and what their browser keeps until they come back."""
        state = secrets.token_urlsafe(24)
        asked = {"client_id": self._app_id, "redirect_uri": self._back, "state": state, "scope": self._scope}
        address = f"{self._authority}/organizations/v2.0/adminconsent?{urlencode(asked)}"
        return address, str(self._cookies.dumps(state))

    async def finish(self, kept: str, answer: Mapping[str, str]) -> bool:
        """Whether the tenant has its organisation now."""
        try:
            state = str(self._cookies.loads(kept, max_age=CONSENT_LASTS_SECONDS))
        except BadSignature:
            return False
        tenant = answer.get("tenant", "").lower()
        ours = hmac.compare_digest(state.encode(), answer.get("state", "").encode())
        if not ours or answer.get("admin_consent", "").lower() != "true" or "error" in answer:
            return False
        if not _TENANT.fullmatch(tenant) or not await self._agreed(tenant):
            return False
        await self._take_in(tenant)
        return True
