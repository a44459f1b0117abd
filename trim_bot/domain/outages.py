"""What is wrong now and since when, as a plain value: readiness, figures, `doctor` and alerts say the same of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class OutagePart(Enum):
    """What can be out of order while a desk runs."""

    DATA = "data"
    """The database of the data, at DATABASE_URL."""
    KEYS = "keys"
    """The key store, at KEYSTORE_URL."""
    LEDGER = "ledger"
    """The erasure ledger, at LEDGER_URL."""
    CLOCK = "clock"
    """Looking at what is due, in this process."""
    WORKER = "worker"
    """The process that does what is due."""
    WEB = "web"
    """The process that answers people."""
    SLACK = "slack"
    """Slack's Web API."""
    SLACK_SOCKET = "slack_socket"
    """The connection of Socket Mode."""
    TEAMS = "teams"
    """The Bot Connector, which brings messages to Teams."""
    TEAMS_KEYS = "teams_keys"
    """The keys by which requests from Teams are checked."""
    SIGN_IN = "sign_in"
    """Microsoft's login, where the app has its tokens from and people sign in."""
    GRAPH = "graph"
    """Microsoft Graph, which knows who works there and when."""


PLATFORMS = frozenset(
    {
        OutagePart.SLACK,
        OutagePart.SLACK_SOCKET,
        OutagePart.TEAMS,
        OutagePart.TEAMS_KEYS,
        OutagePart.SIGN_IN,
        OutagePart.GRAPH,
    }
)
"""Parts that are somebody else's: while one is away the desk is ready all the same."""
WORKER_GONE, CLOCK_STOPPED = "worker_gone", "clock_stopped"
"""Causes of the worker and the clock, as `/readyz` says them."""
WEB_GONE = "web_gone"
"""Cause of whoever answers people, as the worker says it: `/readyz` has nobody left to say it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """One part that does not work. Nothing in it is about a person."""

    part: OutagePart
    cause: str
    """A fixed word: a code of `/readyz` for a store, the clock or the worker, else a value of `PlatformCause`."""
    look_at: str
    """The variable or the host to look at; empty where there is none."""
    began_at: datetime
    """Real time, UTC."""

    def told(self, *, whole: bool) -> dict[str, str]:
        """As programs read it; where to look only as a `whole`, for it may name a workspace."""
        look_at = {"look_at": self.look_at} if whole else {}
        began = self.began_at.isoformat(timespec="seconds")
        return {"part": self.part.value, "cause": self.cause, **look_at, "since": began}


class PlatformCause(Enum):
    """Why a platform cannot be asked."""

    REFUSED = "refused"
    """It does not take the token or the password."""
    WHOLE_ENTERPRISE = "whole_enterprise"
    """It takes the token, which is for a whole enterprise and not for one workspace."""
    UNREACHABLE = "unreachable"
    """Nobody takes the connection at its host."""
    FAILING = "failing"
    """It answers that it is not well, or something in between answers in its place."""
    SLOW = "slow"
    """It answers too late."""
    ASKED_TO_WAIT = "asked_to_wait"
    """It asks for fewer calls."""


ANSWERED = frozenset({PlatformCause.REFUSED.value, PlatformCause.WHOLE_ENTERPRISE.value})
"""Causes where the platform is there, and does not take the app."""
