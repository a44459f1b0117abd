"""Poster and leaflet say how to ask, who sees what and what comes next, from the settings in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import Town
from tests.reading import everything_in, words_of
from trim_bot.app.handouts.examples import LINK
from trim_bot.app.handouts.screens import MOST_NUMBERS, handouts_page, leaflet, poster
from trim_bot.app.seam.unsigned import Button as UnsignedButton
from trim_bot.app.seam.unsigned import Page
from trim_bot.app.seam.views import Alert, Answer, Done, Facts, Link
from trim_bot.domain.ids import PlaceId
from trim_bot.domain.people import Member, Role
from trim_bot.domain.site import CrisisNumber, Place, Site

pytestmark = pytest.mark.anyio
SHEETS = ("poster", "leaflet")


async def site_of(town: Town) -> Site:
    """The settings in force."""
    site = await town.write(lambda tx: tx.get(Site, "site"))
    assert site is not None
    return site


def said_on(sheet: Page) -> str:
    """What a person reads on it."""
    return words_of(
        Done(
            sheet.name, sheet.title, tuple(one for one in sheet.blocks if not isinstance(one, UnsignedButton))
        )
    )


@pytest.mark.parametrize("name", SHEETS)
async def test_a_sheet_has_the_sites_own_name_numbers_and_address_and_nobody_on_it(
    town: Town, name: str
) -> None:
    view = await town.say("cora", "peer", name)
    assert isinstance(view, Done) and view.name == name
    said, site = words_of(view), await site_of(town)
    assert site.name in said and f"/o/{site.slug}/ask" in said
    assert all(one.label in said and one.number in said for one in site.numbers[:MOST_NUMBERS])
    for told in (
        "How to ask",
        "Who sees it",
        "What happens next",
        "Managers have no way in",
        "danger",
        "need no account",
    ):
        assert told in said
    everything = everything_in(view)
    assert not [who for who in town.ids if who.title() in everything]
    # In chat the way to all numbers follows, as on every page there.
    way, *_ = [one for one in view.blocks if isinstance(one, Link)]
    assert way.url.endswith(way.label)


@pytest.mark.parametrize("name", ["handouts", *SHEETS])
async def test_coordinator_and_administrator_print_them_and_nobody_else(town: Town, name: str) -> None:
    await town.add("adam", Role.ADMINISTRATOR)
    for who in ("cora", "adam"):
        view = await town.say(who, "peer", name)
        assert isinstance(view, Done) and view.name == name
    for who in ("priya", "lena", "nurse"):
        view = await town.say(who, "peer", name)
        assert isinstance(view, Done) and view.answer is not Answer.OK


async def test_the_days_of_an_answer_are_those_of_the_site(town: Town) -> None:
    for days, said in ((1, "within one working day."), (3, "within 3 working days.")):
        site = replace(await site_of(town), answer_working_days=days)
        assert said in said_on(poster(site, LINK)) and said in said_on(leaflet(site, LINK))


async def test_more_numbers_than_a_sheet_has_room_for_are_left_to_the_page(town: Town) -> None:
    numbers = tuple(CrisisNumber(f"Line {n}", str(n), "GB") for n in range(30))
    for sheet in (poster, leaflet):
        [facts] = [
            one
            for one in sheet(replace(await site_of(town), numbers=numbers), LINK).blocks
            if isinstance(one, Facts)
        ]
        assert len(facts.rows) == MOST_NUMBERS
        page = sheet(replace(await site_of(town), numbers=numbers), LINK)
        assert "peer.example.org/help-now" in said_on(page)
        fits = sheet(replace(await site_of(town), numbers=numbers[:MOST_NUMBERS]), LINK)
        assert "help-now" not in said_on(fits)


@pytest.mark.parametrize("name", SHEETS)
async def test_a_sheet_says_who_else_may_learn_of_it_and_where_a_number_is_rung(
    town: Town, name: str
) -> None:
    await town.settle(numbers=(CrisisNumber("Aid", "1", "IE"), CrisisNumber("Help", "2", "GB")))
    said = words_of(await town.say("cora", "peer", name))
    assert "a lead called in to help" in said and "have to be shared" in said
    assert "Aid (IE)" in said and said.count("(") == 1


@pytest.mark.parametrize("name", SHEETS)
async def test_whoever_prints_from_another_place_prints_the_numbers_of_the_main_one(
    town: Town, name: str
) -> None:
    far = Place(PlaceId("far"), "Far", "Europe/Dublin", "IE", numbers=(CrisisNumber("Far line", "3", "IE"),))
    await town.settle(numbers=(CrisisNumber("Main line", "1", "GB"),), places=(far,))
    member = await town.write(lambda tx: tx.get(Member, town.ids["cora"]))
    assert member is not None
    await town.write(lambda tx: tx.save(replace(member, place=far.id)))
    view = await town.say("cora", "peer", name)
    assert "Main line" in words_of(view) and "Far line" not in everything_in(view)


async def test_a_number_is_rung_again_after_a_year_before_it_is_printed(town: Town) -> None:
    today = town.clock.now().date()
    lately, long_ago = (
        CrisisNumber(label, "1", "GB", "", today - timedelta(days=days))
        for label, days in (("Lately", 300), ("Long ago", 366))
    )
    await town.settle(numbers=(lately, long_ago))
    view = await town.say("cora", "peer", "handouts")
    assert "Long ago: 1" in words_of(view) and "Lately" not in everything_in(view)


async def test_before_printing_it_says_what_is_to_be_seen_to() -> None:
    alone = handouts_page("http://127.0.0.1:8000", (CrisisNumber("Our line", "01632 960002", "GB"),))
    alerts = [one for one in alone.blocks if isinstance(one, Alert)]
    assert (
        len(alerts) == 2
        and "no address yet" in alerts[0].text
        and "Our line: 01632 960002" in alerts[1].lines
    )
    assert not [one for one in handouts_page(LINK, ()).blocks if isinstance(one, Alert)]
