"""What the end-to-end tests share: a workplace, a deployment on either database, and its people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.database_logins import Logins
from tests.e2e.deployment import Deployment, Stores, deploy
from tests.e2e.doors import Door
from tests.e2e.settled import SettledOnce
from tests.e2e.settling import SITE, Hire
from tests.e2e.teams_side import object_id
from tests.e2e.tenancy import TENANT, Tenancy, open_for_business
from tests.e2e.workplace import TEAM, Workplace
from trim_bot.app.waiting import draw
from trim_bot.domain.people import Role

PEOPLE = {
    "priya": (Role.PRACTITIONER,),
    "peter": (Role.PRACTITIONER,),
    "lena": (Role.PRACTITIONER, Role.LEAD),
    "dora": (Role.PRACTITIONER, Role.DEPUTY),
    "quinn": (Role.COORDINATOR,),
    "nurse": (),
    "driver": (),
    "porter": (),
}
"""Everybody at Slack, and at Teams and the browser under the same name."""


def hires(platform: str, surname: str = "") -> list[Hire]:
    """Those who serve, at one door. The others are met when they come, or are named in a form."""
    addresses = {
        "slack": lambda name: f"slack:{TEAM}:U{name.upper()}",
        "teams": lambda name: f"teams:{TENANT}:{object_id(name)}",
        "web": lambda name: f"web:{name}@acme.example",
    }
    found = []
    for name, roles in PEOPLE.items():
        address = addresses[platform](name)
        if roles or platform == "web":
            found.append(Hire(address, f"{name.title()} {surname}".strip(), roles))
    return found


@pytest.fixture(autouse=True)
def everybody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what waits for anybody all who may take it are told, so that a story can say who takes it.

    The draw has tests of its own (`tests/app/waiting/test_draw.py`, `tests/attacks`), and the practice story draws.
    """
    monkeypatch.setattr(draw, "most_told", lambda work, eligible: eligible)
    monkeypatch.setattr(draw, "most_offered", lambda eligible: eligible)


@pytest.fixture
async def workplace() -> AsyncIterator[Workplace]:
    """A chat workplace in which everybody has an account."""
    place = Workplace()
    for name in PEOPLE:
        place.hire(f"U{name.upper()}", name.title())
    await place.come()
    try:
        yield place
        assert place.faults == []
    finally:
        await place.go()


@pytest.fixture
async def tenant() -> AsyncIterator[Tenancy]:
    """A Teams tenant in which everybody has an account."""
    async with open_for_business() as place:
        for name in PEOPLE:
            place.hire(object_id(name), name.title())
        yield place


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Stores:
    """Where everything is kept."""
    if request.param == "sqlite":
        return Stores.files(tmp_path)
    made = Logins.made(request.getfixturevalue("new_postgres_database"))
    return Stores(made.data, made.keys, made.ledger, made)


@pytest.fixture(scope="session")
def settled_once(tmp_path_factory: pytest.TempPathFactory) -> SettledOnce:
    """What deployments begin with, kept as it was before anybody opened it."""
    return SettledOnce(tmp_path_factory.mktemp("settled"))


class Begin(Protocol):
    """Starts a deployment with the people of one door."""

    def __call__(self, platform: str = "slack", site: str = SITE, surname: str = "") -> Awaitable[Deployment]:
        """Start it: `slack`, `teams`, `web`, or `both` chats at once."""
        ...


@pytest.fixture
async def begin(
    workplace: Workplace,
    tenant: Tenancy,
    stores: Stores,
    settled_once: SettledOnce,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Begin]:
    """A function that starts a deployment with the people of one door; it is ended after the test."""
    async with AsyncExitStack() as after:

        async def start(platform: str = "slack", site: str = SITE, surname: str = "") -> Deployment:
            both = platform == "both"
            people = hires("slack" if both else platform, surname)
            teams = tenant if both or platform == "teams" else None
            made = await deploy(
                monkeypatch,
                workplace,
                stores,
                tmp_path,
                people,
                site,
                teams,
                both=both,
                settling=settled_once.settle,
            )
            after.push_async_callback(made.stop)
            return made

        yield start


@pytest.fixture
async def at_slack(begin: Begin) -> Deployment:
    """A deployment whose people are at Slack."""
    return await begin()


@pytest.fixture
async def at_browser(begin: Begin) -> Deployment:
    """A deployment whose people are at the browser."""
    return await begin("web")


@pytest.fixture
async def at_teams(begin: Begin) -> Deployment:
    """A deployment whose people are at Teams."""
    return await begin("teams")


@pytest.fixture
async def in_two_chats(begin: Begin) -> Deployment:
    """One organisation with a Slack workspace and a Teams tenant. Those who serve are at Slack."""
    return await begin("both")


@pytest.fixture(params=["slack", "teams", "browser"])
async def door(request: pytest.FixtureRequest, begin: Begin) -> Door:
    """One of the three ways in, with a deployment whose people use it: the same journey goes through each."""
    return Door(request.param, await begin("web" if request.param == "browser" else request.param))


@pytest.fixture(params=["slack", "teams"])
async def chat(request: pytest.FixtureRequest, begin: Begin) -> Door:
    """One of the two chats, for what only a chat has: commands that are typed, and messages that come."""
    return Door(request.param, await begin(request.param))
