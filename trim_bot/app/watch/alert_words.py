"""What an administrator reads of alerts, and what a program reads: fixed words, variables, hosts and times alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never

from trim_bot.app.watch.alert_state import Line, Message, News

GUIDE = 'What to do first stands in docs/when-something-breaks.md, "The desk wrote to you".'

COMMAND = "trim-bot "
"""How a command begins; what begins otherwise is a variable or a host."""


@dataclass(frozen=True, slots=True)
class AlertText:
    """One message for one way."""

    subject: str
    text: str
    fields: Mapping[str, object]
    """The same for programs."""


def text_of(message: Message, desk: str) -> AlertText:
    """What is sent. `desk` is the host of the pages, or empty."""
    where = f" at {desk}" if desk else ""
    wrong = [line for line in message if line.news is not News.OVER]
    subject = f"Peer support desk{where}: " + ("something to look at" if wrong else "in order again")
    told = [_sentence(line) for line in message]
    text = "\n".join([f"{subject}.", *(f"- {one}" for one in told), *([GUIDE] if wrong else [])])
    fields = {
        "desk": desk,
        "state": "wrong" if wrong else "over",
        "alerts": [_fields(one) for one in message],
    }
    return AlertText(subject, text, fields)


def trial_text(desk: str) -> AlertText:
    """What `trim-bot alerts test` sends."""
    where = f" at {desk}" if desk else ""
    subject = f"Peer support desk{where}: a test"
    text = f"{subject}.\nThis way works: the desk writes here when something is wrong. Nothing is wrong now."
    return AlertText(subject, text, {"desk": desk, "state": "test", "alerts": []})


def _sentence(line: Line) -> str:
    # Its kind comes first, since the guide has a row for it.
    return f"{line.alert.kind.value}: {_said(line)}"


def _said(line: Line) -> str:
    since, words = spoken(line.since), line.alert.words
    if (look_at := line.alert.look_at) and look_at not in words and line.news is not News.OVER:
        words = f"{words} {'Next' if look_at.startswith(COMMAND) else 'Look at'}: {look_at}."
    match line.news:
        case News.BEGAN:
            return f"since {since}. {words}"
        case News.AGAIN:
            return f"again since {since}. {words}"
        case News.STILL:
            return f"still, since {since}. {words}"
        case News.OVER:
            until = line.until or line.since
            return (
                f"in order again since {spoken(until)}, after {lasted(until - line.since)}. It was: {words}"
            )
        case _:
            assert_never(line.news)


def _fields(line: Line) -> Mapping[str, object]:
    return {
        "kind": line.alert.kind.value,
        "about": line.alert.about,
        "news": line.news.value,
        "since": _iso(line.since),
        "until": None if line.until is None else _iso(line.until),
        "look_at": line.alert.look_at,
        "words": line.alert.words,
    }


def spoken(when: datetime) -> str:
    """A time with its offset, as an administrator reads it."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} +00:00"


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")


def lasted(span: timedelta) -> str:
    """A span in whole minutes, hours or days, such as `12 minutes`."""
    minutes = max(0, round(span.total_seconds() / 60))
    for size, one in ((1_440, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {one}s"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
