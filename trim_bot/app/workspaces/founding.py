"""Makes the first organisation of a deployment, at a start if need be, and finds the one that a workspace
belongs to: one file, since a start asks for either.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from trim_bot.app.people.asked_roles import is_founded
from trim_bot.app.people.welcome_hold import hold_welcome
from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.seam.ports import Clock, CrisisNumbers, Store, Tx
from trim_bot.app.seam.work import CLOCK
from trim_bot.app.site_file.reading import DEFAULT_NAME, default_site
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Address, Platform
from trim_bot.domain.records import Action
from trim_bot.domain.site import Organisation, Site

DEFAULT_SLUG = "default"
DEFAULT_COUNTRY = "GB"
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


class WhichOrganisation(SafeError):
    """There are several organisations, and nothing says which one is meant."""

    text = "There are several organisations: say which with --organisation SLUG"


class BadSlug(SafeError):
    """This cannot be the short name of an organisation."""

    text = "A short name has 1 to 40 small letters, digits and hyphens"


class NoOrganisation(SafeError):
    """There is no organisation yet, or none with this slug."""

    text = "There is no such organisation: trim-bot members grant or site apply makes one"


def slug_of(host: str) -> str:
    """A slug from the first part of the host people's browsers use, or `default`; empty for no host."""
    first = host.partition(".")[0]
    if first in ("", "www", "localhost") or not _SLUG.fullmatch(first) or _is_number(host):
        return DEFAULT_SLUG
    return first


def must_be_slug(text: str) -> None:
    """Check that this can be the short name of an organisation. Raises BadSlug."""
    if not _SLUG.fullmatch(text):
        raise BadSlug


class Founder:
    """Makes organisations, each with default settings. Every call raises StoreUnavailable."""

    def __init__(
        self, store: Store, clock: Clock, numbers: CrisisNumbers, *, greets_at_once: bool = False
    ) -> None:
        """`numbers` gives the help numbers of a country, shown until the site names its own.

        `greets_at_once`: everybody is made up, so that nobody has to say that they may be written to.
        """
        self.store = store
        self.numbers = numbers
        self._clock = clock
        self._greets_at_once = greets_at_once

    async def found(self, slug: str, workspace: ChatWorkspace | None = None) -> Organisation:
        """The organisation with this slug, made with default settings if need be, and with the workspace added.

        Raises BadSlug, WorkspaceTaken, StoreUnavailable.
        """
        must_be_slug(slug)
        organisation = await self.store.found(slug, workspace)
        await self.store.write(OrganisationId(organisation.id), lambda tx: self._settle(tx, slug))
        return organisation

    async def workspace_home(self, workspace: ChatWorkspace, host: str) -> Organisation:
        """The organisation of a chat workspace that holds our token.

        Its own; or the only one there is, if that has no workspace of this platform yet; or else a new one.
        """
        known = await self.store.organisation_at(workspace)
        if known is not None:
            return await self.found(known.slug)
        every = await self.store.organisations()
        if len(every) == 1 and not any(one.platform is workspace.platform for one in every[0].workspaces):
            return await self.found(every[0].slug, workspace)
        slug = slug_of(host)
        if any(one.slug == slug for one in every):
            slug = _slug_for(workspace)
        return await self.found(slug, workspace)

    async def own_home(self, workspace: ChatWorkspace, before: str | None = None) -> Organisation:
        """The organisation of a workspace that anybody may have added: its own, or a new one, never somebody else's.

        `before` is the id of the organisation it had when it was disconnected last.
        """
        known = await self.store.organisation_at(workspace)
        if known is not None:
            return await self.found(known.slug)
        for one in await self.store.organisations():
            if one.id == before:
                return await self.found(one.slug, workspace)
        slug = _slug_for(workspace)
        if await self.store.organisation_called(slug) is not None:
            slug = f"{slug[:29]}-{secrets.token_hex(5)}"
        return await self.found(slug, workspace)

    async def take_in_tenant(self, tenant: str) -> Organisation:
        """The organisation of a Teams tenant whose administrator agreed: its own, never one that is there for others.

        Raises StoreUnavailable.
        """
        workspace = ChatWorkspace(Platform.TEAMS, tenant)
        known = await self.store.organisation_at(workspace)
        slug = known.slug if known is not None else f"teams-{tenant.replace('-', '')}"
        return await self.found(slug, workspace)

    def _settle(self, tx: Tx, slug: str) -> None:
        if tx.get(Site, "site") is None:
            # The first row of its journal: from here on, an empty one shows that rows were taken out.
            tx.journal.write(CLOCK.user, Action.CHANGED, "found", "", self._clock.real())
            tx.add(replace(self.as_founded(slug), key_id=tx.new_key()))
            if not self._greets_at_once:
                hold_welcome(tx, self._clock.now())

    def as_founded(self, slug: str) -> Site:
        """The settings that an organisation is made with; they have no key yet."""
        return default_site(DEFAULT_NAME, slug, self.numbers(DEFAULT_COUNTRY))


