"""The way out that msal is given: to the login's own host alone, so that the app's secret goes nowhere else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from integrations.ground.outgoing_calls import Breaker, date_in, passing, seconds_in
from trim_bot.domain.errors import SafeError, Trouble, TryLater

TIMEOUT_SECONDS = 5.0
MOST_BYTES = 1024 * 1024
DOCUMENT = "/.well-known/openid-configuration"


class StrangeLogin(SafeError):
    """The login answered with something that is not used."""

    def __init__(self) -> None:
        super().__init__("The login cannot be used")


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
    ) -> None:
        """`authority` is ENTRA_AUTHORITY, without a slash at its end; `heard` is told the time of each answer."""
        self._monotonic = monotonic
        self._heard = heard
        self._breaker = Breaker()
        self._scheme, self._netloc = urlsplit(authority)[:2]
        self._http: httpx.Client | None = None

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
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_more: object,
    ) -> LoginAnswer:
        """One POST of a form."""
        return self._send("POST", url, params, data, headers)

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
        with passing(self._breaker, self._monotonic):
            try:
                return self._answer(method, address, params, data, headers)
            except httpx.ConnectError:
                raise TryLater(trouble=Trouble.REFUSED) from None
            except httpx.TimeoutException:
                raise TryLater(trouble=Trouble.SLOW) from None
            except (httpx.HTTPError, OSError):
                raise TryLater(trouble=Trouble.FAILING) from None

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
                    raise TryLater(trouble=Trouble.SLOW)
        if response.status_code == 429 or response.status_code >= 500:
            busy = response.status_code == 429
            raise TryLater(
                seconds_in(response.headers.get("retry-after")),
                Trouble.ASKED_TO_WAIT if busy else Trouble.FAILING,
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
