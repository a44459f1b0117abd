"""Names, ids, text elements and Teams' limits that both directions share: what is drawn is found again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum

import orjson

from integrations.ground.drawing import EMPTY, Json, RenderError, set_apart, shortened
from integrations.ground.untrusted_input import matched
from trim_bot.domain.clean_text import cleaned, cleaned_all, one_line

VERSION = "1.5"
FORM_KEY = "form"
"""In a card's data: which form is sent."""
ACTION_KEY = "action"
"""In a card's data: which button was pressed."""
TOKEN_KEY = "t"  # noqa: S105 (a key, not a token)
KINDS_KEY = "k"
"""In a card's data: the kind of each field, since what comes back is one flat object of texts."""
WORDS_KEY = "words"
"""In the data of the one card that answers typed words: those words."""
TEAMS_KEY = "msteams"
"""In a card's data: what Teams itself shall do at a press."""
RESERVED = frozenset({FORM_KEY, ACTION_KEY, TOKEN_KEY, KINDS_KEY, WORDS_KEY, TEAMS_KEY})
"""No field may have such a name."""

TICKED, UNTICKED = "yes", "no"
"""What a toggle says."""
PEOPLE = "graph.microsoft.com/users"
"""The data set Teams looks people up in."""

_JOINER = "\u2060"
"""Shows nothing and breaks no line."""
_DOUBLED = re.compile(r"\{(?=\{)")
_MARKUP = re.compile(r"[\\`*_\[\]<>~#|]|&(?=#?\w+;)|^(?:[-+](?=\s)|\d+(?=[.)]))")


class FieldKind(Enum):
    """What a field holds, as the wire names it."""

    TEXT = "text"
    """Text, one line or several."""
    CHOICE = "choice"
    """Exactly one of some options."""
    CHOICES = "choices"
    """Any number of some options."""
    DATE = "date"
    """A calendar day."""
    TIME = "time"
    """A time of day."""
    PERSON = "person"
    """One member."""
    PEOPLE = "people"
    """Some members."""
    TOGGLE = "toggle"
    """Yes or not."""


def is_verb(word: str) -> bool:
    """Whether a word can be a verb of the desk: short, small and plain letters."""
    return word.isascii() and word.isalpha() and word.islower() and len(word) <= WORD_LETTERS


def joined(values: Iterable[str]) -> str:
    """Several values as one text, the way Teams sends them: a comma within a value is spelt `%2C`."""
    return ",".join(value.replace("%", "%25").replace(",", "%2C") for value in values)


def parted(text: str) -> tuple[str, ...]:
    """The values of a text made by `joined`."""
    return tuple(part.replace("%2C", ",").replace("%25", "%") for part in text.split(",") if part)


def cut(text: str, most: int) -> str:
    """At most `most` characters, ending in an ellipsis when something is left out."""
    return shortened(set_apart(one_line(text)) or EMPTY, most)


def literal(text: str) -> str:
    """Text in which Teams works out no date of its own (`{{DATE(…)}}`), shown as it stands.

    What runs from right to left is set apart.
    """
    return _DOUBLED.sub("{" + _JOINER, set_apart(cleaned(text))) or EMPTY


def escaped(text: str) -> str:
    """One line for a TextBlock, in which Teams reads Markdown: no link, list or stress can come out of it."""
    return literal(_MARKUP.sub(_harmless, one_line(text)))


def _harmless(found: re.Match[str]) -> str:
    mark = found[0]
    # A digit cannot be escaped; it is what follows that makes a list of it.
    return f"{mark}{_JOINER}" if mark.isdigit() else f"\\{mark}"


def heading(text: str) -> Json:
    """A line that screen readers can jump to."""
    return {
        "type": "TextBlock",
        "style": "heading",
        "text": escaped(text),
        "size": "Medium",
        "weight": "Bolder",
        "wrap": True,
    }


def paragraph(text: str, **look: object) -> list[Json]:
    """Text of any length, line by line, exactly as it stands.

    Markdown is read in a TextBlock and nowhere in a RichTextBlock, so what people typed goes into the latter. A
    line break within one is not shown, so each line is one of its own.
    """
    drawn: list[Json] = []
    gap: Json = {}
    for line in cleaned(text).strip().splitlines() or [EMPTY]:
        if not line.strip():
            gap = {}
            continue
        run: Json = {"type": "TextRun", "text": literal(line.strip()), **look}
        drawn.append({"type": "RichTextBlock", "inlines": [run], **gap})
        gap = {"spacing": "None"}
    return drawn


def quiet(text: str) -> list[Json]:
    """Text that can be skipped."""
    return paragraph(text, isSubtle=True)


def close_below(elements: Sequence[Json]) -> list[Json]:
    """The same elements without a gap above the first."""
    return [{**element, "spacing": "None"} if n == 0 else element for n, element in enumerate(elements)]


def card(body: Sequence[Json], actions: Sequence[Json], most: int) -> Json:
    """A whole card of at most `most` bytes; raises RenderError when it is larger."""
    drawn: Json = {"type": "AdaptiveCard", "version": VERSION, "body": list(body)}
    if actions:
        drawn["actions"] = list(actions)
    # Whatever was kept before texts were cleaned where they enter: a card that cannot be sent helps nobody.
    drawn = cleaned_all(drawn, drawn=True)
    if len(orjson.dumps(drawn)) > most:
        raise RenderError("a card is larger than Teams takes")
    return drawn


ENTRA_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
"""A tenant or a person of Entra; in practice 36 letters, digits and hyphens."""


def entra_id(value: object) -> str:
    """The same tenant or person in small letters, since Entra's ids ignore case; Malformed otherwise."""
    return matched(value, ENTRA_ID).lower()


"""What Teams can hold, in bytes, characters and counts, so that each number stands in one place."""

MESSAGE_BYTES = 28 * 1024
"""A card in a chat; Teams refuses a larger one."""
DIALOG_BYTES = 100_000
"""A card in a dialog. No document gives a limit; the longest page of the desk has less than half of this."""
TITLE = 60
"""Of a dialog; Teams cuts a longer one where it likes."""
FIELD_NAME = 255
FIELDS = 100
CHOICE_BUTTONS = 10
"""From more options than this a list to choose from is made."""
OPTIONS = 100
PEOPLE_LISTED = 100
"""Names offered in a list of our own; with more, Teams looks people up besides."""
PEOPLE_NAMED = 1000
ROW_BUTTONS = 6
ROW_LETTERS = 46
"""A row of buttons with more than this is cut on a phone: their letters, and for each its edges."""
EDGE_LETTERS = 5
"""How many letters the edges of one button take the room of."""
URL = 2000
TOKEN = 4000
WORDS = 3
WORD_LETTERS = 20
