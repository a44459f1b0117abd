"""`POST /api/messages`: everything is checked here before the desk sees any of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Protocol, assert_never

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.ground.background_tasks import Tasks
from integrations.ground.fault_lines import Reporter
from integrations.ground.untrusted_input import Malformed, UnreadBody, bounded_body, media_type
from integrations.teams.activities import ActivityKind, TeamsArrival, read_activity, read_json
from integrations.teams.answers import Answers, TypedCommands
from integrations.teams.tokens import BadToken, KeysUnavailable, Sender, TokenCheck
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.people import Address, Profile

JSON = "application/json"


class Presence(Protocol):
    """Is told who has the app and where they can be written to. All of it may be told twice."""

    async def arrived(self, address: Address, route: str) -> None:
        """Somebody has the app now. Durable when this returns; raises StoreUnavailable."""
        ...

    async def wrote(self, address: Address, route: str) -> None:
        """Somebody wrote to the app. Durable when this returns; raises StoreUnavailable."""
        ...

    async def seen(self, address: Address, route: str) -> None:
        """Somebody was heard from there. Raises StoreUnavailable."""
        ...

    async def gone(self, address: Address) -> None:
        """Somebody has the app no more. Raises StoreUnavailable."""
        ...


class TeamsEndpoint:
    """Size, token, kind, shape, address and tenant, in this order; then the desk.

    A repeated activity is let through: it is Teams' retry, and the desk gives it one effect and one answer.
    """

    def __init__(
        self,
        tokens: TokenCheck,
        knows: Callable[[str], Awaitable[bool]],
        answers: Answers,
        talking: TypedCommands,
        presence: Presence,
        heard: Callable[[Profile], None],
        tasks: Tasks,
        reporter: Reporter,
    ) -> None:
        """`knows` tells whether a tenant has an organisation here; it raises StoreUnavailable.

        `heard` is told what an activity says of whoever made it, before the desk asks who that is.
        """
        self._tokens = tokens
        self._knows = knows
        self._answers = answers
        self._talking = talking
        self._presence = presence
        self._heard = heard
        self._tasks = tasks
        self._reporter = reporter

    async def handle(self, request: Request) -> Response:
        """Answer one request.

        413 too long, 401 a bad token or one that does not fit the activity, 415 of another kind, 400 unreadable,
        403 of a tenant unknown here, 501 an invoke nobody understands, 503 while keys or store are out of reach.
        """
        try:
            body = await bounded_body(request)
        except UnreadBody:
            return self._refuse(413, "too-long")
        begun = monotonic()
        try:
            sender = await self._tokens.check(_one(request, "authorization"))
            if media_type(_one(request, "content-type")) != JSON:
                return self._refuse(415, "wrong-kind")
            arrival = self._read(sender, body)
            if not await self._is_known(arrival.tenant):
                # A status alone: nothing tells whether the tenant, the person or the app is the reason.
                return self._refuse(403, "other-tenant")
            if arrival.profile is not None:
                self._heard(arrival.profile)
            return await self._answer(arrival, begun)
        except BadToken as bad:
            return self._refuse(401, bad.fault.value)
        except Malformed:
            return self._refuse(400, "malformed")
        except KeysUnavailable:
            return self._refuse(503, "keys-unavailable")
        except StoreUnavailable as error:
            self._reporter.failed(error)
            return Response(status_code=503)

    def _read(self, sender: Sender, body: bytes) -> TeamsArrival:
        activity: Mapping[str, object] = read_json(body)
        self._tokens.bind(sender, activity)
        return read_activity(activity)

    async def _is_known(self, tenant: str) -> bool:
        return bool(tenant) and await self._knows(tenant)

    async def _answer(self, arrival: TeamsArrival, begun: float) -> Response:
        match arrival.kind:
            case ActivityKind.OPENING | ActivityKind.SENDING:
                return self._reply(arrival, await self._answers.dialog(arrival, monotonic() - begun))
            case ActivityKind.PRESSING:
                return self._reply(arrival, await self._answers.card(arrival, monotonic() - begun))
            case ActivityKind.TYPED:
                # Each by itself: a card that cannot be sent loses no route, and a store that is away no card.
                self._tasks.start(self._wrote(arrival))
                self._tasks.start(self._talking.reply(arrival))
            case ActivityKind.INSTALLED:
                await self._arrived(arrival)
            case ActivityKind.REMOVED:
                if arrival.address is not None:
                    await self._presence.gone(arrival.address)
            case ActivityKind.UNKNOWN_INVOKE:
                return self._refuse(501, "unknown-invoke")
            case ActivityKind.UNUSED:
                pass
            case _:
                assert_never(arrival.kind)
        return Response(status_code=200)

    def _reply(self, arrival: TeamsArrival, answer: Mapping[str, object]) -> Response:
        if arrival.address is not None and arrival.route is not None:
            self._tasks.start(self._presence.seen(arrival.address, arrival.route.text))
        return JSONResponse(answer)

    async def _wrote(self, arrival: TeamsArrival) -> None:
        if arrival.address is not None and arrival.route is not None:
            await self._presence.wrote(arrival.address, arrival.route.text)

    async def _arrived(self, arrival: TeamsArrival) -> None:
        if arrival.address is not None and arrival.route is not None:
            await self._presence.arrived(arrival.address, arrival.route.text)

    def _refuse(self, status: int, why: str) -> Response:
        self._reporter.note(why)
        return Response(status_code=status)


def _one(request: Request, name: str) -> str:
    """A header that was sent once; empty otherwise."""
    sent = request.headers.getlist(name)
    return sent[0] if len(sent) == 1 else ""
