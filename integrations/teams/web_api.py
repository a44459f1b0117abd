"""The one way out to Microsoft's services: one try a call, nothing followed, answers of bounded size."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from integrations.ground.outgoing_calls import date_in, seconds_in
from trim_bot.domain.errors import SafeError, Trouble, TryLater

TIMEOUT_SECONDS = 10.0
MOST_BYTES = 4 * 1024 * 1024
"""Longest answer that is read; a thousand people of a directory fit in several times."""
BUSY = frozenset({412, 429, 502, 503, 504})
"""What Microsoft asks to be tried again."""
BETWEEN = frozenset({407, 408, 425})
"""What something on the way says for itself."""


class Refused(SafeError):
    """Microsoft answered that it will not. `code` is its own short word for why."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__("Microsoft refused this")
        self.status = status
        self.code = code


class Busy(TryLater):
    """Microsoft asks for another try; nothing was done."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back: a status, and the object in it if there was one."""

    status: int
    body: Mapping[str, object] = field(repr=False)
    after_seconds: float | None = None
    strange: bool = False
    """It was no answer of Microsoft's, but a page of something in between."""


def no_answer(answer: HttpAnswer) -> TryLater | None:
    """What a status means that says nothing of what was asked; None where it does."""
    if answer.status == 429:
        return Busy(answer.after_seconds, Trouble.ASKED_TO_WAIT)
    if answer.status in BUSY:
        return Busy(answer.after_seconds, Trouble.FAILING)
    # What was taken was taken, whatever the page looks like that says so.
    between = answer.strange and answer.status >= 400
    between = between or 300 <= answer.status < 400 or answer.status in BETWEEN
    if answer.status >= 500 or between:
        return TryLater(answer.after_seconds, Trouble.FAILING)
    return None


def _nothing_heard(_said: datetime) -> None:
    """Nobody wants to know what Microsoft's clock says."""


class WebApi:
    """Calls with a token. Must be closed in the loop it was used in.

    `may_have_token` says of an address whether a token may go there; it is asked last, of what is really sent.
    """

    def __init__(
        self,
        may_have_token: Callable[[str], bool],
        *,
        on_this_machine: bool = False,
        heard: Callable[[datetime], None] = _nothing_heard,
    ) -> None:
        """`on_this_machine` leaves proxies of the environment alone; `heard` is told the time of each answer."""
        self._heard = heard
        self._may_have_token = may_have_token
        self._here = on_this_machine
        self._http: httpx.AsyncClient | None = None

    async def call(
        self, method: str, url: str, token: str, body: Mapping[str, object] | None = None
    ) -> HttpAnswer:
        """One try, whose time and place are the caller's.

        Raises TryLater when there is no answer, Refused for an address that may have no token.
        """
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        try:
            request = self._connect().build_request(method, url, json=body, headers=headers)
            if not self._may_have_token(f"{request.url.scheme}://{request.url.netloc.decode()}/"):
                raise Refused(0, "address")
            async with asyncio.timeout(TIMEOUT_SECONDS):
                response = await self._connect().send(request, stream=True, follow_redirects=False)
                try:
                    content, strange = await _read(response)
                finally:
                    await response.aclose()
        except httpx.ConnectError:
            raise TryLater(trouble=Trouble.REFUSED) from None
        except (httpx.TimeoutException, TimeoutError):
            raise TryLater(trouble=Trouble.SLOW) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            raise TryLater(trouble=Trouble.FAILING) from None
        if (said := date_in(response.headers.get("date"))) is not None:
            self._heard(said)
        return HttpAnswer(response.status_code, content, _after_seconds(response.headers), strange)

    def _connect(self) -> httpx.AsyncClient:
        # Made when first used, since it belongs to the running loop.
        if self._http is None:
            self._http = httpx.AsyncClient(
                timeout=TIMEOUT_SECONDS,
                follow_redirects=False,
                trust_env=not self._here,
                headers={"Accept-Encoding": "identity"},
            )
        return self._http

    async def close(self) -> None:
        """Give the connections back."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None


async def _read(response: httpx.Response) -> tuple[Mapping[str, object], bool]:
    """The object in an answer, empty where there is none, and whether it is strange: neither empty nor JSON.

    What is too long is not read to its end.
    """
    content = bytearray()
    async for piece in response.aiter_raw():
        content += piece
        if len(content) > MOST_BYTES:
            return {}, False
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}, bool(content.strip())
    return (found if isinstance(found, dict) else {}), False


def _after_seconds(headers: httpx.Headers) -> float | None:
    """How long to wait, told as seconds or as a time of day by the other side's own clock."""
    text = headers.get("retry-after", "").strip()
    if (told := seconds_in(text)) is not None:
        return told
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, wait.total_seconds())


def code_of(body: Mapping[str, object]) -> str:
    """Microsoft's own short word for an error; empty where there is none that can be shown.

    It stands in one of several places, and at times inside a text that is itself JSON.
    """
    for told in (body, _within(body)):
        error = told.get("error")
        inner = error if isinstance(error, dict) else {}
        numbers = (inner.get("errorCode"), told.get("errorCode"))
        named = (inner.get("subCode"), told.get("subCode"), inner.get("code"), told.get("code"), error)
        for word in (*named, *(str(one) for one in numbers if isinstance(one, int) and 0 < one < 10**6)):
            if isinstance(word, str) and 0 < len(word) <= 60 and word.isascii() and word.isalnum():
                return word
    return ""


def _within(body: Mapping[str, object]) -> Mapping[str, object]:
    """The object that stands as text in an error's message; empty where there is none."""
    error = body.get("error")
    message = (error if isinstance(error, dict) else body).get("message")
    if not isinstance(message, str) or not message.lstrip().startswith("{"):
        return {}
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
