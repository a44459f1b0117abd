"""What is said of thresholds that are in force from before a clinical lead signed on a page of their own."""

from __future__ import annotations

from trim_bot.app.seam.sentences import phrase_of

UNSIGNED = "In force, unsigned since the upgrade. No clinical lead has signed it on their own page yet."
"""Of one such threshold, beside a result."""


def in_force_unsigned(many: int) -> str:
    """How many of them there are, for those who lead and for whoever signs."""
    return phrase_of(
        many,
        "{n} threshold is in force, unsigned since the upgrade. It stays until a clinical lead signs or ends it.",
        "{n} thresholds are in force, unsigned since the upgrade. They stay until a clinical lead signs or ends them.",
    )
