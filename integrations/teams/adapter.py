"""Puts the Teams adapter together from the desk and the settings of one app."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from integrations.ground.background_tasks import Tasks
from integrations.ground.fault_lines import Reporter
from integrations.ground.outgoing_calls import OutgoingCalls
from integrations.teams.answers import Answers, ListNames, Pace, PickerNames, TypedCommands
from integrations.teams.conversation_addresses import ServiceUrls
from integrations.teams.endpoint import Endpoint, Presence
from integrations.teams.login_keys import LoginKeys
from integrations.teams.outbound import App, Outbound, build_outbound
from integrations.teams.tokens import TokenCheck
from trim_bot.app.seam.ports import DeskLike, Directory, Messenger
from trim_bot.app.workspaces.command_names import FirstWord
from trim_bot.domain.chat_workspaces import UnreachableWorkspace
from trim_bot.domain.errors import StoreUnavailable, Undeliverable

CLOSE_SECONDS = 5.0


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

    async def can_send(self) -> bool:
        """Whether Microsoft gives the app the token that messages need. Sends nothing."""
        return await self._outbound.can_send()

    def away(self) -> tuple[UnreachableWorkspace, ...]:
        """The tenants that cannot be asked now, as far as this process knows. Asks nobody."""
        return self._outbound.away()

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
    report: Callable[[str], None],
    pace: Pace | None = None,
    ways: OutgoingCalls | None = None,
    heard: Callable[[datetime], None] = lambda said: None,
) -> Teams:
    """The adapter for one app.

    `knows` tells whether a tenant has an organisation here, `first_word` what a word typed there stands for,
    `listed` whom the desk may list to somebody, `iana_zone` which zone a Windows or IANA name means, `link` where the
    desk's pages are. `report` gets a
    line for whatever goes wrong, a fixed word and an opaque id. `ways` is the policy of the way out; `heard` is told
    the time that Microsoft's answers carry. Nothing is asked of anybody before the first request, message or `warm()`.
    """
    reporter = teams_reporter(report)
    tasks = Tasks(reporter.failed)
    keys = LoginKeys(openid_url, heard=heard)
    outbound = build_outbound(app, iana_zone, reporter, ways=ways, heard=heard)
    listing = PickerNames(outbound.directory.is_closed, listed, reporter)
    return Teams(
        endpoint=Endpoint(
            tokens=TokenCheck(app.id, keys, ServiceUrls(app.service_hosts)),
            knows=knows,
            answers=Answers(desk, listing, reporter, tasks, pace or Pace()),
            talking=TypedCommands(outbound.say, first_word, link),
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


def teams_reporter(sink: Callable[[str], None]) -> Reporter:
    """Reports what goes wrong with Teams to `sink`, a line each."""
    return Reporter("teams", sink, _word)


def _word(error: BaseException) -> str | None:
    match error:
        case Undeliverable():
            return "undeliverable"
        case StoreUnavailable():
            return "nothing-saved"
        case _:
            return None
