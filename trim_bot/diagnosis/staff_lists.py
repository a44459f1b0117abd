"""Looks at how far the platforms' lists of people have been read, where one is under way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from trim_bot.app.clock.clocks import real_now
from trim_bot.app.watch.alert_conditions import read_of
from trim_bot.app.workspaces.list_places import list_places
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.diagnosis.findings import Finding, ok
from trim_bot.domain.staff_lists import ListPlace

LISTS = "staff-lists"


async def list_findings(deployment: Deployment) -> list[Finding]:
    """What there is to say of the lists of this deployment."""
    return findings_of((await list_places(deployment.notes)).values(), real_now())


def findings_of(places: Iterable[ListPlace], now: datetime) -> list[Finding]:
    """A line for each list that is under way; what has stood for too long is told as an alert. `now` in UTC."""
    return [_under_way(one, now) for one in places if one.is_under_way and not one.stands(now)]


def _under_way(place: ListPlace, now: datetime) -> Finding:
    waits = place.again_at is not None and place.again_at > now
    then = f"it goes on at {place.again_at:%H:%M} UTC" if waits else "it goes on by itself"
    return ok(LISTS, f"Staff list of {place.workspace.text}: {read_of(place)}; {then}.")
