"""The one door: what it shows is journalled even when nothing is kept, and it never raises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NoReturn

import pytest

from tests.app.asking import CANARY, taken
from tests.builders import Town, log_values
from tests.fakes import FakeStore, FakeTokens
from tests.fakes.telling import REFERENCE, Telling
from tests.reading import form_of, words_of
from trim_bot.app.desk.desk import Desk
from trim_bot.app.people.meeting import who_is
from trim_bot.app.seam.gestures import Actor, Invoke, Submit
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.reading import read_form
from trim_bot.app.seam.views import Answer, DateInput, Done, FieldErrors, Form
from trim_bot.app.seam.work import Asker
from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.people import Account, Address, Platform, Profile
from trim_bot.domain.records import Action, JournalEntry
from trim_bot.domain.requests import SupportRequest

pytestmark = pytest.mark.anyio


async def rows_about_the_request(town: Town) -> list[JournalEntry]:
    def body(tx):
        [request] = tx.find(SupportRequest)
        return tx.journal.about([tx.pseudonym(request.key_id, request.id)], 50)

    return await town.write(body)


async def test_a_form_that_comes_back_to_be_mended_is_journalled_before_it_is_shown(town: Town) -> None:
    form = await taken(town)
    await town.pass_time(hours=5)
    before = len(await rows_about_the_request(town))
    view = await town.send("priya", form)
    assert isinstance(view, FieldErrors)
    assert CANARY in words_of(view)
    newest, *_ = rows = await rows_about_the_request(town)
    assert (newest.action, newest.what, len(rows)) == (Action.SHOWED, "request_taken", before + 1)


async def test_a_form_refused_by_what_it_leads_to_is_journalled_too(town: Town) -> None:
    form = await taken(town)
    await town.pass_time(hours=5)
    before = len(await rows_about_the_request(town))
    view = await town.send("priya", form, then="trauma", reply="")
    assert isinstance(view, FieldErrors)
    newest, *_ = rows = await rows_about_the_request(town)
    assert (newest.action, newest.what, len(rows)) == (Action.SHOWED, "request_taken", before + 1)


async def test_sending_a_form_that_reads_content_is_journalled_as_reading_it(town: Town) -> None:
    form = await taken(town)
    await town.pass_time(hours=5)
    await town.send("priya", form, then="wait", reply="")
    newest = (await rows_about_the_request(town))[:2]
    assert {(row.action, row.what) for row in newest} == {
        (Action.SHOWED, "request_taken"),
        (Action.ANSWERED, "request_taken"),
    }


async def test_a_form_without_content_leaves_no_row_when_it_comes_back(town: Town) -> None:
    form = await town.say("nurse", "support")
    assert isinstance(town.store, FakeStore)
    before = list(town.store.states[town.organisation.id].journal)
    assert isinstance(await town.send("nurse", form), FieldErrors)
    assert town.store.states[town.organisation.id].journal == before


async def test_a_fault_of_our_own_gives_a_calm_answer_and_tells_nothing_typed(town: Town) -> None:
    told: list[str] = []

    class Broken(FakeTokens):
        def read(self, token: str, now: datetime) -> NoReturn:
            raise OverflowError(CANARY)

    desk = Desk(replace(town.desk.outside, tokens=Broken(), tell=Telling(told)))
    view = await desk.receive(town.actor("nurse"), Submit("support", "token", {"text": CANARY}))
    assert isinstance(view, Done)
    assert view.answer is Answer.TRY_AGAIN
    [line] = told
    assert "gesture failed OverflowError at test_door.py:" in line
    assert "If you ask about this, quote 4f2a9c." in words_of(view)
    assert CANARY not in line


@pytest.mark.parametrize("trouble", StoreTrouble)
async def test_a_store_that_is_away_gives_a_reference_like_any_fault(
    town: Town, trouble: StoreTrouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def away(workspace: str) -> NoReturn:
        raise StoreUnavailable(trouble, CANARY)

    monkeypatch.setattr(town.store, "organisation_at", away)
    desk = Desk(replace(town.desk.outside, tell=Telling(told)))
    view = await desk.receive(town.actor("nurse"), Submit("support", "token", {"text": CANARY}))
    assert isinstance(view, Done)
    assert view.answer is Answer.TRY_AGAIN
    assert f"If you ask about this, quote {REFERENCE}." in words_of(view)
    [line] = told
    assert line.startswith(f"store away StoreUnavailable store {trouble.value} at test_door.py:")
    assert CANARY not in line


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_at_the_ends_of_time_is_to_be_mended(day: str) -> None:
    form = Form("when", "When", (DateInput("day", "Which day?"),), "token", "Send")
    typed, faults = read_form(form, {"day": day})
    assert typed == {}
    assert faults == {"day": "Please check the year."}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
async def test_logging_at_the_ends_of_time_is_to_be_mended(town: Town, day: str, zone: str) -> None:
    await town.settle(zone=zone)
    form = await town.say("priya", "peer", "log")
    view = await town.send("priya", form, **{**log_values(town.actor("nurse")), "ended_on": day})
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {"ended_on"}


STRANGER = Actor(Address(Platform.SLACK, "T2", "USTRANGER"))


async def test_somebody_of_another_workspace_is_not_met(town: Town) -> None:
    town.directory.profiles[STRANGER.address.text] = Profile(STRANGER.address, "A stranger")
    form = await town.say("priya", "peer", "log")
    view = await town.send("priya", form, **log_values(STRANGER))
    assert isinstance(view, FieldErrors)
    assert "do not know this person" in view.errors["direct"]
    assert not await town.all(Account, address=STRANGER.address.text)


async def test_somebody_of_another_workspace_is_given_no_role(town: Town) -> None:
    town.directory.profiles[STRANGER.address.text] = Profile(STRANGER.address, "A stranger")
    form = await town.press("cora", await town.say("cora", "peer", "team"), "serving")
    view = await town.send("cora", form, person=STRANGER.address.text, role="practitioner")
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {"person"}
    assert not await town.all(Account, address=STRANGER.address.text)


async def test_whoever_the_platform_does_not_know_is_not_met(town: Town) -> None:
    actor = town.actor("nina")
    town.directory.profiles.pop(actor.address.text, None)
    for words in (("support",), ("me",), ("peer",)):
        view = await town.say("nina", *words)
        assert isinstance(view, Done) and view.answer is Answer.REFUSED
    assert not await town.all(Account, address=actor.address.text)
    town.directory.profiles[actor.address.text] = Profile(actor.address, "Nina")
    assert form_of(await town.say("nina", "support")).name == "support"


@pytest.mark.parametrize("words", [("support", "please"), ("support", "help", "now")])
async def test_whatever_follows_support_opens_the_form(town: Town, words: tuple[str, ...]) -> None:
    assert form_of(await town.say("nurse", *words)).name == "support"


async def test_opening_an_offer_answered_before_shows_the_answer(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_no")
    assert "You said no" in words_of(await town.open("nurse"))


async def test_whoever_is_refused_was_met_and_whoever_is_only_looked_at_was_not(town: Town) -> None:
    """Meeting is a step of the way through; a unit of work made for somebody unknown enters nobody."""
    nina, address = town.actor("nina"), town.actor("nina").address
    town.directory.profiles[address.text] = Profile(address, "Nina")

    def look(tx: Tx) -> Asker:
        return town.desk.work(tx, town.organisation, who_is(tx, address), {}).who

    assert (await town.write(look)).member is None
    assert not await town.write(lambda tx: tx.find(Account, address=address.text))
    view = await town.desk.receive(nina, Invoke(("peer", "team")))
    assert isinstance(view, Done)
    assert view.answer is Answer.REFUSED
    assert len(await town.write(lambda tx: tx.find(Account, address=address.text))) == 1
    assert (await town.write(look)).member is not None
