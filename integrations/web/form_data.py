"""Reads what a browser sent, within bounds, and gives each field the type the desk expects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request

from integrations.ground.untrusted_input import UnreadBody, bounded_body, media_type
from trim_bot.app.seam.gestures import Value

LIMIT = 256 * 1024
"""Largest body, in bytes."""
MOST_FIELDS = 2000
FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"
RESERVED = frozenset({"csrf", "t", "press", "shape"})
"""Names of our own beside the form's fields."""


class BadPost(Exception):
    """A body we will not read. `status` is the HTTP answer: 400, 413 or 415."""

    def __init__(self, status: int) -> None:
        super().__init__("the body could not be read")
        self.status = status


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as sent: our own fields, and the values for the desk."""

    csrf: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    press: tuple[str, str] | None = field(default=None, repr=False)
    """Action and token of the button used, if it was not the form's own."""
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)


async def body_of(request: Request) -> bytes:
    """The whole body; BadPost(413) as soon as it grows past the limit."""
    try:
        return await bounded_body(request, LIMIT)
    except UnreadBody as unread:
        raise BadPost(413 if unread.too_long else 400) from None


async def read(request: Request) -> SentForm:
    """The form in the body. Raises BadPost when it is too large, malformed or of another type."""
    if media_type(request.headers.get("content-type", "")) != FORM_TYPE:
        raise BadPost(415)
    body = await body_of(request)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as reason:
        raise BadPost(400) from reason
    return read_pairs(pairs)


def read_pairs(pairs: Iterable[tuple[str, str]]) -> SentForm:
    """Sort pairs into our own fields and typed values.

    A `shape` pair such as `people who` names a field that may come once, often or not at all; without one,
    a name that comes once is text, and one that comes often is several choices.
    """
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value.replace("\r\n", "\n"))
    shapes = dict(_shape(text) for text in lists.get("shape", []))
    names = [name for name in lists if name not in RESERVED]
    names += [name for name in shapes if name not in lists and name not in RESERVED]
    pressed = lists.get("press", [""])[-1]
    action, _, token = pressed.partition(" ")
    return SentForm(
        csrf=lists.get("csrf", [""])[0],
        token=lists.get("t", [""])[0],
        press=(action, token) if action else None,
        values={name: _typed(shapes.get(name, ""), lists.get(name, [])) for name in names},
    )


def _shape(text: str) -> tuple[str, str]:
    kind, _, name = text.partition(" ")
    return name, kind


def _typed(kind: str, sent: list[str]) -> Value:
    match kind:
        case "toggle":
            return "yes" in sent
        case "choices":
            return tuple(dict.fromkeys(value for value in sent if value))
        case "people":
            return tuple(dict.fromkeys(_address(value) for value in sent if value.strip()))
        case "person":
            # A list to choose from, then a field to type in: what was typed wins.
            return next((_address(value) for value in reversed(sent) if value.strip()), "")
        case _ if len(sent) == 1:
            return sent[0]
        case _:
            return tuple(sent)


def _address(typed: str) -> str:
    """A work address as typed, in the form the desk reads; anything else is left for the desk to judge."""
    text = typed.strip()
    known = text.partition(":")[0] in ("web", "slack", "teams")
    return f"web:{text.lower()}" if "@" in text and not known else text
