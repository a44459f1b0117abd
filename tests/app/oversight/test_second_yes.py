"""Once a lead has opened the desk, nobody gets a way to what people said by one person alone, or unseen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.app.beginnings import open_case_for, refused
from tests.builders import Town
from tests.reading import buttons, done_of, unsigned, words_of
from trim_bot.app.oversight.role_grants import Granted, give_role
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.ports import Clock, Store, Tx
from trim_bot.app.seam.views import Done, View
from trim_bot.domain.grants import Founding, GrantRequest, GrantState
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Grant, Member, Role, Training

pytestmark = pytest.mark.anyio
NEXT_MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class Kept:
    """What the command line has of a desk."""

    store: Store
    clock: Clock


@pytest.fixture
async def founded(town: Town) -> Town:
    """The town once its lead has opened the desk."""
    await town.say("lena", "home")
    return town


async def roster(town: Town, by: str) -> View:
    """Who serves; whoever leads as well finds it under planning."""
    page = await town.say(by, "peer", "team")
    return page if buttons(page, "serving") else await town.press(by, page, "roster")


async def ask(town: Town, by: str, person: str, role: str) -> View:
    form = await town.press(by, await roster(town, by), "serving")
    return await town.send(by, form, person=town.actor(person).address.text, role=role)


async def has(town: Town, name: str) -> set[Role]:
    found = await town.all(Grant, member_id=town.ids[name])
    return {grant.role for grant in found}


async def end_roles(town: Town, **where: object) -> None:
    def body(tx: Tx) -> None:
        for one in tx.find(Grant, order_by="id", limit=None, **where):
            tx.drop(Grant, one.id)

    await town.write(body)


async def requests(town: Town) -> list[GrantRequest]:
    return await town.all(GrantRequest, order_by="asked_at")


async def asked_page(town: Town, name: str) -> View:
    """The page of what was asked, by the way of whoever it waits for."""
    waiting = await town.say(name, "waiting")
    labels = [button.label for button in buttons(waiting, "open")]
    return await town.press(name, waiting, "open", labels.index("A role needs another yes"))


async def begin(town: Town) -> None:
    town.clock.move_to(NEXT_MORNING)
    await town.clockwork.sweep()


async def test_a_founding_desk_gives_roles_at_once_until_its_first_lead_comes(town: Town) -> None:
    assert done_of(await ask(town, "cora", "nurse", "practitioner")).name == "roster"
    assert await has(town, "nurse") == {Role.PRACTITIONER}
    await town.say("dev", "home")
    await town.say("cora", "home")
    assert await town.all(Founding) == [], "neither deputy nor coordinator ends it"
    await town.say("lena", "home")
    assert len(await town.all(Founding)) == 1
    assert done_of(await ask(town, "cora", "driver", "practitioner")).name == "role_asked"
    assert await has(town, "driver") == set()


async def test_the_founding_does_not_begin_again_when_every_lead_has_gone(founded: Town) -> None:
    await end_roles(founded, role=Role.LEAD)
    await ask(founded, "cora", "nurse", "lead")
    assert await has(founded, "nurse") == set()


@pytest.mark.parametrize(
    ("by", "role"),
    [
        ("cora", "practitioner"),
        ("cora", "lead"),
        ("cora", "deputy"),
        ("adam", "coordinator"),
        ("adam", "administrator"),
    ],
)
async def test_a_second_yes_begins_it_on_the_next_working_day(founded: Town, by: str, role: str) -> None:
    town = founded
    await ask(town, by, "nurse", role)
    page = await asked_page(town, "lena")
    assert "Nurse" in words_of(page) and by.title() in words_of(page)
    page = await town.press("lena", page, "second_yes")
    assert "Tuesday 24 November" in words_of(page)
    await town.pass_time(hours=13)
    await town.clockwork.sweep()
    assert await has(town, "nurse") == set(), "not before the next working day"
    await begin(town)
    assert {one.value for one in await has(town, "nurse")} == {role}


async def test_a_weekend_and_a_holiday_are_no_working_days(founded: Town) -> None:
    town = founded
    town.clock.move_to(datetime(2026, 11, 27, 15, 0, tzinfo=UTC))
    town.holidays.days = {("GB", ""): frozenset({datetime(2026, 11, 30, tzinfo=UTC).date()})}
    await ask(town, "cora", "nurse", "practitioner")
    await town.press("lena", await asked_page(town, "lena"), "second_yes")
    for day, given in ((28, False), (30, False), (31, True)):
        town.clock.move_to(datetime(2026, 11, 1, 9, 0, tzinfo=UTC) + timedelta(days=day - 1))
        await town.clockwork.sweep()
        assert bool(await has(town, "nurse")) is given, day


@pytest.mark.parametrize("role", ["auditor", "clinical_lead"])
async def test_what_opens_no_case_and_has_no_say_is_given_at_once(founded: Town, role: str) -> None:
    await ask(founded, "adam", "nurse", role)
    assert {one.value for one in await has(founded, "nurse")} == {role}


async def test_neither_whoever_asked_nor_whoever_it_is_for_is_the_second(founded: Town) -> None:
    town = founded
    await town.add("both", Role.COORDINATOR, Role.LEAD)
    await ask(town, "both", "dev", "lead")
    labels = [one.label for one in buttons(await town.say("dev", "waiting"), "open")]
    assert "A role needs another yes" not in labels, "it is for them"
    mine = await town.press("both", await roster(town, "both"), "asked_role")
    assert not buttons(mine, "second_yes")
    [request] = await requests(town)
    for name in ("both", "dev", "nurse", "priya"):
        token = town.tokens.sign(
            town.organisation.id, "second_yes", {"request": request.id}, nonce=name, expires_at=None
        )
        assert refused(await town.desk.receive(town.actor(name), Press("second_yes", token)))
    [request] = await requests(town)
    assert request.state is GrantState.WAITING


async def test_whoever_could_say_yes_and_all_leads_find_it_on_their_page(founded: Town) -> None:
    town = founded
    await town.add("lars", Role.LEAD)
    await ask(town, "cora", "nurse", "practitioner")
    for name in ("lena", "lars", "dev", "adam"):
        assert "Nurse" in words_of(await asked_page(town, name)), name
    for name in ("cora", "priya", "nurse"):
        labels = [one.label for one in buttons(await town.say(name, "waiting"), "open")]
        assert "A role needs another yes" not in labels, name
    await town.press("adam", await asked_page(town, "adam"), "second_yes")
    for name in ("lena", "lars"):
        page = await town.press(name, await town.say(name, "waiting"), "open")
        assert "Nurse" in words_of(page) and "Second yes by" in words_of(page)
        await town.press(name, page, "roles_seen")
        assert await town.waiting(name) == 0


async def test_it_stays_until_it_lapses_and_then_opens_nothing(founded: Town) -> None:
    town = founded
    await ask(town, "cora", "nurse", "practitioner")
    for _ in range(4):
        await town.pass_time(days=1)
        await town.clockwork.sweep()
        assert "Nurse" in words_of(await asked_page(town, "lena")), "it waits, told or not"
    page = await asked_page(town, "lena")
    town.clock.move_to(datetime(2026, 11, 30, 16, 0, tzinfo=UTC))
    assert refused(await town.press("lena", page, "second_yes")), "too late, also before the clock has looked"
    await town.clockwork.sweep()
    assert [one.state for one in await requests(town)] == [GrantState.LAPSED]
    assert await town.waiting("lena") == 0
    assert await has(town, "nurse") == set()


@pytest.mark.parametrize("who", ["lena", "adam", "cora"])
async def test_anybody_who_sees_it_can_stop_it_until_it_begins(founded: Town, who: str) -> None:
    town = founded
    await ask(town, "cora", "nurse", "practitioner")
    page = await town.press("dev", await asked_page(town, "dev"), "second_yes")
    assert "stop it" in words_of(page)
    if who == "lena":
        page = await town.press(
            who, await town.press(who, await town.say(who, "waiting"), "open"), "asked_role"
        )
    else:
        page = await town.press(who, await town.say(who, "peer", "team"), "asked_role")
    await town.press(who, page, "second_no")
    await begin(town)
    assert await has(town, "nurse") == set()
    assert [one.state for one in await requests(town)] == [GrantState.REFUSED]


async def test_what_was_agreed_begins_only_while_both_still_have_a_say(founded: Town) -> None:
    town = founded
    await ask(town, "cora", "nurse", "practitioner")
    await town.press("dev", await asked_page(town, "dev"), "second_yes")
    await end_roles(town, member_id=town.ids["dev"])
    await begin(town)
    assert await has(town, "nurse") == set()
    assert [one.state for one in await requests(town)] == [GrantState.LAPSED]


async def test_two_who_turned_out_to_be_one_are_no_two_people(founded: Town) -> None:
    town = founded
    await ask(town, "cora", "nurse", "practitioner")
    await town.press("dev", await asked_page(town, "dev"), "second_yes")

    def join(tx: Tx) -> None:
        for one in tx.find(GrantRequest):
            tx.save(replace(one, agreed_by=one.asked_by))

    await town.write(join)
    await begin(town)
    assert await has(town, "nurse") == set()


async def test_training_that_alone_makes_somebody_eligible_needs_the_same(founded: Town) -> None:
    town = founded
    await town.add("zoe", Role.PRACTITIONER, trained=False)
    page = await roster(town, "cora")
    assert isinstance(page, Done)
    headings = [getattr(block, "text", None) for block in page.blocks]
    nth = sum(block in buttons(page, "person") for block in page.blocks[: headings.index("Zoe")])
    form = await town.press("cora", page, "person", nth)
    done = await town.send("cora", form, provider="A trainer", trained_on="2026-11-20")
    assert done_of(done).name == "role_asked"

    async def trainings() -> list[Training]:
        return await town.all(Training, member_id=town.ids["zoe"])

    assert await trainings() == []
    await town.press("lena", await asked_page(town, "lena"), "second_yes")
    await begin(town)
    assert [one.provider for one in await trainings()] == ["A trainer"]


async def test_training_in_date_and_for_somebody_a_role_is_asked_for_is_recorded_at_once(
    founded: Town,
) -> None:
    town = founded
    await ask(town, "cora", "nurse", "practitioner")
    page = await town.press("cora", await town.say("cora", "peer", "team"), "asked_role")
    form = await town.press("cora", page, "person")
    done = await town.send("cora", form, provider="A trainer", trained_on="2026-11-20")
    assert done_of(done).name == "roster"
    assert "20 November" in words_of(await asked_page(town, "lena")) or "19 November 2028" in words_of(
        await asked_page(town, "lena")
    )


async def test_where_nobody_else_could_say_yes_the_page_says_what_to_do(founded: Town) -> None:
    town = founded

    for name in ("lena", "dev", "adam"):
        await end_roles(town, member_id=town.ids[name])
    await ask(town, "cora", "nurse", "practitioner")
    page = await town.press("cora", await town.say("cora", "peer", "team"), "asked_role")
    assert "command line" in words_of(page)
    organisation = OrganisationId(town.organisation.id)
    done = await give_role(
        Kept(town.store, town.clock), organisation, town.actor("nurse").address, Role.PRACTITIONER, ""
    )
    assert done is Granted.GIVEN
    assert await has(town, "nurse") == {Role.PRACTITIONER}
    assert [one.state for one in await requests(town)] == [GrantState.GIVEN]


async def test_the_command_line_counts_at_once_and_every_lead_is_told(founded: Town) -> None:
    town = founded
    organisation = OrganisationId(town.organisation.id)
    await give_role(
        Kept(town.store, town.clock), organisation, town.actor("nurse").address, Role.PRACTITIONER, ""
    )
    assert await has(town, "nurse") == {Role.PRACTITIONER}
    page = await town.press("lena", await town.say("lena", "waiting"), "open")
    assert "Nurse" in words_of(page) and "command line" in words_of(page)


async def test_a_role_ended_meanwhile_is_no_longer_asked_for(founded: Town) -> None:
    town = founded
    await ask(town, "cora", "nurse", "practitioner")
    await ask(town, "cora", "nurse", "practitioner")
    states = [one.state for one in await requests(town)]
    assert sorted(one.value for one in states) == ["refused", "waiting"], "asked again stands for both"
    assert len(await town.all(GrantRequest, state=GrantState.WAITING)) == 1
    labels = [one.label for one in buttons(await town.say("lena", "waiting"), "open")]
    assert labels.count("A role needs another yes") == 1


async def test_whoever_left_gets_nothing_that_was_agreed(founded: Town) -> None:
    town = founded
    await ask(town, "cora", "nurse", "practitioner")
    await town.press("lena", await asked_page(town, "lena"), "second_yes")

    def leave(tx: Tx) -> None:
        member = tx.get(Member, town.ids["nurse"])
        assert member is not None
        tx.save(replace(member, left=True))

    await town.write(leave)
    await begin(town)
    assert await has(town, "nurse") == set()


async def test_the_coordinators_pages_are_the_same_whatever_the_work(founded: Town) -> None:
    town = founded
    await ask(town, "cora", "porter", "practitioner")
    before = unsigned(await roster(town, "cora"))
    await open_case_for(town, "nurse", holder="priya")
    assert unsigned(await roster(town, "cora")) == before


async def suspend(town: Town, name: str) -> None:
    await town.write(lambda tx: Roster(tx).suspend(town.ids[name], town.clock.now()))


async def test_a_suspended_lead_leads_again_only_by_a_second_yes(founded: Town) -> None:
    town = founded
    await suspend(town, "lena")
    assert done_of(await ask(town, "cora", "lena", "lead")).name == "role_asked"
    assert await has(town, "lena") == {Role.PRACTITIONER, Role.SUSPENDED_LEAD}
    [request] = await requests(town)
    token = town.tokens.sign(
        town.organisation.id, "second_yes", {"request": request.id}, nonce="own", expires_at=None
    )
    assert refused(await town.desk.receive(town.actor("lena"), Press("second_yes", token)))
    await town.press("dev", await asked_page(town, "dev"), "second_yes")
    assert await has(town, "lena") == {Role.PRACTITIONER, Role.SUSPENDED_LEAD}, "not before the next day"
    await begin(town)
    assert await has(town, "lena") == {Role.PRACTITIONER, Role.LEAD}


async def test_a_suspended_lead_has_no_say_and_nothing_waits_for_them(founded: Town) -> None:
    town = founded
    await ask(town, "cora", "porter", "practitioner")
    await town.press("dev", await asked_page(town, "dev"), "second_yes")
    assert await town.waiting("lena") == 1, "she is to see who was given a role"
    await ask(town, "cora", "nurse", "practitioner")
    page = await asked_page(town, "lena")
    await suspend(town, "lena")
    assert refused(await town.press("lena", page, "second_yes"))
    assert await town.waiting("lena") == 0
    await ask(town, "cora", "driver", "practitioner")
    assert await town.waiting("lena") == 0


async def test_what_a_lead_agreed_to_does_not_begin_once_they_are_suspended(founded: Town) -> None:
    town = founded
    await ask(town, "cora", "nurse", "practitioner")
    await town.press("lena", await asked_page(town, "lena"), "second_yes")
    await suspend(town, "lena")
    await begin(town)
    assert await has(town, "nurse") == set()


@pytest.mark.parametrize("agreed", [False, True])
async def test_a_suspended_lead_whose_role_is_ended_does_not_lead_again_by_what_was_asked(
    founded: Town, agreed: bool
) -> None:
    town = founded
    await suspend(town, "lena")
    await ask(town, "cora", "lena", "lead")
    page = await asked_page(town, "dev")
    if agreed:
        await town.press("dev", page, "second_yes")
    await town.write(lambda tx: Roster(tx).revoke(town.ids["lena"], Role.SUSPENDED_LEAD, town.clock.now()))
    if not agreed:
        assert refused(await town.press("dev", page, "second_yes"))
    await begin(town)
    assert await has(town, "lena") == {Role.PRACTITIONER}


@pytest.mark.parametrize(("name", "role"), [("dev", Role.DEPUTY), ("adam", Role.ADMINISTRATOR)])
async def test_nothing_waits_for_whoever_has_lost_their_say(founded: Town, name: str, role: Role) -> None:
    town = founded
    await ask(town, "cora", "nurse", "practitioner")
    assert await town.waiting(name) == 1
    await town.write(lambda tx: Roster(tx).revoke(town.ids[name], role, town.clock.now()))
    assert await town.waiting(name) == 0
    assert await town.waiting("lena") == 1
