"""Every screen of the catalogue, and samples of what it has none of, drawn on every platform."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from integrations.slack.render import render_view
from integrations.teams.render import card_of, title_of
from integrations.web.blocks import FormTarget
from integrations.web.render import draw
from tests.adapters.slack_app import samples as for_slack
from tests.adapters.teams_app import samples as for_teams
from tests.contract import from_slack, from_teams, from_web
from tests.contract.outline import SLACK, TEAMS, WEB, Outline
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.views import FieldErrors, View

SAMPLED = {
    "sample/everything": for_slack.EVERYTHING,
    "sample/everything_in_teams": for_teams.EVERYTHING,
    "sample/elsewhere": for_teams.VIEWS["elsewhere"],
    "sample/markdown": for_teams.MARKDOWN,
    "sample/errors": for_teams.VIEWS["errors"],
    "sample/checked": for_teams.VIEWS["checked"],
    "sample/bare": for_teams.VIEWS["bare"],
}
"""Blocks and states that no example of the catalogue happens to have, such as somebody chosen before."""


@cache
def screens() -> Mapping[str, View]:
    """Every view by name."""
    return {**catalogue(), **SAMPLED}


def drawn(platform: str, view: View) -> Any:
    """The drawing itself: a modal, a card, or a part of a page."""
    match platform:
        case "slack":
            return render_view(view)
        case "teams":
            return card_of(view, for_teams.TENANT)
        case "web":
            return str(draw(view, FormTarget("proof")))
        case _:
            raise ValueError(platform)


def outlines(view: View) -> dict[str, Outline]:
    """What somebody meets on each platform."""
    return {
        SLACK: from_slack.outline(drawn(SLACK, view), faults_of(view)),
        TEAMS: from_teams.outline(drawn(TEAMS, view), title_of(view)),
        WEB: from_web.outline(drawn(WEB, view)),
    }


def faults_of(view: View) -> Collection[str]:
    """The texts of what is to mend."""
    return tuple(view.errors.values()) if isinstance(view, FieldErrors) else ()
