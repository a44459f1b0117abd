"""`python -m tests.deploy`: follows each guide of docs/deploy to its end and says how long each step took."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FOLLOWED = Path(__file__).parent / "followed"


def main(arguments: list[str]) -> int:
    """What pytest says; `make deploy-check` runs it. Each guide is set up once, so they run one after the other."""
    return int(pytest.main([str(FOLLOWED), "-q", "--no-header", "-p", "no:cacheprovider", *arguments]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
