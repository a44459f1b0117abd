"""Names of the closed periods that figures are kept for: ISO weeks and quarters."""

from __future__ import annotations

from datetime import date


def week_of(day: date) -> str:
    """The ISO week of a day, `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def quarter_of(day: date) -> str:
    """The calendar quarter of a day, `2026-Q4`."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
