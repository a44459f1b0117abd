"""A list of people as typed or pasted: in each row a name, a phone number and a good time, however they are parted."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field

from trim_bot.domain.as_typed import plain_digits
from trim_bot.domain.clean_text import one_line

MOST_NAME, MOST_PHONE, MOST_TIME = 100, 40, 60
_LEAST_DIGITS = 3
"""Fewer make no number: a short one inside a workplace has so many."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row: what was written of somebody."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    best_time: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PersonRows:
    """All rows that could be read, and the places (from 1) of those that could not."""

    rows: tuple[PersonRow, ...]
    unread: tuple[int, ...]


_BETWEEN_CELLS = re.compile("[\t;\u061b\uff1b|]")
"""What stands between cells and in no name: tab, semicolons of every script, an upright line."""
_COMMAS = str.maketrans({"\u060c": ",", "\uff0c": ",", "\u3001": ",", "\ufe50": ",", "\ufe51": ","})
_BEFORE_NUMBER = re.compile(r"^(?:(?:tel|phone|mobile|mob|cell)\b\.?:?|[☎📞📱])\s*", re.IGNORECASE)
_LIKE_NUMBER = re.compile(
    r"[+(]?[\d][\d\s()+./-]*(?:\s*(?:ext(?:ension|n)?\.?|x|#)\s*\d+)?(?:\s*\([^()\d]+\))?", re.IGNORECASE
)
_HEADINGS = frozenset({"phone", "telephone", "phone number", "number", "mobile", "tel"})
"""What the first row of a pasted table says above its numbers."""
_NO_NUMBER = frozenset({"no phone", "no number", "none", "unknown", "n/a", "-", "–", "?"})
_NAME_THEN_NUMBER = re.compile(r"(?P<name>[^\d+(]*[^\W\d][^\d+(]*?)[\s:–-]+(?P<phone>[+(]?\d.*)")


def read_rows(text: str) -> PersonRows:
    """Every line that is not empty is a row."""
    rows: list[PersonRow] = []
    unread: list[int] = []
    for number, line in enumerate(filled_lines(text), 1):
        row = _row(line)
        if row is None:
            unread.append(number)
        else:
            rows.append(row)
    return PersonRows(tuple(rows), tuple(unread))


def filled_lines(text: str) -> list[str]:
    """The lines of a list, without those that are empty."""
    return [line for line in text.splitlines() if line.strip()]


def _row(line: str) -> PersonRow | None:
    name, phone, best_time = _parted(line)
    fits = len(phone) <= MOST_PHONE and len(best_time) <= MOST_TIME
    return PersonRow(name, phone, best_time) if name and len(name) <= MOST_NAME and fits else None


def _parted(line: str) -> tuple[str, str, str]:
    """Name, number and a good time. The name is empty where the row cannot be told apart."""
    celled = _BETWEEN_CELLS.search(line) is not None
    cells = [one_line(cell).strip('" ') for cell in _BETWEEN_CELLS.split(line)] if celled else _commas(line)
    at = next((place for place, cell in enumerate(cells) if place and _number(cell)), 0)
    if not at:
        said = [cell for cell in cells if cell and cell.casefold() not in _NO_NUMBER]
        return _without_number(said, celled=celled)
    names = [cell for cell in cells[:at] if cell]
    name = (
        " ".join(names)
        if celled and len(names) == 2
        else _name(_commas(names[0]) if celled and names else names)
    )
    return name, _number(cells[at]), ", ".join(cell for cell in cells[at + 1 :] if cell)


def _without_number(cells: list[str], *, celled: bool) -> tuple[str, str, str]:
    """A name alone, or a name and a number with nothing but a space between them."""
    if celled and len(cells) > 1:
        return "", "", ""
    parts = _commas(cells[0]) if celled and cells else cells
    found = _NAME_THEN_NUMBER.fullmatch(parts[0]) if len(parts) == 1 else None
    if found is not None:
        number = _number(found["phone"])
        return (found["name"].strip() if number else ""), number, ""
    # A second part that begins small is no first name: it may be a good time to ring.
    small = len(parts) == 2 and parts[1][:1].islower() and not parts[0][:1].islower()
    return ("" if small else _name(parts)), "", ""


def _name(parts: list[str]) -> str:
    """`Alex Byrne`, also where it was written `Byrne, Alex`."""
    filled = [part for part in parts if part]
    if not 1 <= len(filled) <= 2 or _HEADINGS & {part.casefold() for part in filled}:
        return ""
    return " ".join(reversed(filled)) if all(any(map(str.isalpha, part)) for part in filled) else ""


def _number(text: str) -> str:
    """A phone number with digits 0 to 9, or nothing where this is none."""
    plain = _BEFORE_NUMBER.sub("", plain_digits(text))
    if sum(one.isdigit() for one in plain) < _LEAST_DIGITS or _LIKE_NUMBER.fullmatch(plain) is None:
        return ""
    return plain


def _commas(text: str) -> list[str]:
    """What stands between commas of every script, those inside quotation marks left alone."""
    plain = text.translate(_COMMAS).replace("\n", " ")
    if '"' in plain:
        first, *rest = next(csv.reader([plain], skipinitialspace=True), [""])
        return [one_line(part) for part in (*first.split(","), *rest)]
    return [one_line(part) for part in plain.split(",")]
