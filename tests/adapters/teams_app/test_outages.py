"""Teams, Graph or the login away in every shape: nobody is given up, nobody is asked in vain, and it ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.teams.connector import ConversationRoute
from tests.adapters.outages import WISH_SECONDS, Shape
from tests.adapters.teams_app.fake_cloud import PERSON
from tests.adapters.teams_app.fake_teams import TENANT, Reply
from tests.adapters.teams_app.going_out import Going, at, going_out
from trim_bot.domain.errors import NotThere, Trouble, TryLater
from trim_bot.domain.people import Profile

pytestmark = pytest.mark.anyio
HERE = f"teams:{TENANT}"
OTHER = "66666666-eeee-4eee-8eee-666666666666"
TROUBLE = {
    Shape.REFUSED: (Trouble.FAILING, 3, 2.0),
    Shape.FAILING: (Trouble.FAILING, 3, 2.0),
    Shape.GATEWAY: (Trouble.FAILING, 3, 2.0),
    Shape.BUSY: (Trouble.ASKED_TO_WAIT, 1, 5.0),
    Shape.BUSY_UNTIL: (Trouble.ASKED_TO_WAIT, 1, WISH_SECONDS),
    Shape.HANGING: (Trouble.SLOW, 2, 2.0),
    Shape.REVOKED: (Trouble.NOT_TAKEN, 2, 30.0),
}
"""What each is called, how many calls it takes to notice, and when the first one tries again."""


@pytest.fixture
async def going() -> Any:
    async with going_out() as going:
        await going.send()
        going.cloud.calls.clear()
        yield going


def kept(going: Going) -> str:
    return ConversationRoute(going.cloud.service_url, "a:kept").text


async def later(going: Going) -> TryLater:
    with pytest.raises(TryLater) as raised:
        await going.send(route=kept(going))
    return raised.value


@pytest.mark.parametrize("shape", list(Shape))
async def test_teams_is_asked_no_more_than_it_takes_to_see_that_it_is_away(
    going: Going, shape: Shape
) -> None:
    trouble, notices, wait = TROUBLE[shape]
    going.cloud.shape = shape
    for _ in range(10):
        why = await later(going)
        assert (why.trouble, why.workspace) == (trouble, HERE)
    assert going.cloud.hit == notices
    assert why.after_seconds == (None if wait is None else pytest.approx(wait))
    [away] = going.out.away()
    assert (away.workspace, away.trouble) == (HERE, trouble)
    for _ in range(50):
        going.time.now += 60
        await later(going)
    assert going.cloud.hit <= notices + 50 * (2 if shape is Shape.REVOKED else 1), "one tries in each wait"

    going.cloud.come_back()
    going.time.now += WISH_SECONDS
    assert await going.send(route=kept(going)), "its end is noticed within a wait, by itself"
    assert going.out.away() == ()


async def test_one_dead_tenant_holds_up_no_other() -> None:
    async with going_out() as going:
        going.out.messenger._at_home = lambda tenant: True
        going.cloud.next["activities"].append(Reply(429, {}, {"Retry-After": "600"}))
        await later(going)
        await later(going)
        assert await going.send(tenant=OTHER)
        assert [one.workspace for one in going.out.away()] == [HERE]


@pytest.mark.parametrize("shape", [Shape.REFUSED, Shape.FAILING, Shape.BUSY, Shape.BUSY_UNTIL, Shape.REVOKED])
async def test_a_login_that_is_away_is_asked_no_more_than_it_takes(shape: Shape) -> None:
    async with going_out() as going:
        going.cloud.login_away.shape = shape
        for _ in range(10):
            assert (await later(going)).workspace == HERE
        assert going.cloud.login_away.hit <= 3
        assert going.cloud.calls == []
        going.cloud.login_away.come_back()
        going.time.now += WISH_SECONDS
        going.out._credentials._http._monotonic = lambda: 1e12
        assert await going.send(route=kept(going))


SOMEBODY = {"displayName": "Sam Smith", "userType": "Member", "accountEnabled": True, "id": PERSON}


@pytest.mark.parametrize("shape", [shape for shape in Shape if shape is not Shape.REVOKED])
async def test_while_graph_is_away_the_name_an_activity_gave_is_taken(going: Going, shape: Shape) -> None:
    going.cloud.accounts[PERSON] = SOMEBODY
    going.cloud.graph_away.shape = shape
    said = Profile(at(), "Sam S.", zone="Europe/London", language="en")
    going.out.directory.heard(said)
    for _ in range(5):
        assert await going.out.directory.look_up(at()) == said
    with pytest.raises(TryLater):
        await going.out.directory.look_up(at(OTHER))
    assert await going.send(), "messages go by another way, which is not away"
    assert going.out.away() == ()
    going.cloud.graph_away.come_back()
    going.time.now += WISH_SECONDS
    assert (await going.out.directory.look_up(at())).name == "Sam Smith"


@pytest.mark.parametrize("page", ["<html>This site is blocked</html>", "blocked"])
async def test_a_host_that_something_in_between_blocks_is_away_too(going: Going, page: str) -> None:
    said = Profile(at(), "Sam S.")
    going.out.directory.heard(said)
    going.cloud.accounts[PERSON] = SOMEBODY
    for status in (403, 404, 451):
        going.cloud.next["user"].append(Reply(status, page))
        assert await going.out.directory.look_up(at()) == said
        going.time.now += 60


async def test_somebody_graph_does_not_know_is_not_taken_from_an_activity(going: Going) -> None:
    going.out.directory.heard(Profile(at(), "Sam S."))
    with pytest.raises(NotThere):
        await going.out.directory.look_up(at())


async def test_what_microsoft_s_clocks_say_is_heard(going: Going) -> None:
    assert len(going.heard) >= 3, "the login's and the connector's"
    said = "Wed, 25 Nov 2026 10:00:00 GMT"
    going.cloud.next["activities"].append(Reply(201, {"id": "1"}, {"Date": said}))
    await going.send(route=kept(going))
    assert going.heard[-1] == datetime(2026, 11, 25, 10, tzinfo=UTC)
