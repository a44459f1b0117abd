"""Watches that a call for safety reaches whoever it goes to by any way that is open, and waits for no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from tests.simulator.facts import OPEN, Facts
from tests.simulator.findings import Finding, Rule
from tests.simulator.model import Model
from tests.simulator.platforms import Chats

AT_ONCE = timedelta(minutes=75)
"""In a town a call is sent at the next beat, up to half an hour later, and its sending may meet a slow platform."""


def unheard(facts: Facts, model: Model, chats: Mapping[str, Chats], now: datetime) -> Iterator[Finding]:
    """Calls whose owner no message has reached although one of their chats was there all the time."""
    for step in facts.steps.values():
        if step.kind != "safety" or step.state not in OPEN or step.holder is None:
            continue
        owned, member = model.kept.owned.get((step.id, step.holder)), facts.members.get(step.holder)
        person = model.people.get(step.holder)
        if owned is None or owned.told or person is None or person.left:
            continue
        if member is None or member.left or member.messages_stopped or now - owned.since < AT_ONCE:
            continue
        if any(begin < now and over > owned.since for begin, over in model.halted):
            continue
        begun = owned.since - timedelta(minutes=5)
        if any(chats[one.platform.value].was_there(one.workspace, begun, now) for one in person.addresses):
            yield Finding(Rule.NOT_TOLD, f"a call for safety has not reached {person.name}", now)
