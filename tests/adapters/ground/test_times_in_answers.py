"""Only what is plainly a time or a number of seconds is taken from another's answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.ground.outgoing_calls import date_in, seconds_in


@pytest.mark.parametrize(("header", "seconds"), [("0", 0.0), ("30", 30.0), ("999999999", 999999999.0)])
def test_a_number_of_seconds_is_read(header: str, seconds: float) -> None:
    assert seconds_in(header) == seconds


@pytest.mark.parametrize("header", [None, 5, "", "-1", "1.5", "1e3", "9" * 10, "٣", "soon", ["5"]])
def test_whatever_else_is_no_wish(header: object) -> None:
    assert seconds_in(header) is None


def test_a_date_is_read_in_utc_and_nothing_else_is() -> None:
    assert date_in("Thu, 01 Jan 2026 00:00:00 GMT") == datetime(2026, 1, 1, tzinfo=UTC)
    assert [date_in(strange) for strange in (None, 5, "", "now", "x" * 41)] == [None] * 5
