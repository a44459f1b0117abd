"""A login that stands in for Entra, with a key of its own: it gives codes, checks their proof, and signs tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

TENANT = "11111111-2222-3333-4444-555555555555"
PERSON = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
APP, PASSWORD = "app-id", "app-password"
BACK = "https://desk.test/sign-in/microsoft/back"
HOST = "https://login.test"


@dataclass(frozen=True)
class Told:
    """One answer."""

    status_code: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Entra:
    """The way out that the desk is given, and the login at its other end. `claims` change what is signed."""

    claims: dict[str, object] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    down: bool = False
    kid: str = "k1"
    served: str = "k1"
    algorithm: str = "RS256"
    asked: list[str] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    agreed: set[str] = field(default_factory=set)
    """Tenants in which the app gets tokens of its own."""
    closed: bool = False
    host: str = HOST
    back: str = BACK

    def __post_init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with: Any = self.key
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def authority(self) -> str:
        return self.host

    def close(self) -> None:
        self.closed = True

    def log_in(self, address: str) -> dict[str, str]:
        """Somebody signs in at the address they were sent to; what they come back with."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.host}/organizations/oauth2/v2.0/authorize?")
        assert asked["redirect_uri"] == self.back and asked["code_challenge_method"] == "S256"
        assert asked["response_mode"] == "query" and "offline_access" not in asked["scope"]
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "session_state": "x"}

    def get(self, url: str, **_more: object) -> Told:
        self._up()
        self.asked.append(url)
        if url.endswith("/openid-configuration"):
            base = f"{self.host}/{url.split('/')[3]}"
            return Told(200, json.dumps({
                "issuer": f"{self.host}/{{tenantid}}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
            }))  # fmt: skip
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return Told(200, json.dumps({"keys": [{**key, "kid": self.served, "use": "sig"}]}))

    def post(self, url: str, data: Mapping[str, str] | None = None, **_more: object) -> Told:
        self._up()
        given = dict(data or {})
        self.sent.append(given)
        if given.get("grant_type") == "client_credentials":
            agreed = url.split("/")[3] in self.agreed
            known = json.dumps({"access_token": "app-token", "token_type": "Bearer", "expires_in": 3600})
            return Told(200, known) if agreed else Told(400, json.dumps({"error": "unauthorized_client"}))
        asked = self.codes.pop(given.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        proven = asked is not None and proof.rstrip(b"=").decode() == asked["code_challenge"]
        if asked is None or not proven or given.get("client_secret") != PASSWORD:
            return Told(400, json.dumps({"error": "invalid_grant", "error_description": "PII of somebody"}))
        return Told(200, json.dumps({"token_type": "Bearer", "expires_in": 3600, "access_token": "opaque",
                                     "id_token": self.token(asked["nonce"])}))  # fmt: skip

    def token(self, nonce: str) -> str:
        """A signed id token."""
        now = int(time.time())
        claims = {
            "iss": f"{self.host}/{TENANT}/v2.0", "aud": APP, "exp": now + 600, "iat": now, "nbf": now, "nonce": nonce,
            "tid": TENANT, "oid": PERSON, "name": "Somebody Real", "ver": "2.0",
        } | self.claims  # fmt: skip
        for name in self.without:
            del claims[name]
        return jwt.encode(claims, self.signs_with, algorithm=self.algorithm, headers={"kid": self.kid})

    def _up(self) -> None:
        if self.down:
            raise OSError("no answer")
