"""Wires Teams where it is set up, and nothing of it elsewhere: the adapter, and the pages it adds to the browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from integrations.ground.outgoing_calls import Heard, nobody_hears
from trim_bot.app.desk.browser_front import People
from trim_bot.app.seam.door import DeskLike
from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.ports import Store
from trim_bot.app.workspaces.founding import Founder
from trim_bot.app.workspaces.workspace_cache import CommandNames, KnownTenants
from trim_bot.bootstrap.chats import Chats
from trim_bot.bootstrap.process_log import tell
from trim_bot.domain.people import Platform
from trim_bot.locale.languages import LANGUAGES
from trim_bot.settings.environment import Settings

if TYPE_CHECKING:
    from integrations.teams.adapter import Teams
    from integrations.teams.credentials import Credentials
    from integrations.teams.endpoint import Presence
    from integrations.web.work_account import TenantConsent, WorkAccount

Listed = Callable[[Actor], Awaitable[People]]
"""Whom the desk may list to somebody."""
BACK, INSTALLED = "/sign-in/microsoft/back", "/teams/installed"


def make_teams(
    settings: Settings,
    desk: DeskLike,
    presence: Presence,
    listed: Listed,
    names: CommandNames,
    store: Store,
    chats: Chats,
) -> Teams | None:
    """The adapter, or None where Teams is not set up."""
    if not settings.teams_configured:
        return None
    # Only here, so that a desk without Teams starts without its libraries.
    from integrations.teams import app_credential, cloud_names
    from integrations.teams.adapter import App, build_teams
    from trim_bot.locale.windows_zones import iana_zone

    app = App(
        settings.teams_app_id, app_credential.credential_of(*settings.teams_app_proof),
        settings.teams_tenant_id.lower(), settings.teams_service_hosts, settings.entra_authority,
        settings.graph_url, cloud_names.CloudNames(*settings.microsoft_names),
    )  # fmt: skip
    return build_teams(
        desk,
        app,
        openid_url=settings.teams_openid_url,
        knows=KnownTenants(store, settings.teams_tenant_id.lower()).knows,
        first_word=names.first_word_on(Platform.TEAMS),
        presence=presence,
        listed=listed,
        iana_zone=iana_zone,
        link=settings.public_url,
        tell=tell,
        ways=chats.ways,
        heard=chats.heard_from("teams"),
        spoken=names.spoken_on(Platform.TEAMS, LANGUAGES),
    )


@dataclass(frozen=True, slots=True)
class WorkPages:
    """What the pages are given; all empty where Teams is not set up. Must be closed."""

    work: WorkAccount | None = None
    consent: TenantConsent | None = None
    tab: bool = False
    _credentials: Credentials | None = None

    async def close(self) -> None:
        """Give the connections back."""
        if self.work is not None:
            await self.work.close()
        if self._credentials is not None:
            await self._credentials.close()


def open_work_pages(
    settings: Settings, link: str, secret: bytes, founder: Founder, heard: Heard = nobody_hears
) -> WorkPages:
    """The pages for these settings; `link` is the address of the browser pages, `secret` signs what browsers keep.

    Tenants are taken in by consent only where the settings name none.
    """
    if not settings.teams_configured:
        return WorkPages()
    # Only here, so that a desk without Teams starts without its libraries.
    from integrations.teams import app_credential, cloud_names
    from integrations.teams.adapter import LOGIN
    from integrations.teams.credentials import LoginHttp
    from integrations.web.work_account import WorkAccount

    app_id, password = settings.teams_app_id, app_credential.credential_of(*settings.teams_app_proof)
    tenant = settings.teams_tenant_id.lower()
    authority, back = settings.entra_authority, f"{link}{BACK}"
    login = LoginHttp(authority, away=partial(heard, LOGIN))
    work = WorkAccount(login, authority, app_id, password, tenant, back, secret)
    if tenant:
        return WorkPages(work, tab=True)
    from integrations.teams.credentials import Credentials, NoConsent
    from integrations.web.work_account import TenantConsent

    names, graph = cloud_names.CloudNames(*settings.microsoft_names), settings.graph_url
    credentials = Credentials(app_id, password, "", authority, graph, names=names)

    async def agreed(tenant: str) -> bool:
        try:
            await credentials.for_graph(tenant)
        except NoConsent:
            return False
        return True

    async def take_in(tenant: str) -> None:
        await founder.take_in_tenant(tenant)

    consent = TenantConsent(authority, app_id, f"{link}{INSTALLED}", secret, agreed, take_in, graph)
    return WorkPages(work, consent, tab=True, _credentials=credentials)
