"""A chat workspace: its name, what it handed over at installation, and that its platform cannot be reached now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from trim_bot.domain.errors import Trouble
from trim_bot.domain.ids import KeyId
from trim_bot.domain.people import Address, Platform


@dataclass(frozen=True, slots=True)
class ChatWorkspace:
    """Where accounts of one platform live together: a Slack team, a Teams tenant, or an organisation's own pages."""

    platform: Platform
    name: str
    """What the platform calls it; of an organisation's own pages, its slug."""

    @property
    def text(self) -> str:
        """As it is kept, typed on the command line and written in the ledger: `slack:TEAM`, `teams:TENANT`."""
        return f"{self.platform.value}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> ChatWorkspace:
        """Read the text form; raises ValueError with safe text when it is not one."""
        platform, _, name = text.partition(":")
        if platform not in {one.value for one in Platform}:
            raise ValueError("a workspace reads slack:TEAM or teams:TENANT")
        return cls(Platform(platform), name)

    @classmethod
    def of(cls, address: Address) -> ChatWorkspace:
        """The one an account is in."""
        return cls(address.platform, address.workspace)


@dataclass(frozen=True, slots=True)
class Installation:
    """The tokens of one workspace. `id` is the workspace, `slack:TEAM`."""

    id: str
    key_id: KeyId
    token: str = field(repr=False)
    """Lets the app act in the workspace."""
    refresh: str = field(default="", repr=False)
    """Swaps an ageing token for a new one, once; empty where tokens do not age."""
    app_user: str = ""
    """What the workspace calls the app's own account."""
    expires_at: datetime | None = None
    """When the token ends, UTC; None where tokens do not age."""
    lease_until: datetime | None = None
    """Real time until which one process is renewing it, UTC."""


@dataclass(frozen=True, slots=True)
class UnreachableWorkspace:
    """One workspace whose calls fail at once, until one that is let through comes back.

    It is a state of one process. It leaves the list by itself when it answers, or when nobody has tried it for a
    minute after `next_try`: whoever wants to know must try.
    """

    workspace: str
    """`slack:TEAM` or `teams:TENANT`."""
    trouble: Trouble
    seconds: float
    """Since the first of the failures in a row, by a clock that does not jump."""
    next_try: float
    """Seconds until a call is let through to try; 0.0 when the next one is."""
