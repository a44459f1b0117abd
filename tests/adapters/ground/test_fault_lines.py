"""A fault is told by a fixed word and an opaque id, each platform's own words before those that all share."""

from __future__ import annotations

import pytest

from integrations.ground.drawing import RenderError
from integrations.ground.fault_lines import Reporter
from integrations.slack.adapter import slack_reporter
from integrations.slack.web_api import Refused
from integrations.teams.adapter import teams_reporter
from trim_bot.domain.errors import StoreUnavailable, TryLater, Undeliverable

SHARED = [
    (TryLater(), "not-answering"),
    (RenderError("text-marker"), "cannot-show"),
    (ValueError("text-marker"), "failure"),
]


@pytest.mark.parametrize(
    ("error", "word"),
    [*SHARED, (Refused("invalid_auth"), "refused:invalid_auth"), (Undeliverable(), "failure")],
)
def test_slack(error: BaseException, word: str) -> None:
    told: list[str] = []
    slack_reporter(told.append).failed(error)
    assert [line.rsplit(" ", 1)[0] for line in told] == [f"slack {word}"]
    assert "marker" not in told[0]


@pytest.mark.parametrize(
    ("error", "word"), [*SHARED, (Undeliverable(), "undeliverable"), (StoreUnavailable(), "nothing-saved")]
)
def test_teams(error: BaseException, word: str) -> None:
    told: list[str] = []
    teams_reporter(told.append).failed(error)
    assert [line.rsplit(" ", 1)[0] for line in told] == [f"teams {word}"]
    assert "marker" not in told[0]


def test_no_two_lines_have_one_id() -> None:
    told: list[str] = []
    reporter = Reporter("here", told.append, lambda error: None)
    reporter.note("too-long")
    reporter.note("too-long")
    assert len({line.split()[-1] for line in told}) == 2
