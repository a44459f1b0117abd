"""Coordinators and administrators keep the roster, each within what is theirs to give."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.app.beginnings import open_case_for, refused
from tests.app.oversight.test_second_yes import ask
from tests.builders import Town
from tests.reading import buttons, everything_in, form_of, name_of, unsigned, words_of
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam import mending
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice, Done, FieldErrors, View
from trim_bot.domain.ids import AccountId
from trim_bot.domain.people import Account, Grant, Member, Platform, Profile, Role, Training

pytestmark = pytest.mark.anyio
NOT_SERVING = ("nurse", "driver", "porter", "adam")


async def roster(town: Town, name: str = "cora") -> View:
    return await town.say(name, "peer", "team")


async def person(town: Town, who: str, name: str = "cora") -> View:
    page = await roster(town, name)
    assert isinstance(page, Done)
    headings = [getattr(block, "text", None) for block in page.blocks]
    before = headings.index(who)
    nth = sum(block in buttons(page, "person") for block in page.blocks[:before])
    return await town.press(name, page, "person", nth)


def options(view: View, field: str) -> list[str]:
    choice = next(one for one in form_of(view).inputs() if one.name == field)
    assert isinstance(choice, Choice)
    return [option.value for option in choice.options]


async def roles(town: Town, name: str) -> set[Role]:
    grants = await town.all(Grant, member_id=town.ids[name])
    return {grant.role for grant in grants}


async def trainings(town: Town, name: str) -> list[Training]:
    return await town.all(Training, member_id=town.ids[name], order_by="-expires_on")


async def test_the_list_is_by_name_and_tells_of_no_case(town: Town) -> None:
    await town.add("zoe", Role.PRACTITIONER, trained=False)
    before = await roster(town)
    await open_case_for(town, "nurse", holder="priya")
    page = await roster(town)
    assert unsigned(before) == unsigned(page)
    after = words_of(page)
    assert "Runs out on 5 January 2028" in after
    assert "None recorded" in after
    assert "Nurse" not in everything_in(page)
    names = [name for name in ("Adam", "Cora", "Dev", "Lena", "Paul", "Priya", "Zoe") if name in after]
    assert sorted(names, key=after.index) == names
    assert len(names) == 7


async def test_training_that_has_run_out_says_so(town: Town) -> None:
    town.clock.move_to(town.clock.now().replace(year=2029))
    assert "Ran out on 5 January 2028" in words_of(await roster(town))


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("cora", ["practitioner", "lead", "deputy"]),
        ("adam", ["administrator", "coordinator", "auditor", "clinical_lead"]),
    ],
)
async def test_each_gives_only_what_is_theirs(town: Town, name: str, may: list[str]) -> None:
    form = await town.press(name, await roster(town, name), "serving")
    assert options(form, "role") == may
    for role in Role:
        answer = await town.send(name, form, person=town.actor("nurse").address.text, role=role.value)
        assert isinstance(answer, FieldErrors) is (role.value not in may)
        if role.value in may:
            form = await town.press(name, await roster(town, name), "serving")
    assert {role.value for role in await roles(town, "nurse")} == set(may)


async def test_somebody_the_desk_has_not_met_is_met_and_welcomed(town: Town) -> None:
    new = town.actor("nova")
    town.directory.profiles[new.address.text] = Profile(new.address, "Nova")
    form = await town.press("cora", await roster(town), "serving")
    done = await town.send("cora", form, person=new.address.text, role="practitioner")
    assert isinstance(done, Done)
    assert "Nova" in words_of(done)
    await town.clockwork.drain()
    assert len(town.messages("nova")) == 1
    assert name_of(await town.open("nova")) == "welcome"


async def test_people_unknown_or_gone_are_said_at_the_field(town: Town) -> None:
    form = await town.press("cora", await roster(town), "serving")
    gone = town.actor("gone")
    town.directory.profiles[gone.address.text] = Profile(gone.address, "Gone", left=True)
    for address in ("web:nobody@example.org", town.actor("unheard").address.text, gone.address.text):
        answer = await town.send("cora", form, person=address, role="practitioner")
        assert isinstance(answer, FieldErrors)
        assert set(answer.errors) == {"person"}
    town.directory.down = True
    answer = await town.send("cora", form, person=town.actor("unheard").address.text, role="practitioner")
    assert isinstance(answer, FieldErrors)
    assert "could not check" in answer.errors["person"]


async def test_someone_met_in_the_browser_can_be_given_a_role(town: Town) -> None:
    def browser(tx: Tx) -> None:
        member = tx.get(Member, town.ids["nurse"])
        assert member is not None
        tx.add(Account(AccountId("w"), member.key_id, member.id, Platform.WEB, "web:nurse@example.org"))

    await town.write(browser)
    form = await town.press("cora", await roster(town), "serving")
    await town.send("cora", form, person="web:nurse@example.org", role="deputy")
    assert await roles(town, "nurse") == {Role.DEPUTY}


async def test_training_is_kept_with_the_sites_length_where_no_end_is_given(town: Town) -> None:
    form = await person(town, "Priya")
    await town.send("cora", form, provider="A trainer", trained_on="2026-11-20")
    newest = (await trainings(town, "priya"))[0]
    assert (newest.provider, newest.trained_on, newest.expires_on) == (
        "A trainer", date(2026, 11, 20), date(2028, 11, 19),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"trained_on": "2026-11-20"}, "provider"),
        ({"provider": "A trainer"}, "trained_on"),
        ({"provider": "A trainer", "trained_on": "2026-11-24"}, "trained_on"),
        ({"provider": "A trainer", "trained_on": "2026-11-20", "expires_on": "2026-11-19"}, "expires_on"),
    ],
)
async def test_training_that_cannot_be_so_is_said_at_the_field(
    town: Town, values: dict[str, str], field: str
) -> None:
    form = await person(town, "Priya")
    answer = await town.send("cora", form, **values)
    assert isinstance(answer, FieldErrors)
    assert set(answer.errors) == {field}
    assert len(await trainings(town, "priya")) == 1


async def ending(town: Town, whom: str, by: str = "cora") -> View:
    """The form for ending a role of somebody."""
    return await town.press(by, await person(town, whom, by), "end_role")


async def test_each_ends_only_what_is_theirs(town: Town) -> None:
    await town.add("both", Role.LEAD, Role.COORDINATOR)
    theirs = await ending(town, "Both")
    assert options(theirs, "change") == ["lead", "suspend"]
    await town.send("cora", theirs, change="lead")
    assert await roles(town, "both") == {Role.COORDINATOR}
    admins = await ending(town, "Both", "adam")
    assert options(admins, "change") == ["coordinator"]
    done = await town.send("adam", admins, change="coordinator")
    assert isinstance(done, Done)
    assert await roles(town, "both") == set()
    assert "Both" not in everything_in(done)


async def test_whoever_ends_the_last_of_a_role_reads_what_is_missing_then(town: Town) -> None:
    said = "Nobody else is an administrator."
    assert said in words_of(await ending(town, "Adam", "adam"))
    assert "Nobody else is a practitioner." not in everything_in(await ending(town, "Priya"))
    await town.add("ava", Role.ADMINISTRATOR)
    assert said not in everything_in(await ending(town, "Adam", "adam"))


async def test_the_only_lead_is_suspended_or_replaced_and_never_merely_ended(town: Town) -> None:
    form = await ending(town, "Lena")
    answer = await town.send("cora", form, change="lead")
    assert isinstance(answer, FieldErrors)
    assert answer.errors["change"] == mending.ONLY_LEAD
    await town.send("cora", form, change="suspend")
    assert await roles(town, "lena") == {Role.PRACTITIONER, Role.SUSPENDED_LEAD}
    assert "Practitioner, lead (suspended)" in words_of(await roster(town))
    assert refused(await town.say("lena", "peer", "team"))
    answer = await town.send("cora", await ending(town, "Lena"), change="suspended_lead")
    assert isinstance(answer, FieldErrors)
    give = await town.press("cora", await roster(town), "serving")
    assert "suspended_lead" not in options(give, "role")
    await town.write(lambda tx: Roster(tx).grant(town.ids["paul"], Role.LEAD, town.clock.now()))
    await town.send("cora", await ending(town, "Lena"), change="suspended_lead")
    assert await roles(town, "lena") == {Role.PRACTITIONER}


async def test_a_suspended_lead_leads_again_once_the_role_is_given(town: Town) -> None:
    await town.send("cora", await ending(town, "Lena"), change="suspend")
    await town.write(lambda tx: Roster(tx).grant(town.ids["lena"], Role.LEAD, town.clock.now()))
    assert await roles(town, "lena") == {Role.PRACTITIONER, Role.LEAD}


async def test_an_administrator_finds_nothing_to_change_at_a_practitioner(town: Town) -> None:
    page = await person(town, "Priya", "adam")
    assert isinstance(page, Done)
    assert "nothing here for you to change" in words_of(page)


async def test_the_last_role_gone_the_form_is_no_longer_open(town: Town) -> None:
    form = await ending(town, "Paul")
    await town.send("cora", form, change="practitioner")
    again = await town.send("cora", await person(town, "Priya"), provider="x", trained_on="")
    assert isinstance(again, FieldErrors)
    second = form_of(form)
    assert await roles(town, "paul") == set()
    replay = await town.send("cora", second, change="practitioner")
    assert isinstance(replay, Done)
    assert not refused(replay), "a replay shows the outcome again"


@pytest.mark.parametrize("name", ["priya", "nurse"])
async def test_nobody_else_sees_the_roster(town: Town, name: str) -> None:
    assert refused(await roster(town, name))


async def test_the_monthly_note_goes_to_everybody_alike(town: Town) -> None:
    page = await town.press("cora", await roster(town), "monthly")
    assert "Everyone who works here gets" in words_of(page)
    done = await town.press("cora", page, "send_monthly")
    assert isinstance(done, Done)
    assert done.name == "monthly_sent"
    await town.press("cora", page, "send_monthly")
    days: dict[str, int] = {}
    for day in range(35):
        await town.pass_time(days=1)
        for name in NOT_SERVING:
            if town.messages(name):
                days.setdefault(name, day)
    assert len(days) == len(NOT_SERVING) and len(set(days.values())) > 1, "each on a day of their own"
    for name in NOT_SERVING:
        assert len(town.messages(name)) == 1
        assert name_of(await town.open(name)) == "monthly_note"


async def test_administrators_send_no_note(town: Town) -> None:
    assert not buttons(await roster(town, "adam"), "monthly")
    token = town.tokens.sign(town.organisation.id, "send_monthly", {}, nonce="n", expires_at=None)
    assert refused(await town.desk.receive(town.actor("adam"), Press("send_monthly", token)))


async def test_a_second_monthly_note_waits_until_everybody_had_the_first(town: Town) -> None:
    page = await town.press("cora", await roster(town), "monthly")
    other = await town.press("cora", await roster(town), "monthly")
    await town.press("cora", page, "send_monthly")
    for _ in range(27):
        # Day by day: two notes that are due at one moment are one message.
        await town.pass_time(days=1)
    again = await town.press("cora", other, "send_monthly")
    assert "Last sent" in words_of(again)
    assert "23 November" in words_of(again)
    assert not buttons(again, "send_monthly")
    await town.pass_time(days=1)
    await town.press("cora", await town.press("cora", await roster(town), "monthly"), "send_monthly")
    for _ in range(40):
        await town.pass_time(days=1)
    assert len(town.messages("nurse")) == 2


async def test_what_was_asked_at_one_moment_stands_by_name_and_the_newest_first(town: Town) -> None:
    await town.say("lena", "home")
    for name in ("porter", "nurse", "driver"):
        await ask(town, "cora", name, "practitioner")
    town.clock.move(timedelta(minutes=1))
    await ask(town, "cora", "paul", "deputy")
    page = unsigned(await roster(town, "cora"))
    lines = [getattr(block, "text", "").partition(":")[0] for block in getattr(page, "blocks", ())]
    asked = [line for line in lines if line in ("Porter", "Nurse", "Driver", "Paul")]
    assert asked[:4] == ["Paul", "Driver", "Nurse", "Porter"]


async def test_the_only_one_who_leads_is_not_merely_ended_as_deputy_either(town: Town) -> None:
    await town.send("cora", await ending(town, "Lena"), change="suspend")
    answer = await town.send("cora", await ending(town, "Dev"), change="deputy")
    assert isinstance(answer, FieldErrors)
    assert answer.errors["change"] == mending.ONLY_DEPUTY
    await town.add("dora", Role.DEPUTY)
    await town.send("cora", await ending(town, "Dev"), change="deputy")
    assert Role.DEPUTY not in await roles(town, "dev")


async def test_a_deputy_beside_a_lead_can_be_ended(town: Town) -> None:
    await town.send("cora", await ending(town, "Dev"), change="deputy")
    assert Role.DEPUTY not in await roles(town, "dev")
