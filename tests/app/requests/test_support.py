"""Asking for support: help first, a name or none, and a code for those whom nobody knows."""

from __future__ import annotations

import re

import pytest

from tests.app.asking import CANARY, NOBODY, ask, ask_unknown, code_in, submit_unknown, the_request, unknown
from tests.builders import Town
from tests.reading import blocks_of, everything_in, form_of, words_of
from trim_bot.app.seam.gestures import Invoke, Submit
from trim_bot.app.seam.views import Alert, Answer, Choice, Done, FieldErrors, Form, Link
from trim_bot.domain.figures import week_of
from trim_bot.domain.ids import ALPHABET, GROUPS, SIZE
from trim_bot.domain.records import Action, Measure, StoredOutcome
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Outgoing, Rung, Step, StepKind

pytestmark = pytest.mark.anyio


async def test_the_form_begins_with_numbers_to_ring_and_says_who_is_not_told(town: Town) -> None:
    form = form_of(await town.say("nurse", "support"))
    assert isinstance(form.blocks[0], Alert)
    assert "999" in words_of(form)
    assert "manager is not told" in words_of(form)
    assert re.search(r"A colleague will answer by \w+day \d+ \w+", words_of(form))
    [choice] = blocks_of(form, Choice)
    assert [option.value for option in choice.options] == ["named", "unnamed"]
    assert not choice.value
    urls = [block.url for block in blocks_of(form, Link)]
    assert urls == ["https://desk.example/help-now", "https://desk.example/o/acme/ask"]


async def test_asking_counts_once_waits_in_the_pool_and_is_journalled(town: Town) -> None:
    done = await ask(town)
    assert isinstance(done, Done)
    assert done.name == "request_received"
    request = await the_request(town)
    assert (request.member_id, request.named, request.state) == (
        town.ids["nurse"],
        True,
        RequestState.WAITING,
    )
    [step] = await town.all(Step)
    assert (step.kind, step.rung, step.subject) == (StepKind.REQUEST, Rung.POOL, request.id)
    week = week_of(town.clock.now().date())
    assert (await town.write(lambda tx: tx.counts.totals(week)))[Measure.REQUESTS] == 1
    name = await town.write(lambda tx: tx.pseudonym(request.key_id, request.id))
    [row] = await town.write(lambda tx: tx.journal.about([name], 9))
    assert (row.action, row.what) == (Action.REQUESTED, "support")


async def test_sending_the_same_form_twice_asks_once(town: Town) -> None:
    form = form_of(await town.say("nurse", "support"))
    values = {"name": "unnamed", "text": "", "contact": ""}
    first = await town.send("nurse", form, **values)
    again = await town.send("nurse", form, **values)
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert first.title == again.title
    request = await the_request(town)
    assert not request.named


async def test_the_words_are_in_the_request_and_nowhere_that_is_stored_open(town: Town) -> None:
    await ask(town)
    await town.clockwork.drain()
    await town.pass_time(days=1)
    assert (await the_request(town)).text == CANARY
    kept = await town.write(lambda tx: [tx.find(StoredOutcome), tx.find(Outgoing), tx.find(Step)])
    assert all(kept)
    assert CANARY not in everything_in(kept)
    assert town.slack.sent
    assert CANARY not in everything_in(town.slack.sent)


async def test_a_name_must_be_chosen_and_nothing_typed_is_lost(town: Town) -> None:
    view = await town.send("nurse", await town.say("nurse", "support"), text="kept", contact="")
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {"name"}
    assert "kept" in words_of(view.form)
    assert await town.all(SupportRequest) == []


async def test_signed_out_nobody_is_known_and_a_code_is_shown(town: Town) -> None:
    done, code = await ask_unknown(town)
    request = await the_request(town)
    assert request.member_id is None
    assert not request.named
    assert request.text == CANARY
    letters = code.replace("-", "")
    assert len(letters) == GROUPS * SIZE
    assert set(letters) <= set(ALPHABET)
    assert "https://desk.example/o/acme/reply" in [link.url for link in blocks_of(done, Link)]
    assert code not in everything_in(request)
    assert letters not in everything_in(request)
    stored = await town.all(StoredOutcome)
    assert stored
    assert code not in everything_in(stored)
    assert letters not in everything_in(stored)


async def test_a_replay_signed_out_shows_the_same_code_and_asks_once(town: Town) -> None:
    form = form_of(await unknown(town, Invoke(("ask",))))
    first = await submit_unknown(town, form, text="a", contact="")
    again = await submit_unknown(town, form, text="b", contact="")
    assert code_in(first) == code_in(again)
    assert (await the_request(town)).text == "a"
    other, code = await ask_unknown(town)
    assert code != code_in(first)
    assert isinstance(other, Done)


@pytest.mark.parametrize("spaced", [str, str.upper, lambda code: code.replace("-", " "), lambda c: c + "\n"])
async def test_the_code_opens_the_answer_however_it_is_typed(town: Town, spaced) -> None:
    _, code = await ask_unknown(town)
    view = await submit_unknown(town, await unknown(town, Invoke(("reply",))), code=spaced(code))
    assert isinstance(view, Done)
    assert "Nobody has taken it yet" in words_of(view)


@pytest.mark.parametrize("wrong", ["abcd-abcd-abcd-abcd", "----", "keyed:", "x", "é" * 16])
async def test_a_wrong_code_opens_nothing_not_even_requests_without_one(town: Town, wrong: str) -> None:
    await ask(town)
    view = await submit_unknown(town, await unknown(town, Invoke(("reply",))), code=wrong)
    assert isinstance(view, FieldErrors)
    assert "do not know this code" in view.errors["code"]


async def test_one_form_reads_two_codes_one_after_the_other(town: Town) -> None:
    _, first = await ask_unknown(town)
    await ask_unknown(town)
    form = form_of(await unknown(town, Invoke(("reply",))))
    read = await submit_unknown(town, form, code=first)
    wrong = await submit_unknown(town, form, code="abcd-abcd-abcd-abcd")
    assert isinstance(read, Done)
    assert isinstance(wrong, FieldErrors)


async def test_reading_an_answer_is_journalled_about_the_request(town: Town) -> None:
    _, code = await ask_unknown(town)
    await submit_unknown(town, await unknown(town, Invoke(("reply",))), code=code)
    request = await the_request(town)
    name = await town.write(lambda tx: tx.pseudonym(request.key_id, request.id))
    rows = await town.write(lambda tx: tx.journal.about([name], 9))
    assert [(row.actor, row.action) for row in rows] == [
        ("signed-out", Action.SHOWED),
        ("signed-out", Action.REQUESTED),
    ]


async def test_someone_who_is_known_gets_the_form_that_says_so(town: Town) -> None:
    view = await town.say("nurse", "ask")
    assert isinstance(view, Form)
    assert view.name == "support"
    form = form_of(await unknown(town, Invoke(("ask",))))
    refused = await town.desk.receive(
        town.actor("nurse"), Submit("ask", form.token, {"text": "", "contact": ""})
    )
    assert isinstance(refused, Done)
    assert refused.answer is Answer.REFUSED
    assert await town.all(SupportRequest) == []


@pytest.mark.parametrize("words", [("support",), ("me",), ("home",), ("waiting",), ("peer", "profile")])
async def test_signed_out_nothing_else_is_open(town: Town, words: tuple[str, ...]) -> None:
    view = await town.desk.receive(NOBODY, Invoke(words))
    assert isinstance(view, Done)
    assert view.answer is Answer.REFUSED
