"""The desk at work in one process: the parts put together, started, and stopped in order: one file, since whatever
is started here has to be stopped here.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from integrations.web.bare_practice import PracticeMessenger
from integrations.web.ports import Practice
from trim_bot.app.clock.clocks import MovableClock
from trim_bot.app.clock.clockwork import Clockwork
from trim_bot.app.desk.browser_front import BrowserFront
from trim_bot.app.desk.desk import Desk, Outside
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.seam.ports import Directory, Messenger
from trim_bot.app.seam.work import CLOCK, Asker
from trim_bot.app.watch.alert_watch import AlertWatch
from trim_bot.app.watch.alerting import LOOK_SECONDS as ALERT_SECONDS
from trim_bot.app.watch.alerting import Alerting
from trim_bot.app.watch.heart import BEAT_SECONDS, Heart
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.app.watch.outages import LOOK_SECONDS, Outages
from trim_bot.app.watch.platforms import PlatformOutages
from trim_bot.app.watch.probing import PROBE_SECONDS, Asked, Probing
from trim_bot.app.watch.sends import SendMinutes, ToldMessenger
from trim_bot.app.watch.sweep_faults import SweepFaults
from trim_bot.app.workspaces.founding import FirstStart
from trim_bot.app.workspaces.help_in_force import HELP_SECONDS, keep_help
from trim_bot.app.workspaces.reaching import Reaching
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.app.workspaces.workspace_cache import CommandNames
from trim_bot.bootstrap.alerts import alert_watch, make_alerting
from trim_bot.bootstrap.chats import Chats, open_chats
from trim_bot.bootstrap.deployment import Deployment, open_deployment
from trim_bot.bootstrap.for_commands import definitions_of
from trim_bot.bootstrap.practice import MakePractice, PracticeParts, bare_practice
from trim_bot.bootstrap.process_log import described, name_stores, tell
from trim_bot.bootstrap.readiness import Closed, outage_of, store_of
from trim_bot.bootstrap.readiness_probe import ReadinessProbe, StoreTrial, must_be_writable
from trim_bot.bootstrap.slack import make_slack, renewal, slack_parts
from trim_bot.bootstrap.store_opening import OpeningMode
from trim_bot.bootstrap.sweeps import Sweeps, look_at_keys
from trim_bot.bootstrap.teams import make_teams
from trim_bot.domain.errors import SafeError
from trim_bot.domain.process_beats import ProcessRole
from trim_bot.locale.crisis_numbers import numbers_for
from trim_bot.locale.languages import LANGUAGES
from trim_bot.locale.phone_numbers import PhoneNumbers
from trim_bot.locale.public_holidays import PublicHolidays
from trim_bot.scheduler.ticker import Bell, Sweep, Ticker, without_worker
from trim_bot.settings.checks import host_of
from trim_bot.settings.environment import Mode, Settings
from trim_bot.settings.store_addresses import help_file
from trim_bot.settings.whereabouts import whereabouts
from trim_bot.storage.beats import Beats
from trim_bot.storage.ledger.known_backups import newest_backup

if TYPE_CHECKING:
    from integrations.slack.adapter import Slack
    from integrations.slack.workspaces import OneWorkspace
    from integrations.teams.adapter import Teams

SLUG_SECONDS = 15
KEYS_SECONDS = 5


@dataclass(slots=True)
class Running:
    """An open deployment with its desk. `stop` must be awaited in the loop it was started in."""

    deployment: Deployment
    desk: Desk
    front: BrowserFront
    upkeep: Sweeps
    ticker: Ticker
    slack: Slack | None
    practice: Practice | None
    with_worker: bool
    answers: bool
    """Whether this process answers people; a worker beside it only does what is due."""
    probe: ReadinessProbe
    names: CommandNames
    outdated: asyncio.Event
    """Set once the stored keys need a keyring that was not read yet; the desk must be closed and opened anew."""
    teams: Teams | None
    chats: Chats
    outages: Outages
    """What is out of order now, as far as this process knows."""
    heart: Heart
    alerts: AlertWatch
    trial: StoreTrial
    _settling: asyncio.Task[None] | None = field(default=None)
    _settling_teams: asyncio.Task[None] | None = field(default=None)
    _welcoming: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def _first_start(self) -> FirstStart:
        return FirstStart(self.deployment.founder, host_of(self.deployment.settings.public_url), tell)

    async def start(self) -> None:
        """Start the clock, and ask Slack whose workspace this is."""
        settings = self.deployment.settings
        await self.front.look_up_slug()
        self.ticker.start()
        if self.slack is not None and self.slack.one is not None:
            await self._first_start.expect_the_known(self.slack.one)
            self._settling = asyncio.create_task(self._settle(self.slack.one))
        if self.slack is not None and self.slack.socket is not None and self.answers:
            self.slack.socket.start()
        if self.teams is not None:
            # Before the first request is heard, so that none is turned away meanwhile.
            await self._first_start.tenant_home(settings.teams_tenant_id)
            self._settling_teams = asyncio.create_task(self._settle_teams(self.teams))

    def sweeps(self) -> frozenset[str]:
        """The names of what this process looks after besides answering."""
        return self.ticker.sweeps

    async def settled(self) -> None:
        """Wait until every chat workspace has its organisation; at once where there is no workspace."""
        for settling in (self._settling, self._settling_teams):
            if settling is not None:
                await asyncio.shield(settling)

    async def _settle(self, slack: OneWorkspace) -> None:
        await self._first_start.settle_workspace(slack)
        await self._meet_everyone()

    def workspace_added(self, team: str) -> None:
        """Somebody added a workspace: meet who is there, without keeping them waiting."""
        task = asyncio.get_running_loop().create_task(self._meet_everyone(team))
        self._welcoming.add(task)
        task.add_done_callback(self._welcoming.discard)

    async def _settle_teams(self, teams: Teams) -> None:
        await self._first_start.settle_tenant(self.deployment.settings.teams_tenant_id)
        await teams.warm()
        await self._meet_everyone()

    async def _meet_everyone(self, team: str = "") -> None:
        try:
            await self.front.look_up_slug()
            if self.with_worker:
                await self.upkeep.meet_everyone(team)
        except SafeError as error:
            # The sweeps of the same name come again.
            tell(LogEvent.STAFF, error)

    async def stop(self) -> None:
        """Begin nothing new, end what is running, and let go of every connection."""
        settling = [task for task in (self._settling, self._settling_teams) if task is not None]
        begun = [*self._welcoming, *settling]
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        if self.slack is not None:
            await self.slack.stop_hearing()
        await self.ticker.stop()
        await self.upkeep.idle()
        if self.slack is not None:
            await self.slack.close()
        if self.teams is not None:
            await self.teams.close()
        await self.names.close()
        await self.front.close()
        try:
            await self.heart.end()
            await self.deployment.settle()
        except SafeError as error:
            # What stands apart is told when it is opened next.
            tell(LogEvent.SETTLING, error)
        self.deployment.close()


async def open_running(
    settings: Settings,
    *,
    link: str,
    with_worker: bool,
    answers: bool = True,
    make_practice: MakePractice = bare_practice,
    alerting: Alerting | None = None,
) -> Running:
    """Open the deployment and put the desk together; nothing runs before `start`.

    `link` is the address of the browser pages. Without the worker only the desk answers, and another process
    does what is due; one that only does what is due connects to no chat. `alerting` tells the administrator, where
    this process has told something already. Raises what `open_deployment` raises.
    """
    name_stores(partial(store_of, settings=settings))
    # A worker begins no desk: in a wrong folder it would look after an empty one.
    opening = OpeningMode.FOUND if answers else OpeningMode.USE
    deployment = await open_deployment(settings, opening=opening)
    try:
        await asyncio.to_thread(must_be_writable, settings)
        if with_worker and not await deployment.store.may_do_all_work():
            # Due work would be hidden from it, and would wait for ever without a word.
            raise Closed(NotReady.LOGIN_REFUSED)
        return await _put_together(
            deployment, link, with_worker, answers, make_practice, alerting or make_alerting(settings)
        )
    except BaseException:
        deployment.close()
        raise


async def _put_together(
    deployment: Deployment,
    link: str,
    with_worker: bool,
    answers: bool,
    make_practice: MakePractice,
    alerting: Alerting,
) -> Running:
    settings = deployment.settings
    names = CommandNames(deployment.store)
    # Filled below, since each adapter is built on the desk; nobody is heard before all of them are there.
    messengers: dict[str, Messenger] = {}
    directories: dict[str, Directory] = {}
    bell = Bell()
    desk = Desk(
        Outside(
            store=deployment.store,
            clock=deployment.clock,
            tokens=deployment.tokens,
            messengers=messengers,
            directories=directories,
            holidays=PublicHolidays(),
            phones=PhoneNumbers(),
            shipped_numbers=numbers_for,
            definitions=await definitions_of(deployment.notes, settings.mode),
            link=link,
            queued=bell.ring,
            tell=tell,
            names=names.at,
            languages=LANGUAGES,
        )
    )
    front = BrowserFront(desk, deployment.sessions)
    outages, sends = Outages(tell), SendMinutes()
    out = open_chats(deployment.time, PlatformOutages(outages, whereabouts(settings)).heard)
    slack = make_slack(settings, desk, slack_parts(deployment, names, link, out))
    reaching = Reaching(desk.outside)
    teams = make_teams(settings, desk, reaching, front.listed_people, names, deployment.store, out)
    chats = PracticeMessenger(deployment.clock) if settings.mode is not Mode.PRODUCTION else None
    if slack is not None:
        messengers["slack"] = ToldMessenger(slack.messenger, "slack", sends)
        directories["slack"] = slack.directory
    if teams is not None:
        messengers["teams"] = ToldMessenger(teams.messenger, "teams", sends)
        directories["teams"] = teams.directory
    if chats is not None:
        messengers["web"] = chats
    clockwork = Clockwork(desk, lambda id: tell(LogEvent.LEFT, about=id))
    upkeep = Sweeps(deployment, clockwork, Staff(desk.outside, deployment.notes))
    faults = SweepFaults(outages, partial(outage_of, settings=settings), tell, described)
    ticker = upkeep.ticker(faults.failed) if with_worker else without_worker(faults.failed)
    outdated = asyncio.Event()
    if answers:
        held = partial(keep_help, deployment.store, deployment.founder, help_file(settings), tell)
        ticker.add(Sweep("help", held, HELP_SECONDS))
    ticker.add(Sweep("slug", front.look_up_slug, SLUG_SECONDS))
    ticker.add(Sweep("keys", look_at_keys(deployment, outdated), KEYS_SECONDS))
    if with_worker and (tokens := renewal(slack, deployment)) is not None:
        ticker.add(tokens)
    bell.ticker = ticker
    practice: Practice | None = None
    if chats is not None and isinstance(deployment.clock, MovableClock):
        parts = PracticeParts(deployment, deployment.clock, chats, upkeep.drain, front.look_up_slug)
        practice = await make_practice(parts)
    begun = time.monotonic()

    def beat_age() -> float:
        age = ticker.age_seconds
        return time.monotonic() - begun if age is None else age

    trial = StoreTrial(deployment, outages)
    beats = Beats(deployment.store, partial(newest_backup, deployment.ledger))
    heart = Heart(beats, _role(with_worker, answers), beat_age, outages, sends)
    watching = (Sweep("pulse", heart.beat, BEAT_SECONDS), Sweep("outages", outages.look, LOOK_SECONDS))
    platforms: dict[str, Asked | None] = {"slack": slack, "teams": teams}
    if asked := {name: one for name, one in platforms.items() if one is not None}:
        ticker.add(Sweep("platforms", Probing(outages, asked).probe, PROBE_SECONDS))
    for sweep in (*trial.sweeps(), *watching):
        ticker.add(sweep)
    alerts = alert_watch(
        deployment, alerting, lambda tx, one: desk.work(tx, one, Asker(CLOCK), {}), outages, heart, trial
    )
    ticker.add(Sweep("alerts", alerts.look, ALERT_SECONDS, ALERT_SECONDS))
    probe = ReadinessProbe(deployment, beat_age, trial=trial, worker_gone=lambda: heart.worker_gone)
    return Running(
        deployment, desk, front, upkeep, ticker, slack, practice, with_worker, answers, probe, names, outdated,
        teams, out, outages, heart, alerts, trial,
    )  # fmt: skip


def _role(with_worker: bool, answers: bool) -> ProcessRole:
    return (ProcessRole.BOTH if with_worker else ProcessRole.WEB) if answers else ProcessRole.WORKER
