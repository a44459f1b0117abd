"""Two members who are one become one: nothing is lost, nobody in conflict keeps hold, and the journal still knows."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, cast, get_type_hints

import pytest

from tests.app.beginnings import open_case_for, refused
from tests.app.two_chats import TwoChats
from tests.builders import Town, log_values
from tests.reading import blocks_of, buttons, done_of, everything_in, words_of
from trim_bot.app.chats.handlers import LISTED, NAMED
from trim_bot.app.desk.routes import RECORD_RULES
from trim_bot.app.people.eligible import LINE, conflict_free, manages
from trim_bot.app.people.meeting import note_welcomed
from trim_bot.app.seam.gestures import Actor, Invoke, Press
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Facts
from trim_bot.app.seam.work import Concerned
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import MemberId, new_id
from trim_bot.domain.incidents import Directness, Exposure, Offer, OfferState
from trim_bot.domain.people import (
    Account,
    Address,
    Grant,
    Joined,
    Member,
    Platform,
    Profile,
    ReportingLine,
    Role,
    Training,
)
from trim_bot.domain.records import Erasure
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind
from trim_bot.storage.tables import RECORDS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


pytestmark = pytest.mark.anyio
TUPLE_OF_MEMBERS = tuple[MemberId, ...]


@pytest.fixture
async def both(town: Town) -> TwoChats:
    both = TwoChats(town)
    await both.open()
    return both


async def asks(both: TwoChats, name: str) -> SupportRequest:
    """Somebody asks for support in Teams."""
    form = await both.say(name, "support")
    await both.send(name, form, name="named", text="words", contact="")
    [request] = await both.town.write(lambda tx: tx.find(SupportRequest, member_id=_of(both, name, tx)))
    return request


def _of(both: TwoChats, name: str, tx: Tx) -> MemberId:
    [account] = tx.find(Account, address=both.actor(name).address.text)
    return account.member_id


async def test_every_field_that_names_a_member_is_looked_at() -> None:
    named, listed = set(), set()
    for kind in RECORDS:
        hints = get_type_hints(kind)
        for one in fields(cast("type[DataclassInstance]", kind)):
            hint = hints[one.name]
            if hint in (MemberId, MemberId | None) and one.name != "id":
                named.add((kind, one.name))
            if hint == TUPLE_OF_MEMBERS:
                listed.add((kind, one.name))
    of_subjects = {(rule.kind, name) for rule in RECORD_RULES for name, _ in rule.named()}
    assert named - set(NAMED) - of_subjects == {(Erasure, "member_id")}
    assert listed == {(kind, name) for kind, names in LISTED for name in names}


async def test_a_request_made_in_the_one_is_seen_and_taken_back_in_the_other(both: TwoChats) -> None:
    await asks(both, "nurse")
    await both.link("nurse")
    page = await both.town.say("nurse", "me")
    assert done_of(await both.town.press("nurse", page, "withdraw_request")).name == "request_withdrawn"


async def test_a_case_goes_on_with_the_same_practitioner(both: TwoChats) -> None:
    town = both.town
    request = await asks(both, "nurse")
    await town.clockwork.drain()
    form = await town.press("priya", await town.open("priya"), "take_request")
    await town.send("priya", form, reply="", then="stress")
    await both.link("nurse")
    [case] = await town.all(Case, state=CaseState.OPEN)
    assert (case.member_id, case.holder) == (town.ids["nurse"], town.ids["priya"])
    assert case.key_id != request.key_id
    assert "Your colleague is Priya" in words_of(await town.say("nurse", "me"))
    assert not refused(await town.press("priya", await town.say("priya", "peer", "cases"), "case"))


async def test_who_opened_the_record_before_is_still_shown_and_own_visits_are_not(both: TwoChats) -> None:
    town = both.town
    await asks(both, "nurse")
    await town.clockwork.drain()
    await town.press("priya", await town.open("priya"), "take_request")
    await both.say("nurse", "me")
    await both.link("nurse")
    readers = await town.press("nurse", await town.say("nurse", "me"), "readers")
    assert "Priya: your request" in words_of(readers)
    assert "Nurse:" not in everything_in(readers)


async def test_what_was_read_of_the_former_member_is_still_told(both: TwoChats) -> None:
    town = both.town
    page = await both.press("nurse", await both.say("nurse", "support", "link"), "chat_code")
    [facts] = blocks_of(page, Facts)
    form = await town.press("driver", await town.say("driver", "support", "link"), "enter_code")
    await town.send("driver", form, typed=facts.rows[0][1])
    await both.link("nurse")
    readers = words_of(await town.press("nurse", await town.say("nurse", "me"), "readers"))
    assert "with a code you made" in readers


async def test_a_reader_who_has_since_joined_two_chats_is_still_named(both: TwoChats) -> None:
    """Paul serves in Teams at first; what he opened there is told under his name after he joins."""
    town = both.town
    await both.say("paul", "me")
    there = await both.member("paul")

    def serve_there(tx) -> None:
        for grant in tx.find(Grant, member_id=town.ids["paul"]):
            tx.save(replace(grant, member_id=there))
        for training in tx.find(Training, member_id=town.ids["paul"]):
            tx.save(replace(training, member_id=there))

    await town.write(serve_there)
    form = await town.say("nurse", "support")
    await town.send("nurse", form, name="named", text="words", contact="")
    await town.clockwork.drain()
    told = both.teams.to(both.actor("paul").address)
    opened = told[-1].open_token
    taken = await both.press("paul", await both.does("paul", Press("open", opened)), "take_request")
    assert not refused(taken)
    await both.link("paul")
    readers = words_of(await town.press("nurse", await town.say("nurse", "me"), "readers"))
    assert "Paul: your request" in readers
    requests = await town.all(SupportRequest, taken_by=town.ids["paul"])
    assert len(requests) == 1


async def test_a_manager_by_the_other_account_loses_hold_of_the_case(both: TwoChats) -> None:
    town = both.town
    case = await open_case_for(town, "nurse", holder="paul")

    def line(tx) -> None:
        person = tx.keyed(LINE, both.actor("nurse").address.text)
        boss = tx.keyed(LINE, town.actor("paul").address.text)
        tx.add(ReportingLine(new_id(), person, boss))

    await town.write(line)
    await both.say("nurse", "me")
    await both.link("nurse")
    [after] = await town.all(Case, state=CaseState.OPEN)
    assert after.holder is None
    assert await town.work(lambda work: manages(work, town.ids["paul"], town.ids["nurse"]))
    [step] = await town.all(Step, kind=StepKind.ASSIGN, state=OPEN_STATES)
    assert step.case_id == case.id


async def test_a_chat_taken_off_does_not_end_what_a_manager_is(both: TwoChats) -> None:
    """The line names Paul in Teams; Paul joins, takes Teams off, and still may not take their report's case."""
    town = both.town

    def line(tx) -> None:
        person = tx.keyed(LINE, town.actor("nurse").address.text)
        boss = tx.keyed(LINE, both.actor("paul").address.text)
        tx.add(ReportingLine(new_id(), person, boss))

    await town.write(line)
    await both.link("paul")
    page = await town.press("paul", await town.say("paul", "me"), "chats")
    assert done_of(await town.press("paul", page, "unlink_chat")).name == "chat_unlinked"
    assert await town.work(lambda work: manages(work, town.ids["paul"], town.ids["nurse"]))
    assert not await town.work(lambda work: manages(work, town.ids["nurse"], town.ids["paul"]))


