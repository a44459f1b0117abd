"""Takes in a Teams tenant once its administrator has agreed at the login; imported only where Teams is set up."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeTimedSerializer

LASTS_SECONDS = 3600
"""How long an administrator may take at the login."""
SCOPE = "https://graph.microsoft.com/.default"
_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class TenantConsent:
    """What comes back is believed only where our own browser was sent, and a token can be had for the tenant.

    `agreed` tells whether the app gets a token of its own there, and `take_in` makes the tenant's organisation; both
    take the tenant's id and may raise TryLater.
    """

    def __init__(
        self,
        authority: str,
        app_id: str,
        back: str,
        secret: bytes,
        agreed: Callable[[str], Awaitable[bool]],
        take_in: Callable[[str], Awaitable[None]],
    ) -> None:
        self._authority, self._app_id, self._back = authority, app_id, back
        self._cookies = URLSafeTimedSerializer(secret, salt="tenant consent")
        self._agreed = agreed
        self._take_in = take_in

    def begin(self) -> tuple[str, str]:
        """Where to send an administrator, and what their browser keeps until they come back."""
        state = secrets.token_urlsafe(24)
        asked = {"client_id": self._app_id, "redirect_uri": self._back, "state": state, "scope": SCOPE}
        address = f"{self._authority}/organizations/v2.0/adminconsent?{urlencode(asked)}"
        return address, str(self._cookies.dumps(state))

    async def finish(self, kept: str, answer: Mapping[str, str]) -> bool:
        """Whether the tenant has its organisation now."""
        try:
            state = str(self._cookies.loads(kept, max_age=LASTS_SECONDS))
        except BadSignature:
            return False
        tenant = answer.get("tenant", "").lower()
        ours = hmac.compare_digest(state.encode(), answer.get("state", "").encode())
        if not ours or answer.get("admin_consent", "").lower() != "true" or "error" in answer:
            return False
        if not _TENANT.fullmatch(tenant) or not await self._agreed(tenant):
            return False
        await self._take_in(tenant)
        return True
