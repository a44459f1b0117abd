"""How Teams is: whether its requests can be checked, whether the app may answer, whether the tenant has its desk."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from trim_bot.bootstrap.chats import Chats
from trim_bot.bootstrap.command_names import CommandNames
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.findings import Finding, fail, ok, warn
from trim_bot.bootstrap.slack import LateDesk
from trim_bot.bootstrap.teams import LatePeople, LatePresence, make_teams

if TYPE_CHECKING:
    from integrations.teams.adapter import Teams

TEAMS_SECONDS = 10


async def teams_finding(deployment: Deployment, chats: Chats) -> Finding:
    """What there is to say of Teams; asks Microsoft's login, and sends nothing to anybody."""
    settings, store = deployment.settings, deployment.store
    teams = make_teams(settings, LateDesk(), LatePresence(), LatePeople(), CommandNames(store), store, chats)
    if teams is None:
        return ok("teams", "Not set up.")
    try:
        fault = await _fault(teams)
    finally:
        await teams.close()
    if fault is not None:
        return fault
    tenant = settings.teams_tenant_id.lower()
    every = [name for one in await store.organisations() for name in one.workspaces]
    if tenant and f"teams:{tenant}" not in every:
        return warn("teams", "The tenant has no organisation yet; the first start of the desk makes it.")
    if not any(name.startswith("teams:") for name in every):
        return warn("teams", "TEAMS_TENANT_ID is not set, and no tenant has an organisation yet.")
    return ok("teams", "Microsoft gives the app its token, and the tenant has its organisation.")


async def _fault(teams: Teams) -> Finding | None:
    try:
        async with asyncio.timeout(TEAMS_SECONDS):
            if not await teams.warm():
                return fail("teams", "The login keys cannot be fetched, so no request can be checked.")
            if await teams.can_send():
                return None
    except TimeoutError:
        pass
    return fail("teams", "Microsoft gives the app no token: look at its id, password and tenant.")
