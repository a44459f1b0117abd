"""A full desk of the version before comes up with nothing lost, and the buttons of its old messages still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.e2e.slack_side import buttons
from tests.upgrade.account import Rows, lacking, records_of
from tests.upgrade.conftest import OldDesk
from tests.upgrade.old_desk import SentMessage
from tests.upgrade.pressing import opened
from trim_bot.app.waiting import draw
from trim_bot.app.words import adapter_words
from trim_bot.app.words.common_answers import mend, not_open, try_again
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.settings.environment import load_settings

pytestmark = pytest.mark.anyio

CHANGED_BY_STEPS: dict[str, frozenset[str]] = {
    # It is what the steps move.
    "alembic_version": frozenset({"version_num"}),
    # Step 0006 forgets what platforms called sent messages: nothing asks for it.
    # Step 0015 forgets of each message that came to its end whom it was for, what about, and when on its day.
    "outgoing": frozenset({"handle", "member_id", "step_id", "due_at", "lease_until"}),
}
"""Columns, by table, whose values a schema step rewrites; each with its reason."""
REWRITTEN = {"Outgoing": tuple(CHANGED_BY_STEPS["outgoing"])}
"""The same by record."""
GAINED = (", signed_here=False", ", trigger=False")
"""What a part of a record has gained since, as it stands by default: no lead had signed on a page of their own, and no
kind of event had a lead asked at once."""
CHANGED_BY_RUNNING = CHANGED_BY_STEPS | {
    # The desk goes on with its work: what waited is looked at, and what was queued is sent.
    "step": frozenset({"state", "rung", "holder", "due_at", "lease_until", "reminders", "failures"}),
    "outgoing": CHANGED_BY_STEPS["outgoing"] | {"state", "attempts"},
    # Whether somebody was asked for their profile is noted when staff are met again.
    "member": frozenset({"asked", "listed"}),
    # What the list told of an account last is kept with it, so that whoever stands as before is passed over.
    "account": frozenset({"sealed"}),
    # Each open case gets its exposures written down, with the dates its conversations count from.
    "support_case": frozenset({"sealed"}),
    "meta": frozenset({"value"}),
    "ledger_facts": frozenset({"value"}),
    "key_store_facts": frozenset({"value"}),
}
Over = Mapping[str, Callable[[Mapping[str, Any]], bool]]
OVER_IN_TIME: Over = {
    # Both end some real days after they were made, however old the kept desk is.
    "session": lambda row: True,
    "stored_outcome": lambda row: True,
    # A message that came to its end is kept for a while only.
    "outgoing": lambda row: row["state"] != "queued",
}
"""By table, the rows whose time is over once the desk runs."""
REFUSALS = {view.title[:20] for view in (not_open(), try_again("4f2a9c"), mend({}))} | {
    adapter_words.OPENING_TITLE
}
REFUSED_THEN = "This is no longer open to you"[:20]
"""What the kept desk, whose sentences stay as they are, said of what was over."""


def lost(old: OldDesk, unlike: Mapping[str, frozenset[str]], over: Over | None = None) -> list[str]:
    """Every row that the desk had and has no more, but for those that were `over`."""
    now = old.rows()
    return [
        fault
        for store, tables in old.before.items()
        for fault in lacking(_without(tables, over or {}), now[store], unlike)
    ]


def _without(tables: Rows, over: Over) -> Rows:
    return {
        table: [row for row in rows if table not in over or not over[table](row)]
        for table, rows in tables.items()
    }


def _without_gained(text: str) -> str:
    for one in GAINED:
        text = text.replace(one, "")
    return text


async def test_every_row_is_there_and_every_record_opens(old_desk: OldDesk) -> None:
    old_desk.run("migrate")
    assert lost(old_desk, CHANGED_BY_STEPS) == []
    deployment = await open_deployment(load_settings())
    try:
        records = await records_of(deployment)
    finally:
        deployment.close()
    differ = [
        f"{kind} {id} {field}"
        for kind, of in old_desk.told.records.items()
        for id, told in of.items()
        for field, value in told.items()
        if field not in REWRITTEN.get(kind, ())
        and field in records[kind].get(id, {"id": ""})
        and _without_gained(records[kind][id][field]) != value
    ]
    gone = [
        f"{kind} {id}" for kind, of in old_desk.told.records.items() for id in of if id not in records[kind]
    ]
    assert (gone, differ) == ([], [])
    old_desk.run("journal", "verify")


async def test_it_starts_and_loses_nothing_while_it_runs(old_desk: OldDesk) -> None:
    old_desk.run("migrate")
    await old_desk.at.start()
    ready = await (await old_desk.at.client()).get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True})
    await old_desk.at.drain()
    assert lost(old_desk, CHANGED_BY_RUNNING, OVER_IN_TIME) == []


async def test_old_messages_still_open(old_desk: OldDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    # The old desk told everybody; to whomever is not drawn now, a request of that time is with others.
    monkeypatch.setattr(draw, "most_told", lambda work, eligible: eligible)
    old_desk.run("migrate")
    await old_desk.at.start()
    faults = []
    for message in old_desk.told.messages:
        now = await opened(old_desk.at, message.chat, message.to, message.content)
        # Where a message leads may change, as long as it leads somewhere.
        if not led_nowhere(message) and now.title[:20] in REFUSALS:
            faults.append(f"{message.chat} {message.to}: {message.title} became {now.title}")
    assert faults == []


def led_nowhere(message: SentMessage) -> bool:
    """Whether what a message was about was over before the desk was put away."""
    return message.title[:20] == REFUSED_THEN


async def test_an_offer_of_an_old_message_can_be_taken_up_and_messages_stopped(old_desk: OldDesk) -> None:
    old_desk.run("migrate")
    at = old_desk.at
    await at.start()
    offers = {one.to: one for one in old_desk.told.messages if "offer_yes" in one.actions}
    cook, ned = await at.slack("cook"), await at.teams("ned")
    for person, name in ((cook, "cook"), (ned, "ned")):
        offer = await person.press_in(offers[name].content, "open")
        assert "A colleague will call" in (await offer.press("offer_yes")).text
    assert buttons(offers["cook"].content, "stop")
    stopped = await (await at.slack("driver")).press_in(offers["driver"].content, "stop")
    assert stopped.title[:20] not in REFUSALS
    answer = await ned.stop_in(offers["ned"].content)
    assert answer["statusCode"] == 200
