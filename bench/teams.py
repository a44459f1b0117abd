"""What a request of Teams costs: the check of its token, and the whole gesture beside the same one from Slack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest import mock

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from bench.result import Pair, Result, at_most, result
from bench.sizes import Sizes
from bench.slack_product import no_network, product
from bench.slack_requests import Signed, post, sign
from bench.timing import alternate, mean, scaled
from integrations.teams.adapter import App, Teams, build_teams
from integrations.teams.connector import ServiceUrls
from integrations.teams.tokens import LoginKeys, TokenCheck
from tests.adapters.teams_app.fake_teams import APP_ID, TENANT, FakeTeams, public_jwk
from tests.adapters.teams_app.person import sent
from tests.builders import Town
from tests.fakes import FakeStore
from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.domain.people import Address

PATH = "/api/messages"
ORIGIN = "https://login.example"
SERVICE = "https://smba.trafficmanager.net"
TOKEN_MS = 0.2


class NobodyAsks:
    """Is told who has the app, and keeps nothing."""

    async def arrived(self, address: Address, route: str) -> None:
        """Somebody has the app."""

    async def wrote(self, address: Address, route: str) -> None:
        """Somebody wrote to the app."""

    async def seen(self, address: Address, route: str) -> None:
        """Somebody was heard."""

    async def gone(self, address: Address) -> None:
        """Somebody has it no more."""


@contextmanager
def keys_at_hand() -> Iterator[None]:
    """The login keys come without a network while the block runs."""

    async def get(_: LoginKeys, url: str) -> Mapping[str, object]:
        return {"keys": [public_jwk()]} if url.endswith("/keys") else {"jwks_uri": f"{ORIGIN}/keys"}

    with mock.patch.object(LoginKeys, "_get", get):
        yield


async def measure(sizes: Sizes) -> list[Result]:
    """CPU time of one token check, and of one gesture from the ASGI call to the end of all that follows it."""
    with keys_at_hand(), no_network():
        return [await _token(sizes), await _gesture(sizes)]


async def _token(sizes: Sizes) -> Result:
    keys = LoginKeys(f"{ORIGIN}/openid")
    tokens = TokenCheck(APP_ID, keys, ServiceUrls(["smba.trafficmanager.net"]))
    await keys.warm()
    activity = {"serviceUrl": SERVICE, "channelId": "msteams"}

    async def fresh() -> float:
        # Each of its own, so that none has been looked into before.
        headers = iter([f"Bearer {_token_of_teams(number)}" for number in range(sizes.dispatches)])

        async def check() -> None:
            tokens.bind(await tokens.check(next(headers)), activity)

        return await mean(check, sizes.dispatches)

    spans = [await fresh() for _ in range(sizes.rounds)]
    await keys.close()
    pairs = [Pair(span * 1e3, TOKEN_MS) for span in spans]
    return result("Teams token checked, key at hand", "ms CPU", "0.2 ms", pairs, at_most(1))


async def _gesture(sizes: Sizes) -> Result:
    town = Town(store=FakeStore())
    slack_app, slack = product(town.desk)
    teams_app, teams = _product(town)
    from_slack, from_teams = sign(), _activity()

    async def by_slack() -> None:
        assert await post(slack_app, from_slack) == 200
        await slack.drain()

    async def by_teams() -> None:
        assert await post(teams_app, from_teams, PATH) == 200
        await teams.drain()

    pairs = await alternate(
        lambda: mean(by_teams, sizes.dispatches), lambda: mean(by_slack, sizes.dispatches), sizes.rounds
    )
    await slack.close()
    await teams.close()
    name = "Teams invoke answered, the help page drawn"
    return result(name, "µs CPU", "the same from Slack", scaled(pairs, 1e6), at_most(1.3))


def _product(town: Town) -> tuple[ASGIApp, Teams]:
    async def knows(tenant: str) -> bool:
        return tenant == TENANT

    async def first_word(_tenant: str, _typed: str) -> str | None:
        raise AssertionError("nobody typed anything")

    async def nobody(_actor: Actor) -> tuple[tuple[str, str], ...]:
        raise AssertionError("no form was opened")

    def tell(event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
        raise AssertionError(event, about)

    teams = build_teams(
        town.desk,
        App(APP_ID, "a-password", TENANT, ("smba.trafficmanager.net",), ORIGIN, ORIGIN),
        openid_url=f"{ORIGIN}/openid",
        knows=knows,
        first_word=first_word,
        presence=NobodyAsks(),
        listed=nobody,
        iana_zone=lambda name: name,
        link=ORIGIN,
        tell=tell,
    )
    return Starlette(routes=[Route(PATH, teams.endpoint, methods=["POST"])]), teams


def _token_of_teams(number: int = 0) -> str:
    return FakeTeams().token(serviceurl=SERVICE, number=number)


def _activity() -> Signed:
    """`peer help` as a message extension sends it."""
    body = json.dumps(sent({"words": "peer help"}, SERVICE, by_command=True)).encode()
    headers = (
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"authorization", f"Bearer {_token_of_teams()}".encode()),
    )
    return Signed(body, headers)
