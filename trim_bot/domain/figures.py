"""The closed periods that figures are kept for, and the wide bands in which they are shown."""

from __future__ import annotations

from datetime import date, timedelta

from trim_bot.domain.policy import POLICY


def week_of(day: date) -> str:
    """The ISO week of a day, `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def quarter_of(day: date) -> str:
    """The calendar quarter of a day, `2026-Q4`."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def closed_quarter(today: date) -> date:
    """The first day of the newest calendar quarter that has ended."""
    this = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    last = this - timedelta(days=1)
    return date(last.year, last.month - 2, 1)


def figure_band(n: int) -> str:
    """The band a kept figure falls into: `0–9`, `10–14`, `15–19`… Raises ValueError below nought."""
    if n < 0:
        raise ValueError("a figure is never below nought")
    if n < POLICY.hidden_below:
        return f"0–{POLICY.hidden_below - 1}"
    first = n - n % POLICY.band_width
    return f"{first}–{first + POLICY.band_width - 1}"
