"""Shows figures in wide bands, so that no single person's yes or no can be read off them."""

from __future__ import annotations

HIDDEN_BELOW = 10
"""Figures below this are one band, nought included: with nought shown, one person's first step would show."""
WIDTH = 5
"""Width of every band above it. Rule: threshold 10 with nought disclosive, then base 5 (SACRO's defaults)."""


def band(n: int) -> str:
    """The band a kept figure falls into: `0–9`, `10–14`, `15–19`… Raises ValueError below nought."""
    if n < 0:
        raise ValueError("a figure is never below nought")
    if n < HIDDEN_BELOW:
        return f"0–{HIDDEN_BELOW - 1}"
    first = n - n % WIDTH
    return f"{first}–{first + WIDTH - 1}"
