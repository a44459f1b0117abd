"""`python -m tests.peers`: shows the adapters at work with real clients that others wrote; `make peers` runs it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.peers.alone import be_alone

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """What pytest says, from a network of our own where the machine gives one."""
    be_alone("tests.peers", arguments)
    return int(pytest.main([str(HERE), "-q", "--no-header", "-p", "no:cacheprovider", *arguments]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
