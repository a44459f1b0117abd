"""Routing a gesture of Slack that needs no store, against a bare Bolt app with one listener."""

from __future__ import annotations

from bench.result import Result, aim_at_least, result
from bench.sizes import Sizes
from bench.slack_anchors import bolt
from bench.slack_product import no_network, product
from bench.slack_requests import post, sign
from bench.timing import alternate, mean, scaled
from tests.builders import Town
from tests.fakes import FakeStore
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.languages import ENGLISH, Language
from trim_bot.app.seam.views import Nothing, View

BARE = "bare AsyncApp, one listener"


class SilentDesk:
    """Has nothing to show, so that routing alone is measured."""

    def __init__(self) -> None:
        self.received = 0

    def language_of(self, actor: Actor) -> Language:
        """English."""
        return ENGLISH

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Answer a gesture."""
        self.received += 1
        return Nothing()


async def measure(sizes: Sizes) -> list[Result]:
    """CPU time of one request from the ASGI call to the end of all that follows the ack."""
    anchor = bolt(before_response=True)
    signed = sign()

    async def bare() -> float:
        return await mean(lambda: post_ok(anchor, signed), sizes.dispatches)

    async def post_ok(app: object, request: object) -> None:
        status = await post(app, request)  # type: ignore[arg-type]  # Starlette says less of it
        assert status == 200, status

    with no_network() as says:
        silent, town = SilentDesk(), Town(store=FakeStore())
        quiet, quiet_slack = product(silent)
        shown, shown_slack = product(town.desk)

        async def routed() -> None:
            await post_ok(quiet, signed)
            await quiet_slack.drain()

        async def drawn() -> None:
            await post_ok(shown, signed)
            await shown_slack.drain()

        routing = await alternate(lambda: mean(routed, sizes.dispatches), bare, sizes.rounds)
        drawing = await alternate(lambda: mean(drawn, sizes.dispatches), bare, sizes.rounds)
        expected = sizes.dispatches * (sizes.rounds + 1)
        assert silent.received == expected, "every gesture reached the desk once"
        assert says.opened == expected, "every call for help opened one page"
        await quiet_slack.close()
        await shown_slack.close()
    return [
        result(
            "Slack gesture routed, all listeners",
            "µs CPU",
            BARE,
            scaled(routing, 1e6),
            aim_at_least(0.95, held=0.9),
            rate=True,
        ),
        result("… and the help page drawn and opened", "µs CPU", BARE, scaled(drawing, 1e6), rate=True),
    ]
