"""The master keys: they wrap data keys, and the root secret beside them derives everything that must last.

Pseudonyms, tokens and the fingerprint come from a separate `root` secret that rotation never changes.
Deriving them from the oldest master key would work only until that key is retired, and it could then
never be retired; with a root of its own, any master key can go once nothing is wrapped under it.
"""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim_bot.crypto.binding import KEY_BYTES, base32_lower, length_prefixed, subkey
from trim_bot.crypto.errors import KeyringError, WrongKey
from trim_bot.crypto.keyring_file import MasterKey, parsed, read_address, write_private, written

_WRAP_VERSION = b"\x01"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as the key store keeps it: which master key wrapped it, and the wrapped bytes."""

    master_id: str
    blob: bytes


@dataclass(frozen=True, slots=True)
class Keyring:
    """A root secret and one or more master keys, oldest first; the last one wraps.

    Raises `KeyringError` when a secret has the wrong length, an id is used twice or there is no key.
    """

    root: bytes = field(repr=False)
    keys: tuple[MasterKey, ...]

    def __post_init__(self) -> None:
        if not self.keys:
            raise KeyringError("The keyring holds no master key")
        if len(self.root) != KEY_BYTES or any(len(key.secret) != KEY_BYTES for key in self.keys):
            raise KeyringError("A key in the keyring has the wrong length")
        if len({key.id for key in self.keys}) != len(self.keys):
            raise KeyringError("Two keys in the keyring have the same id")

    @staticmethod
    def new() -> Keyring:
        """A fresh keyring with a random root and one random master key."""
        return Keyring(root=secrets.token_bytes(KEY_BYTES), keys=(_fresh_key(),))

    @staticmethod
    def load(address: str) -> Keyring:
        """The keyring at `file:PATH` or `env:NAME`. Raises `KeyringError`, `KeyringMissing`."""
        root, keys = parsed(read_address(address))
        return Keyring(root=root, keys=keys)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the keyring to `path` with mode 0600, whole or not at all.

        Raises `KeyringError` when the file there is another keyring: that would lose every record.
        """
        target = Path(path)
        if target.exists() and Keyring.load(f"file:{target}").fingerprint != self.fingerprint:
            raise KeyringError("Another keyring is already there; writing over it would lose every record")
        write_private(target, self.as_json())

    def as_json(self) -> bytes:
        """The keyring as it is written to a file. It is secret."""
        return written(self.root, self.keys)

    def as_text(self) -> str:
        """The keyring as base64 on one line, for an environment variable. It is secret."""
        return base64.b64encode(self.as_json()).decode("ascii")

    @property
    def newest(self) -> MasterKey:
        """The newest master key, under which every new data key is wrapped."""
        return self.keys[-1]

    @property
    def fingerprint(self) -> str:
        """16 characters that name this keyring's root and tell nothing about it; the same after rotation.

        A store keeps it when it is made, so that a start with another keyring is noticed.
        """
        return base32_lower(self.derive("fingerprint")[:10])

    def rotated(self) -> Keyring:
        """This keyring with one new master key, which wraps from now on; the old ones still unwrap."""
        return replace(self, keys=(*self.keys, _fresh_key()))

    def retired(self) -> Keyring:
        """This keyring with the newest master key alone. Only safe once every stored key is rewrapped."""
        return replace(self, keys=(self.newest,))

    def wrap(self, key: bytes, bound_to: bytes) -> Wrapped:
        """Wrap `key` under the newest master key; it unwraps only with the same `bound_to`."""
        master = self.newest
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(master.secret).encrypt(nonce, key, _wrap_context(master.id, bound_to))
        return Wrapped(master_id=master.id, blob=_WRAP_VERSION + nonce + sealed)

    def unwrap(self, wrapped: Wrapped, bound_to: bytes) -> bytes:
        """The key that was wrapped. Raises `WrongKey` when this keyring or `bound_to` does not fit."""
        master = next((key for key in self.keys if key.id == wrapped.master_id), None)
        version, nonce, sealed = wrapped.blob[:1], wrapped.blob[1:13], wrapped.blob[13:]
        if master is None or version != _WRAP_VERSION or len(nonce) != _NONCE_BYTES:
            raise WrongKey
        try:
            return AESGCM(master.secret).decrypt(nonce, sealed, _wrap_context(master.id, bound_to))
        except InvalidTag:
            raise WrongKey from None

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for `purpose`, from the root secret by HKDF-SHA256; the same after rotation."""
        return subkey(self.root, "trim-bot", purpose)


def _fresh_key() -> MasterKey:
    return MasterKey(
        id=base32_lower(secrets.token_bytes(10)),
        created=datetime.now(UTC),
        secret=secrets.token_bytes(KEY_BYTES),
    )


def _wrap_context(master_id: str, bound_to: bytes) -> bytes:
    return length_prefixed("data key", _WRAP_VERSION, master_id, bound_to)
