"""The pages that Teams adds to the browser: signing in with the work account, the tab, and taking in tenants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trim_bot.app.seam.ports import Store
from trim_bot.bootstrap.founding import take_in_tenant
from trim_bot.settings import Settings

if TYPE_CHECKING:
    from integrations.teams.credentials import Credentials
    from integrations.web.tenant_consent import TenantConsent
    from integrations.web.work_account import WorkAccount

BACK = "/sign-in/microsoft/back"
INSTALLED = "/teams/installed"


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


def open_work_pages(settings: Settings, link: str, secret: bytes, store: Store) -> WorkPages:
    """The pages for these settings; `link` is the address of the browser pages, `secret` signs what browsers keep.

    Tenants are taken in by consent only where the settings name none.
    """
    if not settings.teams_configured:
        return WorkPages()
    # Only here, so that a desk without Teams starts without its libraries.
    from integrations.teams.login_http import LoginHttp
    from integrations.web.work_account import WorkAccount

    app_id, password = settings.teams_app_id, settings.teams_app_password.get_secret_value()
    tenant = settings.teams_tenant_id.lower()
    authority, back = settings.entra_authority, f"{link}{BACK}"
    work = WorkAccount(LoginHttp(authority), authority, app_id, password, tenant, back, secret)
    if tenant:
        return WorkPages(work, tab=True)
    from integrations.teams.credentials import Credentials, NoConsent
    from integrations.web.tenant_consent import TenantConsent

    credentials = Credentials(app_id, password, "", settings.entra_authority, settings.graph_url)

    async def agreed(tenant: str) -> bool:
        try:
            await credentials.for_graph(tenant)
        except NoConsent:
            return False
        return True

    async def take_in(tenant: str) -> None:
        await take_in_tenant(store, tenant)

    consent = TenantConsent(settings.entra_authority, app_id, f"{link}{INSTALLED}", secret, agreed, take_in)
    return WorkPages(work, consent, tab=True, _credentials=credentials)
