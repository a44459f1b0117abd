"""How a keyring is written down, as JSON, and where it is kept: a private file or an environment variable."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from trim_bot.crypto.errors import KeyringError, KeyringMissing

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
