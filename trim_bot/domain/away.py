"""What is known of a chat workspace whose platform cannot be asked now."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.domain.errors import Trouble


@dataclass(frozen=True, slots=True)
class Away:
    """One workspace whose calls fail at once, until one that is let through comes back.

    It is a state of one process. It leaves the list by itself when it answers, or when nobody has tried it for a
    minute after `next_try`: whoever wants to know must try.
    """

    workspace: str
    """`slack:TEAM` or `teams:TENANT`."""
    trouble: Trouble
    seconds: float
    """Since the first of the failures in a row, by a clock that does not jump."""
    next_try: float
    """Seconds until a call is let through to try; 0.0 when the next one is."""
