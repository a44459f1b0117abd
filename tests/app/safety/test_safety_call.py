"""A safety concern calls everybody who can help at once, says little, and ends when somebody has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.beginnings import change_case, nothing_waits, open_case_for, refused, step_of
from tests.builders import Town
from tests.reading import blocks_of, buttons, everything_in, form_of, words_of
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Done, PersonCard, View
from trim_bot.domain.cases import Case, Interview
from trim_bot.domain.ids import IncidentId, MemberId, new_id
from trim_bot.domain.incidents import Directness, Exposure
from trim_bot.domain.people import Availability, Grant, Member, ReportingLine, Role
from trim_bot.domain.records import Action
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
EVERYBODY = ("lena", "dev", "paul")


async def case_page(town: Town) -> View:
    return await town.press("priya", await town.say("priya", "peer", "cases"), "case")


async def ask(town: Town) -> View:
    """What whoever is worried sees first: nobody is called yet."""
    return await town.press("priya", await case_page(town), "safety")


async def call(town: Town) -> View:
    return await town.press("priya", await ask(town), "safety_call")


async def waiting(town: Town) -> list[Step]:
    return await step_of(town, kind=StepKind.SAFETY)


def cards(view: View) -> list[PersonCard]:
    """Those who can be rung."""
    assert isinstance(view, Done)
    return [one for one in blocks_of(view, PersonCard) if not one.talk]


def banner(view: View) -> list[str]:
    """Whom the screen is about, as it says at its top."""
    return [one.name for one in blocks_of(view, PersonCard) if one.talk]


@pytest.fixture
async def case(town: Town) -> Case:
    """The nurse's case, held by Priya and covered by Paul."""
    return await open_case_for(town, "nurse", holder="priya", cover="paul")


async def test_lead_deputy_and_cover_are_called_together(town: Town, case: Case) -> None:
    view = await call(town)
    assert isinstance(view, Done)
    assert view.name == "safety"
    steps = await waiting(town)
    assert {step.holder for step in steps} == {town.ids[name] for name in EVERYBODY}
    assert {step.rung for step in steps} == {Rung.ASSIGNED}
    assert {card.name for card in cards(view)} == {"Lena", "Dev", "Paul"}
    await town.clockwork.drain()
    for name in EVERYBODY:
        assert len(town.messages(name)) == 1


async def test_calling_again_calls_nobody_twice(town: Town, case: Case) -> None:
    twice = [await ask(town), await ask(town)]
    for page in twice:
        await town.press("priya", page, "safety_call")
    assert len(await waiting(town)) == len(EVERYBODY)
    kept = await town.write(lambda tx: tx.get(Case, case.id))
    assert kept is not None
    assert sorted(kept.called) == sorted(town.ids[name] for name in EVERYBODY)


async def test_hours_and_leave_are_ignored(town: Town, case: Case) -> None:
    def away(tx: Tx) -> None:
        member = tx.get(Member, town.ids["lena"])
        assert member is not None
        tx.save(
            replace(member, availability=Availability.AWAY, away_until=town.clock.now() + timedelta(days=9))
        )

    await town.write(away)
    town.clock.move(timedelta(days=5, hours=13))
    await call(town)
    await town.clockwork.drain()
    # Saturday night; Priya's own step waits for Monday.
    assert [len(town.messages(name)) for name in EVERYBODY] == [1, 1, 1]


async def test_nobody_exposed_or_managing_or_concerned_is_called(town: Town, case: Case) -> None:
    await change_case(town, case, incidents=(IncidentId("i"),))

    def conflicts(tx: Tx) -> None:
        tx.add(Exposure(new_id(), tx.new_key(), IncidentId("i"), town.ids["paul"], Directness.DIRECT))
        person, manager = (
            tx.keyed("reporting_line", town.actor(name).address.text) for name in ("nurse", "dev")
        )
        tx.add(ReportingLine(new_id(), person, manager))

    await town.write(conflicts)
    view = await call(town)
    assert [step.holder for step in await waiting(town)] == [town.ids["lena"]]
    assert [card.name for card in cards(view)] == ["Lena"]


