"""`quickstart`: four questions, then a running desk on SQLite, made through the doors that every other command uses."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from trim_bot.app.definitions import library_of
from trim_bot.app.workspaces.founding import is_as_founded, organisation_for
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.for_commands import apply_site
from trim_bot.bootstrap.serving import Desktop
from trim_bot.bootstrap.store_opening import SingleProcessLock, settle_rights, single_process
from trim_bot.cli import quickstart_answers as answers
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.faults import CommandRefused, Misuse, Yes, can_ask, confirm
from trim_bot.cli.listening import listening
from trim_bot.cli.making_stores import make_stores
from trim_bot.cli.printing import ask_text, say, say_aside
from trim_bot.cli.quickstart_answers import Arrival, LeadAnswer
from trim_bot.cli.quickstart_folder import DeskFolder
from trim_bot.cli.quickstart_lead import WayIn, settle_lead, tell
from trim_bot.cli.serve import run_server
from trim_bot.cli.site import read
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.people import Platform
from trim_bot.domain.site import Organisation
from trim_bot.settings.checks import public_fault
from trim_bot.settings.environment import Settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.deployment_notes import is_new_database

T = TypeVar("T")
HOST = "127.0.0.1"
KEPT_TOGETHER = (
    "Key, data and the list of what was erased lie together here. Never put an old copy of this folder back."
)
CHAT_NEXT = {
    Arrival.SLACK: (
        "Slack reaches the desk at an https address. Make the app by docs/install-slack.md#3-the-slack-app, put its "
        "two values and PUBLIC_URL into {file}, and run this again."
    ),
    Arrival.TEAMS: (
        "Teams reaches the desk at an https address. Make the app by docs/install-teams.md, put its three values "
        "and PUBLIC_URL into {file}, and run this again."
    ),
}


@dataclass(frozen=True, slots=True)
class GivenAnswers:
    """What was given as options; empty where it was not."""

    name: str
    place: str
    lead: str
    arrival: str
    hours: str


def quickstart(
    folder: Annotated[Path, typer.Option("--folder", help="Where the desk is to lie.")] = Path(
        "peer-support"
    ),
    name: Annotated[str, typer.Option("--name", help="What your organisation is called.")] = "",
    place: Annotated[str, typer.Option("--place", help="Country, and city: GB-ENG, or “US, New York”.")] = "",
    lead: Annotated[str, typer.Option("--lead", help="“Name, work address, day of training”.")] = "",
    arrive: Annotated[str, typer.Option("--arrive", help="browser, slack or teams.")] = "",
    hours: Annotated[str, typer.Option("--hours", help="Working hours, Monday to Friday.")] = answers.HOURS,
    url: Annotated[str, typer.Option("--url", help="The https address people use, once there is one.")] = "",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where on this machine to serve.")] = 8000,
    yes: Yes = False,
) -> None:
    """Four questions, then a running desk on SQLite. Run again, it goes on where it stands."""
    said, here = GivenAnswers(name, place, lead, arrive, hours), DeskFolder(folder.absolute())
    if url and (fault := public_fault(url, production=True)):
        raise Misuse(f"--url {fault}")
    here.must_be_safe(os.environ)
    with ExitStack() as held:
        # Who runs already is named before the port is, which that desk has taken.
        lock = _alone(held, here) if here.begun else None
        sockets = held.enter_context(listening(HOST, port))
        told, arrival = (
            (None, Arrival.BROWSER) if here.begun else _begin(here, said, url.rstrip("/"), yes=yes)
        )
        lock, settings = lock or _alone(held, here), here.settings()
        if url and settings.public_url != url.rstrip("/"):
            raise Misuse(f"Another address stands in {here.environment}: change PUBLIC_URL there")
        site = settings.public_url or f"http://{HOST}:{port}"
        _make_what_is_missing(here, settings)
        way_in = with_deployment(lambda deployment: _settle(deployment, here, said, told, site), settings)
        _say_open(here, settings, way_in, f"http://{HOST}:{port}")
        if arrival is not Arrival.BROWSER:
            say(CHAT_NEXT[arrival].format(file=here.environment))
        run_server(Desktop(settings, link=site, with_worker=True, alone=lock.take), sockets)


def _alone(held: ExitStack, here: DeskFolder) -> SingleProcessLock:
    return held.enter_context(single_process(here.settings()))


def _begin(here: DeskFolder, said: GivenAnswers, url: str, *, yes: bool) -> tuple[LeadAnswer, Arrival]:
    """Ask everything before anything is made, and write down what was answered."""
    name = _answer(said.name, "--name", answers.NAME, answers.read_name)
    place = _answer(said.place, "--place", answers.PLACE, answers.read_place)
    lead = _ask_lead(said, datetime.now(ZoneInfo(place.zone)).date())
    arrival = _answer(said.arrival, "--arrive", answers.ARRIVAL, answers.read_arrival)
    hours = answers.read_hours(said.hours)
    confirm(f"Make a desk for {name} in {here.path}?", yes=yes)
    here.make()
    # The variables come last: a folder that has them can be gone on with.
    if here.site.exists():
        tell("stands", f"site     {here.site}: its name, place and hours are used")
    else:
        here.write(here.site, answers.first_site_file(name, place, hours))
    here.write(here.environment, here.environment_text(arrival, url))
    return lead, arrival


def _ask_lead(said: GivenAnswers, today: date) -> LeadAnswer:
    return _answer(said.lead, "--lead", answers.LEAD, lambda text: answers.read_lead(text, today))


def _answer(given: str, option: str, question: str, read_it: Callable[[str], T]) -> T:
    """What was given, else what is typed; at a terminal a wrong answer is asked for again. Raises Misuse."""
    if given:
        return read_it(given)
    if not can_ask():
        raise Misuse(f"Nobody can be asked here: give {option}")
    while True:
        try:
            return read_it(ask_text(question))
        except Misuse as wrong:
            say_aside(f"{wrong}.")


def _make_what_is_missing(here: DeskFolder, settings: Settings) -> None:
    if here.key.exists():
        tell("stands", f"keyring  {here.key}")
    else:
        Keyring.new().save(here.key)
        tell(
            "made", f"keyring  {here.key}. Keep a copy in another safe place: without it nothing can be read"
        )
    new, places = is_new_database(places_of(settings).data), places_of(settings)
    make_stores(places)
    settle_rights(places)
    tell("made" if new else "stands", f"stores   three SQLite files in {here.path}")


async def _settle(
    deployment: Deployment, here: DeskFolder, said: GivenAnswers, told: LeadAnswer | None, site: str
) -> WayIn:
    """Settings and the lead, each only where there is none yet."""
    employer = await _employer(deployment, here)
    return await settle_lead(deployment, employer, told, lambda today: _ask_lead(said, today), site)


async def _employer(deployment: Deployment, here: DeskFolder) -> Organisation:
    """The organisation, made of the site file where there is none, or one that has not been given it yet.

    Raises SiteFileErrors, CommandRefused.
    """
    begun: Organisation | None = None
    if await deployment.store.organisations():
        begun = await organisation_for(deployment.store, None, None)
        if not await is_as_founded(deployment.founder, begun):
            tell("stands", f"settings of {begun.slug}, as they are in force")
            return begun
        # What makes one begin its journal and holds the welcome back may be missing too.
        begun = await deployment.founder.found(begun.slug)
    checked = read(here.site, await library_of(deployment.notes))
    for line in (*checked.faults, *checked.doubts):
        tell("note", line)
    if checked.file is None:
        raise CommandRefused(f"{here.site} has a fault. Mend it, and run this again")
    applied = await apply_site(deployment, begun, checked.file)
    tell("made", f"settings of {applied.slug}, from {here.site}")
    return await organisation_for(deployment.store, None, applied.slug)


def _say_open(here: DeskFolder, settings: Settings, way_in: WayIn, local: str) -> None:
    """Where the desk is, who comes in first, and what is left to do."""
    site = settings.public_url or local
    say(f"\nThe desk is open: {site}")
    if way_in.link:
        say(f"Sign in as {way_in.lead}, once and within 30 minutes: {way_in.link}")
    elif way_in.address is not None and way_in.address.platform is Platform.WEB:
        say(f"For a new sign-in link of {way_in.lead}: trim-bot members link {way_in.address.text}")
    say(f"Anybody can ask for support, without an account: {site}/o/{way_in.slug}/ask")
    if settings.public_url:
        say(f"Your proxy passes {site} on to {local}.")
    else:
        say("It serves this machine alone. For others it needs an https address: docs/deploy/README.md.")
    say(f"For any other command: cd {here.path}; set -a; . ./{here.environment.name}; set +a")
    say(KEPT_TOGETHER)
    say("Stop it with Ctrl+C. The same command starts it again.")
