"""Names, ids, text objects and published limits that both directions share: what is drawn is found again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from integrations.ground.drawing import EMPTY, Json, RenderError, shortened, shown
from integrations.ground.untrusted_input import matched

INPUT_ACTION = "v"
"""action_id of every input."""
LINK_ACTION = "~link"
"""action_id of a way to a page; Slack reports the press, and nothing has to happen."""
TICKED = "yes"
"""The one option of a toggle."""


def block_id(field: str, step: tuple[int, int] | None, revision: int) -> str:
    """The wire name of a field, with step and revision where a newer draft must not be hidden.

    Slack keeps what was typed for as long as block_id and action_id stay the same.
    """
    if not field or "~" in field:
        raise RenderError("a field name is empty or has a tilde in it")
    name = field if step is None and revision == 0 else f"{field}~{step[0] if step else 0}.{revision}"
    return identifier(name)


def field_of(wire_name: str) -> str:
    """The field a block_id stands for."""
    return wire_name.partition("~")[0]


def identifier(text: str) -> str:
    """The same text, or RenderError when it is longer than Slack's names may be."""
    if len(text) > IDENTIFIER:
        raise RenderError("a name is longer than 255 characters")
    return text


def cut(text: str, most: int) -> str:
    """At most `most` characters, ending in an ellipsis when something is left out."""
    return shortened(shown(text), most)


def pieces(text: str, most: int) -> list[str]:
    """The whole text in parts of at most `most` characters, broken at line ends or spaces."""
    rest = shown(text)
    parts: list[str] = []
    while len(rest) > most:
        at = max(rest.rfind("\n", 1, most + 1), rest.rfind(" ", 1, most + 1))
        at = at if at > 0 else most
        parts.append(rest[:at].strip() or EMPTY)
        rest = rest[at:].lstrip()
    if rest:
        parts.append(rest)
    return parts


def plain(text: str) -> Json:
    """A text object in which Slack reads no mark-up, mention or emoji name."""
    return {"type": "plain_text", "text": text, "emoji": False}


def marked_up(text: str) -> Json:
    """A text object in which Slack reads mark-up; everything from outside goes through `escape` first."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def escape(text: str) -> str:
    """Slack's three control characters made harmless, for mark-up only; plain text shows them as they are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sections(text: str) -> list[Json]:
    """A paragraph of any length."""
    return [{"type": "section", "text": plain(part)} for part in pieces(text, SECTION)]


def contexts(lines: Iterable[str]) -> list[Json]:
    """Small lines of any number and length."""
    parts = [part for line in lines for part in pieces(line, CONTEXT_TEXT)]
    size = CONTEXT_ELEMENTS
    return [
        {"type": "context", "elements": [plain(part) for part in parts[start : start + size]]}
        for start in range(0, len(parts), size)
    ]


SLACK_ID = re.compile(r"[A-Za-z0-9]{1,40}")


def slack_id(payload: Mapping[str, object], key: str) -> str:
    """The team or user id at a key; Malformed when there is none."""
    return checked_id(payload.get(key))


def checked_id(value: object) -> str:
    """The same value if it is a team or user id; Malformed otherwise."""
    return matched(value, SLACK_ID)


"""Slack's published limits, in characters and counts, so that each number stands in one place."""

BLOCKS_IN_VIEW = 100
TITLE = 24
"""Also the labels of submit and close."""
PRIVATE_METADATA = 3000
IDENTIFIER = 255
"""callback_id, block_id and action_id."""

HEADER = 150
SECTION = 3000
FIELDS = 10
FIELD = 2000
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 2000
ACTION_ELEMENTS = 25

BUTTON_TEXT = 75
BUTTON_VALUE = 2000
BUTTON_URL = 3000

INPUT_LABEL = 2000
INPUT_HINT = 2000
TYPED_TEXT = 3000
PICKED = 40
"""Longest day or time from a picker; how it is written is for the desk to read."""
OPTION_TEXT = 75
"""Also the description under an option."""
OPTION_VALUE = 150
BUTTON_OPTIONS = 10
"""Radio buttons and checkboxes."""
SELECT_OPTIONS = 100
