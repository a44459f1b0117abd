"""How a keyring is written down: JSON with a version, the root secret and the master keys, oldest first."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from trim_bot.crypto.errors import KeyringError

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