async def test_the_lead_the_case_is_about_is_not_called(town: Town) -> None:
    await open_case_for(town, "lena", holder="priya")
    await call(town)
    assert town.ids["lena"] not in {step.holder for step in await waiting(town)}


async def test_whoever_is_called_learns_whom_to_ring_and_may_open_the_case(town: Town, case: Case) -> None:
    def phone(tx: Tx) -> None:
        member = tx.get(Member, town.ids["priya"])
        assert member is not None
        tx.save(replace(member, phone="07700 900123"))

    await town.write(phone)
    await call(town)
    await town.clockwork.drain()
    page = await town.open("dev")
    assert [(card.name, card.phone) for card in cards(page)] == [("Priya", "07700 900123")]
    assert "Nurse" not in everything_in(page)
    assert "Nurse" in words_of(await town.press("dev", page, "case"))


async def test_having_it_ends_the_call_for_everybody(town: Town, case: Case) -> None:
    await call(town)
    await town.clockwork.drain()
    deputys = await town.open("dev")
    leads = await town.open("lena")
    done = await town.press("lena", leads, "safety_have")
    assert isinstance(done, Done)
    assert done.name == "safety_acknowledged"
    assert await waiting(town) == []
    late = await town.press("dev", deputys, "safety_have")
    assert isinstance(late, Done)
    assert late.name == "safety_already"
    assert not buttons(await town.press("dev", late, "safety_called"), "safety_have")
    before = len(town.messages("dev"))
    await town.pass_time(hours=3)
    assert len(town.messages("dev")) == before
    assert "Lena has said that they have it, Monday" in words_of(await safety_page(town, case))


async def alone(town: Town) -> None:
    """Nobody serves but Priya."""

    def body(tx: Tx) -> None:
        for grant in tx.find(Grant):
            if grant.member_id != town.ids["priya"]:
                tx.drop(Grant, grant.id)

    await town.write(body)


async def open_with_token(town: Town, name: str, case: Case, action: str) -> View:
    token = town.tokens.sign(town.organisation.id, action, {"case": case.id}, nonce="n", expires_at=None)
    return await town.desk.receive(town.actor(name), Press(action, token))


async def test_once_somebody_has_it_only_they_may_still_open_the_case(town: Town, case: Case) -> None:
    await call(town)
    await town.clockwork.drain()
    await town.press("lena", await town.open("lena"), "safety_have")
    assert "Nurse" in words_of(await open_with_token(town, "lena", case, "case"))
    for name in ("dev", "paul"):
        assert refused(await open_with_token(town, name, case, "case"))
        whom = await open_with_token(town, name, case, "safety_called")
        assert [card.name for card in cards(whom)] == ["Priya"]
        assert not buttons(whom, "case")


async def test_the_message_of_an_answered_call_says_that_somebody_has_it(town: Town, case: Case) -> None:
    await call(town)
    await town.clockwork.drain()
    await town.press("lena", await town.open("lena"), "safety_have")
    for name in ("dev", "lena"):
        late = await town.open(name)
        assert isinstance(late, Done) and late.name == "safety_already"
        assert "Nurse" not in everything_in(late) and "Priya" not in everything_in(late)
    press = Press("open", town.messages("dev")[-1].open_token)
    assert nothing_waits(await town.desk.receive(town.actor("paul"), press))


async def test_a_new_call_is_answered_only_by_somebody_called_to_it(town: Town, case: Case) -> None:
    await call(town)
    await town.clockwork.drain()
    await town.press("lena", await town.open("lena"), "safety_have")

    def no_deputy(tx: Tx) -> None:
        for grant in tx.find(Grant, member_id=town.ids["dev"]):
            tx.drop(Grant, grant.id)
        tx.add(Grant(new_id(), town.ids["dev"], Role.PRACTITIONER, town.clock.now()))

    await town.write(no_deputy)
    await call(town)
    assert refused(await open_with_token(town, "dev", case, "safety_have"))
    assert {step.holder for step in await waiting(town)} == {town.ids["lena"], town.ids["paul"]}


