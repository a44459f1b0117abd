"""What the doctor says of this machine's clock, by what the platforms' answers carry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trim_bot.diagnosis.clocks import HeardClocks

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)


class Witness:
    def __init__(self) -> None:
        self.told: list[tuple[str, datetime]] = []

    def heard(self, source: str, said: datetime) -> None:
        self.told.append((source, said))


@pytest.mark.parametrize(
    ("ahead", "line"),
    [
        (0, "ok This machine's clock agrees with Slack."),
        (-20, "ok This machine's clock agrees with Slack."),
        (120, "warn This machine's clock is 120 seconds ahead of Slack. Set it by the network."),
        (-299, "warn This machine's clock is 299 seconds behind Slack. Set it by the network."),
        (
            -301,
            "fail This machine's clock is 301 seconds behind Slack, so requests are refused. "
            "Set it by the network.",
        ),
    ],
)
def test_both_clocks_are_compared(ahead: int, line: str) -> None:
    witness = Witness()
    clocks = HeardClocks(witness, lambda: NOW)
    clocks.heard("slack", NOW - timedelta(seconds=ahead))
    [finding] = clocks.findings()
    assert f"{finding.grade.value} {finding.text}" == line
    assert witness.told == [("slack", NOW - timedelta(seconds=ahead))], "whoever judges clocks hears it too"


def test_each_platform_that_was_asked_has_its_line_and_no_other() -> None:
    clocks = HeardClocks(Witness(), lambda: NOW)
    assert clocks.findings() == []
    clocks.heard("teams", NOW)
    clocks.heard("slack", NOW)
    assert [finding.text[-10:] for finding in clocks.findings()] == ["ith Slack.", "Microsoft."]
