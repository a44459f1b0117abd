"""Reads a file that somebody saved in an editor of theirs."""

from __future__ import annotations

from pathlib import Path

from checked_toml.file_text import NotText, text_of
from trim_bot.cli.faults import Misuse


def text_at(path: Path) -> str:
    """The text of a file. Raises Misuse where there is none, or where it is saved so that it cannot be read surely."""
    try:
        return text_of(path.read_bytes())
    except NotText as unread:
        raise Misuse(f"{path}: {unread}") from None
    except OSError:
        raise Misuse(f"{path} cannot be read") from None
