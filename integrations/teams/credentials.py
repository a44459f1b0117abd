"""Asks Entra for the app's own tokens by a way out to that host alone: one file, since the app's secret
goes through both.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

import httpx
import msal

from integrations.ground.fault_lines import silence
from integrations.ground.outgoing_calls import Breaker, date_in, passing, seconds_in
from integrations.teams.cloud_names import PUBLIC, CloudNames
from trim_bot.domain.errors import SafeError, Trouble, TryLater

LIBRARIES = ("msal", "httpx", "httpcore", "urllib3", "requests")
"""What asks and what that leans on: they write addresses with ids in them, and answers, into the log."""
EVERYBODY = "common/v2.0"
"""Where the login tells of itself."""
MARGIN_SECONDS = 300.0
"""A token is not used in its last minutes."""
SHORTEST_SECONDS = 5.0
"""A token is kept for at least this long, so that one that is about to end is not asked for without pause."""
NOT_CONSENTED = frozenset({65001, 7000229, 700016, 90002, 90094, 500011, 501051})
"""Entra's numbers for: no consent, the app or the tenant is not known there, an administrator has to agree."""
_TENANT = re.compile(r"[A-Za-z0-9.-]{1,80}")


class NoConsent(SafeError):
    """The app has not been given leave for this in that tenant; a state, and no fault."""

    text = "Nobody has agreed to this yet"


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    until: float


class Credentials:
    """The tokens of one Entra app. Must be closed. `monotonic` gives seconds."""

    def __init__(
        self,
        app_id: str,
        password: str | Callable[[], object],
        tenant: str,
        authority: str,
        graph_url: str,
        monotonic: Callable[[], float] = time.monotonic,
        heard: Callable[[datetime], None] = lambda said: None,
        names: CloudNames = PUBLIC,
    ) -> None:
        """`password` may be what gives another proof in msal's form. `tenant` is empty for an app of many tenants;
        `heard` is told the time that the login's answers carry."""
        silence(LIBRARIES)
        self._app_id = app_id
        self._password = password
        self._tenant = tenant
        self._names = names
        self._http = LoginHttp(authority, heard=heard)
        self._graph_scope = f"{graph_url}/.default"
        self._monotonic = monotonic
        self._apps: dict[str, msal.ConfidentialClientApplication] = {}
        self._kept: dict[tuple[str, str], _Token] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[_Token]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def for_connector(self) -> str:
        """A token for the Bot Connector. Raises TryLater."""
        try:
            return await self._token(self._tenant or self._names.every_tenant, self._names.connector_scope)
        except NoConsent:
            raise TryLater from None

    async def for_graph(self, tenant: str) -> str:
        """A token for Graph in a tenant. Raises TryLater, or NoConsent."""
        if self._tenant and tenant.lower() != self._tenant.lower():
            # The app's own tenant would answer, and its people would be taken for those of the other one.
            raise NoConsent
        return await self._token(self._tenant or tenant, self._graph_scope)

    async def reach(self) -> None:
        """Ask the login for what it tells everybody. Raises TryLater while it is away."""
        async with self._one_at_a_time:
            await asyncio.to_thread(self._http.get, f"{self._http.authority}/{EVERYBODY}{DOCUMENT}")

    def forget(self, token: str) -> None:
        """A token was refused: the next call asks for a new one."""
        for key, kept in list(self._kept.items()):
            if kept.text == token:
                del self._kept[key]
                self._apps.pop(key[0], None)

    async def close(self) -> None:
        """Give the connections back, once nobody asks any more."""
        await asyncio.gather(*self._asking.values(), return_exceptions=True)
        await asyncio.to_thread(self._http.close)

    async def _token(self, tenant: str, scope: str) -> str:
        key = (tenant, scope)
        kept = self._kept.get(key)
        if kept is not None and self._monotonic() < kept.until:
            return kept.text
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._ask(tenant, scope))
            asking.add_done_callback(lambda done: self._answered(key, done))
        return (await asyncio.shield(asking)).text

    def _answered(self, key: tuple[str, str], done: asyncio.Task[_Token]) -> None:
        self._asking.pop(key, None)
        # Asking for the error counts as having seen it, also when everybody who waited has gone.
        if not done.cancelled() and done.exception() is None:
            self._kept[key] = done.result()

    async def _ask(self, tenant: str, scope: str) -> _Token:
        async with self._one_at_a_time:
            asked_at = self._monotonic()
            try:
                answer = await asyncio.to_thread(self._of_entra, tenant, scope)
            except TryLater:
                raise
            except Exception:  # noqa: BLE001 (msal trusts the shape of what it gets; the text may hold anything)
                raise TryLater from None
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not _can_be_sent(token):
            # Anybody may name a tenant on their way back from the login: nothing is kept of one that gave none.
            if tenant not in (self._tenant, self._names.every_tenant):
                self._apps.pop(tenant, None)
            if _is_not_consented(answer):
                raise NoConsent
            wrong = answer.get("error") == "invalid_client"
            raise TryLater(trouble=Trouble.NOT_TAKEN if wrong else Trouble.UNSURE, at=self._http.host)
        lasts = float(seconds) if isinstance(seconds, int) and not isinstance(seconds, bool) else 0.0
        return _Token(token, asked_at + max(SHORTEST_SECONDS, lasts - MARGIN_SECONDS))

    def _of_entra(self, tenant: str, scope: str) -> Mapping[str, object]:
        """Runs in a thread: msal waits for answers."""
        if not _TENANT.fullmatch(tenant):
            return {}
        if tenant not in self._apps:
            self._apps[tenant] = msal.ConfidentialClientApplication(
                self._app_id,
                client_credential=self._password() if callable(self._password) else self._password,
                authority=f"{self._http.authority}/{tenant}",
                instance_discovery=False,
                http_client=self._http,
            )
        answer = self._apps[tenant].acquire_token_for_client([scope])
        return answer if isinstance(answer, dict) else {}


