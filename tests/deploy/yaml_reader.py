"""Reads the plain part of YAML that our own files keep to, strictly: whatever could mean two things is refused."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

Node = dict[str, "Node"] | list["Node"] | str | None
_KEY = re.compile(r"(<<|[\w./-]+):(?: (.*))?$")
_PLAIN = re.compile(r"[A-Za-z0-9_./$][\w./:=@$ -]*$")
_MANY_WORDS = {"yes", "no", "on", "off", "y", "n", "true", "false", "null", "~"}
"""Words that readers take for something else than text; only `true` and `false` are allowed, and mean that."""


class NotPlain(ValueError):
    """A line that is not of the plain part."""


@dataclass
class _Reader:
    lines: list[tuple[int, str]]
    at: int = 0
    named: dict[str, Node] = field(default_factory=dict)

    def block(self, indent: int) -> Node:
        """What stands at one depth, from here on."""
        if self.at < len(self.lines) and self.lines[self.at][1].startswith("- "):
            return self._list(indent)
        return self._map(indent)

    def _list(self, indent: int) -> list[Node]:
        found: list[Node] = []
        while self.at < len(self.lines) and self.lines[self.at][0] == indent:
            text = self.lines[self.at][1]
            if not text.startswith("- "):
                raise NotPlain(text)
            rest = text[2:]
            if _KEY.match(rest):
                # The first line of an entry that is a map: the rest of it stands two to the right.
                self.lines[self.at] = (indent + 2, rest)
                found.append(self._map(indent + 2))
            else:
                self.at += 1
                found.append(self._value(rest))
        return found

    def _map(self, indent: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        while self.at < len(self.lines) and self.lines[self.at][0] == indent:
            depth, text = self.lines[self.at]
            pair = _KEY.match(text)
            if pair is None or pair[1] in found:
                raise NotPlain(text)
            self.at += 1
            key, rest = pair[1], (pair[2] or "")
            anchor = rest[1:] if rest.startswith("&") else ""
            value = self._value(rest) if rest and not anchor else self._below(depth)
            if anchor:
                self.named[anchor] = value
            if key == "<<":
                assert isinstance(value, dict)
                merged |= value
            else:
                found[key] = value
        return merged | found

    def _below(self, depth: int) -> Node:
        if self.at == len(self.lines) or self.lines[self.at][0] <= depth:
            return None
        return self.block(self.lines[self.at][0])

    def _value(self, text: str) -> Node:
        if text.startswith("*"):
            return self.named[text[1:]]
        if text == "{}":
            return {}
        if text.startswith("["):
            return [self._value(one) for one in _entries(text)]
        if text.startswith('"'):
            read = json.loads(text)
            assert isinstance(read, str)
            return read
        if not _PLAIN.match(text) or ": " in text or (text in _MANY_WORDS and text not in ("true", "false")):
            raise NotPlain(text)
        return text


def _entries(text: str) -> list[str]:
    if not text.endswith("]"):
        raise NotPlain(text)
    return re.findall(r'"(?:[^"\\]|\\.)*"|[^\s,]+', text[1:-1])


def read(text: str) -> list[dict[str, Node]]:
    """Each document, with every plain value as text. Raises NotPlain for a line that is not of the plain part."""
    documents = []
    for part in re.split(r"^---$", text, flags=re.MULTILINE):
        lines = [line for line in part.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if any("\t" in line or line != line.rstrip() for line in lines):
            raise NotPlain("a tab, or a space at the end")
        reader = _Reader([(len(line) - len(line.lstrip()), line.lstrip()) for line in lines])
        document = reader.block(0)
        if reader.at != len(reader.lines) or not isinstance(document, dict):
            raise NotPlain(reader.lines[reader.at][1] if reader.at < len(reader.lines) else "no map")
        documents.append(document)
    return documents
