"""Names that break nothing at any door, on both databases: those kept before they were cleaned, and new ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.adapters.outages import Shape
from tests.adapters.slack_app.fake_slack import Reply
from tests.e2e.deployment import Deployment
from tests.e2e.doors import Door
from tests.e2e.screens import send
from tests.e2e.story import event
from trim_bot.app.seam.ports import Tx
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Member
from trim_bot.settings.environment import load_settings

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


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
@pytest.mark.parametrize("shape", [Shape.FAILING, Shape.REFUSED, Shape.BUSY_UNTIL])
async def test_while_graph_is_away_whoever_asks_for_support_has_the_name_of_their_own_gesture(
    at_teams: Deployment, shape: Shape
) -> None:
    assert at_teams.tenant is not None
    priya = await at_teams.teams("priya")
    await priya.say("peer", "cases")
    at_teams.tenant.graph_away.shape = shape
    newcomer = await at_teams.teams("newcomer")
    await send(await newcomer.say("support"), name="named", text="The text", contact="Ring me")
    await at_teams.drain()
    taken = await (await priya.open_newest()).press("take_request")
    assert "Someone" in taken.text, "what the activity itself said"


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
async def test_while_slack_tells_nobody_s_name_the_one_in_the_request_is_taken(at_slack: Deployment) -> None:
    priya, newcomer = await at_slack.slack("priya"), await at_slack.slack("newcomer")
    await priya.say("peer", "cases")
    at_slack.workplace.next["users.info"].append(Reply(status=503))
    await send(await newcomer.say("support"), name="named", text="The text", contact="Ring me")
    await at_slack.drain()
    taken = await (await priya.open_newest()).press("take_request")
    assert "someone" in taken.text
