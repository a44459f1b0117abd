"""The master keys, and how and where a keyring is written down: one file, since whoever changes the one
must read the other.

Pseudonyms, tokens and the fingerprint come from a separate `root` secret that rotation never changes.
Deriving them from the oldest master key would work only until that key is retired, and it could then
never be retired; with a root of its own, any master key can go once nothing is wrapped under it.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import secrets
import stat
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim_bot.crypto.envelope import KEY_BYTES, base32_lower, keyed_digest, length_prefixed, subkey
from trim_bot.crypto.errors import KeyringError, KeyringMissing, WrongKey

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
    by_service: bool = field(default=False, compare=False)
    """Whether a key service opened it: then no transaction may wait for any key."""

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


_VERSION = 1
_BEGINNING = re.compile(r'\{\s*"version"')


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One wrapping key: a random id, when it was made (UTC; for people to read), and 32 secret bytes."""

    id: str
    created: datetime
    secret: bytes = field(repr=False)


def newest(raw: bytes) -> bytes:
    """Of the keyrings that a file holds while it is being written, the last that is whole; else all there is."""
    text = raw.decode("utf-8", "replace")
    for start in reversed([found.start() for found in _BEGINNING.finditer(text)]):
        try:
            _, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        return text[start:end].encode()
    return raw


def parsed(raw: bytes) -> tuple[bytes, tuple[MasterKey, ...]]:
    """The root secret and the master keys. Raises `KeyringError` when anything is not as it was written."""
    try:
        held = json.loads(newest(raw))
        if held["version"] != _VERSION:
            raise KeyringError("The keyring was written by another version")
        keys = tuple(
            MasterKey(
                id=str(key["id"]),
                created=datetime.fromisoformat(key["created"]).astimezone(UTC),
                secret=base64.b64decode(key["key"], validate=True),
            )
            for key in held["keys"]
        )
        return base64.b64decode(held["root"], validate=True), keys
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeyringError("The keyring is malformed") from None


def written(root: bytes, keys: tuple[MasterKey, ...]) -> bytes:
    """The JSON that `parsed` reads. It is secret."""
    held = {
        "version": _VERSION,
        "root": base64.b64encode(root).decode("ascii"),
        "keys": [
            {
                "id": key.id,
                "created": key.created.isoformat(),
                "key": base64.b64encode(key.secret).decode("ascii"),
            }
            for key in keys
        ],
    }
    return json.dumps(held, indent=1).encode()


_MOST_BYTES = 1_000_000


def read_address(address: str) -> bytes:
    """What is kept at `address`: `file:PATH` (mode 0600) or `env:NAME` (JSON, or base64 of it).

    Raises `KeyringMissing` when nothing is there and `KeyringError` for every other fault.
    """
    scheme, _, place = address.partition(":")
    match scheme:
        case "file":
            return read_private(Path(place))
        case "env":
            return _from_environment(place)
        case _:
            raise KeyringError(
                "The keyring's address must read file:PATH, env:NAME or vault+https://HOST/MOUNT/KEY?file=PATH"
            )


def read_private(path: Path) -> bytes:
    """The bytes of a file that only its owner can read. Raises `KeyringMissing`, `KeyringError`."""
    try:
        handle = os.open(path, os.O_RDONLY)
        with os.fdopen(handle, "rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise KeyringError("Others can read the keyring file; set its mode to 0600")
            return file.read(_MOST_BYTES)
    except FileNotFoundError:
        raise KeyringMissing("There is no keyring file at that path") from None
    except OSError:
        raise KeyringError("The keyring file could not be read") from None


def copies_beside(address: str) -> list[str]:
    """Names of copies that an earlier version left beside a keyring file when it was killed; they are secret."""
    scheme, _, place = address.partition(":")
    if scheme != "file":
        return []
    path = Path(place)
    draft = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{12}}")
    return sorted(one.name for one in path.parent.glob(f".{path.name}.*") if draft.fullmatch(one.name))


def write_private(path: Path, raw: bytes) -> None:
    """Put `raw` at `path` with mode 0600, durable, and nowhere else at any moment. Raises `KeyringError`.

    A file that is there is written in place, so that whenever this is cut short it holds the keyring of before or
    the new one, whole. A new file that is cut short is no keyring yet, and nothing was sealed with it.
    """
    try:
        if path.exists():
            _rewrite(path, raw)
        else:
            _create(path, raw)
        _sync_folder(path.parent)
    except OSError:
        raise KeyringError("The keyring file could not be written") from None


def _rewrite(path: Path, raw: bytes) -> None:
    """The new one after the old, then blanks over the old, then the new one to the front if it fits there.

    Whoever reads takes the last that is whole.
    """
    handle = os.open(path, os.O_RDWR)
    try:
        size = os.fstat(handle).st_size
        try:
            _put(handle, size, b"\n" + raw)
        except OSError:
            os.ftruncate(handle, size)
            raise
        _put(handle, 0, b" " * size)
        if len(raw) <= size:
            _put(handle, 0, raw)
            os.ftruncate(handle, len(raw))
            os.fsync(handle)
    finally:
        os.close(handle)


def _create(path: Path, raw: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _put(handle, 0, raw)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def _put(handle: int, at: int, raw: bytes) -> None:
    """Write all of it from a place on, and see it on disk."""
    done = 0
    while done < len(raw):
        done += os.pwrite(handle, raw[done:], at + done)
    os.fsync(handle)


def _from_environment(name: str) -> bytes:
    text = os.environ.get(name, "").strip()
    if not text:
        raise KeyringMissing("The environment variable for the keyring is not set")
    if text.startswith("{"):
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise KeyringError("The keyring in the environment is neither JSON nor base64") from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Pseudonyms:
    """One key for each organisation and purpose, so that digests match within one column of one employer."""

    def __init__(self, keyring: Keyring) -> None:
        base = keyring.derive("lookups")
        self._key = lru_cache(maxsize=1024)(lambda org, purpose: subkey(base, org, purpose))

    def keyed(self, org: str, purpose: str, text: str) -> str:
        """52 characters that stand for `text`, the same after key rotation.

        Surrounding blanks, letter case and Unicode composition make no difference.
        """
        return base32_lower(keyed_digest(self._key(org, purpose), normal(text)))


def normal(text: str) -> str:
    """The form in which texts are compared: stripped, case folded, composed (NFC)."""
    folded = unicodedata.normalize("NFC", text.strip()).casefold()
    return unicodedata.normalize("NFC", folded).strip()
