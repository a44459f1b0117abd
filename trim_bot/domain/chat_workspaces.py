"""A connected chat workspace: what it handed over at installation, and that its platform cannot be reached now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from trim_bot.domain.errors import Trouble
from trim_bot.domain.ids import KeyId


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
