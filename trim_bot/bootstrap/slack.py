"""Wires Slack, and makes the organisation of its workspace at the first start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from integrations.slack.adapter import Slack, build_slack
from integrations.slack.pages import DeskLike
from trim_bot.app.gestures import Actor, Gesture
from trim_bot.app.ports import Store
from trim_bot.app.screens.home import home_view
from trim_bot.app.views import View
from trim_bot.bootstrap.command_names import CommandNames
from trim_bot.bootstrap.founding import workspace_home
from trim_bot.bootstrap.reporting import report
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.settings import Settings

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


def make_slack(settings: Settings, desk: DeskLike, store: Store, names: CommandNames) -> Slack | None:
    """The adapter for one workspace, or None where Slack is not set up by a bot token."""
    token = settings.slack_bot_token.get_secret_value()
    if not token or not settings.slack_configured:
        return None

    async def removed(team: str) -> None:
        await store.disconnect(f"slack:{team}")

    async def first_word(team: str, typed: str) -> str | None:
        return await names.first_word(f"slack:{team}", typed)

    return build_slack(
        desk,
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        bot_token=token,
        first_word=first_word,
        removed=removed,
        report=report,
        home=home_view,
        api_url=settings.slack_api_url,
    )


async def settle_workspace(
    slack: Slack,
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


async def expect_the_known(slack: Slack, store: Store) -> None:
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
