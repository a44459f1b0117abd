"""Sends the fixed messages to people in Slack, and asks Slack who somebody is."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.ground.fault_lines import Reporter
from integrations.ground.outgoing_calls import INTERACTIVE_SECONDS
from integrations.ground.recently_seen import RecentlySeen
from integrations.slack.render import render_message
from integrations.slack.web_api import SlackRefused
from integrations.slack.workspaces import TeamApi, Workspaces, workspace_of
from trim_bot.app.seam.ports import ListPage
from trim_bot.app.seam.views import Message
from trim_bot.domain.errors import (
    NotThere,
    PlaceUnknown,
    SafeError,
    Trouble,
    TryLater,
    Undeliverable,
    Unsendable,
)
from trim_bot.domain.people import Address, Platform, Profile

NEVER = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "is_archived",
        "invalid_user_combination",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "user_disabled",
        "user_is_bot",
        "user_is_restricted",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)
"""What Slack is known to say when this one person cannot be written to, now or later."""
APP_FAULTS = frozenset(
    {"method_deprecated", "deprecated_endpoint", "missing_scope", "no_permission", "not_allowed_token_type"}
)
"""What it says when the app may not do this at all: to be mended by an administrator, and nothing is lost."""
MALFORMED = frozenset(
    {
        "block_mismatch",
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_charset",
        "invalid_form_data",
        "invalid_json",
        "invalid_post_type",
        "json_not_object",
        "markdown_text_conflict",
        "missing_argument",
        "missing_post_type",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "unknown_method",
    }
)
"""What it says when it cannot read what was sent: a fault of ours."""
UNKNOWN = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
PAGE = 200
MOST_HEARD = 2_000
HEARD_SECONDS = 60 * 60.0
"""Whoever makes a gesture is looked up at once; lately heard names serve who is named by others meanwhile."""
SLACKS_OWN = frozenset({"USLACKBOT"})


class SlackMessenger:
    """The Messenger port over Slack's Web API. Messages go to the person's direct messages with the app."""

    def __init__(self, api: TeamApi, workspaces: Workspaces, reporter: Reporter) -> None:
        self._api = api
        self._workspaces = workspaces
        self._reporter = reporter

    async def send(self, address: Address, message: Message, route: str) -> str:
        """Deliver one message, and return `CHANNEL:TIMESTAMP`. Slack needs no route.

        Raises Undeliverable, TryLater, or Unsendable for a fault of ours.
        """
        team = await _ours(self._workspaces, address, Undeliverable())
        posted = render_message(message)
        try:
            opened = await self._api.call(team, "conversations.open", {"users": address.user})
            channel = _name(_object(opened, "channel"), "id")
            sent = await self._api.call(
                team,
                "chat.postMessage",
                {
                    "channel": channel,
                    "text": posted.text,
                    "blocks": posted.blocks,
                    "unfurl_links": False,
                    "unfurl_media": False,
                },
            )
        except SlackRefused as refusal:
            raise self._meaning(refusal, team) from None
        return f"{channel}:{_name(sent, 'ts')}"

    def _meaning(self, refusal: SlackRefused, team: str) -> SafeError:
        """What a refusal is to whoever waits for the message. One that is not known is this person's, and is told."""
        if refusal.code in NEVER:
            return Undeliverable()
        self._reporter.failed(refusal)
        if refusal.code in APP_FAULTS:
            return TryLater(trouble=Trouble.NOT_TAKEN, workspace=workspace_of(team))
        return Unsendable() if refusal.code in MALFORMED else Undeliverable()