async def safety_page(town: Town, case: Case) -> View:
    token = town.tokens.sign(town.organisation.id, "safety", {"case": case.id}, nonce=None, expires_at=None)
    return await town.desk.receive(town.actor("priya"), Press("safety", token))


async def test_the_journal_keeps_who_called_and_who_has_it(town: Town, case: Case) -> None:
    await call(town)
    await town.clockwork.drain()
    await town.press("lena", await town.open("lena"), "safety_have")

    def rows(tx: Tx) -> list[tuple[str, str]]:
        about = tx.pseudonym(case.key_id, case.id)
        return [(row.what, row.actor) for row in tx.journal.about([about], 50) if row.action is Action.SAFETY]

    def pseudonym(tx: Tx, id: MemberId) -> str:
        member = tx.get(Member, id)
        assert member is not None
        return tx.pseudonym(member.key_id, member.id)

    found = await town.write(rows)
    assert found == [
        ("safety_have", await town.write(lambda tx: pseudonym(tx, town.ids["lena"]))),
        ("safety_call", await town.write(lambda tx: pseudonym(tx, town.ids["priya"]))),
    ]


@pytest.mark.parametrize("name", ["lena", "paul", "cora", "nurse"])
async def test_nobody_uncalled_opens_call_or_case(town: Town, case: Case, name: str) -> None:
    for action in ("safety_called", "case", "safety"):
        token = town.tokens.sign(town.organisation.id, action, {"case": case.id}, nonce=None, expires_at=None)
        assert refused(await town.desk.receive(town.actor(name), Press(action, token)))


async def test_where_nobody_leads_practitioners_are_called(town: Town) -> None:
    def leaderless(tx: Tx) -> None:
        for grant in tx.find(Grant, role=(Role.LEAD, Role.DEPUTY)):
            tx.drop(Grant, grant.id)

    await open_case_for(town, "nurse", holder="priya")
    await town.write(leaderless)
    view = await call(town)
    assert {card.name for card in cards(view)} == {"Lena", "Paul"}
    assert {step.holder for step in await waiting(town)} == {town.ids["lena"], town.ids["paul"]}


async def test_with_nobody_to_call_the_screen_says_so_and_work_has_no_owner(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await alone(town)
    view = await call(town)
    assert "Nobody could be told through the desk." in words_of(view)
    assert [step.rung for step in await waiting(town)] == [Rung.NOBODY]


async def test_calling_from_an_interview_keeps_what_was_filled_in(town: Town, case: Case) -> None:
    await town.pass_time(days=4)
    notice = await town.press("priya", await town.open("priya"), "interview")
    questions = await town.send("priya", notice, acknowledged=True)
    field = next(one.name for one in form_of(questions).inputs() if one.name.startswith("q_"))
    view = await town.press("priya", questions, "safety_ask", **{field: "1"})
    assert await waiting(town) == []
    view = await town.press("priya", view, "safety_call")
    assert isinstance(view, Done)
    assert view.name == "safety"
    (draft,) = await town.all(Interview)
    assert draft.answers[field.removeprefix("q_")] == "1"
    assert len(await waiting(town)) == len(EVERYBODY)


async def test_it_says_whom_it_is_about_and_nothing_else_of_the_case(town: Town, case: Case) -> None:
    await change_case(town, case, account="What they wrote in confidence")
    page = await call(town)
    assert "confidence" not in everything_in(page)
    assert banner(page) == ["Nurse"]
    assert everything_in(page).count("Nurse") == 1
    assert "999" in words_of(page)
    assert "ending your life" in words_of(page)


async def test_ended_calls_are_done_not_cancelled(town: Town, case: Case) -> None:
    await call(town)
    await town.clockwork.drain()
    await town.press("paul", await town.open("paul"), "safety_have")
    ended = await town.all(Step, kind=StepKind.SAFETY)
    assert {step.state for step in ended} == {StepState.DONE}
