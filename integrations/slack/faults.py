"""The fault lines of Slack: what it refused, by its own short code."""

from __future__ import annotations

from collections.abc import Callable

from integrations.ground.fault_lines import Reporter
from integrations.slack.web_api import Refused


def slack_reporter(sink: Callable[[str], None]) -> Reporter:
    """Reports what goes wrong with Slack to `sink`, a line each."""
    return Reporter("slack", sink, _word)


def _word(error: BaseException) -> str | None:
    match error:
        case Refused(code=code):
            return f"refused:{code}"
        case _:
            return None
