"""A refused connection is told apart from a platform that is not well, by both clients and by the login's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count

import pytest

from integrations.ground.outgoing_calls import OutgoingCalls
from integrations.slack.web_api import APP, SlackWebApi
from integrations.teams.credentials import LoginHttp
from tests.adapters.teams_app.fake_cloud import listening
from tests.adapters.teams_app.going_out import going_out
from trim_bot.domain.errors import Trouble, TryLater

pytestmark = pytest.mark.anyio
NOWHERE = "127.0.0.1:9"


async def test_slack() -> None:
    now = [0.0]
    api = SlackWebApi(f"http://{NOWHERE}/api/", OutgoingCalls(lambda: now[0]))
    whys = []
    for _ in range(5):
        with pytest.raises(TryLater) as raised:
            await api.call("auth.test", {}, token="t")
        whys.append((raised.value.trouble, raised.value.after_seconds))
    assert whys == [(Trouble.REFUSED, None)] * 2 + [(Trouble.REFUSED, 2.0)] * 3
    with pytest.raises(TryLater):
        api.ways.look(APP)
    await api.close()


async def test_teams() -> None:
    async with going_out(lambda app: replace(app, service_hosts=(NOWHERE,))) as going:
        for _ in range(5):
            with pytest.raises(TryLater) as raised:
                await going.send()
            assert raised.value.trouble is Trouble.REFUSED
        assert len(going.out.away()) == 1


async def test_the_login() -> None:
    http = LoginHttp(f"http://{NOWHERE}", lambda: 0.0)
    for _ in range(4):
        with pytest.raises(TryLater) as raised:
            await asyncio.to_thread(http.get, f"https://{NOWHERE}/x")
        assert raised.value.trouble is Trouble.REFUSED
    assert raised.value.after_seconds == 2.0, "the fourth did not go out"
    http.close()


async def test_a_login_that_sends_a_piece_now_and_then_is_not_heard_to_its_end() -> None:
    async with listening() as cloud:
        seconds = count(0, 100)
        http = LoginHttp(cloud.authority, lambda: float(next(seconds)))
        address = cloud.authority.replace("http:", "https:") + "/tenant/v2.0/.well-known/openid-configuration"
        with pytest.raises(TryLater) as raised:
            await asyncio.to_thread(http.get, address)
        assert raised.value.trouble is Trouble.SLOW
        http.close()
