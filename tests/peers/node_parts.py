"""Installs the Node parts of `make peers` by their hashes, and notes those hashes without naming any host."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.peers.parts import MODULES, node

WRITTEN = Path(__file__).parent / "node"
LOCK = "package-lock.json"
ADDRESSES = ("resolved", "funding", "deprecated")
LONGEST_SECONDS = 600


def npm(folder: Path, *arguments: str) -> None:
    """Run the npm that comes with Node; a package's own scripts never run."""
    program = Path(node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node(), str(program), *arguments, "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, timeout=LONGEST_SECONDS)


def without_addresses(lock: dict[str, Any]) -> dict[str, Any]:
    """A lock with names, versions and hashes, and nothing that names a host."""
    packages = {
        name: {key: value for key, value in package.items() if key not in ADDRESSES}
        for name, package in lock["packages"].items()
    }
    return lock | {"packages": packages}


def lock() -> None:
    """Lock what `package.json` says; what is not pinned there is the newest that fits."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", ".npmrc"):
            shutil.copy(WRITTEN / name, folder)
        npm(Path(folder), "install", "--package-lock-only")
        found = json.loads((Path(folder) / LOCK).read_text(encoding="utf-8"))
    (WRITTEN / LOCK).write_text(json.dumps(without_addresses(found), indent=2) + "\n", encoding="utf-8")


def main(what: list[str]) -> int:
    """`install` or `lock`."""
    match what:
        case ["install"]:
            npm(MODULES.parent, "ci")
        case ["lock"]:
            lock()
        case _:
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
