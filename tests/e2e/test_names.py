"""Names that break nothing at any door, on both databases: those kept before they were cleaned, and new ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.e2e.deployment import Deployment
from tests.e2e.doors import Door
from tests.e2e.screens import send
from tests.e2e.story import event
from trim_bot.app.ports import Tx
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Member
from trim_bot.settings import load_settings

pytestmark = pytest.mark.anyio
HALF = "\ud83d\u202e\x00\x1b[31m"


async def spoil_every_name() -> int:
    """Give every member a name as it was kept before names were cleaned; returns how many there are."""
    deployment = await open_deployment(load_settings())

    def spoil(tx: Tx) -> int:
        members = [one for one in tx.find(Member) if one.name]
        for member in members:
            tx.save(replace(member, name=f"{member.name}{HALF}"))
        return len(members)

    try:
        [organisation] = await deployment.store.organisations()
        return await deployment.store.write(OrganisationId(organisation.id), spoil)
    finally:
        deployment.close()


async def test_names_that_were_kept_unclean_are_drawn_at_every_door(door: Door) -> None:
    if door.at.tenant is not None:
        # The list in a Teams form is ours only where nobody has agreed to Graph's.
        door.at.tenant.consent = False
    cast = await door.cast()
    await cast.nurse.say(*door.mine)
    assert await spoil_every_name() > 2
    log = await cast.priya.say("peer", "log")
    assert log.has("log_incident") or log.form == "log"
    done = await send(log, **event(cast.nurse, mine=True))
    assert done.title == "The event is logged"
    mine = await cast.nurse.say(*door.mine)
    for text in (log.text, done.text, mine.text):
        assert not any(letter in text for letter in HALF[:4])


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
async def test_a_new_name_with_half_an_emoji_is_kept_without_it(at_slack: Deployment) -> None:
    at_slack.workplace.hire("UEMOJI", f"Emma {HALF}Emoji")
    priya, emma = await at_slack.slack("priya"), await at_slack.slack("emoji")
    assert (await emma.say("support", "me")).title
    done = await send(await priya.say("peer", "log"), **event(emma, mine=True))
    assert done.title == "The event is logged"
    await at_slack.drain()
    await (await emma.open_newest()).press("offer_yes")
    cases = await priya.say("peer", "cases")
    assert "Emma Emoji" in cases.text
