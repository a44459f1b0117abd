"""A keyring wrapped by the Transit engine of HashiCorp Vault or OpenBao, which opens it once at the start."""

from __future__ import annotations

import base64
import binascii
import os
import ssl
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from trim_bot.crypto.errors import KeyringError, KeyringMissing, KeyServiceAway, KeyServiceRefused
from trim_bot.crypto.keyring import read_private
from trim_bot.crypto.transit_address import service_of

SECONDS = 5.0
"""For the connection and for each part of the answer: whoever waits meanwhile reads the help page."""
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class TransitPlace:
    """`vault+https://HOST[:PORT]/MOUNT/KEY?file=PATH[&ca=PATH]`: the wrapped keyring is in the file.

    `token` goes to that host alone; no redirect is followed, and no proxy of the environment is used.
    """

    service: str
    """With the mount, and without a slash at its end."""
    key: str
    file: Path
    token: str = field(repr=False)
    ca: str = ""
    seconds: float = SECONDS
    kind = "key service"

    @staticmethod
    def at(address: str, environment: Mapping[str, str]) -> TransitPlace:
        """The place of an address, with the token in `VAULT_TOKEN` or in the file that `VAULT_TOKEN_FILE` names.

        Raises `KeyringError`, `KeyringMissing`.
        """
        parts = urlsplit(service_of(address))
        asked = parse_qs(urlsplit(address).query)
        mount, _, key = parts.path.strip("/").rpartition("/")
        file = asked.get("file", [""])[0]
        if not (parts.hostname and mount and key and file):
            raise KeyringError("The keyring's address must read vault+https://HOST/MOUNT/KEY?file=PATH")
        named = environment.get("VAULT_TOKEN_FILE", "")
        token = (
            read_private(Path(named)).decode("ascii", "replace")
            if named
            else environment.get("VAULT_TOKEN", "")
        )
        if not token.strip():
            raise KeyringMissing("The token for the key service is not set (VAULT_TOKEN or VAULT_TOKEN_FILE)")
        service = f"{parts.scheme}://{parts.netloc}/v1/{mount}"
        return TransitPlace(service, key, Path(file), token.strip(), asked.get("ca", [""])[0])

    def read(self) -> bytes:
        """Have the service open what is in the file. Raises `KeyringMissing`, `KeyringError`."""
        wrapped = read_private(self.file).decode("ascii", "replace").strip()
        try:
            return base64.b64decode(
                self._asked("decrypt", {"ciphertext": wrapped}, "plaintext"), validate=True
            )
        except (binascii.Error, ValueError):
            raise KeyServiceRefused from None

    def write(self, raw: bytes) -> None:
        """Have the service wrap it, and put that into the file. Raises `KeyringError`."""
        plain = base64.b64encode(raw).decode("ascii")
        _put(self.file, self._asked("encrypt", {"plaintext": plain}, "ciphertext").encode())

    def _asked(self, verb: str, body: Mapping[str, str], wanted: str) -> str:
        try:
            with httpx.Client(
                timeout=self.seconds,
                trust_env=False,
                follow_redirects=False,
                verify=ssl.create_default_context(cafile=self.ca or None),
            ) as client:
                answer = client.post(
                    f"{self.service}/{verb}/{self.key}",
                    json=dict(body),
                    headers={"X-Vault-Token": self.token},
                )
        except (httpx.HTTPError, OSError):
            # Its text may name the token or hold what was sent.
            raise KeyServiceAway from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise KeyServiceAway
        try:
            held = answer.json()["data"][wanted] if answer.status_code == 200 else None
        except (ValueError, KeyError, TypeError):
            held = None
        if not isinstance(held, str) or len(held) > _MOST_BYTES:
            raise KeyServiceRefused
        return held


def _put(path: Path, wrapped: bytes) -> None:
    """In place of what stood there, whole or not at all; what is left by a crash is wrapped and opens nothing."""
    try:
        handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(wrapped + b"\n")
                file.flush()
                os.fsync(file.fileno())
            Path(made).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(made).unlink()
            raise
    except OSError:
        raise KeyringError("The wrapped keyring could not be written") from None
