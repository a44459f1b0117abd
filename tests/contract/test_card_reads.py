"""Of whoever is shown a name and a phone, their owner is told: each such screen is journalled as read."""

from __future__ import annotations

from tests.contract.test_whose_talk import blocks
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.desk.routes import OUTCOMES, ROUTES
from trim_bot.app.seam.views import PersonCard
from trim_bot.domain.records import Action

FOLLOWS = {"case_closed": "close"}
"""Screens after a change that say whose it was, and the route whose change they follow."""


def test_whatever_shows_somebody_is_told_to_them() -> None:
    showing = {
        name.partition("/")[0]
        for name, view in catalogue().items()
        if any(isinstance(one, PersonCard) for one in blocks(view))
    }
    assert showing & OUTCOMES.keys() == FOLLOWS.keys()
    routes = [ROUTES[FOLLOWS.get(name, name)] for name in showing]
    # A form that only looks something up is journalled with what it found, each time it is sent.
    assert [one.name for one in routes if not one.reads and one.journal is not Action.SHOWED] == []
