"""An organisation's own names for the two commands are heard in chat, shown in help, and put into the manifest."""

from __future__ import annotations

import asyncio

import pytest

from tests.e2e.conftest import Begin
from tests.e2e.deployment import Deployment
from tests.e2e.operating.conftest import Place, bare_place, made_stores, place
from tests.e2e.settling import SITE
from tests.e2e.slack_side import signed

__all__ = ["bare_place", "made_stores", "place"]
pytestmark = pytest.mark.anyio
NAMED = 'work_command = "care"\nask_command = "talk"\n' + SITE


async def test_they_are_heard_and_shown(begin: Begin) -> None:
    made = await begin(site=NAMED)
    priya = await made.slack("priya")
    assert (await priya.say("care", "log")).form == "log"
    assert (await priya.say("talk")).form == "support"
    helped = await priya.say("care", "help")
    assert "/care log:" in helped.text
    assert "/talk me shows" in helped.text
    assert "/peer" not in helped.text
    assert (await priya.say("peer", "log")).form == "log", (
        "the app may have been installed with the shipped names"
    )


async def test_a_word_that_is_no_command_there_is_refused(at_slack: Deployment) -> None:
    side = await at_slack.side()
    body = b"command=%2Fcare&team_id=T000000001&user_id=UPRIYA&text=log&trigger_id=1"
    answer = await side.http.post("/slack/events", content=body, headers=signed(body))
    assert answer.status_code == 400


async def test_the_manifest_takes_them(place: Place) -> None:
    site = place.site_file('work_command = "care"\nask_command = "talk"\n' + SITE)
    url = ("--url", "https://peer.example.org")
    said = await asyncio.to_thread(place.run, "manifest", "slack", *url, "--site", site)
    assert '"/care"' in said
    assert '"/talk"' in said
    said = await asyncio.to_thread(place.run, "manifest", "slack", *url, "--ask-command", "ask-us")
    assert '"/peer"' in said
    assert '"/ask-us"' in said
    said = await asyncio.to_thread(
        place.run, "manifest", "slack", *url, "--installs", "--rotation", "--socket"
    )
    assert "https://peer.example.org/slack/oauth_redirect" in said
    for wrong in (("--rotation",), ("--work-command", "support")):
        await asyncio.to_thread(place.run, "manifest", "slack", *url, *wrong, code=2)
    await asyncio.to_thread(place.run, "manifest", "slack", *url, "--work-command", "Two words", code=1)
