"""What is wrong follows from plain values, and every kind of it has its first three steps in the guide."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from trim_bot.app.watch.alert_conditions import (
    STORES,
    BackupAge,
    Integrity,
    SecretEnd,
    backup_alerts,
    closed_alert,
    integrity_alerts,
    outage_alerts,
    safety_alerts,
    secret_alerts,
)
from trim_bot.app.watch.alert_state import Line, News
from trim_bot.app.watch.alert_words import lasted, text_of
from trim_bot.bootstrap.readiness import outage_words
from trim_bot.domain.alerts import AlertKind
from trim_bot.domain.outages import CLOCK_STOPPED, WORKER_GONE, Outage, OutagePart, PlatformCause

NOW = datetime(2026, 11, 29, 16, tzinfo=UTC)
GUIDE = Path(__file__).parents[2] / "docs" / "operate.md"


def outage(part: OutagePart, cause: str, look_at: str = "", minutes: int = 10) -> Outage:
    return Outage(part, cause, look_at, NOW - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("part", "cause", "look_at", "key", "says"),
    [
        (OutagePart.DATA, "database", "DATABASE_URL", "store:data", "DATABASE_URL"),
        (OutagePart.KEYS, "disk_full", "KEYSTORE_URL", "store:keys", "KEYSTORE_URL"),
        (OutagePart.LEDGER, "read_only", "LEDGER_URL", "store:ledger", "LEDGER_URL"),
        (OutagePart.WORKER, WORKER_GONE, "trim-bot worker", "worker:worker", "Start trim-bot worker"),
        (OutagePart.CLOCK, CLOCK_STOPPED, "", "worker:clock", "start the desk again"),
        (OutagePart.SLACK, PlatformCause.UNREACHABLE.value, "slack.com", "platform:slack", "slack.com"),
        (
            OutagePart.SLACK,
            PlatformCause.REFUSED.value,
            "SLACK_BOT_TOKEN",
            "platform:slack refused",
            "SLACK_BOT_TOKEN",
        ),
        (OutagePart.TEAMS, PlatformCause.SLOW.value, "smba", "platform:teams", "Bot Connector"),
        (OutagePart.SIGN_IN, PlatformCause.FAILING.value, "login", "platform:sign_in", "Microsoft's login"),
        (OutagePart.GRAPH, PlatformCause.FAILING.value, "graph", "platform:graph", "Microsoft Graph"),
    ],
)
def test_an_outage_names_its_cause_and_where_to_look(
    part: OutagePart, cause: str, look_at: str, key: str, says: str
) -> None:
    [alert] = outage_alerts([outage(part, cause, look_at)], outage_words)
    assert (alert.key, alert.look_at, alert.since) == (key, look_at, NOW - timedelta(minutes=10))
    assert says in alert.words


def test_one_outage_that_several_processes_find_is_one_since_the_first() -> None:
    found = [outage(OutagePart.DATA, "database", minutes=n) for n in (3, 9, 5)]
    [alert] = outage_alerts(found, outage_words)
    assert alert.since == NOW - timedelta(minutes=9)


@pytest.mark.parametrize("part", OutagePart)
def test_every_part_that_can_be_out_of_order_is_told(part: OutagePart) -> None:
    assert len(outage_alerts([outage(part, PlatformCause.FAILING.value)], outage_words)) == 1


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        (date(2026, 12, 30), ""),
        (date(2026, 12, 29), "TEAMS_APP_PASSWORD ends on 2026-12-29. Do so."),
        (date(2026, 11, 30), "TEAMS_APP_PASSWORD ends on 2026-11-30. Do so."),
        (date(2026, 11, 29), "TEAMS_APP_PASSWORD ended on 2026-11-29. Do so."),
        (NOW + timedelta(days=31), ""),
        (NOW + timedelta(minutes=1), "TEAMS_APP_PASSWORD ends on 2026-11-29. Do so."),
        (NOW, "TEAMS_APP_PASSWORD ended on 2026-11-29. Do so."),
    ],
)
def test_a_secret_is_told_from_thirty_days_before_its_end(ends: date | datetime, says: str) -> None:
    found = secret_alerts([SecretEnd("TEAMS_APP_PASSWORD", ends, "Do so.")], NOW)
    assert [one.words for one in found] == ([says] if says else [])


@pytest.mark.parametrize(
    ("ended", "began", "most", "says"),
    [
        (8, 400, 8, ""),
        (9, 400, 8, "The newest backup ended on 2026-11-20; it should be no older than 8 days."),
        (None, 8, 8, ""),
        (None, 9, 8, "No backup was ever noted here; it should be no older than 8 days."),
        (None, None, 8, ""),
        (90, 400, 0, ""),
    ],
)
def test_a_backup_is_told_when_it_is_older_than_stated(
    ended: int | None, began: int | None, most: int, says: str
) -> None:
    def ago(days: int | None) -> datetime | None:
        return None if days is None else NOW - timedelta(days=days)

    found = backup_alerts(BackupAge(ago(ended), ago(began), timedelta(days=most)), NOW)
    assert [one.words.startswith(says) for one in found] == ([True] if says else [])


def test_safety_names_the_organisation_and_nobody() -> None:
    [one, other] = safety_alerts(["north", "east"])
    assert (one.about, other.about) == ("east", "north")
    assert one.words.startswith("In east nobody could be called")


def test_what_a_process_met_is_told_by_kind() -> None:
    assert integrity_alerts(Integrity()) == []
    met = Integrity(("grants", "cases", "grants"), 2, keys_held_back=True, clock_doubt="1 h 0 min ahead")
    assert [one.key for one in integrity_alerts(met)] == [
        "not_as_written:cases",
        "not_as_written:grants",
        "journal:journal",
        "keys_held_back:keys",
        "clock:clock",
    ]


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_has_its_grace_and_its_three_steps_in_the_guide(kind: AlertKind) -> None:
    rows = re.findall(
        rf"^\| `{kind.value}` \| ([^|]+) \| \[three steps\]\(when-something-breaks\.md#{kind.value}\) \|$",
        GUIDE.read_text(),
        re.M,
    )
    [told_after] = rows
    if kind.grace is None:
        assert told_after.startswith("daily")
    else:
        assert told_after == f"{kind.grace.seconds // 60} minutes"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (1, "1 minute"), (119, "119 minutes"), (120, "2 hours"), (2880, "2 days")],
)
def test_a_span_is_said_in_whole_units(minutes: int, words: str) -> None:
    assert lasted(timedelta(minutes=minutes)) == words


def test_whoever_is_written_to_reads_which_variable_host_or_command_is_meant() -> None:
    integrity = integrity_alerts(
        Integrity(("grants", "missing"), 1, keys_held_back=True, clock_doubt="1 h 0 min ahead")
    )
    places = [(part, "database", "DATABASE_URL") for part in STORES]
    places += [(OutagePart.SLACK, PlatformCause.FAILING.value, "slack.example.org")]
    outages = outage_alerts([outage(*one) for one in places], outage_words)
    closed = closed_alert("DATABASE_URL", "A database does not answer.", NOW)
    every = [*integrity, *outages, *safety_alerts(["one"]), closed]
    for alert in every:
        text = text_of((Line(News.BEGAN, alert, NOW),), "").text
        assert alert.look_at
        assert text.count(alert.look_at) == 1, text
