"""Puts the Teams adapter together from the settings of one app: what comes in, and everything that goes out
to Microsoft: one file, since both ways share
what they are built on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from integrations.ground.background_tasks import Tasks
from integrations.ground.drawing import Json
from integrations.ground.fault_lines import Reporter
from integrations.ground.outgoing_calls import OutgoingCalls
from integrations.teams.answers import Answers, ListNames, PickerNames, TeamsPace, TypedCommands
from integrations.teams.app_credential import Credential
from integrations.teams.cloud_names import PUBLIC, CloudNames
from integrations.teams.connector import Connector, ConversationRoute, ServiceUrls, card_message
from integrations.teams.credentials import Credentials
from integrations.teams.endpoint import Presence, TeamsEndpoint
from integrations.teams.gateway import TeamsDirectory, TeamsMessenger
from integrations.teams.graph import Graph
from integrations.teams.tokens import LoginKeys, TokenCheck
from integrations.teams.web_api import MicrosoftRefused, MicrosoftWebApi, Throttle
from trim_bot.app.seam.door import DeskLike
from trim_bot.app.seam.languages import SpokenAt, english_everywhere
from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.seam.ports import Directory, Messenger
from trim_bot.app.words import adapter_words as words
from trim_bot.app.workspaces.workspace_cache import FirstWord
from trim_bot.domain.chat_workspaces import UnreachableWorkspace
from trim_bot.domain.errors import StoreUnavailable, Undeliverable

CLOSE_SECONDS = 5.0
KEYS, LOGIN = "teams_keys", "sign_in"
"""Places of the way out that are no tenant's."""


@dataclass(frozen=True, slots=True)
class Teams:
    """Everything the assembly needs of Teams. Must be closed in the loop it was used in."""

    endpoint: Callable[[Request], Awaitable[Response]]
    """Handler of `POST /api/messages`."""
    messenger: Messenger
    directory: Directory
    _tasks: Tasks = field(repr=False)
    _keys: LoginKeys = field(repr=False)
    _outbound: Outbound = field(repr=False)

    async def warm(self) -> bool:
        """Fetch the login keys before the first request needs them; whether they could be fetched."""
        return await self._keys.warm()

    def away(self) -> tuple[UnreachableWorkspace, ...]:
        """The tenants that cannot be asked now, as far as this process knows. Asks nobody."""
        return self._outbound.away()

    async def try_again(self, place: str) -> None:
        """Ask a place of the way out something that changes nothing. Raises a SafeError while it is away."""
        if place == KEYS:
            await self._keys.try_again()
        else:
            await self._outbound.try_again(place)

    async def look(self) -> None:
        """See whether the app still gets its token. Raises TryLater where it does not."""
        await self._outbound.look()

    async def drain(self) -> None:
        """Wait until every card that follows an answer has been sent."""
        await self._tasks.drain()

    async def close(self) -> None:
        """Let what follows end, for five seconds at most, and give the connections back."""
        await self._tasks.stop(CLOSE_SECONDS)
        await self._keys.close()
        await self._outbound.close()


def build_teams(
    desk: DeskLike,
    app: App,
    *,
    openid_url: str,
    knows: Callable[[str], Awaitable[bool]],
    first_word: FirstWord,
    presence: Presence,
    listed: ListNames,
    iana_zone: Callable[[str], str],
    link: str,
    tell: Tell,
    pace: TeamsPace | None = None,
    ways: OutgoingCalls | None = None,
    heard: Callable[[datetime], None] = lambda said: None,
    spoken: SpokenAt = english_everywhere,
) -> Teams:
    """The adapter for one app.

    `knows` tells whether a tenant has an organisation here, `first_word` what a word typed there stands for,
    `listed` whom the desk may list to somebody, `iana_zone` which zone a Windows or IANA name means, `link` where the
    desk's pages are. `tell` is told of whatever goes wrong. `ways` is the policy of the way out; `heard` is told the
    time that Microsoft's answers carry. Nothing is asked of anybody before the first request, message or `warm()`.
    """
    reporter = teams_reporter(tell)
    tasks = Tasks(reporter.failed)
    ways = ways or OutgoingCalls()
    told = ways.heard
    keys = LoginKeys(openid_url, heard=heard, away=lambda later: told(KEYS, later, 0.0))
    outbound = build_outbound(app, iana_zone, reporter, ways=ways, heard=heard)
    listing = PickerNames(outbound.directory.is_closed, listed, reporter)
    return Teams(
        endpoint=TeamsEndpoint(
            tokens=TokenCheck(app.id, keys, ServiceUrls(app.service_hosts), issuer=app.names.issuer),
            knows=knows,
            answers=Answers(desk, listing, reporter, tasks, pace or TeamsPace(), link, spoken),
            talking=TypedCommands(outbound.say, first_word, link, spoken),
            presence=presence,
            heard=outbound.directory.heard,
            tasks=tasks,
            reporter=reporter,
        ).handle,
        messenger=outbound.messenger,
        directory=outbound.directory,
        _tasks=tasks,
        _keys=keys,
        _outbound=outbound,
    )


