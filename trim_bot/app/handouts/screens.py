"""Every sentence of the poster and the leaflet."""

from __future__ import annotations

from collections.abc import Sequence

from trim_bot.app.seam.sentences import as_given, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Page
from trim_bot.app.seam.views import Alert, Bullets, Facts, Heading, Link, Text, Tone
from trim_bot.app.words.help_lines import called, rung
from trim_bot.domain.site import CrisisNumber, Site

TITLE = "Poster and leaflet"
POSTER, LEAFLET = "/print/poster", "/print/leaflet"
NOT_WATCHED = "The desk is not watched round the clock."
SEES = (
    "Managers have no way in, and are never told.",
    "The colleague who answers reads what you write, whoever covers for them, and a lead called in to help.",
    "You need not give your name.",
)
MAY_BE_SHARED = (
    "Some things have to be shared, such as a danger to life. You hear which before the first question."
)
MOST_NUMBERS = 6
"""How many numbers a sheet has room for; the address of all of them stands below."""


def handouts_page(link: str, not_rung: Sequence[CrisisNumber]) -> Page:
    """Both sheets, and what should be seen to first."""
    blocks: list[Block] = [
        Text(
            "Each is one sheet of A4, with your own numbers and address. Nothing about anybody stands on them."
        ),
    ]
    if _is_this_machine(link):
        blocks.append(
            Alert(
                Tone.WAITING,
                "Your desk has no address yet that others can open. Print these once it has.",
                (),
            )
        )
    if not_rung:
        blocks.append(
            Alert(
                Tone.WAITING,
                "Nobody has rung these numbers within a year. Ring each, and say so in your settings before you print.",
                tuple(
                    phrase("{label}: {number}", label=called(one), number=rung(one))
                    for one in not_rung[:MOST_NUMBERS]
                ),
            )
        )
    blocks += (
        Link("Poster to print", f"{link}{POSTER}"),
        Link("Leaflet to print", f"{link}{LEAFLET}"),
    )
    return Page("handouts", TITLE, tuple(blocks))


def poster(site: Site, link: str) -> Page:
    """What it is, how to ask, who sees what, what happens next, and whom to ring."""
    return Page(
        "poster",
        "A hard day at work?",
        (
            Text(
                phrase(
                    "You can talk it through with a colleague of {site} who is trained to listen.",
                    site=site.name,
                )
            ),
            Heading("How to ask"),
            _address(site, link),
            Text("Point your phone at the square, or type the address above. You need no account."),
            Heading("Who sees it"),
            Bullets(SEES),
            Text(MAY_BE_SHARED),
            Heading("What happens next"),
            Text(_answered(site)),
            Text("You can stop at any time, and nobody asks why."),
            *_ring(site, link),
        ),
    )


def leaflet(site: Site, link: str) -> Page:
    """The same with room to explain: what a talk is, what may have to be shared, and what is kept."""
    return Page(
        "leaflet",
        "Talk with a colleague",
        (
            Text(phrase("Peer Support at {site}", site=site.name)),
            Heading("What it is"),
            Text("A talk with a colleague who is trained to listen, after a hard event or in a hard time."),
            Text("It is not therapy, and not a report. Nobody has to talk."),
            Heading("How to ask"),
            _address(site, link),
            Text("Point your phone at the square, or type the address above. You need no account."),
            Text("You get a code. With it you read the answer, and only you can."),
            Heading("What happens next"),
            Text(_answered(site)),
            Text("You agree together how to go on."),
            Text("You can stop at any time, and nobody asks why."),
            Heading("Who sees it"),
            Bullets(SEES),
            Text(MAY_BE_SHARED),
            Text("You can see who opened your record, and have it erased."),
            *_ring(site, link),
        ),
    )


def _address(site: Site, link: str) -> Block:
    """Its address is also what the square on the sheet leads to."""
    address = f"{link}/o/{site.slug}/ask"
    return Link(as_given(_shown(address)), address)


def _ring(site: Site, link: str) -> tuple[Block, ...]:
    rows = tuple((_called(one, site), rung(one)) for one in site.numbers[:MOST_NUMBERS])
    every = phrase("More numbers: {address}", address=as_given(f"{_shown(link)}/help-now"))
    return (
        Heading("If someone may be in danger, ring now"),
        *((Facts(rows),) if rows else ()),
        *((Text(every),) if len(site.numbers) > MOST_NUMBERS else ()),
        Text(NOT_WATCHED),
    )


def _called(one: CrisisNumber, site: Site) -> str:
    """Who answers, with the country where that is another than the site's."""
    elsewhere = one.place not in ("", site.country)
    return phrase("{line} ({country})", line=called(one), country=one.place) if elsewhere else called(one)


def _shown(address: str) -> str:
    """An address as it is typed."""
    return address.partition("://")[2]


def _answered(site: Site) -> str:
    """A sheet hangs for months, so no day can be named on it."""
    return phrase_of(
        site.answer_working_days,
        "A colleague answers within one working day.",
        "A colleague answers within {n} working days.",
    )


def _is_this_machine(link: str) -> bool:
    """Whether nobody else can open it: no address was given yet, so that the desk names itself."""
    host = link.partition("://")[2].partition("/")[0]
    return host in ("", "localhost", "127.0.0.1") or host.startswith(("localhost:", "127.0.0.1:", "[::1]"))
