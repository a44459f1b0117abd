"""Reads our Containerfile: its stages, and the instructions of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.tree import ROOT

FILE = ROOT / "deploy" / "container" / "Containerfile"
COPY = re.compile(r"(\S+) (\S+)")
KNOWN = {
    "ARG", "FROM", "WORKDIR", "COPY", "RUN", "LABEL", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word, its flags, and the rest of the line."""

    word: str
    flags: dict[str, str]
    rest: str


def instructions(file: Path = FILE) -> list[Instruction]:
    """Every instruction in order. Raises ValueError for a word that is not known."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE))
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        word, _, rest = line.partition(" ")
        if word not in KNOWN:
            raise ValueError(line)
        flags = {}
        while flag := re.match(r"--([a-z-]+)=(\S+) (.*)", rest):
            flags[flag[1]], rest = flag[2], flag[3]
        found.append(Instruction(word, flags, rest.strip()))
    return found


def stages() -> list[list[Instruction]]:
    """The instructions of each stage, from its FROM on."""
    found: list[list[Instruction]] = []
    for one in instructions():
        if one.word == "FROM":
            found.append([])
        if found:
            found[-1].append(one)
    return found
