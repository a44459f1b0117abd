"""The one way out to Microsoft's services, within what it lets an app ask: one file, since every call takes
its turn first.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

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


class MicrosoftRefused(SafeError):
    """Microsoft answered that it will not. `code` is its own short word for why."""

    text = "Microsoft refused this"

    def __init__(self, status: int, code: str) -> None:
        super().__init__()
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


class MicrosoftWebApi:
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
                raise MicrosoftRefused(0, "address")
            async with asyncio.timeout(TIMEOUT_SECONDS):
                response = await self._connect().send(request, stream=True, follow_redirects=False)
                try:
                    content, strange = await _read(response)
                finally:
                    await response.aclose()
        except httpx.ConnectError:
            raise TryLater(trouble=Trouble.REFUSED, at=_host(url)) from None
        except (httpx.TimeoutException, TimeoutError):
            raise TryLater(trouble=Trouble.SLOW, at=_host(url)) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            raise TryLater(trouble=Trouble.FAILING, at=_host(url)) from None
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


def _host(url: str) -> str:
    """The host of an address that was asked; empty where there is none."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


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


Windows = tuple[tuple[float, int], ...]
"""Spans in seconds, each with how many may begin within it."""
TENANT: Windows = ((1.0, 50),)
"""All that one app may ask in one tenant."""
SENDS: Windows = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""What may be sent to one conversation, or asked to be opened with one person."""
READS: Windows = ((1.0, 14), (2.0, 16), (30.0, 120), (3600.0, 3600))
"""How often the members of one conversation may be asked for."""
GRAPH: Windows = ((1.0, 20),)
"""What Graph is asked about one tenant: its own limits are higher, and others ask it too."""
LONGEST_WAIT = 5.0
"""Whoever would wait longer, in seconds, comes again later, so that nobody holds a lease by waiting."""
MOST_THREADS = 5_000


class TurnQueue:
    """Turns given out first come, first served, never more of them within a span than its windows allow."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._given: deque[float] = deque(maxlen=max(most for _, most in windows))

    def next_turn(self, now: float) -> float:
        """When the next turn would be, in seconds of the same clock as `now`."""
        turn = max(now, self._given[-1]) if self._given else now
        for span, most in self._windows:
            if len(self._given) >= most:
                turn = max(turn, self._given[-most] + span)
        return turn

    def take(self, turn: float) -> None:
        """Give out the turn at `turn`."""
        self._given.append(turn)

    def is_idle(self, now: float) -> bool:
        """Whether no turn that was given out matters any more."""
        longest = max(span for span, _ in self._windows)
        return not self._given or self._given[-1] + longest <= now


@dataclass(slots=True)
class _Thread:
    line: TurnQueue
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Throttle:
    """Who goes when. `monotonic` gives seconds, `pause` waits for some of them; tests bring their own."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._pause = pause
        self._tenants: dict[str, TurnQueue] = {}
        self._threads: dict[tuple[str, Windows], _Thread] = {}
        self._crowded = MOST_THREADS

    async def turn(self, tenant: str, thread: str, windows: Windows = SENDS) -> None:
        """Wait for one's turn, first in the conversation and then in the tenant. Raises TryLater for a long wait."""
        own = self._thread(thread, windows)
        async with own.lock:
            # Waiting for the conversation first keeps a busy one from holding up the whole tenant.
            await self._wait(own.line.next_turn(self._monotonic()))
            line = self._tenants.setdefault(tenant, TurnQueue(TENANT))
            turn = line.next_turn(self._monotonic())
            self._bearable(turn)
            line.take(turn)
            own.line.take(turn)
            await self._wait(turn)

    async def _wait(self, turn: float) -> None:
        wait = self._bearable(turn)
        if wait > 0:
            await self._pause(wait)

    def _bearable(self, turn: float) -> float:
        wait = turn - self._monotonic()
        if wait > LONGEST_WAIT:
            raise TryLater(wait)
        return wait

    def _thread(self, thread: str, windows: Windows) -> _Thread:
        if len(self._threads) >= self._crowded:
            now = self._monotonic()
            for key, one in list(self._threads.items()):
                if one.line.is_idle(now) and not one.lock.locked():
                    del self._threads[key]
            # Only once there are twice as many: a note to everybody would look through all of them at each turn.
            self._crowded = max(MOST_THREADS, 2 * len(self._threads))
        return self._threads.setdefault((thread, windows), _Thread(TurnQueue(windows)))
