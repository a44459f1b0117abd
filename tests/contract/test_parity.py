"""One screen is the same on all three platforms: words, fields, buttons, errors, and their order."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import get_args

import pytest

from assessments.questionnaire import NOT_DISCUSSED
from integrations.slack.render import render_message
from integrations.teams.render import home_card, message_card
from integrations.teams.wire import RESERVED
from tests.contract import from_slack, from_teams
from tests.contract.differences import DIFFERENCES, evened
from tests.contract.goldens import in_chat
from tests.contract.outline import PLATFORMS, SLACK, TEAMS, WEB, Item, Outline, Part
from tests.contract.screens import drawn, outlines, screens
from trim_bot.app.examples.sample import LINK
from trim_bot.app.seam import views
from trim_bot.app.seam.views import (
    LEFT_OPEN,
    Alert,
    Button,
    Choice,
    Done,
    FieldErrors,
    Form,
    Input,
    Message,
    Tone,
    View,
)
from trim_bot.app.words.page_words import OPTIONAL

PAIRS = tuple(combinations(PLATFORMS, 2))


def differs(found: dict[str, Outline]) -> dict[tuple[str, str], list[tuple[Item | None, Item | None]]]:
    """For each pair of platforms, the items that are not the same on both."""
    told = {}
    for one, other in PAIRS:
        first, second = evened(one, other, found[one])[0], evened(other, one, found[other])[0]
        if first != second:
            longest = max(len(first), len(second))
            rows = zip(_padded(first, longest), _padded(second, longest), strict=True)
            told[one, other] = [(a, b) for a, b in rows if a != b]
    return told


def _padded(found: Outline, to: int) -> list[Item | None]:
    return [*found, *[None] * (to - len(found))]


def _form(view: View) -> View:
    return view.form if isinstance(view, FieldErrors) else view


@pytest.mark.parametrize("name", sorted(screens()))
def test_a_screen_is_the_same_everywhere(name: str) -> None:
    assert differs(outlines(screens()[name])) == {}


@pytest.mark.parametrize("name", sorted(screens()))
def test_nothing_of_a_screen_is_missing_everywhere(name: str) -> None:
    view = _form(screens()[name])
    if isinstance(view, Message):
        return
    assert isinstance(view, Form | Done)
    found = outlines(view)[WEB]
    fields = [(item.name, item.required) for item in found if item.part is Part.FIELD]
    wanted = [block for block in view.blocks if isinstance(block, Input)]
    assert fields == [(block.name, block.required) for block in wanted]
    pressed = [(item.name, item.token, item.text) for item in found if item.part is Part.BUTTON]
    buttons = [block for block in view.blocks if isinstance(block, Button)]
    if isinstance(view, Form) and view.back is not None:
        buttons.append(view.back)
    assert pressed == [(block.action, block.token, block.label) for block in buttons]


def test_every_allowed_difference_is_needed_on_every_platform_it_names() -> None:
    used = {
        (name, one)
        for view in screens().values()
        for found in [outlines(view)]
        for one in PLATFORMS
        for other in PLATFORMS
        if one != other
        for name in evened(one, other, found[one])[1]
    }
    assert {(one.name, platform) for one in DIFFERENCES for platform in one.platforms} == used
    assert all(one.reason.endswith(".") for one in DIFFERENCES)


def test_the_screens_hold_every_kind_of_block_and_state() -> None:
    shown = [_form(view) for view in screens().values()]
    blocks = [block for view in shown if isinstance(view, Form | Done) for block in view.blocks]
    kinds = {kind for one in get_args(views.Block) for kind in (get_args(one) or (one,))}
    assert {type(block) for block in blocks} == kinds
    assert {block.tone for block in blocks if isinstance(block, Alert)} == set(Tone)
    assert {block.compact for block in blocks if isinstance(block, Choice)} == {True, False}
    assert {type(view) for view in screens().values()} == {Form, FieldErrors, Done, Message}


def test_no_field_has_a_name_that_a_platform_keeps_for_itself() -> None:
    names = {
        block.name
        for view in map(_form, screens().values())
        if isinstance(view, Form)
        for block in view.inputs()
    }
    assert names.isdisjoint(RESERVED | {"csrf", "press", "shape"})


def test_a_message_is_the_same_in_both_chats() -> None:
    message = Message("o", "s")
    assert from_slack.blocks(render_message(message).blocks) == from_teams.body_of(message_card(message))


def test_the_first_page_is_the_same_in_both_chats() -> None:
    card = from_teams.body_of(home_card(LINK))
    assert card == [
        Item(Part.HEADING, "Peer Support"),
        *from_slack.blocks(in_chat(SLACK)["home"]["blocks"]),
    ]


CHANGES = {
    "a word": lambda item: replace(item, text=item.text + "s"),
    "a button's action": lambda item: replace(item, name="other") if item.part is Part.BUTTON else item,
    "a token": lambda item: replace(item, token="other") if item.token else item,
    "a weight": lambda item: replace(item, main=not item.main),
    "a kind": lambda item: replace(item, kind="text" if item.kind == "choice" else item.kind),
    "a required field": lambda item: replace(item, required=not item.required),
    "a choice": lambda item: replace(item, choices=item.choices[1:]),
    "a value": lambda item: replace(item, value=()),
    "a hint": lambda item: replace(item, hints=()),
}


@pytest.mark.parametrize("change", sorted(CHANGES))
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_drawing_that_differs_is_found(platform: str, change: str) -> None:
    found = outlines(screens()["sample/everything"])
    found[platform] = [CHANGES[change](item) for item in found[platform]]
    if change == "a button's action":
        found = outlines(screens()["offer/waiting"])
        found[platform] = [CHANGES[change](item) for item in found[platform]]
    assert len(differs(found)) == 2


def test_a_drawing_in_another_order_or_without_a_line_is_found() -> None:
    for change in (lambda found: found[:1] + found[:0:-1], lambda found: found[:-1]):
        found = outlines(
            screens()["home/serves"] if "home/serves" in screens() else screens()["offer/waiting"]
        )
        found[TEAMS] = change(found[TEAMS])
        assert (SLACK, TEAMS) in differs(found) and (TEAMS, WEB) in differs(found)


@pytest.mark.parametrize("platform", [TEAMS, WEB])
def test_an_item_that_can_be_answered_not_discussed_has_no_mark_beside_it(platform: str) -> None:
    assert LEFT_OPEN == NOT_DISCUSSED
    form = screens()["questions/trauma_first_v1/before"]
    assert isinstance(form, Form)
    shown = str(drawn(platform, form))
    assert sum(isinstance(field, Choice) and field.label in shown for field in form.inputs()) == 2
    assert shown.count(OPTIONAL) == 1, "only beside the line of notes"
