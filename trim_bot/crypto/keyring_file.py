"""Where a keyring is kept: a private file or an environment variable, read strictly and written whole."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path

from trim_bot.crypto.errors import KeyringError, KeyringMissing

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
            raise KeyringError("Only file: and env: keyrings can be read; key management services come later")


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


def write_private(path: Path, raw: bytes) -> None:
    """Put `raw` at `path` with mode 0600, whole or not at all, and durable. Raises `KeyringError`."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
        _sync_folder(path.parent)
    except OSError:
        draft.unlink(missing_ok=True)
        raise KeyringError("The keyring file could not be written") from None


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
