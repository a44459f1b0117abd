"""`/help-now`: one's own country's numbers as buttons, and a choice of another; asks neither database nor key."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from integrations.web.browser_session import cookie, unknown
from integrations.web.help_numbers import every_country, is_known_country, to_ring
from integrations.web.page_layout import for_everybody, respond
from integrations.web.ports import HelpPage, Web
from integrations.web.prepared_page import PreparedPage
from integrations.web.reader_language import speak_as_asked
from integrations.web.template_environment import page
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.languages import spoken_here
from trim_bot.app.words import page_words as words
from trim_bot.locale.crisis_numbers import countries, country_name

EVERY = "all"
"""In the place of a country: all of them on one page, such as a copy for when the desk is gone."""
_MOST_KEPT = 64
_YEAR_SECONDS = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class CountryChoice:
    """Which country's numbers are shown first; empty where it is not known."""

    country: str
    every: bool = False
    language: str = ""


async def help_now(web: Web, request: Request) -> Response:
    """`/help-now`: drawn once for each country as long as numbers and day are the same; in practice people stand
    around it. A country that was chosen is remembered by the browser, and is in nobody's record.
    """
    speak_as_asked(request)
    given = web.help_numbers()
    asked = request.query_params.get("country", "")
    chosen = asked.upper() if is_known_country(asked.upper()) else ""
    kept = cookie(request, country_cookie(web.https))
    country = chosen or (kept if is_known_country(kept) else "") or given.home
    choice = CountryChoice(country, every=asked == EVERY, language=spoken_here().code)
    if web.practice is not None:
        body = _help_body(given, choice, web.today())
        response = respond(web, request, unknown(web, request), here(words.HELP_TITLE), body)
    else:
        # One with a country of somebody's own is kept by their browser alone.
        response = _DRAWN.of(given, choice, web.today()).answer(request, shared=country == given.home)
    if chosen and chosen != kept:
        _remember(response, chosen, web.https)
    return response


def country_cookie(https: bool) -> str:
    """The name of what a browser remembers of the country that was chosen in it."""
    return "__Host-peer-country" if https else "peer-country"


def _remember(response: Response, country: str, https: bool) -> None:
    """It stays for a year: a phone at night should not ask again, and it is nobody's secret."""
    response.set_cookie(
        country_cookie(https), country, _YEAR_SECONDS, httponly=True, secure=https, samesite="lax", path="/"
    )


class _DrawnHelp:
    """The pages as they were drawn last, and of which numbers and day."""

    def __init__(self) -> None:
        self._of: tuple[HelpPage, date] | None = None
        self._pages: OrderedDict[CountryChoice, PreparedPage] = OrderedDict()

    def of(self, given: HelpPage, choice: CountryChoice, today: date) -> PreparedPage:
        """The page of these numbers on this day, for this choice."""
        if self._of is None or self._of[0] is not given or self._of[1] != today:
            self._of = given, today
            self._pages.clear()
        if choice not in self._pages:
            body = _help_body(given, choice, today)
            self._pages[choice] = PreparedPage.of(for_everybody(here(words.HELP_TITLE), body))
            while len(self._pages) > _MOST_KEPT:
                self._pages.popitem(last=False)
        return self._pages[choice]


_DRAWN = _DrawnHelp()


def _help_body(given: HelpPage, choice: CountryChoice, today: date) -> Markup:
    country = choice.country
    return page(
        "help_now.html",
        country=country_name(country, choice.language) if country else "",
        numbers=page("numbers.html", numbers=to_ring(given, country, today), trusts=True),
        near=[(code, country_name(code, choice.language)) for code in given.places if code != country],
        every=[
            (one, page("numbers.html", numbers=one.numbers, trusts=True))
            for one in (every_country(given, country, today) if choice.every else ())
        ],
        countries=countries(choice.language),
        answer_days=given.answer_working_days,
    )
