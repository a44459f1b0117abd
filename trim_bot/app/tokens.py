"""Signing for one organisation: which references last, and for how long."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from trim_bot.app.ports import Tokens

FORM_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs references of one organisation at one real time."""

    tokens: Tokens
    organisation: str
    real: datetime

    def form(self, name: str, **refs: str) -> str:
        """For a form: 24 hours, one success."""
        return self._fleeting(name, refs)

    def press(self, action: str, **refs: str) -> str:
        """For a button: 24 hours, one effect."""
        return self._fleeting(action, refs)

    def lasting(self, action: str, **refs: str) -> str:
        """For a button in a message: no end, no nonce."""
        return self.tokens.sign(self.organisation, action, refs, nonce=None, expires_at=None)

    def _fleeting(self, name: str, refs: dict[str, str]) -> str:
        nonce = secrets.token_urlsafe(12)
        return self.tokens.sign(self.organisation, name, refs, nonce=nonce, expires_at=self.real + FORM_LASTS)
