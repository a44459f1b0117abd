"""Somebody at a browser without scripts logs an event of people whom they find by name among hundreds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from tests.app.oversight.over_http import coordinators_browser
from tests.builders import Town, log_values
from tests.e2e.browser_side import Browser, Page
from trim_bot.app.words import page_words as words
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.domain.incidents import Exposure, Incident, Offer
from trim_bot.domain.people import Member, Profile

pytestmark = pytest.mark.anyio
FIRST = ("Ann", "Ben", "Chloé", "Dov", "Eilidh", "Farah", "Gökçe", "Hé", "Ivo", "Jana", "Kofi", "Łucja")
LAST = ("Adeyemi", "Berg", "Cohen", "Dąbrowska", "Evans", "Fernández", "Grün", "Haddad", "Ito", "Jones")
PLACES = ("Ward 1", "Ward 2", "Depot")
WANTED = (
    ("ann adey", "Ann Adeyemi"),
    ("DABROWSKA, ben", "Ben Dąbrowska"),
    ("chloe fern", "Chloé Fernández"),
    ("dov gru", "Dov Grün"),
    ("eili ito", "Eilidh Ito"),
    ("gokce jon", "Gökçe Jones"),
    ("ivo hadd", "Ivo Haddad"),
    ("lucja evans", "Łucja Evans"),
)


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[Browser]:
    """A practitioner's browser, in a town whose platform lists 120 people more, two of them called Ann Adeyemi."""
    listed = [f"{first} {last}" for first in FIRST for last in LAST]
    for at, name in enumerate([*listed, "Ann Adeyemi"]):
        address = town.actor(f"u{at:03}").address
        town.directory.profiles[address.text] = Profile(address, name, place=PLACES[at % 3])
    await Staff(town.desk.outside).meet_everyone()
    async with coordinators_browser(town, "paul") as opened:
        await opened.look(())
        yield Browser(opened.client)


async def find(page: Page, field: str, typed: str) -> Page:
    """The page after *Find* was pressed with this in the box."""
    page.fill(**{f"find {field}": typed})
    body = page.body() + b"&" + urlencode({"find": field}).encode()
    return await page.browser.post("/f/log", body)


def tick(page: Page, field: str) -> None:
    """Tick the first of those found; a whole name was taken as it was typed."""
    boxes = [one for form in page.forms for one in form.controls if one.name == f"tick {field}"]
    for box in boxes[:1]:
        box.on = True


async def named(town: Town) -> list[str]:
    members = {one.id: one.name for one in await town.all(Member)}
    return sorted(members[one.member_id] for one in await town.all(Exposure))


async def test_an_event_of_eight_people_is_logged(town: Town, browser: Browser) -> None:
    page = await browser.get("/f/log")
    assert not [one for one in LAST if one in page.text]
    values = {name: str(value) for name, value in log_values().items() if name != "direct"}
    page.fill(**values)
    for typed, name in WANTED:
        page = await find(page, "direct", typed)
        assert not await town.all(Incident)
        assert f"{name}, " in page.text
        tick(page, "direct")
    done = await page.submit()
    assert done.title.startswith("The event is logged")
    assert await named(town) == sorted(name for _, name in WANTED)
    assert len(await town.all(Offer)) == len(WANTED)


async def test_a_form_with_a_name_that_fits_nobody_or_several_is_kept_whole(
    town: Town, browser: Browser
) -> None:
    page = await browser.get("/f/log")
    page.fill(account="A quiet shift, then an alarm.", unlisted="Guest, 0131 496 0000")
    page.fill(**{"find direct": "Ann Adeyemi", "find peripheral": "Nobody Atall"})
    page = await page.submit()
    assert page.status == 422
    assert page.errors["direct"] == words.found(2)
    assert page.errors["peripheral"] == words.NOBODY_FOUND
    assert set(page.errors) == {"kind", "ended_on", "ended_at", "direct", "peripheral"}
    assert page.standing("account") == "A quiet shift, then an alarm."
    assert page.standing("unlisted") == "Guest, 0131 496 0000"
    assert page.standing("find direct") == "Ann Adeyemi"
    assert not await town.all(Incident)


async def test_a_form_that_was_sent_is_not_drawn_again_by_a_late_look(town: Town, browser: Browser) -> None:
    page = await browser.get("/f/log")
    page.fill(**{name: str(value) for name, value in log_values().items() if name != "direct"})
    page.fill(**{"find direct": "Dov Grün"})
    done = await page.submit()
    assert done.title.startswith("The event is logged")
    late = await find(page, "direct", "Ivo")
    assert late.title == done.title
    assert len(await town.all(Incident)) == 1
