"""Turns what happens on the ways out into outages: which platform, why, and the variable or the host to look at."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.watch.outages import Outages
from trim_bot.domain.errors import Trouble, TryLater
from trim_bot.domain.outages import OutagePart, PlatformCause

SLACK, SLACK_SOCKET, TEAMS_KEYS, SIGN_IN = "slack", "slack_socket", "teams_keys", "sign_in"
"""Places of the adapters that are no workspace's."""
PATIENCE_SECONDS = 5 * 60.0
"""Being asked to wait is ordinary where many messages go out; only when it goes on for so long it is an outage."""
_CAUSES = {
    Trouble.NOT_TAKEN: PlatformCause.REFUSED,
    Trouble.WHOLE_ENTERPRISE: PlatformCause.WHOLE_ENTERPRISE,
    Trouble.REFUSED: PlatformCause.UNREACHABLE,
    Trouble.FAILING: PlatformCause.FAILING,
    Trouble.SLOW: PlatformCause.SLOW,
    Trouble.ASKED_TO_WAIT: PlatformCause.ASKED_TO_WAIT,
    Trouble.UNSURE: PlatformCause.FAILING,
}
_PARTS = {
    SLACK: OutagePart.SLACK,
    SLACK_SOCKET: OutagePart.SLACK_SOCKET,
    TEAMS_KEYS: OutagePart.TEAMS_KEYS,
    SIGN_IN: OutagePart.SIGN_IN,
    "teams": OutagePart.TEAMS,
    "graph": OutagePart.GRAPH,
}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where each platform is, and what it knows the app by."""

    hosts: dict[OutagePart, str]
    slack_token: str
    """The variable with the one token; empty where workspaces are added by installing."""
    teams_proof: str = "TEAMS_APP_PASSWORD"
    """The variable by which the app proves who it is to Microsoft."""


class PlatformOutages:
    """Hears of every way out that is away, and of every one that answers again."""

    def __init__(self, outages: Outages, where: Whereabouts) -> None:
        self._outages = outages
        self._where = where

    def heard(self, place: str, later: TryLater | None, seconds: float) -> None:
        """A place is away, for so many seconds already, or it answered (None)."""
        part = part_of(place)
        if later is None:
            self._outages.went_well(part, place)
            self._outages.went_well(OutagePart.SIGN_IN, place)
            return
        if later.at and later.at == self._where.hosts[OutagePart.SIGN_IN]:
            # The token is fetched on the way to somewhere else, which has not been asked yet.
            part = OutagePart.SIGN_IN
        cause = _CAUSES[later.trouble]
        if cause is PlatformCause.ASKED_TO_WAIT and seconds < PATIENCE_SECONDS:
            return
        look_at = self._look_at(part, place, cause, later.at)
        self._outages.began(part, cause.value, look_at, place=place, seconds=seconds)

    def _look_at(self, part: OutagePart, place: str, cause: PlatformCause, at: str) -> str:
        if cause not in (PlatformCause.REFUSED, PlatformCause.WHOLE_ENTERPRISE):
            return at or self._where.hosts[part]
        match part:
            case OutagePart.SLACK:
                return self._where.slack_token or (place if place != SLACK else "SLACK_CLIENT_SECRET")
            case OutagePart.SLACK_SOCKET:
                return "SLACK_APP_TOKEN"
            case _:
                return self._where.teams_proof


def part_of(place: str) -> OutagePart:
    """Which platform a place of the ways out belongs to."""
    return _PARTS[place.replace(" ", ":").partition(":")[0]]
