"""What the app shows Microsoft's login to prove who it is, in the form that msal takes.

A certificate and a federated token are read from their files when they are needed, so that a new one counts without a
restart. A managed identity gives a token that the app trusts in place of a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import msal

from integrations.ground.fault_lines import silence
from integrations.teams.credentials import LIBRARIES, MOST_BYTES, LoginAnswer
from trim_bot.domain.errors import SafeError, TryLater

Credential = str | Callable[[], object]
"""A password, or what gives msal's own form of another proof when it is asked."""
EXCHANGE = "api://AzureADTokenExchange"
"""What a token of a managed identity is asked for, to be shown in place of a secret."""
SECONDS = 5.0
_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)


class NoProof(SafeError):
    """The file is not there, or holds no proof; nothing of it is told."""

    text = "The app's proof cannot be read"


def credential_of(password: str, certificate: str, token_file: str, identity: str) -> Credential:
    """The one of these that is set, in the form that msal takes."""
    if certificate:
        return by_certificate(certificate)
    if token_file:
        return by_token_file(token_file)
    return by_identity(identity) if identity else password


def by_certificate(file: str) -> Credential:
    """A PEM file with the private key and the certificate of the app."""

    def read() -> object:
        # Of a whole chain the first of each is the app's own.
        blocks = {found[1]: found[0] for found in reversed(list(_BLOCK.finditer(_text(file))))}
        keys = [block for kind, block in blocks.items() if kind.endswith("PRIVATE KEY")]
        if not keys or "CERTIFICATE" not in blocks:
            raise NoProof
        return {"private_key": keys[0], "public_certificate": blocks["CERTIFICATE"]}

    return read


def by_token_file(file: str) -> Credential:
    """A file with a token that somebody else keeps fresh, such as a workload identity's."""

    def token() -> str:
        return _text(file).strip()

    return lambda: {"client_assertion": token}


def by_identity(client_id: str) -> Credential:
    """A managed identity of the machine, which the app trusts."""
    silence(LIBRARIES)
    identity = msal.UserAssignedManagedIdentity(client_id=client_id)
    client = msal.ManagedIdentityClient(identity, http_client=MachineHttp())

    def token() -> str:
        answer = client.acquire_token_for_client(resource=EXCHANGE)
        found = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(found, str) or not found:
            raise NoProof
        return found

    return lambda: {"client_assertion": token}


def _text(file: str) -> str:
    try:
        text = Path(file).read_bytes()[:MOST_BYTES].decode("ascii").strip()
    except (OSError, ValueError):
        raise NoProof from None
    if not text:
        raise NoProof
    return text


class MachineHttp:
    """The shape msal asks of an HTTP client, for the machine's own identity service: no proxy, nothing sent on."""

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_more: object,
    ) -> LoginAnswer:
        """One GET."""
        try:
            with httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as http:
                answer = http.get(url, params=params, headers=headers)
        except (httpx.HTTPError, OSError):
            raise TryLater from None
        return LoginAnswer(answer.status_code, answer.text[:MOST_BYTES], dict(answer.headers))

    def post(self, url: str, **_more: object) -> LoginAnswer:
        """Never asked of it."""
        raise TryLater

    def close(self) -> None:
        """Nothing is kept open."""
