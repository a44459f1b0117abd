"""Examples of bulletins."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.bulletins import screens
from trim_bot.app.bulletins.content import Content, as_json, content_of
from trim_bot.app.examples.sample import NOW, Example, Sample
from trim_bot.app.seam.paging import whole
from trim_bot.domain.bulletins import Bulletin, BulletinId, Figure, Period, PeriodKind
from trim_bot.domain.disclosure import Band

QUARTER = Period(PeriodKind.QUARTER, 2026 * 4 + 2)
HALF = Period(PeriodKind.HALF_YEAR, 2026 * 4 + 1)
YEAR = Period(PeriodKind.TWELVE_MONTHS, 2026 * 4 + 2)


def views(sample: Sample) -> dict[str, Example]:
    """The list, a quarter, half a year with its parts, and one of which hardly anything is told."""
    quarter = _told(
        QUARTER, {Figure.CAME: Band(10, 14), Figure.TALKED: Band(0, 9), Figure.REFERRED: Band(0, 9)}
    )
    half = _told(
        HALF,
        {
            Figure.CAME: Band(45, 49),
            Figure.CAME_OFFERED: Band(30, 34),
            Figure.CAME_ASKED: Band(15, 24),
            Figure.TALKED: Band(2000, None),
        },
    )
    year = _told(YEAR, {})
    return {
        "bulletins/none": screens.bulletins_page(whole(()), altered=False),
        "bulletins/some": screens.bulletins_page(
            whole(zip(_HANDLES, (year, quarter, half), strict=True)), altered=True
        ),
        "bulletin/quarter": _page(quarter),
        "bulletin/half_year": _page(half),
        "bulletin/hardly_anything": _page(year),
    }


_HANDLES = (BulletinId("b1"), BulletinId("b2"), BulletinId("b3"))


def _told(period: Period, bands: dict[Figure, Band | None]) -> Content:
    return content_of(period, period.ends - timedelta(days=1), bands)


def _page(content: Content) -> Example:
    one = Bulletin(
        BulletinId("b1"), content.period, NOW, as_json(content), "abcdefghijklmnopqrstuvwxyz234567"
    )
    return screens.bulletin_page(one, content, "https://desk.example", ZoneInfo("Europe/London"))
