"""Says which version this is, and needs nothing of the rest."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def version_line() -> str:
    """What `--version` says."""
    try:
        return f"trim-bot {version('trim-bot')}"
    except PackageNotFoundError:
        return "trim-bot runs from a folder where it is not installed, so it has no version"
