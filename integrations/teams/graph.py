"""Asks Microsoft Graph who the people of a tenant are and when they work, where its administrator agreed to that:
one file, since every question goes the same way.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode, urlsplit

from integrations.ground.outgoing_calls import TOTAL_SECONDS, OutgoingCalls
from integrations.teams.credentials import NoConsent
from integrations.teams.web_api import GRAPH, HttpAnswer, MicrosoftWebApi, Throttle, no_answer
from trim_bot.domain.calendar import DayHours, WorkingHours
from trim_bot.domain.errors import NotThere, TryLater
from trim_bot.domain.zones import UnknownZone

VERSION = "/v1.0"
FIELDS = "id,displayName,preferredLanguage,accountEnabled,userType,department,officeLocation"
PAGE = 999
BATCH = 20
"""Most requests that Graph takes in one."""
ASK_AGAIN_SECONDS = 600.0
"""Where nobody has agreed, it is not asked again for this long."""
PEOPLE = "people"
MAILBOXES = "mailboxes"

User = Mapping[str, object]
"""One account, as Graph tells of it; any member may be missing or strange."""


class GraphTokens(Protocol):
    """Where Graph's tokens come from."""

    async def for_graph(self, tenant: str) -> str:
        """A token for a tenant. Raises TryLater or NoConsent."""
        ...

    def forget(self, token: str) -> None:
        """A token was refused."""
        ...


