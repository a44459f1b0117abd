"""In which language somebody reads: as they chose, else as their platform says, else as their site does."""

from __future__ import annotations

from collections.abc import Iterable

from trim_bot.app.people.meeting import DEFAULT_LANGUAGE
from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.in_language import in_language, language_of
from trim_bot.app.seam.languages import ENGLISH, Language, Languages
from trim_bot.app.seam.views import View
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.people import Member
from trim_bot.domain.site import Site

MOST_REMEMBERED = 10_000


def read_by(work: UnitOfWork, actor: Actor) -> Language:
    """The language of whoever asks."""
    return of_member(work.who.member, work.site, work.languages, asks_in=actor.language)


def of_member(member: Member | None, site: Site, languages: Languages, *, asks_in: str = "") -> Language:
    """The language of somebody; `asks_in` is the code that their client told with what they ask, where they do."""
    told = member.language if member is not None and member.language != DEFAULT_LANGUAGE else ""
    chosen = member.reads if member is not None else ""
    return first_of((chosen, asks_in, told, *site.languages), languages)


def of_site(site: Site, languages: Languages) -> Language:
    """The language of what is the same for everybody of a site: the first of its languages that there is."""
    return first_of(site.languages, languages)


def first_of(codes: Iterable[str], languages: Languages) -> Language:
    """The first that there is; English where there is none."""
    return next((found for code in codes if code and (found := languages.of(code)) is not None), ENGLISH)


class LastLanguages:
    """In which language each account was answered last, for what the desk says while it cannot look."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages
        self._last: dict[tuple[str, str], Language] = {}

    def note(self, actor: Actor, language: Language) -> None:
        """Remember the language of an answer, of so many accounts at most.

        Nothing of whoever is signed out: they have one address between them all.
        """
        if not actor.address.user:
            return
        key = _account(actor)
        self._last.pop(key, None)
        self._last[key] = language
        if len(self._last) > MOST_REMEMBERED:
            del self._last[next(iter(self._last))]

    def of(self, actor: Actor) -> Language:
        """The language of somebody, as far as it is known without asking the store."""
        return self._last.get(_account(actor)) or first_of((actor.language,), self._languages)

    def say(self, actor: Actor, view: View) -> View:
        """An answer of which the store was not asked, in the same language; any other as it is."""
        return view if language_of(view) is not ENGLISH else in_language(view, self.of(actor))


def _account(actor: Actor) -> tuple[str, str]:
    """One account of one workspace: in the browser the same address may be known to two organisations."""
    return actor.address.workspace, actor.address.text