def teams_reporter(tell: Tell) -> Reporter:
    """Tells the log what goes wrong with Teams."""
    return Reporter(LogEvent.TEAMS, tell, _word)


def _word(error: BaseException) -> str | None:
    match error:
        case Undeliverable():
            return "undeliverable"
        case StoreUnavailable():
            return "nothing-saved"
        case _:
            return None


SERVICE_PATH = "/teams/"
"""Where the Bot Connector serves people whose own place is not known."""


@dataclass(frozen=True, slots=True)
class App:
    """One Entra app with its bot, as the settings name it."""

    id: str
    password: Credential = field(repr=False)
    tenant: str
    """Empty for an app of many tenants."""
    service_hosts: Sequence[str]
    authority: str
    """ENTRA_AUTHORITY, without a slash at its end."""
    graph_url: str
    """GRAPH_URL, without a slash at its end."""
    names: CloudNames = PUBLIC


@dataclass(frozen=True, slots=True)
class Outbound:
    """What the assembly needs of the way out. Must be closed in the loop it was used in."""

    messenger: TeamsMessenger
    directory: TeamsDirectory
    connector: Connector
    _graph: Graph = field(repr=False)
    _default: str
    """Where the connector serves people whose own place is not known."""
    _credentials: Credentials = field(repr=False)
    _apis: tuple[MicrosoftWebApi, MicrosoftWebApi] = field(repr=False)
    _ways: OutgoingCalls = field(repr=False)

    def away(self) -> tuple[UnreachableWorkspace, ...]:
        """The tenants that cannot be asked now, as far as this process knows. Asks nobody."""
        return self._ways.away()

    async def try_again(self, place: str) -> None:
        """Ask a place something that changes nothing. Raises a SafeError while it is away."""
        kind, _, tenant = place.replace(" ", ":").partition(":")
        if kind == "graph":
            await self._graph.reach(tenant)
        elif kind == "teams":
            await self.connector.reach(self._default, tenant)
        else:
            await self._credentials.reach()
            self._ways.heard(LOGIN, None, 0.0)

    async def look(self) -> None:
        """See whether the app still gets its token. Raises TryLater where it does not."""
        await self._ways.ask(LOGIN, self._credentials.for_connector)

    async def say(self, route: ConversationRoute, tenant: str, card: Json) -> None:
        """Send a card to somebody who waits for it. Raises TryLater or Undeliverable."""
        try:
            await self.connector.reply(route, tenant, card_message(card, words.DESK))
        except MicrosoftRefused:
            raise Undeliverable from None

    async def close(self) -> None:
        """Give the connections back."""
        for api in self._apis:
            await api.close()
        await self._credentials.close()


def build_outbound(
    app: App,
    iana_zone: Callable[[str], str],
    reporter: Reporter,
    *,
    throttle: Throttle | None = None,
    ways: OutgoingCalls | None = None,
    heard: Callable[[datetime], None] = lambda said: None,
) -> Outbound:
    """The way out. Nothing is asked of Microsoft before the first message or look-up.

    `iana_zone` turns a Windows or IANA name of a zone into an IANA one, or into nothing. `ways` is the policy of the
    way out, and `heard` is told the time that Microsoft's answers carry.
    """
    throttle, ways = throttle or Throttle(), ways or OutgoingCalls()
    services, graph_only = (
        ServiceUrls(app.service_hosts),
        ServiceUrls([urlsplit(app.graph_url).netloc.lower()]),
    )
    default = default_service_url(app.service_hosts, services)
    credentials = Credentials(
        app.id, app.password, app.tenant, app.authority, app.graph_url, heard=heard, names=app.names
    )
    to_connector = MicrosoftWebApi(services.allows, on_this_machine=default.startswith("http:"), heard=heard)
    to_graph = MicrosoftWebApi(
        graph_only.allows, on_this_machine=app.graph_url.startswith("http:"), heard=heard
    )
    connector = Connector(app.id, credentials, to_connector, throttle, ways)
    graph = Graph(app.graph_url, credentials, to_graph, throttle, ways, iana_zone)
    return Outbound(
        messenger=TeamsMessenger(
            connector,
            services.allows,
            default,
            reporter,
            at_home=lambda tenant: not app.tenant or tenant == app.tenant.lower(),
        ),
        directory=TeamsDirectory(graph, connector, default),
        connector=connector,
        _graph=graph,
        _default=default,
        _credentials=credentials,
        _apis=(to_connector, to_graph),
        _ways=ways,
    )


def default_service_url(hosts: Sequence[str], services: ServiceUrls) -> str:
    """The service for people whose own is not known: at the first listed host, by http only on this machine."""
    host = hosts[0] if hosts else ""
    by_http = f"http://{host}{SERVICE_PATH}"
    return by_http if services.allows(by_http) else f"https://{host}{SERVICE_PATH}"