class Graph:
    """Graph's users and mailbox settings. `iana_zone` knows Windows names of zones; `monotonic` gives seconds."""

    def __init__(
        self,
        url: str,
        tokens: GraphTokens,
        api: MicrosoftWebApi,
        throttle: Throttle,
        ways: OutgoingCalls,
        iana_zone: Callable[[str], str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`url` is GRAPH_URL, without a slash at its end."""
        self._url = url
        self._tokens = tokens
        self._api = api
        self._throttle = throttle
        self._ways = ways
        self._iana_zone = iana_zone
        self._monotonic = monotonic
        self._refused: dict[tuple[str, str], float] = {}

    def is_closed(self, tenant: str) -> bool:
        """Whether the last answer was that nobody has agreed to our looking people up there. Asks nobody."""
        return (tenant, PEOPLE) in self._refused

    async def user(self, tenant: str, id: str, seconds: float = TOTAL_SECONDS) -> User:
        """One account, within so many seconds. Raises NotThere, TryLater, or NoConsent."""
        path = f"/users/{quote(id, safe='')}?{urlencode({'$select': FIELDS})}"
        return await self._get(tenant, PEOPLE, f"{self._url}{VERSION}{path}", seconds)

    async def reach(self, tenant: str) -> None:
        """Ask for one account of a tenant. Raises NotThere, TryLater, or NoConsent."""
        await self._get(
            tenant, PEOPLE, f"{self._url}{VERSION}/users?{urlencode({'$select': 'id', '$top': '1'})}"
        )

    async def users(self, tenant: str, link: str = "") -> tuple[list[User], str]:
        """The accounts of one page of a tenant, and the link of the next; no link is the first, and the end.

        Raises TryLater, NotThere for a link that leads nowhere, or NoConsent.
        """
        if link and not self._is_ours(link):
            raise NotThere
        first = f"{self._url}{VERSION}/users?{urlencode({'$select': FIELDS, '$top': str(PAGE)})}"
        page = await self._get(tenant, PEOPLE, link or first)
        value, further = page.get("value"), page.get("@odata.nextLink")
        found: list[User] = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        return found, further if isinstance(further, str) and self._is_ours(further) else ""

    async def mailbox(self, tenant: str, id: str, seconds: float = TOTAL_SECONDS) -> Mailbox:
        """When somebody works; empty where that is not told within so many seconds. Raises TryLater."""
        url = f"{self._url}{VERSION}/users/{quote(id, safe='')}/mailboxSettings"
        try:
            return read_mailbox(await self._get(tenant, MAILBOXES, url, seconds), self._iana_zone)
        except (NoConsent, NotThere):
            return Mailbox()

    async def mailboxes(self, tenant: str, ids: Sequence[str]) -> dict[str, Mailbox]:
        """When each of many works, by id; those of whom nothing is told, or not now, are left out."""
        found: dict[str, Mailbox] = {}
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            asked = [
                {"id": str(at), "method": "GET", "url": f"/users/{quote(id, safe='')}/mailboxSettings"}
                for at, id in enumerate(some)
            ]
            try:
                answer = await self._call(
                    tenant, MAILBOXES, "POST", f"{self._url}{VERSION}/$batch", {"requests": asked}
                )
            except (NoConsent, NotThere, TryLater):
                return found
            statuses = list(self._parts(answer.body, some, found))
            if statuses and all(status == 403 for status in statuses):
                self._refused[tenant, MAILBOXES] = self._monotonic()
                return found
        return found

    def _parts(
        self, body: Mapping[str, object], ids: Sequence[str], found: dict[str, Mailbox]
    ) -> list[object]:
        """Reads the answers of one batch into `found`; returns their statuses."""
        parts = body.get("responses")
        statuses: list[object] = []
        for part in parts if isinstance(parts, list) else []:
            at = part.get("id") if isinstance(part, dict) else None
            if not isinstance(at, str) or not at.isascii() or not at.isdigit() or int(at[:6]) >= len(ids):
                continue
            statuses.append(part.get("status"))
            settings = part.get("body")
            if part.get("status") == 200 and isinstance(settings, dict):
                found[ids[int(at[:6])]] = read_mailbox(settings, self._iana_zone)
        return statuses

    async def _get(
        self, tenant: str, what: str, url: str, seconds: float = TOTAL_SECONDS
    ) -> Mapping[str, object]:
        return (await self._call(tenant, what, "GET", url, seconds=seconds)).body

    async def _call(
        self,
        tenant: str,
        what: str,
        method: str,
        url: str,
        body: Mapping[str, object] | None = None,
        seconds: float = TOTAL_SECONDS,
    ) -> HttpAnswer:
        refused_at = self._refused.get((tenant, what))
        if refused_at is not None and self._monotonic() - refused_at < ASK_AGAIN_SECONDS:
            raise NoConsent
        place = f"graph {tenant}"
        self._ways.look(place)
        await self._throttle.turn(place, place, GRAPH)
        try:
            answer = await self._ways.ask(
                place, lambda: self._proven(tenant, what, method, url, body), seconds
            )
        except NoConsent:
            # One mailbox may be closed to us while others are open.
            if what == PEOPLE:
                self._refused[tenant, what] = self._monotonic()
            raise
        self._refused.pop((tenant, what), None)
        if answer.status == 404:
            raise NotThere
        if answer.status != 200 or not answer.body:
            raise TryLater(answer.after_seconds)
        return answer

    async def _proven(
        self, tenant: str, what: str, method: str, url: str, body: Mapping[str, object] | None
    ) -> HttpAnswer:
        """One answer that says something. Raises NoConsent and TryLater."""
        token = await self._tokens.for_graph(tenant)
        answer = await self._api.call(method, url, token, body)
        if (later := no_answer(answer)) is not None:
            raise later
        if answer.status in (401, 403):
            if answer.status == 401 or what == PEOPLE:
                # A closed mailbox says nothing of the token, which opens others.
                self._tokens.forget(token)
            raise NoConsent
        return answer

    def _is_ours(self, url: str) -> bool:
        """Whether a further page is where the first one was, so that no answer sends a token elsewhere."""
        try:
            theirs, ours = urlsplit(url), urlsplit(self._url)
        except ValueError:
            return False
        return (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc) and len(url) <= 4000


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What a mailbox tells of when its owner works."""

    zone: str = ""
    """IANA name; empty if it tells none that is known."""
    hours: WorkingHours | None = None


def read_mailbox(settings: Mapping[str, object], iana_zone: Callable[[str], str]) -> Mailbox:
    """Zone and hours; what cannot be read is left out. `iana_zone` knows Windows names too."""
    zone = _zone(settings.get("timeZone"), iana_zone)
    told = settings.get("workingHours")
    if not isinstance(told, dict):
        return Mailbox(zone)
    named = told.get("timeZone")
    own = _zone(named.get("name"), iana_zone) if isinstance(named, dict) else ""
    return Mailbox(zone or own, _hours(told, own or zone))


def _zone(name: object, iana_zone: Callable[[str], str]) -> str:
    return iana_zone(name) if isinstance(name, str) and len(name) <= 100 else ""


def _hours(told: Mapping[str, object], zone: str) -> WorkingHours | None:
    days, start, end = told.get("daysOfWeek"), _time(told.get("startTime")), _time(told.get("endTime"))
    if not zone or start is None or end is None or not isinstance(days, list):
        return None
    worked = {day.lower() for day in days if isinstance(day, str)}
    span: DayHours = ((start, end),)
    week = tuple(span if day in worked else () for day in DAYS)
    if not any(week):
        return None
    try:
        return WorkingHours(zone, week)
    except (UnknownZone, ValueError):
        return None


def _time(text: object) -> datetime.time | None:
    """The clock time in `08:00:00.0000000`, to the minute."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.time.fromisoformat(text[:5])
    except ValueError:
        return None
    return found if found.tzinfo is None else None
