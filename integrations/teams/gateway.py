"""Sends the fixed messages to people in Teams, and finds out who somebody is, with leave to ask or without."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from integrations.ground.fault_lines import Reporter
from integrations.ground.outgoing_calls import INTERACTIVE_SECONDS
from integrations.ground.recently_seen import RecentlySeen
from integrations.teams.connector import Connector, ConversationRoute, card_message, workspace_of
from integrations.teams.credentials import NoConsent
from integrations.teams.graph import Graph, Mailbox, User
from integrations.teams.render import message_card
from integrations.teams.web_api import MicrosoftRefused
from integrations.teams.wire import ENTRA_ID
from trim_bot.app.seam.in_language import translated
from trim_bot.app.seam.ports import ListPage
from trim_bot.app.seam.views import Message
from trim_bot.app.words.adapter_words import MESSAGE_TEXT
from trim_bot.domain.clean_text import one_line
from trim_bot.domain.errors import (
    NotThere,
    PlaceUnknown,
    SafeError,
    Trouble,
    TryLater,
    Undeliverable,
    Unsendable,
)
from trim_bot.domain.people import GONE, Address, Platform, Profile

SEND_SECONDS = 30.0
"""A message that has not gone by then is tried again, well before its lease ends."""
NEVER = frozenset(
    {
        "209",
        "botdisabledbyadmin",
        "botnotinconversationroster",
        "conversationblockedbyuser",
        "conversationnotfound",
        "forbiddenoperationexception",
        "membernotfoundinconversation",
        "messagewritesblocked",
        "notenoughpermissions",
        "notfound",
        "usernotfound",
    }
)
"""What Teams is known to say, in small letters, when this one person cannot be written to: no app, blocked, or gone."""
MOVED = frozenset({"botnotinconversationroster", "conversationnotfound", "notfound"})
"""What it says of a conversation that is no more, while there may be another with the same person."""
APP_FAULTS = frozenset({"address", "invalidbotapihost"})
"""What is wrong with the app and its settings: to be mended by an administrator, and nothing is lost."""
MALFORMED = frozenset({400, 405, 406, 411, 413, 414, 415, 422, 431})
"""The statuses of a request that cannot be read: a fault of ours."""
LOOK_UP_SECONDS = INTERACTIVE_SECONDS
MAILBOX_SECONDS = 1.0
"""How long whoever sits in front of a page waits for what is said of them, and then for when they work."""
MOST_HEARD = 2_000
HEARD_SECONDS = 60 * 60.0
"""Whoever speaks is looked up at once, and lately heard names serve who is named by others meanwhile."""
MOST_NAME, MOST_PLACE = 200, 80


class TeamsMessenger:
    """The Messenger port over the Bot Connector. Messages go to the person's own chat with the app."""

    def __init__(
        self,
        connector: Connector,
        allows: Callable[[str], bool],
        default_service_url: str,
        reporter: Reporter,
        at_home: Callable[[str], bool] = lambda tenant: True,
    ) -> None:
        """`allows` says whether a service address is one of ours; `default_service_url` serves who has no route.

        `at_home` says whether a tenant is one the app may serve.
        """
        self._connector = connector
        self._allows = allows
        self._default = default_service_url
        self._reporter = reporter
        self._at_home = at_home

    async def send(self, address: Address, message: Message, route: str) -> str:
        """Deliver one message, in one try, and return its id in Teams.

        Raises Undeliverable, TryLater, or Unsendable for a fault of ours.
        """
        if not _is_teams(address) or not self._at_home(address.workspace):
            raise Undeliverable
        if route == GONE:
            # A conversation could be opened anew, and that is what they have ended.
            raise Undeliverable
        activity = card_message(message_card(message), translated(MESSAGE_TEXT, message.language))
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._deliver(address, activity, ConversationRoute.parse(route)) or "sent"
        except MicrosoftRefused as refusal:
            raise self._meaning(refusal, address.workspace) from None
        except TimeoutError:
            raise TryLater(trouble=Trouble.SLOW, workspace=workspace_of(address.workspace)) from None

    def _meaning(self, refusal: MicrosoftRefused, tenant: str) -> SafeError:
        """What a refusal is to whoever waits for the message. One that is not known is this person's, and is told."""
        code = refusal.code.lower()
        if code in NEVER:
            return Undeliverable()
        self._reporter.note(f"refused:{refusal.status}:{refusal.code or 'no-code'}")
        if code in APP_FAULTS:
            return TryLater(trouble=Trouble.NOT_TAKEN, workspace=workspace_of(tenant))
        return Unsendable() if refusal.status in MALFORMED else Undeliverable()

    async def _deliver(
        self, address: Address, activity: Mapping[str, object], kept: ConversationRoute | None
    ) -> str:
        tenant = address.workspace
        service_url = self._default
        if kept is not None and self._allows(kept.service_url):
            service_url = kept.service_url
            try:
                return await self._connector.send(kept, tenant, activity)
            except MicrosoftRefused as refusal:
                if not _moved(refusal):
                    raise
        opened = await self._connector.open(service_url, tenant, address.user)
        return await self._connector.send(opened, tenant, activity)


