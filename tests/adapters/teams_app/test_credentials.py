"""The app's own tokens: asked for once for many calls, in a thread, and its secret sent to the login alone."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest

from integrations.teams import credentials as credentials_module
from integrations.teams.adapter import App
from integrations.teams.cloud_names import PUBLIC
from integrations.teams.credentials import (
    Credentials,
    LoginHttp,
    NoConsent,
    StrangeLogin,
)
from tests.adapters.teams_app.fake_cloud import PASSWORD, TOKEN, FakeCloud, listening
from tests.adapters.teams_app.fake_teams import APP_ID, TENANT, Reply
from tests.adapters.teams_app.going_out import SlowTime, going_out
from trim_bot.domain.errors import TryLater

pytestmark = pytest.mark.anyio


def made(cloud: FakeCloud, *, tenant: str = TENANT, time: SlowTime | None = None) -> Credentials:
    clock = time or SlowTime()
    return Credentials(APP_ID, PASSWORD, tenant, cloud.authority, cloud.graph_url, clock.monotonic)


async def test_many_messages_need_one_token() -> None:
    async with going_out() as going:
        await asyncio.gather(*(going.send(f"{number:08}-0000") for number in range(20)))
        await going.send()
        [login] = going.cloud.logins
        assert (login["scope"], login["tenant"]) == (PUBLIC.connector_scope, TENANT)
        assert login["grant_type"] == "client_credentials"
        assert {call.authorization for call in going.cloud.calls} == {f"Bearer {TOKEN}-1"}


async def test_a_token_that_ends_is_asked_for_again_in_time() -> None:
    async with listening() as cloud:
        time = SlowTime()
        cloud.token_seconds = 1000
        credentials = made(cloud, time=time)
        first = await credentials.for_connector()
        time.now = 699.0
        assert await credentials.for_connector() == first
        time.now = 701.0
        # msal keeps one of its own by the clock on the wall; it is done away with as when it had ended.
        credentials._apps.clear()
        assert await credentials.for_connector() != first
        await credentials.close()


async def test_a_token_that_is_refused_is_not_used_again() -> None:
    async with going_out() as going:
        await going.send()
        going.cloud.next["conversations"].append(Reply(401, {"error": {"code": "Unauthorized"}}))
        await going.send()
        assert [call.authorization[-1] for call in going.cloud.calls] == ["1", "1", "1", "2", "2"]


async def test_the_loop_is_never_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    send = LoginHttp._send

    def noted(self: LoginHttp, *asked: Any) -> object:
        threads.append(threading.current_thread().name)
        return send(self, *asked)

    monkeypatch.setattr(LoginHttp, "_send", noted)
    async with listening() as cloud:
        credentials = made(cloud)
        await credentials.for_connector()
        await credentials.close()
    assert threads and threading.main_thread().name not in threads


async def test_who_gives_up_waiting_leaves_the_others_their_token() -> None:
    async with listening() as cloud:
        credentials = made(cloud)
        first = asyncio.create_task(credentials.for_connector())
        second = asyncio.create_task(credentials.for_connector())
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).startswith(TOKEN)
        assert len(cloud.logins) == 1
        await credentials.close()


async def test_those_who_wait_together_hear_of_one_failure() -> None:
    async with listening() as cloud:
        cloud.next["discovery"].extend([Reply(404, {})] * 5)
        credentials = made(cloud)
        waiting = [asyncio.create_task(credentials.for_connector()) for _ in range(5)]
        await asyncio.wait(waiting)
        assert [type(one.exception()) for one in waiting] == [TryLater] * 5
        assert len(cloud.next["discovery"]) == 4, "the login was asked once"
        await credentials.close()


async def test_each_tenant_is_asked_where_an_app_serves_many() -> None:
    async with listening() as cloud:
        credentials = made(cloud, tenant="")
        await credentials.for_connector()
        await credentials.for_graph("44444444-one")
        await credentials.for_graph("55555555-two")
        assert [login["tenant"] for login in cloud.logins] == [
            PUBLIC.every_tenant,
            "44444444-one",
            "55555555-two",
        ]
        assert {login["scope"] for login in cloud.logins[1:]} == {f"{cloud.graph_url}/.default"}
        await credentials.close()


async def test_an_app_of_one_tenant_asks_about_no_other() -> None:
    async with listening() as cloud:
        credentials = made(cloud, tenant=TENANT)
        with pytest.raises(NoConsent):
            await credentials.for_graph("44444444-one")
        assert cloud.logins == []
        await credentials.for_graph(TENANT.upper())
        await credentials.close()


async def test_nothing_is_remembered_of_tenants_that_have_not_agreed() -> None:
    async with listening() as cloud:
        credentials = made(cloud, tenant="")
        for number in range(20):
            cloud.next["token"].append(Reply(400, {"error": "x", "error_codes": [700016]}))
            with pytest.raises(NoConsent):
                await credentials.for_graph(f"44444444-{number}")
        assert len(credentials._apps) == 0
        await credentials.close()


@pytest.mark.parametrize("tenant", ["", "a/b", "../common", "a b", "ä", "x" * 81, "a?b", "a#b"])
async def test_only_what_can_be_a_tenant_is_asked_about(tenant: str) -> None:
    async with listening() as cloud:
        credentials = made(cloud, tenant="")
        with pytest.raises(TryLater):
            await credentials.for_graph(tenant)
        assert cloud.logins == []
        await credentials.close()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, "<html>down</html>"),
        Reply(503, {}, {"Retry-After": "7"}),
        Reply(200, "<html>a page of a proxy</html>"),
        Reply(200, []),
        Reply(200, {"access_token": 7, "expires_in": 3600}),
        Reply(200, {"access_token": "with a blank", "expires_in": 3600}),
        Reply(200, {"access_token": "line\nbreak", "expires_in": 3600}),
        Reply(200, {"access_token": "t" * 20_000, "expires_in": 3600}),
        Reply(200, "x" * (1024 * 1024 + 1)),
        Reply(302, {}, {"Location": "https://login.example/elsewhere"}),
        Reply(401, {"error": "invalid_client", "error_codes": [7000215]}),
        Reply(400, {"error": {"strange": True}, "error_codes": "65001"}),
    ],
    ids=range(12),
)
async def test_whatever_else_the_login_says_may_pass(reply: Reply) -> None:
    async with listening() as cloud:
        cloud.next["token"].append(reply)
        credentials = made(cloud)
        with pytest.raises(TryLater):
            await credentials.for_graph(TENANT)
        assert len(cloud.logins) == 1, "nothing was followed, and nothing tried again"
        await credentials.close()


@pytest.mark.parametrize(
    "reply", [Reply(200, []), Reply(200, {}), Reply(200, "no"), Reply(404, {}), Reply(302, {})]
)
async def test_a_strange_document_of_the_login_may_pass_too(reply: Reply) -> None:
    async with listening() as cloud:
        cloud.next["discovery"].append(reply)
        credentials = made(cloud)
        with pytest.raises(TryLater):
            await credentials.for_connector()
        assert (await credentials.for_connector()).startswith(TOKEN)
        await credentials.close()


@pytest.mark.parametrize(
    "answer", [{"error": "unauthorized_client"}, {"error": "x", "error_codes": [7000229]}]
)
async def test_no_consent_is_a_state(answer: dict[str, object]) -> None:
    async with listening() as cloud:
        cloud.next["token"].extend([Reply(400, answer), Reply(400, answer)])
        credentials = made(cloud)
        with pytest.raises(NoConsent):
            await credentials.for_graph(TENANT)
        with pytest.raises(TryLater):
            await credentials.for_connector()
        await credentials.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/t/oauth2/v2.0/token",
        "http://login.microsoftonline.com/t/oauth2/v2.0/token",
        "https://login.microsoftonline.com@elsewhere.example/t",
        "https://login.microsoftonline.com.elsewhere.example/t",
        "https://login.microsoftonline.com:444/t",
    ],
)
def test_the_app_s_secret_goes_to_the_login_alone(url: str) -> None:
    http = LoginHttp("https://login.microsoftonline.com")
    with pytest.raises(StrangeLogin):
        http.post(url, data={"client_secret": PASSWORD})
    assert http._http is None, "no connection was made"


async def test_a_document_cannot_send_the_secret_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening() as cloud, listening() as foreign:
        # As in earnest, where nothing in the document is brought home.
        monkeypatch.setattr(LoginHttp, "_brought_home", lambda self, text: text)
        token_endpoint = f"https://{foreign.host}/{TENANT}/oauth2/v2.0/token"
        document = {"issuer": "i", "authorization_endpoint": "a", "token_endpoint": token_endpoint}
        cloud.next["discovery"].append(Reply(200, document))
        credentials = made(cloud)
        with pytest.raises(TryLater):
            await credentials.for_connector()
        assert foreign.logins == [] == cloud.logins
        await credentials.close()


async def test_no_object_tells_the_secret_when_it_is_printed() -> None:
    async with going_out() as going:
        await going.send()
        assert PASSWORD not in repr(going.out) and TOKEN not in repr(going.out)
        app = credentials_module.Credentials(
            "id", PASSWORD, "t", "https://login.example", "https://graph.example"
        )
        assert PASSWORD not in repr(app)


async def test_an_app_prints_without_its_password() -> None:
    seen: list[str] = []

    def noted(app: App) -> App:
        seen.append(repr(app))
        return replace(app)

    async with going_out(noted) as _:
        assert seen and PASSWORD not in seen[0]
