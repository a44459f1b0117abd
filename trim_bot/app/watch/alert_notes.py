"""Writes what the ways were told as one text, and reads it again: no word in it is about a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from trim_bot.app.watch.alert_state import AlertState, Firing, News, ToldOf, WayState
from trim_bot.domain.alerts import AdminAlert, AlertKind

NOTE = "alerts"
"""The name of the note of the deployment."""

Json = Mapping[str, object]


def written(state: AlertState) -> str:
    """The text to keep."""
    return json.dumps(
        {
            "firing": [_firing(one) for one in state.firing.values()],
            "ways": {
                way: [one.tries, _text(one.next_at), _text(one.claimed_until)]
                for way, one in state.ways.items()
            },
            "daily": _text(state.daily_at),
        }
    )


def read(text: str | None) -> AlertState:
    """What was kept; nothing where there is none, or where another version wrote it in a way unknown to this one."""
    if text is None:
        return AlertState()
    try:
        kept = cast(Json, json.loads(text))
        firing = (_read_firing(one) for one in cast(list[Json], kept["firing"]))
        ways = cast(Mapping[str, tuple[int, str | None, str | None]], kept["ways"])
        return AlertState(
            {one.alert.key: one for one in firing},
            {way: WayState(tries, _time(at), _time(until)) for way, (tries, at, until) in ways.items()},
            _time(cast(str | None, kept["daily"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return AlertState()


def _firing(one: Firing) -> Json:
    alert = one.alert
    return {
        "alert": [alert.kind.value, alert.about, alert.words, alert.look_at, _text(alert.since)],
        "since": _text(one.since),
        "changed": _text(one.changed_at),
        "ripe": one.ripe,
        "absent": _text(one.absent_since),
        "over": one.over,
        "returns": one.returns,
        "told": {way: [told.news.value, _text(told.at)] for way, told in one.told.items()},
        "maybe": sorted(one.maybe),
    }


def _read_firing(kept: Json) -> Firing:
    kind, about, words, look_at, since = cast(tuple[str, str, str, str, str | None], kept["alert"])
    told = cast(Mapping[str, tuple[str, str]], kept["told"])
    return Firing(
        AdminAlert(AlertKind(kind), about, words, look_at, _time(since)),
        datetime.fromisoformat(cast(str, kept["since"])),
        datetime.fromisoformat(cast(str, kept["changed"])),
        bool(kept["ripe"]),
        _time(cast(str | None, kept["absent"])),
        bool(kept["over"]),
        int(cast(int, kept["returns"])),
        {way: ToldOf(News(news), datetime.fromisoformat(at)) for way, (news, at) in told.items()},
        frozenset(cast(list[str], kept["maybe"])),
    )


def _text(when: datetime | None) -> str | None:
    return None if when is None else when.astimezone(UTC).isoformat()


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
