"""A fault is told by a fixed word and an opaque id, each platform's own words before those that all share."""

from __future__ import annotations

import pytest

from integrations.ground.drawing import RenderError
from integrations.ground.fault_lines import Reporter
from integrations.slack.adapter import slack_reporter
from integrations.slack.web_api import SlackRefused
from integrations.teams.adapter import teams_reporter
from tests.fakes.telling import Telling
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.bootstrap.process_log import described
from trim_bot.domain.errors import StoreUnavailable, TryLater, Undeliverable

SHARED = [
    (TryLater(), "not-answering"),
    (RenderError("text-marker"), "cannot-show"),
    (ValueError("text-marker"), "failure"),
]


@pytest.mark.parametrize(
    ("error", "word"),
    [*SHARED, (SlackRefused("invalid_auth"), "refused:invalid_auth"), (Undeliverable(), "failure")],
)
def test_slack(error: BaseException, word: str) -> None:
    told: list[str] = []
    slack_reporter(Telling(told)).failed(error)
    assert told == [f"slack {word} {described(error)}"]
    assert "marker" not in told[0]


@pytest.mark.parametrize(
    ("error", "word"), [*SHARED, (Undeliverable(), "undeliverable"), (StoreUnavailable(), "nothing-saved")]
)
def test_teams(error: BaseException, word: str) -> None:
    told: list[str] = []
    teams_reporter(Telling(told)).failed(error)
    assert told == [f"teams {word} {described(error)}"]
    assert "marker" not in told[0]


def test_a_happening_is_told_by_its_platform_and_word() -> None:
    told: list[str] = []
    Reporter(LogEvent.TEAMS, Telling(told), lambda error: None).note("too-long")
    assert told == ["teams too-long"]
