"""In which language somebody chooses to read the desk's pages, as their profile asks and keeps it."""

from __future__ import annotations

from collections.abc import Container

from trim_bot.app.handover.commands import SaveProfile
from trim_bot.app.own.profile_screens import LIKE_PLATFORM
from trim_bot.app.seam.languages import ENGLISH, Language, primary
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.work import Work
from trim_bot.domain.people import Member


def readable(work: Work) -> tuple[tuple[str, str], ...]:
    """The languages there are, by code, each as it calls itself; it says so where no speaker has checked it."""
    every = ((code, work.languages.of(code)) for code in work.languages.codes())
    checked = {ENGLISH.code, *map(primary, work.site.languages_checked)}
    return tuple((code, _called(one, checked)) for code, one in every if one is not None)


def _called(language: Language, checked: Container[str]) -> str:
    if language.code in checked:
        return as_given(language.name)
    return phrase("{language}, not yet checked by a speaker", language=language.name)


def reads_from_now(command: SaveProfile, me: Member) -> str:
    """The code of the language chosen; empty where it is left to the platform, and as before where it was not asked."""
    return "" if command.reads == LIKE_PLATFORM else command.reads or me.reads
