"""The practice workspace as the browser sees it, in a temporary place: sample members, their chats, a movable clock."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from integrations.web.ports import Moved, Practice, PracticeMessage, PracticePerson, PracticeStep
from trim_bot.app.seam.ports import Tx
from trim_bot.app.words import practice_words
from trim_bot.app.words.times import spoken, spoken_day
from trim_bot.bootstrap.practice import PracticeParts
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.cases import CheckIn, CheckInState
from trim_bot.domain.ids import IncidentId, OrganisationId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Address, Role
from trim_bot.domain.site import Organisation, Site
from trim_bot.practice.busy_weeks import tell_busy_weeks
from trim_bot.practice.history import tell_past, tell_present
from trim_bot.practice.organisation import CAST, found_practice, practice_site, working_moment
from trim_bot.practice.tour import followed, tour_of
from trim_bot.settings.environment import Settings
from trim_bot.settings.store_addresses import help_file

T = TypeVar("T")
DAY, DAY_3, WEEK, MONTH = timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=28)
SHORTEST = timedelta(hours=12)
DAY_BY_DAY = timedelta(days=35)
"""How much of one move is gone through day by day: a month, and the week in which its talk waits."""


class Workspace:
    """The port `Practice`, for the sample members of one organisation."""

    def __init__(self, parts: PracticeParts, organisation: Organisation, site: Site) -> None:
        self.parts = parts
        self.site = site
        self.organisation = organisation
        self._from = parts.clock.now()
        """Day 3 and one month are counted from here: when the newest event was logged."""
        self._before: frozenset[IncidentId] = frozenset()
        self._tour: Sequence[PracticeStep] = ()
        self._status_seen = False
        self._something_sent = True

    def now(self) -> datetime:
        """Business time, UTC."""
        return self.parts.clock.now()

    def zone(self) -> str:
        """The zone in which the clock is spoken."""
        return self.site.zone

    async def open_tour(self) -> None:
        """From here on what is logged counts for the tour."""
        self._before = await self._read(_known)

    async def look(self, path: str, roles: frozenset[Role], *, sends: bool) -> None:
        """See how far the tour has come; what was sent since the last page is delivered first."""
        self._status_seen |= path == "/status" and Role.COORDINATOR in roles and not sends
        if sends:
            self._something_sent = True
            return
        if self._something_sent:
            self._something_sent = False
            await self.parts.drain()
        at = await self._read(lambda tx: followed(tx, self._before))
        self._tour = tour_of(
            at,
            status_seen=self._status_seen,
            now=self.now(),
            working=self.working,
            spoken=lambda when: spoken_day(when.astimezone(ZoneInfo(self.site.zone)).date()),
            newest=self._newest_token,
        )

    def tour(self) -> Sequence[PracticeStep]:
        """The steps, as they stood when a page was last asked for."""
        return self._tour

    async def move(self, to: datetime) -> Moved:
        """Move business time on and do what comes due. Raises ValueError when backwards."""
        logged = await self._read(_newest)
        began, ran = self.now(), 0
        # A day at a time, as it would have gone: reminders and the ladder take one step a day, not one a move. After
        # the month that a story takes, a week at a time: nobody looks at each day of a year, and all wait for it.
        while self.now() + DAY < to:
            stride = DAY if self.now() - began < DAY_BY_DAY else WEEK
            await self.parts.clock.set(min(self.now() + stride, to - SHORTEST))
            ran += await self.parts.drain()
        await self.parts.clock.set(to)
        ran += await self.parts.drain()
        if logged is not None:
            self._from = max(self._from, logged)
        if self.now() >= self.working(self._from + MONTH):
            self._from = self.now()
        return Moved(ran, await self._read(lambda tx: _talks_between(tx, began, to)))

    def people(self) -> Sequence[PracticePerson]:
        """The sample members that a visitor can act as."""
        return tuple(PracticePerson(one.address, one.name, one.label) for one in CAST)

    def messages(self, address: Address) -> Sequence[PracticeMessage]:
        """What the chat of one member holds, oldest first."""
        return self.parts.messenger.messages(address)

    def jumps(self) -> Sequence[tuple[str, datetime]]:
        """Times worth moving to; those counted from the newest event fall in working time."""
        return (
            (practice_words.ONE_DAY, self.now() + DAY),
            (practice_words.DAY_3, self.working(self._from + DAY_3)),
            (practice_words.ONE_MONTH, self.working(self._from + MONTH)),
        )

    def working(self, instant: datetime) -> datetime:
        """`instant` (aware) in working time, or the next working morning; UTC."""
        return working_moment(self.site, instant)

    def _newest_token(self, address: Address) -> str:
        chat = self.messages(address)
        return chat[-1].message.open_token if chat else ""

    async def _read(self, body: Callable[[Tx], T]) -> T:
        return await self.parts.deployment.store.read(OrganisationId(self.organisation.id), body)

    def spoken(self) -> str:
        """Business time as people say it."""
        return spoken(self.now(), ZoneInfo(self.site.zone))


async def practice_workspace(parts: PracticeParts) -> Practice:
    """Everybody in place, with a little history, on a working morning."""
    workspace = await quiet_workspace(parts)
    await tell_past(parts, workspace.site, workspace.now())
    await tell_busy_weeks(parts, workspace.site, workspace.now())
    await tell_present(parts, workspace.site)
    await workspace.open_tour()
    return workspace


async def quiet_workspace(
    parts: PracticeParts, begins: Callable[[Site, datetime], datetime] = working_moment
) -> Workspace:
    """Everybody in place, and nothing has happened yet; it is the moment that `begins` makes of now."""
    now = parts.clock.now()
    site = practice_site(now.date())
    await parts.clock.set(begins(site, now))
    organisation = await found_practice(parts.deployment.store, site, parts.clock.now())
    help_file(parts.deployment.settings).put(site)
    await parts.look_up_slug()
    await parts.drain()
    return Workspace(parts, organisation, site)


def _known(tx: Tx) -> frozenset[IncidentId]:
    return frozenset(one.id for one in tx.find(Incident))


def _talks_between(tx: Tx, after: datetime, until: datetime) -> int:
    """How many talks came due in this time, those that were called off before apart."""
    return sum(
        after < one.due_at <= until and one.state in (CheckInState.OPEN, CheckInState.PLANNED)
        for one in tx.find(CheckIn)
    )


def _newest(tx: Tx) -> datetime | None:
    found = tx.find(Incident, order_by="-logged_at", limit=1)
    return found[0].logged_at if found else None


PREFIX = "peer-support-practice-"
MEMORY, ROOM = Path("/dev/shm"), 200_000_000  # noqa: S108  (a folder of its own is made there, for its owner alone)
"""Where files lie in memory, on systems that have such a place, and the bytes that have to be free."""


@contextmanager
def practice_ground(link: str) -> Iterator[tuple[Path, Settings]]:
    """The folder and its settings. Chat platforms named in the environment are left out: nothing leaves here.

    `link` is the address of the browser pages, without a slash at its end.
    """
    with TemporaryDirectory(prefix=PREFIX, dir=_in_memory()) as name:
        folder = Path(name)
        keyring = folder / "practice.key"
        Keyring.new().save(keyring)
        yield folder, _settings(folder, keyring, link)


def _in_memory() -> Path | None:
    """Memory, where there is room: each step waits for its commit, and nothing is kept. Else the usual place."""
    try:
        fits = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    except OSError:
        return None
    return MEMORY if fits and "TMPDIR" not in os.environ else None


def _settings(folder: Path, keyring: Path, link: str) -> Settings:
    none = SecretStr("")
    return Settings(
        database_url=SecretStr(f"sqlite:///{folder / 'data.db'}"),
        keystore_url=SecretStr(f"sqlite:///{folder / 'keys.db'}"),
        ledger_url=SecretStr(f"sqlite:///{folder / 'ledger.db'}"),
        trim_bot_keyring=f"file:{keyring}",
        trim_bot_env="demo",
        trim_bot_clock="manual",
        public_url=link,
        slack_signing_secret=none,
        slack_bot_token=none,
        slack_client_id="",
        slack_client_secret=none,
        slack_app_token=none,
        teams_app_id="",
        teams_app_password=none,
        teams_tenant_id="",
        metrics_token=none,
    )
