"""The text of a file that a person saved, whatever their editor saves it as, or a sentence that says how to save it."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""What a file begins with, and how the rest of it is written; longer marks first."""
HOW_TO_SAVE = "Please save it as UTF-8: in Notepad or Excel choose Save as, then the encoding UTF-8."


class NotText(ValueError):
    """The file cannot be read for certain; `line` (from 1) is where that shows first."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line} is not in UTF-8. {HOW_TO_SAVE}")


def text_of(held: bytes) -> str:
    """The text, without a mark at its start, its lines ending in `\\n`. Raises NotText.

    UTF-8 and UTF-16 are read, with a mark or without one. Anything else, such as Windows-1252, could be read in several
    ways, and a name would be kept with the wrong letters: it is refused.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if held.startswith(mark)), (b"", ""))
    plain = held[len(mark) :]
    try:
        text = plain.decode(encoding or _guessed(plain))
    except UnicodeDecodeError as error:
        raise NotText(plain[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise NotText(text[: text.index("\0")].count("\n") + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guessed(plain: bytes) -> str:
    """UTF-16 without a mark shows by its zeros: TOML is mostly made of plain letters."""
    head = plain[:400]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if odd > len(head) // 4 > even:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) // 4 > odd else "utf-8"


_STRAY = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = "\u200b-\u200f\u2060\ufeff"
_ENDS = re.compile(f"^[{_STRAY}{_UNSEEN}]+|[{_STRAY}{_UNSEEN}]+$")
_OUTSIDE = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*'
    f"|(?P<stray>[{_STRAY[2:]}])|(?P<unseen>[{_UNSEEN}])",
    re.DOTALL,
)


def plain_spaces(text: str) -> str:
    """The same TOML with spaces of other kinds made plain between its words; what stands in quotation marks stays."""
    if text.isascii():
        return text

    def plain(found: re.Match[str]) -> str:
        return " " if found["stray"] else "" if found["unseen"] else found[0]

    return _OUTSIDE.sub(plain, text)


def trimmed(value: object) -> object:
    """A value of a TOML file with its texts and keys trimmed of spaces and of what nobody sees, however deep.

    Raises KeyError with the key where two of one table are the same then.
    """
    match value:
        case str():
            return _ENDS.sub("", value)
        case list():
            return [trimmed(one) for one in value]
        case dict():
            found: dict[str, object] = {}
            for key, one in value.items():
                name = key_of(str(key))
                if name in found:
                    raise KeyError(name)
                found[name] = trimmed(one)
            return found
        case _:
            return value


def key_of(key: str) -> str:
    """A key as it is meant."""
    return _ENDS.sub("", key)
