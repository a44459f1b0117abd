"""Gives a process a home that has none, since a library asks for it while it is imported."""

from __future__ import annotations

import os
from pathlib import Path

NOWHERE = "/dev/null/no-home"
"""A folder that can never be there, so that nothing is read from it or written to it."""


def have_a_home() -> None:
    """Set HOME where neither it nor the list of accounts names one.

    To be called before the libraries for Slack are imported.
    """
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = NOWHERE
