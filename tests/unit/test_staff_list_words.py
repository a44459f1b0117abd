"""What an administrator reads of a staff list that is under way, and of one that comes to no end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from trim_bot.app.clock.clocks import real_now
from trim_bot.app.watch.alert_conditions import list_alerts, read_of
from trim_bot.diagnosis.findings import Grade
from trim_bot.diagnosis.staff_lists import findings_of
from trim_bot.domain.alerts import AlertKind
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.staff_lists import LONGEST_READING, ListPlace

HERE = ChatWorkspace.parse("slack:T1")


def at(minutes: float, taken: int = 0, about: int = 0) -> ListPlace:
    """A reading that has begun so many minutes ago."""
    return ListPlace(HERE, about, taken, began_at=real_now() - timedelta(minutes=minutes))


def test_how_much_was_read_is_said_in_words() -> None:
    assert read_of(at(1, taken=3_200, about=6_000)) == "3,200 of about 6,000 read"
    assert read_of(at(1, taken=3_200)) == "3,200 read"
    assert read_of(at(1, taken=6_100, about=6_000)) == "6,100 read"
    assert read_of(at(1)) == "nothing of it was read"


def test_a_list_under_way_has_a_line_in_doctor_and_one_that_is_over_has_none() -> None:
    now = datetime.fromisoformat("2026-11-23T14:02:00+00:00")
    waits = ListPlace(HERE, 6_000, 3_200, "c", now, now, now + timedelta(minutes=18))
    [line] = findings_of([waits, waits.ended()], now)
    assert line.grade is Grade.OK
    assert line.text == "Staff list of slack:T1: 3,200 of about 6,000 read; it goes on at 14:20 UTC."
    [line] = findings_of([replace(waits, again_at=None)], now)
    assert line.text.endswith("; it goes on by itself.")


def test_only_a_list_that_comes_to_no_end_for_a_day_is_told() -> None:
    now = real_now()
    assert list_alerts([at(23 * 60), at(1).ended()], now) == []
    stands = ListPlace(HERE, 6_000, 3_200, "c", now - LONGEST_READING - timedelta(minutes=1))
    [alert] = list_alerts([stands], now)
    assert (alert.kind, alert.about, alert.since) == (AlertKind.STAFF_LIST, "slack:T1", stands.began_at)
    assert "3,200 of about 6,000 read" in alert.words
    assert findings_of([stands], now) == [], "the alert says so"
