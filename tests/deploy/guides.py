"""Reads a guide: its commands as they stand there, under the headings they stand under."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.tree import ROOT

GUIDES = ROOT / "docs" / "deploy"
_PART = re.compile(r"^(#{2,3}) (.+?)$|^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: the heading above it, its language, and its text."""

    heading: str
    language: str
    text: str


def blocks(guide: Path) -> list[Block]:
    """Every fenced block of a guide, in order."""
    found, heading = [], ""
    for part in _PART.finditer(guide.read_text(encoding="utf-8")):
        if part[2] is not None:
            heading = part[2]
        else:
            found.append(Block(heading, part[3], part[4]))
    return found


def commands(guide: str, heading: str) -> str:
    """What the guide says to type under a heading. It must be there."""
    found = [
        one.text for one in blocks(GUIDES / f"{guide}.md") if (one.heading, one.language) == (heading, "sh")
    ]
    assert found, f"{guide}.md has no commands under {heading!r}"
    return "".join(found)


def lines(text: str) -> list[str]:
    """Commands one by one: lines that go on are joined, and remarks are left out."""
    joined = re.sub(r"\\\n\s*", "", text)
    return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
