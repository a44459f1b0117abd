"""Describes what a piece of JSON must look like, so that published rules can be written as a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

Check = Callable[[object, str], list[str]]
"""Takes a value and its path; gives every fault, each as `path: what is wrong`."""
_LONGEST_ADDRESS = 2048


def text(most: int, *, least: int = 1, pattern: str = "", told: str = "") -> Check:
    """A text of so many characters; with `pattern` it must match the whole, and `told` says how."""

    def check(value: object, path: str) -> list[str]:
        if not isinstance(value, str) or not least <= len(value) <= most:
            return [f"{path}: {least} to {most} characters"]
        return [] if not pattern or re.fullmatch(pattern, value) else [f"{path}: {told}"]

    return check


def exactly(wanted: object) -> Check:
    """This value and no other; lists in this order."""

    def check(value: object, path: str) -> list[str]:
        same = type(value) is type(wanted) and value == wanted
        return [] if same else [f"{path}: must be {wanted!r}"]

    return check


def https(value: object, path: str) -> list[str]:
    """An https address."""
    return [] if host_of(value) and len(str(value)) <= _LONGEST_ADDRESS else [f"{path}: an https address"]


def host_of(value: object) -> str:
    """The host of an https address, with its port; empty for anything else."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        return parts.netloc if parts and parts.scheme == "https" and parts.hostname else ""
    except ValueError:
        return ""


def listed(check: Check, least: int, most: int) -> Check:
    """A list of so many, each passing `check`."""

    def whole(value: object, path: str) -> list[str]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            return [f"{path}: a list of {least} to {most}"]
        return [fault for at, one in enumerate(value) for fault in check(one, f"{path}[{at}]")]

    return whole


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these keys and no others."""
    known = {**required, **(optional or {})}

    def check(value: object, path: str) -> list[str]:
        if not isinstance(value, Mapping):
            return [f"{path}: not an object"]
        under = f"{path}." if path else ""
        faults = [f"{under}{key}: not asked for" for key in sorted(map(str, value.keys() - known.keys()))]
        faults += [f"{under}{key}: missing" for key in sorted(required.keys() - value.keys())]
        return faults + [
            fault for key, one in known.items() if key in value for fault in one(value[key], f"{under}{key}")
        ]

    return check
