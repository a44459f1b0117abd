"""The fault lines of Teams: whom it cannot reach, and what could not be saved."""

from __future__ import annotations

from collections.abc import Callable

from integrations.ground.fault_lines import Reporter
from trim_bot.domain.errors import StoreUnavailable, Undeliverable


def teams_reporter(sink: Callable[[str], None]) -> Reporter:
    """Reports what goes wrong with Teams to `sink`, a line each."""
    return Reporter("teams", sink, _word)


def _word(error: BaseException) -> str | None:
    match error:
        case Undeliverable():
            return "undeliverable"
        case StoreUnavailable():
            return "nothing-saved"
        case _:
            return None
