"""How Slack is: whether its token or its workspaces can be used, and whether the socket may be opened."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from integrations.slack.adapter import Slack
from integrations.slack.socket import Socket
from integrations.slack.web_api import Refused
from integrations.slack.workspaces import OneWorkspace
from trim_bot.bootstrap.chats import Chats
from trim_bot.bootstrap.clock import real_now
from trim_bot.bootstrap.command_names import CommandNames
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.findings import Finding, fail, ok, warn
from trim_bot.bootstrap.slack import LateDesk, SlackParts, make_slack
from trim_bot.bootstrap.slack_renewal import cannot_be_renewed
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.errors import TryLater
from trim_bot.domain.ids import OrganisationId

SECONDS = 10
NAME = "slack"
LATE = timedelta(hours=1)
"""A token this near its end should have been renewed by the hourly sweep."""


async def slack_findings(deployment: Deployment, chats: Chats) -> list[Finding]:
    """The findings about Slack; one that says so where it is not set up."""
    names = CommandNames(deployment.store)
    parts = SlackParts(deployment.store, deployment.vault, deployment.notes, names, "", chats)
    slack = make_slack(deployment.settings, LateDesk(), parts)
    if slack is None:
        return [ok(NAME, "Not set up.")]
    try:
        return [*await _workspaces(deployment, slack), *await _ways_in(slack)]
    finally:
        await slack.close()


async def _workspaces(deployment: Deployment, slack: Slack) -> list[Finding]:
    if slack.one is not None:
        return [await _one(deployment, slack.one)]
    found = await _many(deployment)
    if not await slack.answers():
        found.append(fail(NAME, "Slack does not answer."))
    if deployment.settings.slack_bot_token:
        found.append(warn(NAME, "SLACK_BOT_TOKEN is not used, since workspaces are added by installing."))
    return found


async def _one(deployment: Deployment, one: OneWorkspace) -> Finding:
    try:
        async with asyncio.timeout(SECONDS):
            team = await one.team()
    except TimeoutError:
        team = None
    if team is None:
        return fail(NAME, "Slack does not answer, or does not take the token.")
    if await deployment.store.organisation_at(f"slack:{team}") is None:
        return warn(NAME, "The workspace has no organisation yet; the first start of the desk makes it.")
    return ok(NAME, "Slack takes the token, and the workspace has its organisation.")


async def _many(deployment: Deployment) -> list[Finding]:
    kept: list[Installation] = []
    for organisation in await deployment.store.organisations():
        id = OrganisationId(organisation.id)
        kept += await deployment.store.read(id, lambda tx: tx.find(Installation))
    if not kept:
        return [warn(NAME, "No workspace has been added yet. Open /slack/install in a browser.")]
    found = [ok(NAME, f"{len(kept)} workspace(s) have been added.")]
    if lost := cannot_be_renewed(kept):
        found.append(fail(NAME, f"The token of {lost} workspace(s) cannot be renewed: add the app again."))
    ending = [one for one in kept if one.refresh and one.expires_at and one.expires_at - LATE < real_now()]
    if ending:
        found.append(warn(NAME, f"The token of {len(ending)} workspace(s) waits to be renewed."))
    return found


async def _ways_in(slack: Slack) -> list[Finding]:
    if slack.socket is None:
        return []
    return [await _socket(slack.socket)]


async def _socket(socket: Socket) -> Finding:
    try:
        async with asyncio.timeout(SECONDS):
            await socket.reach()
    except (Refused, TryLater, TimeoutError):
        return fail(NAME, "Slack does not open a socket for SLACK_APP_TOKEN.")
    return ok(NAME, "Slack opens a socket for the app.")
