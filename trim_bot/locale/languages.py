"""The languages that the desk can be read in, each from its gettext catalogue, read when it is first asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from gettext import c2py
from importlib.resources import files

from trim_bot.app.seam.languages import ENGLISH, DayForm, Language, primary

CATALOGUES = files("trim_bot.locale") / "catalogues"
SHORT = "24 letters"
"""The context under which translators may write a title once more, where there is little room."""
PATTERN = "pattern of Unicode"
"""The context under which translators write how a day and a time are put together."""
_PATTERNS = {DayForm.DAY: "EEEE d MMMM", DayForm.DAY_AND_YEAR: "EEEE d MMMM y", DayForm.DATE: "d MMMM y"}
_CLOCK = "H:mm"
_FIRST = "1"
PATTERNS = (*_PATTERNS.values(), _CLOCK, _FIRST)

missing: Counter[str] = Counter()
"""How often a sentence was shown in English since the process began, by the language that lacks it."""


@dataclass(frozen=True, slots=True)
class CatalogueLanguage:
    """One language, with all that its translators wrote."""

    code: str
    name: str
    right_to_left: bool
    sentences: Mapping[tuple[str, str], str] = field(repr=False)
    """By context and English."""
    plurals: Mapping[str, tuple[str, ...]] = field(repr=False)
    """By the English for one: a form for each class of numbers."""
    lacking: frozenset[tuple[str, str]] = field(repr=False)
    """Sentences of ours that are not translated."""
    form_of: Callable[[int], int] = field(repr=False)
    """The number of the form for a number."""

    def sentence(self, english: str, context: str = "") -> str:
        """The translation; the English where there is none."""
        found = self.sentences.get((context, english))
        if found is None and (context, english) in self.lacking:
            missing[self.code] += 1
        return found or english

    def plural(self, one: str, many: str, n: int) -> str:
        """The form for a number; the English where there is none."""
        forms = self.plurals.get(one)
        if forms is None:
            missing[self.code] += 1
            return one if n == 1 else many
        return forms[self.form_of(n)]

    def short(self, english: str) -> str:
        """What was written for little room; empty where nothing was."""
        return self.sentences.get((SHORT, english), "")

    def day(self, day: date, form: DayForm) -> str:
        """As the language says it."""
        # Only what is shown in another language needs any of it.
        from babel.dates import format_date

        said = format_date(day, self.sentence(_PATTERNS[form], PATTERN), locale=self.code)
        # What a pattern cannot say: the first of a month is a word of its own in some languages.
        return re.sub(r"\b1\b", self.sentence(_FIRST, PATTERN), said, count=1) if day.day == 1 else said

    def clock(self, hour: int, minute: int) -> str:
        """As the language writes it, of 24 hours."""
        from babel.dates import format_time

        return format_time(time(hour, minute), self.sentence(_CLOCK, PATTERN), locale=self.code)


class CatalogueLanguages:
    """The port `Languages` over the catalogues that come with the package."""

    def of(self, code: str) -> Language | None:
        """The language of a code such as `fr` or `fr-CA`; None where there is none."""
        wanted = primary(code)
        if wanted == ENGLISH.code:
            return ENGLISH
        return _read(wanted) if wanted in _there() else None

    def codes(self) -> tuple[str, ...]:
        """Those that can be chosen, English first."""
        return (ENGLISH.code, *sorted(_there()))


LANGUAGES = CatalogueLanguages()


@cache
def _there() -> frozenset[str]:
    names = (entry.name for entry in CATALOGUES.iterdir())
    return frozenset(name.removesuffix(".po") for name in names if name.endswith(".po"))


@cache
def _read(code: str) -> Language:
    from babel import Locale
    from babel.messages.pofile import read_po

    with (CATALOGUES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    sentences: dict[tuple[str, str], str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    lacking: set[tuple[str, str]] = set()
    for message in catalogue:
        if not message.id:
            continue
        said, context = message.string, message.context or ""
        if isinstance(message.id, tuple | list):
            forms = said if isinstance(said, tuple | list) else ()
            if forms and all(forms) and not message.fuzzy:
                plurals[message.id[0]] = tuple(forms)
        elif said and not message.fuzzy:
            sentences[context, message.id] = str(said)
        elif context != SHORT:
            lacking.add((context, message.id))
    locale = Locale.parse(code)
    return CatalogueLanguage(
        code,
        (locale.get_display_name(code) or code).capitalize(),
        locale.text_direction == "rtl",
        sentences,
        plurals,
        frozenset(lacking),
        c2py(catalogue.plural_expr),
    )
