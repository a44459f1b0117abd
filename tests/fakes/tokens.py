"""Signed references without the keyring: as refusing as the real ones, and easy to read in a failing test."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from trim_bot.crypto.errors import ExpiredToken, InvalidToken


@dataclass(frozen=True, slots=True)
class FakeToken:
    """Implements the port `TokenLike`."""

    org: str
    name: str
    refs: Mapping[str, str]
    nonce: str | None


class FakeTokens:
    """Implements the port `Tokens`. An instance with another `seed` reads none of these tokens."""

    def __init__(self, seed: str = "fake") -> None:
        self._seed = seed

    def sign(
        self,
        org: str,
        name: str,
        refs: Mapping[str, str],
        *,
        nonce: str | None,
        expires_at: datetime | None,
    ) -> str:
        end = None if expires_at is None else expires_at.timestamp()
        held = json.dumps([org, name, dict(refs), nonce, end]).encode()
        payload = base64.urlsafe_b64encode(held).decode()
        return f"{payload}.{self._mark(payload)}"

    def read(self, token: str, now: datetime) -> FakeToken:
        payload, _, mark = token.partition(".")
        if not payload or mark != self._mark(payload):
            raise InvalidToken
        org, name, refs, nonce, end = json.loads(base64.urlsafe_b64decode(payload))
        if end is not None and now.timestamp() >= end:
            raise ExpiredToken
        return FakeToken(org, name, refs, nonce)

    def hide(self, org: str, value: str) -> str:
        return value

    def reveal(self, org: str, text: str) -> str:
        return text

    def seal_for(self, secret: str, org: str, place: str, text: str) -> str:
        return self.sign(org, place, {"text": text, "secret": secret}, nonce=None, expires_at=None)

    def open_for(self, secret: str, org: str, place: str, sealed: str) -> str | None:
        held = self.read(sealed, datetime.now(UTC))
        same = (held.org, held.name, held.refs["secret"]) == (org, place, secret)
        return held.refs["text"] if same else None

    def _mark(self, payload: str) -> str:
        return hashlib.sha256(f"{self._seed}.{payload}".encode()).hexdigest()[:16]