class SlackDirectory:
    """The Directory port over Slack's Web API. While Slack cannot be asked, a gesture's own words must do."""

    def __init__(self, api: TeamApi, workspaces: Workspaces) -> None:
        self._api = api
        self._workspaces = workspaces
        self._heard: RecentlySeen[Profile] = RecentlySeen(MOST_HEARD, HEARD_SECONDS)

    def heard(self, profile: Profile) -> None:
        """What a gesture told of whoever made it; in memory for an hour, for when Slack cannot be asked."""
        if profile.name:
            self._heard.keep(profile.address.text, profile)

    async def look_up(self, address: Address, *, hours: bool = True) -> Profile:
        """Name, zone and language of an account; Slack tells no hours. Raises NotThere or TryLater."""
        try:
            return await self._asked(address)
        except TryLater:
            heard = self._heard.find(address.text)
            if heard is None:
                raise
            return heard

    async def _asked(self, address: Address) -> Profile:
        team = await _ours(self._workspaces, address, NotThere())
        asked = {"user": address.user, "include_locale": True}
        try:
            answer = await self._api.call(team, "users.info", asked, INTERACTIVE_SECONDS)
        except SlackRefused as refusal:
            raise (NotThere() if refusal.code in UNKNOWN else TryLater()) from None
        return _profile(address, _object(answer, "user"), team)

    async def page(self, workspace: str, cursor: str = "") -> ListPage:
        """One page of the accounts of the workspace. Raises TryLater, PlaceUnknown.

        Slack counts these calls apart from all others: while it asks to wait with them, messages still go out.
        """
        if await self._workspaces.access(workspace) is None:
            raise TryLater
        asked = {"limit": PAGE, "cursor": cursor}
        try:
            page = await self._api.call(workspace, "users.list", asked, way="list")
        except SlackRefused as refusal:
            raise (PlaceUnknown() if refusal.code == "invalid_cursor" else TryLater()) from None
        members = page.get("members")
        if not isinstance(members, list):
            raise TryLater(trouble=Trouble.FAILING)
        users = [user for user in members if isinstance(user, dict) and _text(user, "id")]
        found = (
            _profile(Address(Platform.SLACK, workspace, _text(one, "id")), one, workspace) for one in users
        )
        return ListPage(tuple(found), _text(_object(page, "response_metadata"), "next_cursor"))


async def _ours(workspaces: Workspaces, address: Address, stranger: Exception) -> str:
    """The team of an address; raises `stranger` for one that is not ours, TryLater while that is not known."""
    if address.platform is not Platform.SLACK or await workspaces.access(address.workspace) is None:
        raise stranger
    return address.workspace


def _profile(address: Address, user: Mapping[str, object], team: str) -> Profile:
    shown = _object(user, "profile")
    names = (shown.get("real_name"), user.get("real_name"), shown.get("display_name"), user.get("name"))
    left = _is_from_elsewhere(user, team) or address.user in SLACKS_OWN
    return Profile(
        address,
        name=next((name for name in names if isinstance(name, str) and name.strip()), ""),
        handle=_text(user, "name"),
        zone=_text(user, "tz"),
        language=_text(user, "locale").partition("-")[0].lower(),
        place=_text(shown, "title"),
        left=left or any(user.get(mark) is True for mark in ("deleted", "is_bot")),
    )


def _is_from_elsewhere(user: Mapping[str, object], team: str) -> bool:
    """Whether somebody is a guest: of another organisation, or with an account of ours that Slack limits as a guest's.

    Slack calls nobody a stranger who shares a channel with us. Within an enterprise the home of a colleague may be
    another workspace; the list of workspaces they are in then names ours.
    """
    if any(user.get(mark) is True for mark in ("is_stranger", "is_restricted", "is_ultra_restricted")):
        return True
    home = user.get("team_id")
    if not isinstance(home, str) or home == team:
        return False
    teams = _object(user, "enterprise_user").get("teams")
    return not (isinstance(teams, list) and team in teams)


def _object(answer: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = answer.get(key)
    return value if isinstance(value, dict) else {}


def _text(answer: Mapping[str, object], key: str) -> str:
    value = answer.get(key)
    return value if isinstance(value, str) else ""


def _name(answer: Mapping[str, object], key: str) -> str:
    name = _text(answer, key)
    if not name:
        raise TryLater
    return name
