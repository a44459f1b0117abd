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
            "firing": [
                *(_firing(one) for one in state.firing.values()),
                *(json.loads(one) for one in state.unread),
            ],
            "ways": {
                way: [one.tries, _text(one.next_at), _text(one.claimed_until)]
                for way, one in state.ways.items()
            },
            "daily": _text(state.daily_at),
        }
    )


_UNKNOWN = (ValueError, KeyError, TypeError, AttributeError)
"""What comes of a text that another version wrote in a way unknown to this one."""


def read(text: str | None) -> AlertState:
    """What was kept; nothing where there is none, or where no part of it is known to this version.

    Of what another version wrote beside it, an alert is kept as it stands, and a way is as if never used.
    """
    if text is None:
        return AlertState()
    try:
        kept = cast(Json, json.loads(text))
        entries = list(cast(list[Json], kept["firing"]))
        ways = dict(cast(Mapping[str, tuple[int, str | None, str | None]], kept["ways"]))
        daily = _time(cast(str | None, kept["daily"]))
    except _UNKNOWN:
        return AlertState()
    firing: dict[str, Firing] = {}
    unread: list[str] = []
    for entry in entries:
        try:
            one = _read_firing(entry)
        except _UNKNOWN:
            unread.append(json.dumps(entry))
        else:
            firing[one.alert.key] = one
    return AlertState(firing, _read_ways(ways), daily, tuple(unread))


def _read_ways(kept: Mapping[str, tuple[int, str | None, str | None]]) -> dict[str, WayState]:
    found: dict[str, WayState] = {}
    for way, entry in kept.items():
        try:
            tries, at, until = entry
            found[way] = WayState(int(tries), _time(at), _time(until))
        except _UNKNOWN:
            # One pause fewer harms nobody.
            found[way] = WayState()
    return found


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
