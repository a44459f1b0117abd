"""The poster and the leaflet: pages for whoever gives roles here."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.handouts import handlers
from trim_bot.app.handouts.commands import OpenLeaflet, OpenPoster
from trim_bot.app.people.access import GRANTS
from trim_bot.app.seam.links import OpenHandouts
from trim_bot.app.seam.route import OutcomeScreen, Route, page
from trim_bot.app.seam.work import StepRule
from trim_bot.domain.records import AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page(
        "handouts",
        OpenHandouts,
        handlers.open_handouts,
        allow=GRANTS,
        words=("peer handouts",),
        to_all=True,
    ),
    page("poster", OpenPoster, handlers.open_poster, allow=GRANTS, words=("peer poster",)),
    page("leaflet", OpenLeaflet, handlers.open_leaflet, allow=GRANTS, words=("peer leaflet",)),
)
OUTCOMES: Mapping[str, OutcomeScreen] = {}
STEPS: tuple[StepRule, ...] = ()
RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
