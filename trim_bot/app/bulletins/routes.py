"""The bulletins: pages for coordinators."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.bulletins import handlers
from trim_bot.app.bulletins.commands import OpenBulletin, OpenBulletins
from trim_bot.app.people.access import KEEPS
from trim_bot.app.seam.route import OutcomeScreen, Route, page
from trim_bot.app.seam.work import StepRule
from trim_bot.domain.records import AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page(
        "bulletins",
        OpenBulletins,
        handlers.open_bulletins,
        allow=KEEPS,
        words=("peer bulletins",),
        to_all=True,
    ),
    page(
        "bulletin",
        OpenBulletin,
        handlers.open_bulletin,
        allow=KEEPS,
        words=("peer bulletin",),
        takes="bulletin",
    ),
)
OUTCOMES: Mapping[str, OutcomeScreen] = {}
STEPS: tuple[StepRule, ...] = ()
RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
