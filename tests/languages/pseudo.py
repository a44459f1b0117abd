"""A language that nobody speaks: each sentence of ours in strange letters and about a third longer.

Whatever is drawn in plain letters is somebody's own, or a sentence that was forgotten; what is looked up and is no
sentence of ours stands in double brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from tests.languages.extracting import sentences
from trim_bot.app.seam.languages import ENGLISH, DayForm

PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
STRANGE = "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž"
LETTERS = str.maketrans(PLAIN, STRANGE)
HEBREW = str.maketrans(PLAIN, "אבגדהוזחטיכלמנסעפצקרשתאבגדאבגדהוזחטיכלמנסעפצקרשתאבגד")
LONGER = 0.35
_FIELD = re.compile(r"(\{\w+\})")


@cache
def known() -> frozenset[str]:
    """Every sentence of ours."""
    return frozenset(text for one in sentences() for text in (one.english, one.many) if text)


@dataclass(frozen=True, slots=True)
class Pseudo:
    """The port `Language` of a language that is made by rule."""

    code: str = "fr"
    name: str = "Pseudo"
    right_to_left: bool = False
    unknown: list[str] = field(default_factory=list, compare=False)
    """What was looked up, and is no sentence of ours."""

    def sentence(self, english: str, context: str = "") -> str:
        """The sentence in strange letters."""
        if not re.search(r"[^\W\d_]", english):
            return english
        if english not in known():
            self.unknown.append(english)
            return f"⟦{english}⟧"
        return self.made(english)

    def plural(self, one: str, many: str, n: int) -> str:
        """One or many, as in English."""
        return self.sentence(one if n == 1 else many)

    def short(self, english: str) -> str:
        """None."""
        return ""

    def day(self, day: date, form: DayForm) -> str:
        """The English in strange letters."""
        return self.made(ENGLISH.day(day, form))

    def clock(self, hour: int, minute: int) -> str:
        """As in English."""
        return ENGLISH.clock(hour, minute)

    def made(self, english: str) -> str:
        """A text in strange letters, whose fields stay as they are."""
        letters = HEBREW if self.right_to_left else LETTERS
        said = "".join(
            part if _FIELD.fullmatch(part) else part.translate(letters) for part in _FIELD.split(english)
        )
        return f"[{said}{'·' * max(0, int(len(english) * LONGER) - 2)}]"
