"""Every screen about somebody says above all else whose talk it is, and nothing outside the page learns of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from integrations.teams.render import title_of
from integrations.web.render import title
from tests.contract.html_tree import Node, tree
from tests.contract.outline import SLACK, TEAMS, WEB
from tests.contract.screens import drawn
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.views import Block, Done, FieldErrors, Form, PersonCard, View

ABOUT_SOMEBODY = frozenset(
    {
        "after_call", "case", "case_closed", "close", "contact", "ending", "first_contact", "interview",
        "move", "notice", "questions",
        "referral", "referral_next", "result", "safety", "switch", "talk_to_lead",
    }
)  # fmt: skip
"""Screens that are about one person, by the first part of their name."""
WITHOUT = frozenset({"first_contact/by_reply", "case_closed/done"})
"""Nobody knows whom it is about, or it is not open to whoever looks any more."""
NAME, PHONE = "Zebedee Quux", "07700 900987"


def blocks(view: View) -> tuple[Block, ...]:
    """What stands on a view."""
    match view:
        case FieldErrors(form=form):
            return form.blocks
        case Form(blocks=inside) | Done(blocks=inside):
            return inside
        case _:
            return ()


def named(view: View) -> View:
    """The view with somebody on its banner whose name is nowhere else."""
    match view:
        case FieldErrors(form=form, errors=errors):
            about = named(form)
            assert isinstance(about, Form)
            return FieldErrors(about, errors)
        case Form() | Done():
            inside = tuple(
                replace(one, name=NAME, phone=PHONE) if isinstance(one, PersonCard) else one
                for one in view.blocks
            )
            return replace(view, blocks=inside)
        case _:
            return view


BANNERS = sorted(
    name
    for name, view in catalogue().items()
    if any(isinstance(one, PersonCard) and one.talk for one in blocks(view))
)


@pytest.mark.parametrize(
    "name",
    sorted(one for one in catalogue() if one.partition("/")[0] in ABOUT_SOMEBODY and one not in WITHOUT),
)
def test_a_screen_about_somebody_begins_with_whose_talk_it_is(name: str) -> None:
    first = blocks(catalogue()[name])[0]
    assert isinstance(first, PersonCard) and first.name and first.talk


@pytest.mark.parametrize("name", BANNERS)
def test_the_name_stands_on_the_page_and_in_no_title_address_or_hidden_value(name: str) -> None:
    given = catalogue()[name]
    titles = title(given) + title_of(given)
    assert not [one.name for one in blocks(given) if isinstance(one, PersonCard) and one.name in titles]
    view = named(given)
    assert NAME not in title(view) and NAME not in title_of(view)
    modal, card, page = (drawn(platform, view) for platform in (SLACK, TEAMS, WEB))
    assert NAME in str(modal["blocks"]) and NAME not in str({**modal, "blocks": ()})
    assert NAME in str(card) and not [text for text in _carried(card) if NAME in text]
    assert NAME in page and not [text for text in _attributes(tree(page)) if NAME in unquote(text)]


@pytest.mark.parametrize("name", BANNERS)
def test_on_a_page_the_banner_stands_above_the_title_and_its_number_dials(name: str) -> None:
    page = tree(drawn(WEB, named(catalogue()[name])))
    [banner] = [one for one in page.every("section") if "whose" in one.classes]
    order = [one for one in page.every("section", "h1") if one is banner or one.tag == "h1"]
    assert order[0] is banner
    assert next(one.attributes["href"] for one in banner.every("a")) == "tel:07700900987"


def _carried(card: Any) -> list[str]:
    """What an action of a card carries back, and every address in it."""
    match card:
        case dict():
            here = [str(card[key]) for key in ("data", "url", "id", "value") if key in card]
            return here + [text for one in card.values() for text in _carried(one)]
        case list():
            return [text for one in card for text in _carried(one)]
        case _:
            return []


def _attributes(page: Node) -> list[str]:
    return [str(text) for one in page.every() for text in one.attributes.values()]
