"""Every screen keeps what each platform takes: Slack's limits, the schema of Adaptive Cards 1.5, sound HTML."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.adapters.slack_app.referee import build_message, build_view
from tests.adapters.slack_app.rules import faults_of_message, faults_of_view
from tests.adapters.teams_app.rules import DIALOG, MESSAGE, faults, quick_validator, strict_faults, validator
from tests.adapters.web.reading_html import read
from tests.contract.goldens import in_chat
from tests.contract.outline import SLACK, TEAMS, WEB
from tests.contract.screens import drawn, screens

NAMES = sorted(screens())
SOME = ("log/mend", "sample/everything", "message/chat")
"""Enough for the schema as it is published, which takes a while; the quick form of it reads them all."""


@pytest.mark.parametrize("name", NAMES)
def test_slack_takes_it(name: str) -> None:
    view = drawn(SLACK, screens()[name])
    assert faults_of_view(view) == []
    build_view(view)


@pytest.mark.parametrize("name", NAMES)
def test_teams_takes_it(name: str) -> None:
    card = drawn(TEAMS, screens()[name])
    assert (faults(card, DIALOG), strict_faults(card)) == ([], [])


@pytest.mark.parametrize("name", NAMES)
def test_it_is_sound_html(name: str) -> None:
    page = read(drawn(WEB, screens()[name]))
    assert page.faults == []
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("name", sorted(in_chat(TEAMS)))
def test_teams_takes_what_stays_in_a_chat(name: str) -> None:
    card = in_chat(TEAMS)[name]
    assert (faults(card, MESSAGE), strict_faults(card)) == ([], [])


@pytest.mark.parametrize("name", sorted(in_chat(SLACK)))
def test_slack_takes_what_stays_in_a_chat(name: str) -> None:
    found = in_chat(SLACK)[name]
    if name == "home":
        assert faults_of_view(found) == []
        build_view(found)
    else:
        assert faults_of_message(found["blocks"]) == []
        build_message(found["text"], found["blocks"])


@pytest.mark.parametrize("name", SOME)
def test_the_schema_as_it_is_published_says_the_same(name: str) -> None:
    card = drawn(TEAMS, screens()[name])
    assert strict_faults(card, validator()) == []
    for spoil in SPOILT.values():
        bad = deepcopy(card)
        spoil(bad)
        assert strict_faults(bad, validator()) != []
        assert strict_faults(bad, quick_validator()) != []


def _set(at: str, key: str, value: Any) -> Any:
    def spoil(card: dict[str, Any]) -> None:
        first = next(one for one in card["body"] if one["type"] == at)
        first[key] = value

    return spoil


SPOILT = {
    "an unknown element": lambda card: card["body"].append({"type": "Chart.VerticalBar"}),
    "an element without a kind": lambda card: card["body"].append({"text": "x"}),
    "an unknown member": _set("RichTextBlock", "colour", "red"),
    "a strange spacing": _set("RichTextBlock", "spacing", "Huge"),
    "a text that is a number": _set("RichTextBlock", "inlines", [{"type": "TextRun", "text": 1}]),
    "a strange action": _set("ActionSet", "actions", [{"type": "Action.Delete", "title": "x"}]),
    "a strange line above": _set("ActionSet", "separator", "thick"),
    "a member of the card": lambda card: card.update({"entities": []}),
}
