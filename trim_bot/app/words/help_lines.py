"""Crisis help, the same on every entry screen: the site's numbers first, and when to expect an answer."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.seam.views import Alert, Done, Form, Link, Tone, View
from trim_bot.app.words.times import spoken_date
from trim_bot.domain.site import CrisisNumber, Site


def help_now(site: Site) -> Alert:
    """The set-off block with numbers to ring."""
    return Alert(
        Tone.HELP,
        "If someone may be in danger, ring now. This desk is not watched round the clock.",
        tuple(number_line(number) for number in site.numbers),
    )


def number_line(number: CrisisNumber) -> str:
    """One number with how far it can be trusted."""
    if number.verified_on is None:
        return f"{number.label}: {number.number} (not yet verified by your site)"
    return f"{number.label}: {number.number} (checked {spoken_date(number.verified_on)})"


def way_to_help(link: str) -> Link:
    """A button to the page of numbers; every number there dials or texts. `link` is where the pages are."""
    return Link("Help now: numbers to ring", f"{link}/help-now")


def with_way_to_help(view: View, link: str) -> View:
    """The first page somebody opens in chat, with a way to the page of numbers as its last block.

    Chat has no header that is always there, as the pages in the browser have.
    """
    way = way_to_help(link)
    if not isinstance(view, Form | Done) or way in view.blocks:
        return view
    return replace(view, blocks=(*view.blocks, way))


def when_to_expect(site: Site) -> str:
    """When somebody who asked can expect to hear."""
    days = site.answer_working_days
    return f"A colleague will answer within {days} working day{'s' if days != 1 else ''}."
