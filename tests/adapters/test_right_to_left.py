"""A name that runs from right to left is set apart wherever it is drawn, and what was typed stays as it was typed."""

from __future__ import annotations

import json

import pytest

from integrations.slack.render import render_view
from integrations.teams.render import card_of
from integrations.web import render
from integrations.web.blocks import FormTarget
from trim_bot.app.seam.views import Choice, Done, Facts, Form, Heading, Option, Text, TextInput
from trim_bot.domain.clean_text import cleaned, isolated

NAME = "דנה כהן"
APART = f"\u2068{NAME}\u2069"
PAGE = Done("room", NAME, (Heading(NAME), Text(f"{NAME}: 3 of 5"), Facts(((NAME, f"{NAME}, 2"),))))
FORM = Form("f", "A form", (Choice("c", "Who?", (Option("a", f"{NAME}, holds 1"),)),), submit="Send")


def everything(drawn: object) -> str:
    return drawn if isinstance(drawn, str) else json.dumps(drawn, ensure_ascii=False, default=vars)


@pytest.mark.parametrize("view", [PAGE, FORM], ids=["page", "form"])
@pytest.mark.parametrize("platform", ["slack", "teams", "web"])
def test_a_name_is_set_apart_wherever_it_is_drawn(platform: str, view: Done | Form) -> None:
    match platform:
        case "slack":
            said = everything(render_view(view))
        case "teams":
            said = everything(card_of(view, "tenant"))
        case _:
            said = str(render.draw(view, FormTarget(csrf="c")))
    assert said.count(NAME) >= 1
    assert said.count(APART) == said.count(NAME)


def test_what_somebody_typed_comes_back_as_it_was() -> None:
    form = Form("f", "A form", (TextInput("t", "Words", value=NAME, multiline=True),), submit="Send")
    assert f"\n{NAME}</textarea>" in str(render.draw(form, FormTarget(csrf="c")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Maya Okafor: 3 of 5", "Maya Okafor: 3 of 5"),
        (f"{NAME}: 3", f"{APART}: 3"),
        (f"It is with {NAME} now.", f"It is with {APART} now."),
        ("عمر and דן", "\u2068عمر\u2069 and \u2068דן\u2069"),
        ("Dana\u200f 3", "Dana\u2068\u200f\u2069 3"),
    ],
)
def test_only_what_runs_from_right_to_left_is_set_apart(text: str, expected: str) -> None:
    assert isolated(text) == expected
    assert cleaned(isolated(text)) == cleaned(text), "and it is taken out where it comes in"
