"""Wires Slack where it is set up: the adapter, and the sweep that renews tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from trim_bot.app.own.home_screens import home_view
from trim_bot.app.seam.ports import Clock, KeyDestroyer, Notes, Store, StoreAndClock
from trim_bot.app.workspaces.founding import Founder
from trim_bot.app.workspaces.workspace_cache import CommandNames
from trim_bot.bootstrap.chats import Chats
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.process_log import tell
from trim_bot.domain.people import Platform
from trim_bot.locale.languages import LANGUAGES
from trim_bot.scheduler.ticker import Sweep
from trim_bot.settings.environment import Settings

if TYPE_CHECKING:
    from integrations.slack.adapter import Many, One, Slack
    from trim_bot.app.seam.door import DeskLike


@dataclass(frozen=True, slots=True)
class SlackParts:
    """What the adapter is built on."""

    founder: Founder
    clock: Clock
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

    return build_slack(
        desk,
        _many(settings, parts) if settings.slack_installs else _one(settings, parts.founder.store),
        signing_secrets=settings.slack_signing_secrets,
        app_token=settings.slack_app_token.get_secret_value(),
        first_word=parts.names.first_word_on(Platform.SLACK),
        tell=tell,
        home=lambda: home_view(parts.link),
        link=parts.link,
        api_url=settings.slack_api_url,
        ways=parts.chats.ways,
        heard=parts.chats.heard_from("slack"),
        spoken=parts.names.spoken_on(Platform.SLACK, LANGUAGES),
    )


def _one(settings: Settings, store: Store) -> One:
    from integrations.slack.adapter import One

    async def removed(team: str, _at: datetime | None) -> None:
        from trim_bot.app.installations.keeping import workspace_of

        await store.disconnect(workspace_of(team))

    return One(settings.slack_bot_token.get_secret_value(), removed)


def _many(settings: Settings, parts: SlackParts) -> Many:
    from integrations.slack.adapter import Many
    from integrations.slack.install_pages import Client
    from trim_bot.app.installations.keeping import StoredInstallations

    secret = settings.slack_client_secret.get_secret_value()
    client = Client(settings.slack_client_id, secret, parts.link, settings.slack_api_url)
    return Many(client, StoredInstallations(parts.founder, parts.keys, parts.notes, parts.clock, tell))


def renewal(slack: Slack | None, kept: StoreAndClock) -> Sweep | None:
    """The sweep that renews tokens, where tokens can age."""
    if slack is None or slack.oauth is None:
        return None
    from trim_bot.app.installations.keeping import SWEEP_SECONDS, Renewal

    return Sweep("slack_tokens", Renewal(kept.store, slack.oauth, kept.clock.real, tell).sweep, SWEEP_SECONDS)


def slack_parts(deployment: Deployment, names: CommandNames, link: str, chats: Chats) -> SlackParts:
    """What a deployment has for it."""
    return SlackParts(
        deployment.founder, deployment.clock, deployment.vault, deployment.notes, names, link, chats
    )
