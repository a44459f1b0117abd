"""The practice workspace as the browser sees it, in a temporary place: sample members, their chats, a movable clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from integrations.web.ports import Practice, PracticeMessage, PracticePerson
from trim_bot.app.seam.ports import Tx
from trim_bot.app.words.times import spoken
from trim_bot.bootstrap.practice import PracticeParts
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Address
from trim_bot.domain.site import Organisation, Site
from trim_bot.practice.history import tell_past, tell_present
from trim_bot.practice.organisation import CAST, found_practice, practice_site, working_moment
from trim_bot.settings.environment import Settings
from trim_bot.settings.store_addresses import help_file

DAY, DAY_3, MONTH = timedelta(days=1), timedelta(days=3), timedelta(days=28)


class Workspace:
    """The port `Practice`, for the sample members of one organisation."""

    def __init__(self, parts: PracticeParts, organisation: Organisation, site: Site) -> None:
        self.parts = parts
        self.site = site
        self.organisation = organisation
        self._from = parts.clock.now()
        """Day 3 and one month are counted from here: when the newest event was logged."""

    def now(self) -> datetime:
        """Business time, UTC."""
        return self.parts.clock.now()

    def zone(self) -> str:
        """The zone in which the clock is spoken."""
        return self.site.zone

    async def move(self, to: datetime) -> int:
        """Move business time on and do what comes due. Raises ValueError when backwards."""
        logged = await self.parts.deployment.store.read(OrganisationId(self.organisation.id), _newest)
        # A day at a time, as it would have gone: reminders and the ladder take one step a day, not one a move.
        ran = 0
        while self.now() + DAY < to:
            await self.parts.clock.set(self.now() + DAY)
            ran += await self.parts.drain()
        await self.parts.clock.set(to)
        ran += await self.parts.drain()
        if logged is not None:
            self._from = max(self._from, logged)
        if self.now() >= self.working(self._from + MONTH):
            self._from = self.now()
        return ran

    def people(self) -> Sequence[PracticePerson]:
        """The sample members that a visitor can act as."""
        return tuple(PracticePerson(one.address, one.name, one.label) for one in CAST)

    def messages(self, address: Address) -> Sequence[PracticeMessage]:
        """What the chat of one member holds, oldest first."""
        return self.parts.messenger.messages(address)

    def jumps(self) -> Sequence[tuple[str, datetime]]:
        """Times worth moving to; those counted from the newest event fall in working time."""
        return (
            ("+1 day", self.now() + DAY),
            ("day 3", self.working(self._from + DAY_3)),
            ("one month", self.working(self._from + MONTH)),
        )

    def working(self, instant: datetime) -> datetime:
        """`instant` (aware) in working time, or the next working morning; UTC."""
        return working_moment(self.site, instant)

    def spoken(self) -> str:
        """Business time as people say it."""
        return spoken(self.now(), ZoneInfo(self.site.zone))


async def practice_workspace(parts: PracticeParts) -> Practice:
    """Everybody in place, with a little history, on a working morning."""
    workspace = await quiet_workspace(parts)
    await tell_past(parts, workspace.site, workspace.now())
    await tell_present(parts, workspace.site)
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


def _newest(tx: Tx) -> datetime | None:
    found = tx.find(Incident, order_by="-logged_at", limit=1)
    return found[0].logged_at if found else None


PREFIX = "peer-support-practice-"


@contextmanager
def practice_ground(link: str) -> Iterator[tuple[Path, Settings]]:
    """The folder and its settings. Chat platforms named in the environment are left out: nothing leaves here.

    `link` is the address of the browser pages, without a slash at its end.
    """
    with TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        keyring = folder / "practice.key"
        Keyring.new().save(keyring)
        yield folder, _settings(folder, keyring, link)


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