async def test_exposed_too_under_the_other_account_loses_hold_of_the_case(both: TwoChats) -> None:
    town = both.town
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), both.actor("priya"), mine=True))
    await town.clockwork.drain()
    offer = await town.open("nurse")
    await town.press("nurse", offer, "offer_yes")
    [case] = await town.all(Case)
    if case.holder is None:
        await town.write(lambda tx: tx.save(replace(case, holder=town.ids["priya"])))
    await both.link("priya")
    [after] = await town.all(Case)
    assert after.holder != town.ids["priya"]
    assert not await town.work(
        lambda work: conflict_free(work, town.ids["priya"], Concerned(after.member_id, after.incidents))
    )


async def test_a_person_named_twice_in_one_event_is_named_once_after(both: TwoChats) -> None:
    town = both.town
    form = await town.say("priya", "peer", "log")
    await town.send(
        "priya",
        form,
        **log_values(town.actor("nurse"), peripheral=(both.actor("nurse").address.text,)),
    )
    await both.link("nurse")
    [exposure] = await town.all(Exposure)
    assert (exposure.member_id, exposure.directness) == (town.ids["nurse"], Directness.DIRECT)
    states = sorted(one.state.value for one in await town.all(Offer))
    assert states == ["waiting", "withdrawn"]
    steps = await town.all(Step, kind=StepKind.OFFER, state=OPEN_STATES)
    assert len(steps) == 1


async def test_an_answer_given_in_one_chat_stands_for_both(both: TwoChats) -> None:
    town = both.town
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), both.actor("nurse")))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_no")
    await both.link("nurse")
    states = {one.state for one in await town.all(Offer)}
    assert states == {OfferState.DECLINED, OfferState.WITHDRAWN}
    assert await town.all(Step, kind=StepKind.OFFER, state=OPEN_STATES) == []


async def test_roles_are_held_once_and_leave_counts_where_one_served(both: TwoChats) -> None:
    town = both.town
    await both.say("priya", "me")
    there = await both.member("priya")
    await town.write(lambda tx: tx.add(Grant(new_id(), there, Role.PRACTITIONER, town.clock.now())))
    await town.write(lambda tx: tx.add(Grant(new_id(), there, Role.COORDINATOR, town.clock.now())))
    await both.link("priya")
    grants = await town.all(Grant, member_id=town.ids["priya"])
    assert sorted(one.role.value for one in grants) == ["coordinator", "practitioner"]


