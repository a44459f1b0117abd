"""What a chat workspace handed over when the app was installed there by its administrator."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

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
