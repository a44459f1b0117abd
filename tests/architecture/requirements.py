"""Reads the locked requirements, and looks whether a bill of materials leaves any of them out.

`python -m tests.architecture.requirements FILE` looks at one that was made; `make sbom` calls it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.architecture.tree import ROOT

FOLDER = ROOT / "requirements"
LOCKED = ("runtime", "development", "audit", "peers", "build", "bench")
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s;]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


def plain(name: str) -> str:
    """A package's name in the one form in which names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Each package of a locked file with its version and its hashes. Raises ValueError for a line without a version."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for entry in re.split(r"^(?=[^\s#])", text, flags=re.MULTILINE)[1:]:
        pin = _PIN.match(entry)
        if pin is None:
            raise ValueError(f"not locked: {entry.splitlines()[0]}")
        found[plain(pin[1])] = pin[2], frozenset(_HASH.findall(entry))
    return found


def locked(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """What one of the locked files holds."""
    return pins((FOLDER / f"{name}.txt").read_text("utf-8"))


def left_out(bill: Mapping[str, Any], pinned: Mapping[str, tuple[str, frozenset[str]]]) -> Iterator[str]:
    """What is locked and not in a CycloneDX bill, with its version and every hash."""
    if (bill.get("bomFormat"), bill.get("metadata", {}).get("component", {}).get("name")) != (
        "CycloneDX",
        "trim-bot",
    ):
        yield "it is no bill of this program"
    listed = {(plain(one["name"]), one["version"]): one for one in bill.get("components", ())}
    for package, (version, hashes) in pinned.items():
        part = listed.pop((package, version), None)
        told = json.dumps(part)
        if part is None:
            yield f"{package} {version} is left out"
        elif f"pkg:pypi/{package}@{version}" not in told or any(one not in told for one in hashes):
            yield f"{package} {version} lacks its address or a hash"
    yield from (f"{package} {version} is not locked" for package, version in listed)


if __name__ == "__main__":
    made = Path(sys.argv[1])
    wanted = locked("runtime")
    lacking = list(left_out(json.loads(made.read_text("utf-8")), wanted))
    print(*(lacking or [f"{made}: {len(wanted)} parts, none left out, each with its hashes"]), sep="\n")
    sys.exit(bool(lacking))
