"""Which files the guards look at, so that all of them look at the same ones."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("trim_bot", "workflows", "assessments", "checked_toml", "integrations")
BINARY = {".png", ".jpg", ".ico", ".woff2", ".xz", ".zip", ".pdf"}


def product_files() -> list[Path]:
    """Every Python file that ships."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def python_files() -> list[Path]:
    """Every Python file of the project: what ships, the tests and the benchmarks."""
    return product_files() + sorted(
        path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")
    )


def text_files() -> list[Path]:
    """Every text file under version control, or all that would be when the history is not at hand."""
    return [path for path in _files() if path.is_file() and path.suffix not in BINARY]


def _files() -> Iterator[Path]:
    if (ROOT / ".git").exists():
        listing = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        yield from (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    else:
        for entry in ROOT.iterdir():
            if entry.is_file():
                yield entry
            elif entry.name == ".ci" or not entry.name.startswith((".", "build", "dist")):
                yield from (path for path in entry.rglob("*") if "__pycache__" not in path.parts)


def name(path: Path) -> str:
    """How a guard's complaint calls the file."""
    return path.relative_to(ROOT).as_posix()
