"""What a workspace hands over when the app is added there, and what lets the app act in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from trim_bot.domain.errors import SafeError


@dataclass(frozen=True, slots=True)
class Installed:
    """What Slack hands over for one team."""

    team: str
    token: str = field(repr=False)
    app_user: str = ""
    refresh: str = field(default="", repr=False)
    """Swaps an ageing token for a new one, once; empty where tokens do not age."""
    expires_at: datetime | None = None
    """When the token ends, UTC."""


@dataclass(frozen=True, slots=True)
class Access:
    """What lets the app act in one workspace."""

    token: str = field(repr=False)
    app_user: str = ""
    """What the workspace calls the app's own account."""


class NotRenewed(SafeError):
    """The platform gave no new pair for a refresh token."""

    def __init__(self, code: str, *, used_up: bool) -> None:
        """`code` is the platform's word for it; `used_up` says that it will never take this one again."""
        super().__init__("The platform gave no new token")
        self.code = code
        self.used_up = used_up