def _can_be_sent(token: str) -> bool:
    return 0 < len(token) <= 16_000 and token.isascii() and token.isprintable() and " " not in token


def _is_not_consented(answer: Mapping[str, object]) -> bool:
    codes = answer.get("error_codes")
    numbers = codes if isinstance(codes, list) else []
    return answer.get("error") in ("unauthorized_client", "consent_required", "access_denied") or any(
        isinstance(number, int) and number in NOT_CONSENTED for number in numbers
    )


TIMEOUT_SECONDS = 5.0
MOST_BYTES = 1024 * 1024
DOCUMENT = "/.well-known/openid-configuration"


class StrangeLogin(SafeError):
    """The login answered with something that is not used."""

    text = "The login cannot be used"


@dataclass(frozen=True, slots=True)
class LoginAnswer:
    """What msal reads of an answer."""

    status_code: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


class LoginHttp:
    """The shape msal asks of an HTTP client. Used from one thread at a time; must be closed.

    msal takes only https addresses. Where the login is a stand-in on this machine, spoken to by http, msal sees
    the same address with https, and what it asks is sent by http.
    """

    def __init__(
        self,
        authority: str,
        monotonic: Callable[[], float] = time.monotonic,
        heard: Callable[[datetime], None] = lambda said: None,
        away: Callable[[TryLater | None, float], None] = lambda later, seconds: None,
    ) -> None:
        """`authority` is ENTRA_AUTHORITY, without a slash at its end; `heard` is told the time of each answer, `away`
        that the login cannot be asked, why and for how many seconds, or that it can be again (None)."""
        self._away = away
        self._monotonic = monotonic
        self._heard = heard
        self._breaker = Breaker()
        self._scheme, self._netloc = urlsplit(authority)[:2]
        self._http: httpx.Client | None = None

    @property
    def host(self) -> str:
        """The login's host."""
        return self._netloc

    @property
    def authority(self) -> str:
        """The address as msal may see it."""
        return f"https://{self._netloc}"

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_more: object,
    ) -> LoginAnswer:
        """One GET."""
        answer = self._send("GET", url, params, None, headers)
        if self._scheme == "http" and urlsplit(url).path.endswith(DOCUMENT) and answer.status_code == 200:
            return LoginAnswer(200, self._brought_home(answer.text), answer.headers)
        return answer

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str | bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        **_more: object,
    ) -> LoginAnswer:
        """One POST of a form."""
        # A signed assertion comes as bytes, which would be sent as Python writes them.
        sent = {name: _plain(value) for name, value in (data or {}).items()}
        return self._send("POST", url, params, sent, headers)

    def close(self) -> None:
        """Give the connections back."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        data: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> LoginAnswer:
        asked = urlsplit(url)
        if asked.scheme != "https" or asked.netloc != self._netloc:
            raise StrangeLogin
        address = asked._replace(scheme=self._scheme).geturl()
        with passing(self._breaker, self._monotonic, self._away):
            try:
                return self._answer(method, address, params, data, headers)
            except httpx.ConnectError:
                raise TryLater(trouble=Trouble.REFUSED, at=self._netloc) from None
            except httpx.TimeoutException:
                raise TryLater(trouble=Trouble.SLOW, at=self._netloc) from None
            except (httpx.HTTPError, OSError):
                raise TryLater(trouble=Trouble.FAILING, at=self._netloc) from None

    def _answer(
        self,
        method: str,
        address: str,
        params: Mapping[str, str] | None,
        data: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> LoginAnswer:
        content = bytearray()
        until = self._monotonic() + TIMEOUT_SECONDS
        with self._connect().stream(
            method, address, params=params or None, data=data, headers=headers
        ) as response:
            if (said := date_in(response.headers.get("date"))) is not None:
                self._heard(said)
            for piece in response.iter_raw():
                content += piece
                if len(content) > MOST_BYTES:
                    raise StrangeLogin
                if self._monotonic() > until:
                    # A piece now and then keeps each wait short, and would go on for ever.
                    raise TryLater(trouble=Trouble.SLOW, at=self._netloc)
        if response.status_code == 429 or response.status_code >= 500:
            busy = response.status_code == 429
            raise TryLater(
                seconds_in(response.headers.get("retry-after")),
                Trouble.ASKED_TO_WAIT if busy else Trouble.FAILING,
                at=self._netloc,
            )
        text = content.decode("utf-8", "replace")
        return LoginAnswer(response.status_code, text, dict(response.headers))

    def _connect(self) -> httpx.Client:
        if self._http is None:
            self._http = httpx.Client(
                timeout=TIMEOUT_SECONDS,
                follow_redirects=False,
                trust_env=self._scheme != "http",
                headers={"Accept-Encoding": "identity"},
            )
        return self._http

    def _brought_home(self, text: str) -> str:
        """The stand-in's document, with its addresses as msal may see them."""
        document = json.loads(text)
        if not isinstance(document, dict):
            raise StrangeLogin
        for name, value in document.items():
            if name.endswith("_endpoint") and isinstance(value, str):
                document[name] = urlsplit(value)._replace(scheme="https", netloc=self._netloc).geturl()
        return json.dumps(document)


def _plain(value: str | bytes) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else value
