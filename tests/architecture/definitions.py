"""A published definition never changes: its checksum is noted once, and only new ones may be added."""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.architecture.tree import ROOT

NOTED = Path(__file__).with_name("definitions.sha256")
FOLDERS = ("workflows/definitions", "assessments/definitions")


def present() -> dict[str, str]:
    """The checksum of every definition that ships, by path."""
    files = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.toml"))
    return {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def read(text: str) -> dict[str, str]:
    """The checksums in a list written by sha256sum or by `write`."""
    return {path: digest for digest, path in (line.split(maxsplit=1) for line in text.splitlines() if line)}


def write(checksums: Mapping[str, str]) -> str:
    """The list that `sha256sum --check` understands, sorted by path."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(checksums.items()))


def changed(noted: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Published definitions that were edited or taken away."""
    return sorted(path for path, digest in noted.items() if now.get(path) != digest)


def unnoted(noted: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Definitions whose checksum has not been noted yet."""
    return sorted(now.keys() - noted.keys())


def freeze() -> int:
    """Note the checksums of new definitions; exit code 1 and nothing written if a noted one changed."""
    noted = read(NOTED.read_text()) if NOTED.exists() else {}
    now = present()
    if faults := changed(noted, now):
        print("These are published and may not change; add a new version beside them:", *faults, sep="\n  ")
        return 1
    NOTED.write_text(write(now))
    print("Noted:", *(unnoted(noted, now) or ["nothing new"]), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(freeze())
