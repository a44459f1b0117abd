"""Looks at the chat platforms: whether tokens are taken, requests can be checked, and workspaces have their desk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from trim_bot.app.clock.clocks import real_now
from trim_bot.app.desk.browser_front import People
from trim_bot.app.installations.keeping import cannot_be_renewed
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.languages import ENGLISH, Language
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.seam.views import View
from trim_bot.app.watch.outages import Outages
from trim_bot.app.watch.platforms import PATIENCE_SECONDS, SIGN_IN, SLACK, SLACK_SOCKET, PlatformOutages
from trim_bot.app.workspaces.workspace_cache import CommandNames
from trim_bot.bootstrap.chats import Chats
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.readiness import outage_words
from trim_bot.bootstrap.slack import make_slack, slack_parts
from trim_bot.bootstrap.teams import make_teams
from trim_bot.diagnosis.findings import Finding, fail, ok, warn
from trim_bot.domain.chat_workspaces import ChatWorkspace, Installation
from trim_bot.domain.errors import StoreUnavailable, Trouble, TryLater
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Address, Platform
from trim_bot.settings.whereabouts import whereabouts

if TYPE_CHECKING:
    from integrations.slack.adapter import Slack
    from integrations.slack.socket import Socket
    from integrations.slack.workspaces import OneWorkspace
    from integrations.teams.adapter import Teams

ANSWER_SECONDS = 10
AT_ONCE = 8
"""Workspaces asked at one moment."""
LATE = timedelta(hours=1)
"""A token this near its end should have been renewed by the hourly sweep."""


class Unheard:
    """Stands for the desk, so that an adapter can be looked at which hears nobody: each of these raises."""

    def language_of(self, actor: Actor) -> Language:
        """English."""
        return ENGLISH

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Raises StoreUnavailable."""
        raise StoreUnavailable

    async def arrived(self, address: Address, route: str) -> None:
        """Raises StoreUnavailable."""
        raise StoreUnavailable

    wrote = seen = arrived

    async def gone(self, address: Address) -> None:
        """Raises StoreUnavailable."""
        raise StoreUnavailable

    async def listed(self, actor: Actor) -> People:
        """Raises StoreUnavailable."""
        raise StoreUnavailable


async def slack_findings(deployment: Deployment, chats: Chats) -> list[Finding]:
    """The findings about Slack; one that says so where it is not set up."""
    parts = slack_parts(deployment, CommandNames(deployment.store), "", chats)
    slack = make_slack(deployment.settings, Unheard(), parts)
    if slack is None:
        return [ok(SLACK, "Not set up.")]
    try:
        return [*await _workspaces(deployment, slack), *await _ways_in(deployment, slack)]
    finally:
        await slack.close()


async def _workspaces(deployment: Deployment, slack: Slack) -> list[Finding]:
    if slack.one is not None:
        return [await _one_workspace(deployment, slack.one)]
    kept = await _kept(deployment)
    found = _many_workspaces(kept)
    try:
        await slack.try_again(SLACK)
    except TryLater as later:
        found.append(fail(SLACK, _words(deployment, SLACK, later)))
    else:
        found += await _refusing(deployment, slack, [one.id for one in kept])
    if deployment.settings.slack_bot_token:
        found.append(warn(SLACK, "SLACK_BOT_TOKEN is not used, since workspaces are added by installing."))
    return found


async def _one_workspace(deployment: Deployment, one: OneWorkspace) -> Finding:
    # Its own time is the shorter one, so that a slow answer is told from none.
    team = await one.team(ANSWER_SECONDS + 1)
    if team is None:
        return fail(SLACK, _words(deployment, SLACK, one.why or TryLater(trouble=Trouble.SLOW)))
    if await deployment.store.organisation_at(ChatWorkspace(Platform.SLACK, team)) is None:
        return warn(SLACK, "The workspace has no organisation yet; the first start of the desk makes it.")
    return ok(SLACK, "Slack takes the token, and the workspace has its organisation.")


