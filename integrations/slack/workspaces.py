"""The workspaces this app is installed in and each one's own Web API: one file, since a single one and many
answer alike.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from integrations.ground.drawing import Json
from integrations.slack.render import StoredMessage
from integrations.slack.web_api import APP, TIMEOUT_SECONDS, SlackRefused, SlackWebApi
from trim_bot.app.installations.keeping import Access, Installed
from trim_bot.domain.errors import Trouble, TryLater

ASK_SECONDS = 2.0
"""How long a request may wait for the answer; the question itself goes on, so that a slow answer counts too."""

NOT_TAKEN = frozenset(
    {
        "account_inactive",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
"""What Slack says of a token that ended: the workspace is mended by renewing it or adding the app again."""


def workspace_of(team: str) -> str:
    """A team as the desk names a workspace."""
    return f"slack:{team}"


def not_taken(refusal: SlackRefused) -> TryLater | None:
    """What a refusal means that is about the app and its token, and None for any other."""
    return TryLater(trouble=Trouble.NOT_TAKEN) if refusal.code in NOT_TAKEN else None


class Workspaces(Protocol):
    """Which teams are ours, one or many."""

    async def is_ours(self, team: str) -> bool | None:
        """Whether a checked request's team is ours; None while that is not known. Asks only if it must."""
        ...

    async def access(self, team: str) -> Access | None:
        """The access to a team, None for a stranger. Raises TryLater while it is not certain."""
        ...

    def known(self, team: str) -> Access | None:
        """The access as far as it is known. Asks nobody."""
        ...

    def refused(self, team: str) -> None:
        """Slack did not take the token of this team."""
        ...