class TeamsDirectory:
    """The Directory port: Graph where the administrator has agreed, else activities and the chat with the app."""

    def __init__(self, graph: Graph, connector: Connector, default_service_url: str) -> None:
        self._graph = graph
        self._connector = connector
        self._default = default_service_url
        self._heard: RecentlySeen[Profile] = RecentlySeen(MOST_HEARD, HEARD_SECONDS)

    def heard(self, profile: Profile) -> None:
        """What an activity told of whoever made it; in memory for an hour, for when nobody tells anything else."""
        self._heard.keep(profile.address.text, profile)

    def is_closed(self, tenant: str) -> bool:
        """Whether a tenant is known to let the app look nobody up. Asks nobody."""
        return self._graph.is_closed(tenant)

    async def look_up(self, address: Address, *, hours: bool = True) -> Profile:
        """Name, zone, hours and language of an account; `hours` open its mailbox. Raises NotThere or TryLater."""
        if not _is_teams(address):
            raise NotThere
        heard = self._heard.find(address.text)
        try:
            user = await self._graph.user(address.workspace, address.user, LOOK_UP_SECONDS)
        except NoConsent:
            return heard if heard is not None and heard.name else await self._of_chat(address, heard)
        except TryLater:
            if heard is None or not heard.name:
                raise
            return heard
        profile = _profile(address, user, heard)
        if profile.left or not hours:
            return profile
        try:
            mailbox = await self._graph.mailbox(address.workspace, address.user, MAILBOX_SECONDS)
        except TryLater:
            # Somebody is who they are also while their mailbox does not answer.
            mailbox = Mailbox()
        return _at_work(profile, mailbox)

    async def page(self, workspace: str, cursor: str = "") -> ListPage:
        """One page of the accounts of a tenant; nobody where nobody has agreed to that. Raises TryLater, PlaceUnknown.

        Whoever has spoken is met by that, and to have spoken must put nobody on a list.
        """
        if not ENTRA_ID.fullmatch(workspace):
            raise TryLater
        try:
            users, further = await self._graph.users(workspace, cursor)
        except NoConsent:
            return ListPage(())
        except NotThere:
            raise (PlaceUnknown() if cursor else TryLater()) from None
        found: dict[str, Profile] = {}
        for user in users:
            id = user.get("id")
            if isinstance(id, str) and ENTRA_ID.fullmatch(id):
                address = Address(Platform.TEAMS, workspace, id.lower())
                found[address.user] = _profile(address, user, self._heard.find(address.text))
        working = [id for id, profile in found.items() if not profile.left]
        mailboxes = await self._graph.mailboxes(workspace, working)
        listed = (_at_work(profile, mailboxes.get(id, Mailbox())) for id, profile in found.items())
        return ListPage(tuple(listed), further)

    async def _of_chat(self, address: Address, heard: Profile | None) -> Profile:
        """What was heard, and what Teams tells of somebody who has the app, through the chat they share with it."""
        known = heard or Profile(address, name="")
        try:
            route = await self._connector.open(self._default, address.workspace, address.user)
            member = await self._connector.member(route, address.workspace, address.user)
        except MicrosoftRefused:
            # Whether there is such a person cannot be told; Teams has checked whoever was picked or has spoken.
            return known
        tenant = member.get("tenantId")
        elsewhere = isinstance(tenant, str) and tenant.lower() != address.workspace
        guest = member.get("userRole") not in (None, "user")
        return replace(known, name=_text(member, "name", MOST_NAME), left=guest or elsewhere)


def _moved(refusal: MicrosoftRefused) -> bool:
    code = refusal.code.lower()
    return code in MOVED or (refusal.status == 404 and code not in NEVER)


def _is_teams(address: Address) -> bool:
    return address.platform is Platform.TEAMS and bool(
        ENTRA_ID.fullmatch(address.workspace) and ENTRA_ID.fullmatch(address.user)
    )


def _profile(address: Address, user: User, heard: Profile | None) -> Profile:
    """Guests, closed accounts, and accounts that are no person's are nobody to offer support to."""
    name = _text(user, "displayName", MOST_NAME)
    member = user.get("userType") in (None, "Member")
    return Profile(
        address,
        name=name or (heard.name if heard else ""),
        zone=heard.zone if heard else "",
        language=_text(user, "preferredLanguage", 20).partition("-")[0].lower(),
        left=not member or user.get("accountEnabled") is False,
        place=", ".join(
            filter(None, (_text(user, key, MOST_PLACE) for key in ("department", "officeLocation")))
        ),
    )


def _at_work(profile: Profile, mailbox: Mailbox) -> Profile:
    return replace(profile, zone=mailbox.zone or profile.zone, hours=mailbox.hours)


def _text(answer: Mapping[str, object], key: str, most: int) -> str:
    value = answer.get(key)
    if not isinstance(value, str):
        return ""
    return one_line(value[: 2 * most])[:most]
