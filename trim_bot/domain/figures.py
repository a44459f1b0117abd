"""The closed periods that figures are kept for, and the wide bands in which they are shown."""

from __future__ import annotations

from datetime import date


def week_of(day: date) -> str:
    """The ISO week of a day, `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def quarter_of(day: date) -> str:
    """The calendar quarter of a day, `2026-Q4`."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


HIDDEN_BELOW = 10
"""Figures below this are one band, nought included: with nought shown, one person's first step would show."""
WIDTH = 5
"""Width of every band above it. Rule: threshold 10 with nought disclosive, then base 5 (SACRO's defaults)."""


def figure_band(n: int) -> str:
    """The band a kept figure falls into: `0–9`, `10–14`, `15–19`… Raises ValueError below nought."""
    if n < 0:
        raise ValueError("a figure is never below nought")
    if n < HIDDEN_BELOW:
        return f"0–{HIDDEN_BELOW - 1}"
    first = n - n % WIDTH
    return f"{first}–{first + WIDTH - 1}"