async def test_a_practitioner_the_person_does_not_want_stays_unwanted(both: TwoChats) -> None:
    town = both.town
    case = await open_case_for(town, "nurse")
    await both.say("paul", "me")
    there = await both.member("paul")
    await town.write(lambda tx: tx.save(replace(case, refused=(there,), called=(there,))))
    await both.link("paul")
    [after] = await town.all(Case)
    assert after.refused == (town.ids["paul"],)
    assert after.called == ()


async def test_the_welcome_comes_once(both: TwoChats) -> None:
    town = both.town
    await both.say("nurse", "me")
    await town.write(lambda tx: note_welcomed(tx, town.ids["nurse"]))
    await both.link("nurse")
    await town.clockwork.drain()
    assert both.teams.sent == []


async def test_two_talks_at_once_stay_apart_and_nothing_is_lost(both: TwoChats) -> None:
    town = both.town
    await open_case_for(town, "nurse")
    await both.say("nurse", "me")
    there = await both.member("nurse")
    [case] = await town.all(Case)
    other = replace(case, id=type(case.id)(new_id()), member_id=there)
    await town.write(lambda tx: tx.add(other))
    before = await town.all(Case)
    assert done_of(await both.link("nurse")).name == "chats_apart"
    assert await town.all(Case) == before
    assert await both.member("nurse") == there
    assert await town.all(Joined) == []


@pytest.mark.parametrize("how", ["holder", "cover", "called", "closed", "step"])
async def test_nobody_is_joined_with_somebody_they_care_for(both: TwoChats, how: str) -> None:
    town = both.town
    case = await open_case_for(town, "nurse")
    await both.say("priya", "me")
    there = await both.member("priya")
    changes: dict[str, Any] = {"member_id": there, "holder": None, "cover": None}
    priya = town.ids["priya"]
    care: dict[str, dict[str, Any]] = {
        "holder": {"holder": priya},
        "cover": {"cover": priya},
        "called": {"called": (priya,)},
        "closed": {"holder": priya, "state": CaseState.CLOSED},
        "step": {},
    }
    changes |= care[how]

    def body(tx) -> None:
        tx.save(replace(case, **changes))
        for step in tx.find(Step, state=OPEN_STATES):
            tx.save(replace(step, holder=priya if how == "step" else None))

    await town.write(body)
    view = await both.link("priya")
    assert done_of(view).name == "chats_apart"
    assert await both.member("priya") == there
    said = everything_in(view)
    assert "case" not in said and "Nurse" not in said and "practitioner" not in said


async def test_a_request_one_took_from_the_other_keeps_them_apart(both: TwoChats) -> None:
    town = both.town
    await asks(both, "priya")
    await town.clockwork.drain()
    await town.press("priya", await town.open("priya"), "take_request")
    assert done_of(await both.link("priya")).name == "chats_apart"


async def test_what_was_said_for_the_one_that_is_kept_counts_and_gaps_are_filled(both: TwoChats) -> None:
    town = both.town
    await both.say("nurse", "me")
    there = await both.member("nurse")

    def tell(tx) -> None:
        kept, gone = tx.get(Member, town.ids["nurse"]), tx.get(Member, there)
        tx.save(replace(kept, phone="1"))
        tx.save(replace(gone, phone="2", best_time="late", messages_stopped=True))

    await town.write(tell)
    await both.link("nurse")
    kept = await town.write(lambda tx: tx.get(Member, town.ids["nurse"]))
    assert kept is not None
    assert (kept.phone, kept.best_time, kept.zone, kept.messages_stopped) == (
        "1",
        "late",
        "Europe/London",
        True,
    )


async def test_joined_once_they_can_be_joined_with_a_third(both: TwoChats) -> None:
    town = both.town
    await both.say("nurse", "me")
    first = await both.member("nurse")
    await both.link("nurse")
    town.organisation = await town.store.found(town.organisation.slug, ChatWorkspace.parse("slack:T0002"))
    third = Actor(Address(Platform.SLACK, "T0002", "U0009"))
    town.directory.profiles[third.address.text] = Profile(third.address, "Nurse")
    chats = await town.desk.receive(third, Invoke(("support", "link")))
    [code] = buttons(chats, "chat_code")
    page = await town.desk.receive(third, Press(code.action, code.token, {}))
    [facts] = blocks_of(page, Facts)
    asked = await both.enter("nurse", facts.rows[0][1])
    await both.press("nurse", asked, "join_chats")
    [open_chats] = buttons(page, "chats")
    asked = await town.desk.receive(third, Press(open_chats.action, open_chats.token, {}))
    [yes] = buttons(asked, "confirm_join")
    assert done_of(await town.desk.receive(third, Press(yes.action, yes.token, {}))).name == "chats_joined"
    kept = await both.member("nurse")
    former = await town.all(Joined)
    assert {one.member_id for one in former} == {kept}
    assert {one.id for one in former} == {first, town.ids["nurse"]}
    assert buttons(await both.say("nurse", "me"), "chats")