class OneWorkspace:
    """Learns its team from the one token, once; asks again at the next need when Slack was down.

    Until Slack answers, requests of the team that was connected before are heard.
    """

    def __init__(self, api: SlackWebApi, bot_token: str) -> None:
        self._api = api
        self._access = Access(bot_token)
        self._team: str | None = None
        self._kept: str | None = None
        self._asking: asyncio.Task[None] | None = None
        self._why = TryLater()
        self._asked = False

    async def team(self, seconds: float = ASK_SECONDS) -> str | None:
        """The team id, or None while Slack cannot be asked, is too slow, or does not take the token."""
        if self._team is None:
            # Many requests may wait for the same answer; one question is enough.
            if self._asking is None or self._asking.done():
                self._asking = asyncio.get_running_loop().create_task(self._ask())
            await asyncio.wait({self._asking}, timeout=seconds)
        return self._team

    @property
    def why(self) -> TryLater | None:
        """Why Slack has not said yet whose token this is; None where it has, or was not asked."""
        return self._why if self._team is None and self._asked else None

    def expect(self, team: str) -> None:
        """The team that was connected before: it counts as ours until Slack says whose token this is."""
        self._kept = team

    async def is_ours(self, team: str) -> bool | None:
        """Whether it is the token's team; None while that is not known. Asks only if it must."""
        if self._team is None and team == self._kept:
            return True
        ours = await self.team()
        if ours is None:
            return True if team == self._kept else None
        return team == ours

    async def access(self, team: str) -> Access | None:
        """The token for its own team, None for another. Raises TryLater before Slack has said whose it is."""
        # Nobody waits for a message as they wait for a form.
        ours = await self.team(TIMEOUT_SECONDS)
        if ours is None:
            why = self._why
            raise TryLater(why.after_seconds, why.trouble, why.workspace)
        return self._access if team == ours else None

    def known(self, team: str) -> Access | None:
        """The token for the team it is known or expected to belong to."""
        return self._access if team == (self._team or self._kept) else None

    def refused(self, team: str) -> None:
        """There is no other token to look for."""

    async def close(self) -> None:
        """Ask no longer."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    async def _ask(self) -> None:
        # The team that was connected before is the one whose token this is, as far as anybody knows.
        kept = workspace_of(self._kept) if self._kept else ""
        try:
            answer = await self._api.ways.ask(kept or APP, self._whose, workspace=kept)
        except TryLater as why:
            if why.after_seconds is None:
                # The first failure of a start is worth telling: until somebody is written to nobody would ask again.
                self._api.ways.heard(kept or APP, why, 0.0)
            self._why, self._asked = why, True
            return
        team, user = answer.get("team_id"), answer.get("user_id")
        if answer.get("is_enterprise_install") is True or _names_an_enterprise(answer):
            self._why, self._asked = TryLater(trouble=Trouble.WHOLE_ENTERPRISE, workspace=kept), True
            self._api.ways.heard(kept or APP, self._why, 0.0)
            return
        self._access = Access(self._access.token, user if isinstance(user, str) else "")
        self._team = team if isinstance(team, str) and team else None

    async def _whose(self) -> Json:
        try:
            return await self._api.once("auth.test", {}, token=self._access.token)
        except SlackRefused as refusal:
            # Whatever its word is: a token that opens nothing is not taken.
            raise not_taken(refusal) or TryLater(trouble=Trouble.NOT_TAKEN) from None


def _names_an_enterprise(answer: Json) -> bool:
    """Whether what Slack says of a token names an enterprise, and no workspace of it."""
    team, enterprise = answer.get("team_id"), answer.get("enterprise_id")
    return bool(enterprise) and (not team or team == enterprise)


class TeamApi:
    """Calls in the name of a team."""

    def __init__(self, api: SlackWebApi, workspaces: Workspaces) -> None:
        self._api = api
        self._workspaces = workspaces

    async def call(
        self,
        team: str,
        method: str,
        arguments: Mapping[str, object],
        seconds: float = TIMEOUT_SECONDS,
        *,
        way: str = "",
    ) -> Json:
        """One call. Raises TryLater when it may work later, Refused when Slack says no.

        All calls of a team wait together while it is away, but for those of a `way` of their own. A token that Slack
        does not take counts as something that passes: nothing is given up, and the way out tells of it.
        """
        access = self._workspaces.known(team) or await self._workspaces.access(team)
        if access is None:
            raise TryLater
        workspace = workspace_of(team)
        place = f"{workspace} {way}" if way else workspace
        proven = partial(self._proven, team, access, method, arguments)
        return await self._api.ways.ask(place, proven, seconds, workspace=workspace)

    async def _proven(self, team: str, access: Access, method: str, arguments: Mapping[str, object]) -> Json:
        try:
            return await self._api.once(method, arguments, token=access.token)
        except SlackRefused as refusal:
            if not_taken(refusal) is None:
                raise
        newer = await self._newer(team, access)
        try:
            return await self._api.once(method, arguments, token=newer.token)
        except SlackRefused as refusal:
            later = not_taken(refusal)
            if later is None:
                raise
            raise later from None

    async def _newer(self, team: str, old: Access) -> Access:
        """The token another process may have put in its place. Raises TryLater when there is none."""
        self._workspaces.refused(team)
        access = await self._workspaces.access(team)
        if access is None or access.token == old.token:
            raise TryLater(trouble=Trouble.NOT_TAKEN)
        return access

    async def respond(self, url: str, line: StoredMessage) -> None:
        """Show one person a neutral line where they typed a command. Raises TryLater, Refused."""
        await self._api.respond(url, line.text, line.blocks)


FRESH_SECONDS = 60.0
"""An access this old is looked up again; Slack takes an older token until it ends."""
ABSENT_SECONDS = 5.0
"""How long a team counts as a stranger after it was looked for."""
MOST = 2000
"""Teams remembered; the one looked up longest ago is forgotten first."""


class Installations(Protocol):
    """Where installations are kept. All of these raise TryLater while that cannot be reached."""

    async def find(self, team: str) -> Access | None:
        """The access to a team, or None."""
        ...

    async def teams(self) -> list[str]:
        """Every team that is connected, in order; it may have taken the app away."""
        ...

    async def keep(self, installed: Installed) -> None:
        """Keep an installation, in place of an earlier one of the same team."""
        ...

    async def removed(self, team: str, at: datetime | None) -> None:
        """Destroy what a team handed over, unless it was added again after `at`."""
        ...


@dataclass(frozen=True, slots=True)
class _KnownAccess:
    access: Access | None
    at: float


class ManyWorkspaces:
    """Implements `Workspaces` over the kept installations. Slack itself is never asked."""

    def __init__(self, installations: Installations, seconds: Callable[[], float] = time.monotonic) -> None:
        self._installations = installations
        self._seconds = seconds
        self._held: dict[str, _KnownAccess] = {}
        self._looking: dict[str, asyncio.Task[Access | None]] = {}
        self._asked = ""

    async def is_ours(self, team: str) -> bool | None:
        """Whether the app is installed there; None while that cannot be looked up."""
        try:
            return await self.access(team) is not None
        except TryLater:
            return None

    async def access(self, team: str) -> Access | None:
        """The access to a team; one that was known before while the store is away. Raises TryLater."""
        held = self._held.get(team)
        if held is not None:
            fresh = ABSENT_SECONDS if held.access is None else FRESH_SECONDS
            if self._seconds() - held.at < fresh:
                return held.access
        try:
            return await asyncio.shield(self._look(team))
        except TryLater:
            if held is None or held.access is None:
                raise
            return held.access

    async def next_team(self) -> str | None:
        """A team that has the app, another one at each call, until all had their turn. Raises TryLater."""
        teams = await self._installations.teams()
        for team in (*(one for one in teams if one > self._asked), *teams):
            self._asked = team
            if await self.access(team) is not None:
                return team
        return None

    def known(self, team: str) -> Access | None:
        """The access as it was last looked up."""
        held = self._held.get(team)
        return held.access if held is not None else None

    def refused(self, team: str) -> None:
        """The token may have been replaced: look again at the next need."""
        self._held.pop(team, None)

    def _look(self, team: str) -> asyncio.Task[Access | None]:
        """Many requests may wait for the same answer; one question is enough."""
        task = self._looking.get(team)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._find(team))
            self._looking[team] = task
            task.add_done_callback(lambda done: self._found(team, done))
        return task

    async def _find(self, team: str) -> Access | None:
        access = await self._installations.find(team)
        self._held.pop(team, None)
        self._held[team] = _KnownAccess(access, self._seconds())
        while len(self._held) > MOST:
            del self._held[next(iter(self._held))]
        return access

    def _found(self, team: str, task: asyncio.Task[Access | None]) -> None:
        self._looking.pop(team, None)
        if not task.cancelled():
            # Whoever waits is told; when nobody does any more, asyncio must not log it.
            task.exception()