async def is_as_founded(founder: Founder, organisation: Organisation) -> bool:
    """Whether nothing of an organisation is settled yet and no lead has opened it: making it was cut short.

    Raises StoreUnavailable.
    """

    def body(tx: Tx) -> bool:
        held = tx.get(Site, "site")
        if held is None:
            return True
        return not is_founded(tx) and held == replace(
            founder.as_founded(organisation.slug), key_id=held.key_id
        )

    return await founder.store.read(OrganisationId(organisation.id), body)


async def organisation_for(store: Store, address: Address | None, slug: str | None) -> Organisation:
    """The organisation a command is about: named, or that of the address, or the only one.

    Raises NoOrganisation, WhichOrganisation.
    """
    if slug is not None:
        named = await store.organisation_called(slug)
        if named is None:
            raise NoOrganisation
        return named
    if address is not None and address.platform is not Platform.WEB:
        at_home = await store.organisation_at(ChatWorkspace.of(address))
        if at_home is not None:
            return at_home
    every = await store.organisations()
    if not every:
        raise NoOrganisation
    if len(every) > 1:
        raise WhichOrganisation
    return every[0]


def _slug_for(workspace: ChatWorkspace) -> str:
    """A slug such as `slack-t0001`."""
    return re.sub(r"[^a-z0-9-]", "-", workspace.text.lower())[:40].strip("-")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0
Pause = Callable[[float], Awaitable[object]]


class KnowsItsTeam(Protocol):
    """The workspace of one token."""

    async def team(self) -> str | None:
        """The team whose token this is, or None while nobody can say."""
        ...

    def expect(self, team: str) -> None:
        """The team that was connected before counts as ours until then."""
        ...


class FirstStart:
    """Makes the organisations that a deployment begins with. `pause` waits between two tries."""

    def __init__(self, founder: Founder, host: str, tell: Tell, pause: Pause = asyncio.sleep) -> None:
        self._founder = founder
        self._host = host
        self._tell = tell
        self._pause = pause

    async def settle_workspace(self, slack: KnowsItsTeam) -> None:
        """Ask Slack whose token this is until it answers, and see that the workspace has its organisation."""

        async def settled() -> bool:
            team = await slack.team()
            return team is not None and await self._home(
                ChatWorkspace(Platform.SLACK, team), LogEvent.WORKSPACE_UNSETTLED
            )

        await self._until(settled)

    async def settle_tenant(self, tenant: str) -> None:
        """See that the tenant of the settings has its organisation, however long the store takes to answer."""
        await self._until(lambda: self.tenant_home(tenant))

    async def tenant_home(self, tenant: str) -> bool:
        """See that the tenant of the settings has its organisation; whether that is so. Asks nobody but the store."""
        return not tenant or await self._home(
            ChatWorkspace(Platform.TEAMS, tenant.lower()), LogEvent.TENANT_UNSETTLED
        )

    async def expect_the_known(self, slack: KnowsItsTeam) -> None:
        """While Slack is down, hear the workspace that is connected already; with several, none is sure.

        Awaited before the first request is heard, so that none is turned away meanwhile.
        """
        try:
            every = await self._founder.store.organisations()
        except SafeError as error:
            self._tell(LogEvent.SLACK_UNKNOWN, error)
            return
        connected = [place for one in every for place in one.workspaces]
        found = [place.name for place in connected if place.platform is Platform.SLACK]
        if len(found) == 1:
            slack.expect(found[0])

    async def _home(self, workspace: ChatWorkspace, otherwise: LogEvent) -> bool:
        try:
            await self._founder.workspace_home(workspace, self._host)
        except SafeError as error:
            self._tell(otherwise, error)
            return False
        return True

    async def _until(self, done: Callable[[], Awaitable[bool]]) -> None:
        wait = FIRST_WAIT_SECONDS
        while not await done():
            await self._pause(wait)
            wait = min(LONGEST_WAIT_SECONDS, wait * 2)
