"""Wires Slack, and makes the organisation of the one workspace at the first start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from trim_bot.app.own.home_screens import home_view
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.ports import Store
from trim_bot.app.seam.views import View
from trim_bot.bootstrap.chats import Chats
from trim_bot.bootstrap.command_names import CommandNames
from trim_bot.bootstrap.founding import workspace_home
from trim_bot.bootstrap.reporting import report
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.scheduler.ticker import Sweep
from trim_bot.settings import Settings
from trim_bot.storage.deployment_notes import Notes
from trim_bot.storage.erasure.eraser import KeyDestroyer

if TYPE_CHECKING:
    from integrations.ground.desk_port import DeskLike
    from integrations.slack.adapter import Many, One, Slack
    from integrations.slack.workspaces import OneWorkspace

FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0


class LateDesk:
    """Stands for the desk until it is made: the desk needs the messenger, and the adapter needs the desk."""

    def __init__(self) -> None:
        self._desk: DeskLike | None = None

    def become(self, desk: DeskLike) -> None:
        """From now on, be this desk."""
        self._desk = desk

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Answer a gesture. Raises StoreUnavailable before there is a desk."""
        if self._desk is None:
            raise StoreUnavailable
        return await self._desk.receive(actor, gesture)


@dataclass(frozen=True, slots=True)
class SlackParts:
    """What the adapter is built on."""

    store: Store
    keys: KeyDestroyer
    notes: Notes
    names: CommandNames
    link: str
    """The address of the browser pages, where Slack sends back who added the app."""
    chats: Chats


def make_slack(settings: Settings, desk: DeskLike, parts: SlackParts) -> Slack | None:
    """The adapter, or None where Slack is not set up. With the install page on, a bot token is not used."""
    if not settings.slack_configured:
        return None
    # Only here, so that a desk without Slack starts without its libraries.
    from integrations.slack.adapter import build_slack

    async def first_word(team: str, typed: str) -> str | None:
        return await parts.names.first_word(f"slack:{team}", typed)

    return build_slack(
        desk,
        _many(settings, parts) if settings.slack_installs else _one(settings, parts.store),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        first_word=first_word,
        report=report,
        home=lambda: home_view(parts.link),
        api_url=settings.slack_api_url,
        ways=parts.chats.ways,
        heard=parts.chats.heard_from("slack"),
    )


def _one(settings: Settings, store: Store) -> One:
    from integrations.slack.adapter import One

    async def removed(team: str, _at: datetime | None) -> None:
        await store.disconnect(f"slack:{team}")

    return One(settings.slack_bot_token.get_secret_value(), removed)


def _many(settings: Settings, parts: SlackParts) -> Many:
    from integrations.slack.adapter import Many
    from integrations.slack.oauth import Client
    from trim_bot.bootstrap.slack_installations import StoredInstallations

    secret = settings.slack_client_secret.get_secret_value()
    client = Client(settings.slack_client_id, secret, parts.link, settings.slack_api_url)
    return Many(client, StoredInstallations(parts.store, parts.keys, parts.notes))


def renewal(slack: Slack | None, store: Store) -> Sweep | None:
    """The sweep that renews tokens, where tokens can age."""
    if slack is None or slack.oauth is None:
        return None
    from trim_bot.bootstrap.slack_renewal import SWEEP_SECONDS, Renewal

    return Sweep("slack_tokens", Renewal(store, slack.oauth).sweep, SWEEP_SECONDS)


async def settle_workspace(
    slack: OneWorkspace,
    store: Store,
    public_url: str,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Ask Slack whose token this is until it answers, and see that the workspace has its organisation."""
    wait = FIRST_WAIT_SECONDS
    while True:
        team = await slack.team()
        if team is not None:
            try:
                await workspace_home(store, f"slack:{team}", public_url)
                return
            except SafeError as error:
                report(f"slack workspace not settled {type(error).__name__}")
        await pause(wait)
        wait = min(LONGEST_WAIT_SECONDS, wait * 2)


async def expect_the_known(slack: OneWorkspace, store: Store) -> None:
    """While Slack is down, hear the workspace that is connected already; with several, none is sure.

    Awaited before the first request is heard, so that none is turned away meanwhile.
    """
    try:
        every = await store.organisations()
    except SafeError as error:
        report(f"slack workspace not looked up {type(error).__name__}")
        return
    found = [name.partition(":")[2] for one in every for name in one.workspaces if name.startswith("slack:")]
    if len(found) == 1:
        slack.expect(found[0])
