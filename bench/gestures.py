"""Whole gestures, from the desk's door to a durable commit, beside a bare dispatch of Bolt that keeps nothing."""

from __future__ import annotations

import asyncio
import time

from bench.databases import KEYRING, Kind, opened
from bench.result import Result, result
from bench.routing import BARE
from bench.sizes import Sizes
from bench.slack_anchors import bolt
from bench.slack_requests import post, sign
from bench.timing import alternate, mean, scaled
from tests.builders import Town, log_values
from tests.reading import form_of
from tests.store_looks import journal_break
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Done, FieldErrors, Form
from trim_bot.crypto.tokens import SealedTokens
from trim_bot.domain.ids import OrganisationId, RequestId, new_id
from trim_bot.domain.people import Member, Role
from trim_bot.domain.records import Action
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.storage.store import SqlStore

STORY = "It was a long night, and some of it will not leave me. " * 8
"""Nearly as much as the field for notes takes."""
LARGE = "x" * 2048


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """Each round does a burst of requests, some steps of an interview and some plain records, all committed."""
    bare_app, signed = bolt(before_response=True), sign()

    async def bare() -> float:
        async def dispatch() -> None:
            assert await post(bare_app, signed) == 200

        return await mean(dispatch, sizes.dispatches // 4 + 1, time.perf_counter)

    with opened(kind) as (_, store):
        town = await _town(store)
        interview = await _interview(town)
        rows: list[Result] = []
        for name, act in (
            ("Asking for support", lambda: _ask(town, sizes.gestures)),
            ("Keeping an interview's step", lambda: _keep_steps(town, interview, sizes.gestures)),
            ("One sealed 2 KB record and its journal row", lambda: _keep_records(town, sizes.gestures)),
        ):
            pairs = await alternate(act, bare, sizes.rounds)
            rows.append(result(f"{name}, {kind.name}", "ms wall", BARE, scaled(pairs, 1e3), rate=True))
        await _nothing_is_lost(town, store, sizes)
    return rows


async def _town(store: SqlStore) -> Town:
    town = Town(store=store, tokens=SealedTokens(KEYRING))
    await town.found()
    await town.add("priya", Role.PRACTITIONER)
    await town.add("lena", Role.LEAD)
    await town.add("nurse")
    return town


async def _interview(town: Town) -> Form:
    """The first step of an interview that is due: logged, accepted, and its notice heard."""
    log = await town.say("priya", "peer", "log")
    await town.send("priya", log, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    await town.pass_time(days=3)
    notice = await town.press("priya", await town.open("priya"), "interview")
    step = form_of(await town.send("priya", notice, acknowledged=True))
    assert step.step is not None
    assert step.step[0] == 1
    return step


async def _ask(town: Town, count: int) -> float:
    """Seconds for one request for support, when `count` people ask at once."""
    forms = [form_of(await town.say("nurse", "support")) for _ in range(count)]
    sends = [town.send("nurse", form, name="named", text=STORY, contact="After four") for form in forms]
    begun = time.perf_counter()
    answers = await asyncio.gather(*sends)
    spent = time.perf_counter() - begun
    assert all(isinstance(one, Done) and one.name == "request_received" for one in answers), answers
    return spent / count


async def _keep_steps(town: Town, first: Form, count: int) -> float:
    """Seconds for one kept step. Going back for the next one is not counted."""
    spent = 0.0
    for _ in range(count):
        case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
        form = form_of(await town.press("priya", case, "interview"))
        if form.step != first.step:
            form = form_of(await town.press("priya", form, "back"))
        values = {one.name: "2" for one in form.inputs() if one.name.startswith("q_")}
        begun = time.perf_counter()
        after = await town.send("priya", form, **values, note=STORY)
        spent += time.perf_counter() - begun
        assert isinstance(after, Form), after.errors if isinstance(after, FieldErrors) else after
        assert after.step is not None
        assert after.step[0] == 2
    return spent / count


async def _keep_records(town: Town, count: int) -> float:
    """Seconds for one transaction of the store with nothing around it, `count` at once."""

    def body(tx: Tx) -> None:
        member = tx.get(Member, town.ids["nurse"])
        assert member is not None
        tx.add(_request(member, town))
        tx.journal.write(
            "bench", Action.REQUESTED, "support", tx.pseudonym(member.key_id, member.id), town.clock.now()
        )

    begun = time.perf_counter()
    await asyncio.gather(*(town.write(body) for _ in range(count)))
    return (time.perf_counter() - begun) / count


def _request(member: Member, town: Town) -> SupportRequest:
    return SupportRequest(
        RequestId(new_id()),
        member.key_id,
        member.id,
        True,
        RequestState.CLOSED,
        town.clock.now(),
        "en",
        LARGE,
    )


async def _nothing_is_lost(town: Town, store: SqlStore, sizes: Sizes) -> None:
    """Every request is there and opens again, and the chain of the journal holds."""
    kept = await town.write(lambda tx: tx.find(SupportRequest))
    expected = (sizes.rounds + 1) * sizes.gestures
    assert sum(one.text.strip() == STORY.strip() for one in kept) == expected
    assert sum(one.text == LARGE for one in kept) == expected
    assert await journal_break(store, OrganisationId(town.organisation.id)) is None