async def _refusing(deployment: Deployment, slack: Slack, places: Sequence[str]) -> list[Finding]:
    """Each workspace that does not take its token any more, by its name."""
    few = asyncio.Semaphore(AT_ONCE)

    async def asked(place: str) -> Finding | None:
        async with few:
            try:
                await slack.try_again(place)
            except TryLater as later:
                return fail(SLACK, _words(deployment, place, later))
        return None

    return [one for one in await asyncio.gather(*map(asked, places)) if one is not None]


async def _kept(deployment: Deployment) -> list[Installation]:
    kept: list[Installation] = []
    for organisation in await deployment.store.organisations():
        id = OrganisationId(organisation.id)
        kept += await deployment.store.read(id, lambda tx: tx.find(Installation))
    return kept


def _many_workspaces(kept: Sequence[Installation]) -> list[Finding]:
    if not kept:
        return [warn(SLACK, "No workspace has been added yet. Open /slack/install in a browser.")]
    found = [ok(SLACK, f"{len(kept)} workspace(s) have been added.")]
    if lost := cannot_be_renewed(kept):
        found.append(fail(SLACK, f"The token of {lost} workspace(s) cannot be renewed: add the app again."))
    ending = [one for one in kept if one.refresh and one.expires_at and one.expires_at - LATE < real_now()]
    if ending:
        found.append(warn(SLACK, f"The token of {len(ending)} workspace(s) waits to be renewed."))
    return found


async def _ways_in(deployment: Deployment, slack: Slack) -> list[Finding]:
    found: list[Finding] = []
    if len(deployment.settings.slack_signing_secrets) > 1:
        found.append(
            warn(
                SLACK, "SLACK_SIGNING_SECRET holds two: take the old one out once Slack signs by the new one."
            )
        )
    if slack.socket is not None:
        found.append(await _socket(deployment, slack.socket))
    return found


async def _socket(deployment: Deployment, socket: Socket) -> Finding:
    try:
        await socket.reach()
    except TryLater as later:
        return fail(SLACK, _words(deployment, SLACK_SOCKET, later))
    return ok(SLACK, "Slack opens a socket for the app.")


async def teams_finding(deployment: Deployment, chats: Chats) -> Finding:
    """What there is to say of Teams; asks Microsoft's login, and sends nothing to anybody."""
    settings, store, nobody = deployment.settings, deployment.store, Unheard()
    teams = make_teams(settings, nobody, nobody, nobody.listed, CommandNames(store), store, chats)
    if teams is None:
        return ok("teams", "Not set up.")
    try:
        fault = await _teams_fault(deployment, teams)
    finally:
        await teams.close()
    if fault is not None:
        return fault
    tenant = settings.teams_tenant_id.lower()
    every = [place for one in await store.organisations() for place in one.workspaces]
    if tenant and ChatWorkspace(Platform.TEAMS, tenant) not in every:
        return warn("teams", "The tenant has no organisation yet; the first start of the desk makes it.")
    if not any(place.platform is Platform.TEAMS for place in every):
        return warn("teams", "TEAMS_TENANT_ID is not set, and no tenant has an organisation yet.")
    return ok("teams", "Microsoft gives the app its token, and the tenant has its organisation.")


async def _teams_fault(deployment: Deployment, teams: Teams) -> Finding | None:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            if not await teams.warm():
                return fail("teams", "The login keys cannot be fetched, so no request can be checked.")
            await teams.look()
    except TimeoutError:
        return fail("teams", _words(deployment, SIGN_IN, TryLater(trouble=Trouble.SLOW)))
    except TryLater as later:
        if later.trouble not in (Trouble.NOT_TAKEN, Trouble.UNSURE):
            return fail("teams", _words(deployment, SIGN_IN, later))
        return fail(
            "teams",
            f"Microsoft gives the app no token: look at {deployment.settings.proofs[0]}, which may have ended, "
            "TEAMS_APP_ID and TEAMS_TENANT_ID.",
        )
    return None


def _words(deployment: Deployment, place: str, later: TryLater) -> str:
    """Why a platform cannot be asked and what to look at, as an outage of a running desk is told."""
    found = Outages(_silent)
    PlatformOutages(found, whereabouts(deployment.settings)).heard(place, later, PATIENCE_SECONDS)
    return outage_words(found.now()[0])


def _silent(event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
    return ""
