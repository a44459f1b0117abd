"""Leads see where each case stands and give it to somebody nothing stands in the way of."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.asking import ask, taken
from tests.app.beginnings import open_case_for, refused, step_of
from tests.builders import MONDAY, Town
from tests.reading import buttons, everything_in, form_of, words_of
from trim_bot.app.handover import board
from trim_bot.app.seam.gestures import Submit
from trim_bot.app.seam.paging import part_of
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice, Done, FieldErrors, Form
from trim_bot.app.waiting import draw
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.ids import MemberId, new_id
from trim_bot.domain.people import Availability, Member, ReportingLine, Role
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind

pytestmark = pytest.mark.anyio
MOST_OFFERED = draw.most_offered
"""As it is, before other tests set it aside."""


async def assign_form(town: Town) -> Form:
    return form_of(await town.press("lena", await town.say("lena", "peer", "team"), "assign"))


def offered(form: Form, field: str) -> set[str]:
    choice = next(one for one in form.inputs() if one.name == field)
    assert isinstance(choice, Choice)
    return {option.value for option in choice.options}


async def manages(town: Town, manager: str, person: str) -> None:
    line = ReportingLine(
        new_id(),
        await town.write(lambda tx: tx.keyed("reporting_line", town.actor(person).address.text)),
        await town.write(lambda tx: tx.keyed("reporting_line", town.actor(manager).address.text)),
    )
    await town.write(lambda tx: tx.add(line))


async def test_the_list_shows_state_and_never_whom_it_is_about(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    team = await town.say("lena", "peer", "team")
    words = words_of(team)
    assert "Support after a hard event" in words
    assert "First talk: from" in words
    assert "Priya" in words
    carried = everything_in(team)
    assert "Nurse" not in carried
    assert town.ids["nurse"] not in carried


async def test_a_conversation_past_its_window_reads_still_open(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    assert "Still open past its time." not in everything_in(await town.say("lena", "peer", "team"))
    town.clock.move(timedelta(days=12))
    assert "Still open past its time." in words_of(await town.say("lena", "peer", "team"))


async def test_a_lead_never_meets_their_own_case(town: Town) -> None:
    case = await open_case_for(town, "lena", holder="priya")
    team = await town.say("lena", "peer", "team")
    assert "No case is open now." in words_of(team)
    assert "Priya" in words_of(await town.say("dev", "peer", "team"))
    token = town.tokens.sign(
        town.organisation.id, "assign", {"case": case.id}, nonce="n", expires_at=MONDAY + timedelta(days=1)
    )
    assert refused(await town.desk.receive(town.actor("lena"), Submit("assign", token, {})))


@pytest.mark.parametrize("name", ["priya", "cora", "adam", "nurse"])
async def test_planning_is_closed_to_everybody_else(town: Town, name: str) -> None:
    await open_case_for(town, "driver", holder="paul")
    team = await town.say(name, "peer", "team")
    assert "Support after a hard event" not in everything_in(team)


async def test_giving_a_case_moves_its_waits_to_the_holder(town: Town) -> None:
    case = await open_case_for(town, "nurse")
    form = await assign_form(town)
    done = await town.send("lena", form, holder=town.ids["paul"], cover=town.ids["priya"])
    assert isinstance(done, Done)
    assert done.name == "case_assigned"
    (kept,) = await town.all(Case)
    assert (kept.holder, kept.cover) == (town.ids["paul"], town.ids["priya"])
    assert not await step_of(town, kind=StepKind.ASSIGN, case_id=case.id)
    for step in await step_of(town, kind=StepKind.CHECK_IN, case_id=case.id):
        assert (step.rung, step.holder) == (Rung.ASSIGNED, town.ids["paul"])
    again = await town.send("lena", form, holder=town.ids["priya"], cover="any")
    assert isinstance(again, Done)
    assert again.name == "case_assigned"
    (kept,) = await town.all(Case)
    assert kept.holder == town.ids["paul"], "the same form again changes nothing"


async def test_only_those_nothing_stands_in_the_way_of_are_listed(town: Town) -> None:
    await town.add("lapsed", Role.PRACTITIONER, trained=False)
    await town.add("full", Role.PRACTITIONER, availability=Availability.FULL)
    await open_case_for(town, "nurse", refused=("paul",))
    await manages(town, "priya", "nurse")
    form = await assign_form(town)
    # The deputy is a practitioner too, so may hold a case.
    assert offered(form, "holder") == {town.ids["lena"], town.ids["dev"]}
    assert offered(form, "cover") == {"any", town.ids["lena"], town.ids["dev"]}


async def test_somebody_who_manages_the_person_is_refused_even_by_a_forged_value(town: Town) -> None:
    await open_case_for(town, "nurse")
    await manages(town, "priya", "nurse")
    form = await assign_form(town)
    for values in (
        {"holder": town.ids["priya"], "cover": "any"},
        {"holder": town.ids["paul"], "cover": town.ids["priya"]},
    ):
        answer = await town.send("lena", form, **values)
        assert isinstance(answer, FieldErrors)
    (kept,) = await town.all(Case)
    assert kept.holder is None


async def test_the_manager_further_up_is_no_choice_either(town: Town) -> None:
    await open_case_for(town, "nurse")
    await manages(town, "driver", "nurse")
    await manages(town, "paul", "driver")
    assert town.ids["paul"] not in offered(await assign_form(town), "holder")


async def test_whoever_has_left_is_no_choice_and_owns_nothing(town: Town) -> None:
    await open_case_for(town, "nurse")

    def leave(tx: Tx) -> None:
        paul = tx.get(Member, town.ids["paul"])
        assert paul is not None
        tx.save(replace(paul, left=True))

    await town.write(leave)
    form = await assign_form(town)
    assert offered(form, "holder") == {town.ids[name] for name in ("priya", "lena", "dev")}
    assert town.ids["paul"] not in offered(form, "cover")
    for _ in range(12):
        await town.pass_time(days=1)
        assert all(step.holder != town.ids["paul"] for step in await step_of(town))
    assert not town.messages("paul")


async def test_holder_and_cover_are_two_people(town: Town) -> None:
    await open_case_for(town, "nurse")
    answer = await town.send("lena", await assign_form(town), holder=town.ids["paul"], cover=town.ids["paul"])
    assert isinstance(answer, FieldErrors)
    assert set(answer.errors) == {"cover"}


async def test_with_nobody_able_there_is_nothing_to_send(town: Town) -> None:
    def all_away(tx: Tx) -> None:
        for member in tx.find(Member):
            tx.save(replace(member, availability=Availability.AWAY))

    await open_case_for(town, "nurse")
    await town.write(all_away)
    page = await town.press("lena", await town.say("lena", "peer", "team"), "assign")
    assert isinstance(page, Done)
    assert "No practitioner can take this now" in words_of(page)


async def test_work_without_an_owner_is_marked_and_a_request_can_be_looked_at(town: Town) -> None:
    case = await open_case_for(town, "nurse")
    ask = form_of(await town.say("driver", "support"))
    values = {"name": "named", "text": "Please ring me", "contact": "At home"}
    await town.desk.receive(town.actor("driver"), Submit("support", ask.token, values))

    def lose(tx: Tx) -> None:
        for step in tx.find(Step, state=OPEN_STATES):
            tx.save(replace(step, rung=Rung.NOBODY, holder=None))

    await town.write(lose)
    team = await town.say("lena", "peer", "team")
    words = words_of(team)
    assert "Something that waits here has no owner." in words
    assert "A request for support has no owner." in words
    carried = everything_in(team)
    assert "Driver" not in carried
    assert "Please ring me" not in carried
    request = await town.press("lena", team, "request")
    assert not refused(request)
    assert "driver" not in everything_in(request).lower()
    done = await town.send(
        "lena", await town.press("lena", team, "assign"), holder=town.ids["paul"], cover="any"
    )
    assert isinstance(done, Done)
    assert all(step.rung is not Rung.NOBODY for step in await step_of(town, case_id=case.id))


async def test_a_lead_who_coordinates_too_gets_to_the_roster(town: Town) -> None:
    await town.add("both", Role.LEAD, Role.COORDINATOR)
    page = await town.press("both", await town.say("both", "peer", "team"), "roster")
    assert isinstance(page, Done)
    assert page.name == "roster"
    assert not buttons(await town.say("lena", "peer", "team"), "roster")


async def test_handing_over_moves_own_work_and_keeps_its_times(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya", cover="paul")
    await open_case_for(town, "driver", holder="lena")
    before = {step.id: step for step in await step_of(town, case_id=case.id)}
    done = await town.press("priya", await town.say("priya", "peer", "cover"), "hand_over_all")
    assert isinstance(done, Done)
    assert "One piece of work has moved" in words_of(done)
    after = await step_of(town, case_id=case.id)
    assert after
    for step in after:
        assert (step.rung, step.holder) == (Rung.COVER, town.ids["paul"])
        assert step.opens_at == before[step.id].opens_at
        assert step.due_at >= step.opens_at
    me = await town.write(lambda tx: tx.get(Member, town.ids["priya"]))
    assert me is not None
    assert me.availability is Availability.AWAY
    cover = await town.say("paul", "peer", "cover")
    assert "This has come to you." in words_of(cover)
    assert "Nurse" not in everything_in(cover)
    assert "Nurse" in words_of(await town.press("paul", cover, "open"))


async def test_what_one_only_covers_shows_its_state_and_no_way_in(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya", cover="paul")
    cover = await town.say("paul", "peer", "cover")
    assert "Somebody holds this." in words_of(cover)
    assert not buttons(cover, "open")
    assert "Nurse" not in everything_in(cover)


async def test_handing_over_nothing_says_so(town: Town) -> None:
    done = await town.press("priya", await town.say("priya", "peer", "cover"), "hand_over_all")
    assert "You had no open work" in words_of(done)


async def test_a_closed_case_is_not_on_the_list(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    await town.write(lambda tx: tx.save(replace(case, state=CaseState.CLOSED)))
    assert "No case is open now." in words_of(await town.say("lena", "peer", "team"))


async def climbs(town: Town, rung: Rung, holder: str | None) -> None:
    """All that waits goes up the ladder."""

    def move(tx: Tx) -> None:
        for step in tx.find(Step, state=OPEN_STATES):
            tx.save(replace(step, rung=rung, holder=MemberId(town.ids[holder]) if holder else None))

    await town.write(move)


async def test_getting_in_touch_with_whoever_asked_is_on_both_lists_once_it_climbed(town: Town) -> None:
    await taken(town)
    await climbs(town, Rung.LEAD, "lena")
    assert "Someone to get in touch with" in words_of(await town.say("lena", "peer", "cover"))
    await climbs(town, Rung.NOBODY, None)
    team = await town.say("lena", "peer", "team")
    assert "nobody has got in touch yet" in words_of(team)
    assert not refused(await town.press("lena", team, "request"))


async def test_a_lead_meets_no_request_of_their_own_on_either_list(town: Town) -> None:
    await ask(town, "lena")
    await town.clockwork.drain()
    await town.press("priya", await town.open("priya"), "take_request")
    await climbs(town, Rung.LEAD, "lena")
    assert "You cover nothing now." in words_of(await town.say("lena", "peer", "cover"))
    await climbs(town, Rung.NOBODY, None)
    assert "asked for support" not in everything_in(await town.say("lena", "peer", "team"))


async def lead_who_manages(town: Town) -> None:
    """Lena leads and manages the nurse; five more could have a case."""
    for number in range(5):
        await town.add(f"more{number}", Role.PRACTITIONER)
    await manages(town, "lena", "nurse")


async def loads_shown(town: Town, name: str) -> dict[str, str]:
    words = words_of(await town.say(name, "peer", "team"))
    return dict(re.findall(r"(\w+)\n(\d+) of 5", words))


async def test_a_lead_counts_nothing_of_whom_she_manages_nor_of_herself(town: Town) -> None:
    await lead_who_manages(town)
    for person in ("nurse", "driver", "lena"):
        await open_case_for(town, person, holder="priya")
    team = await town.say("lena", "peer", "team")
    assert len(buttons(team, "assign")) == 1
    assert (await loads_shown(town, "lena"))["Priya"] == "1"
    assert len(buttons(await town.say("dev", "peer", "team"), "assign")) == 3
    assert (await loads_shown(town, "dev"))["Priya"] == "3"


async def test_a_request_of_somebody_she_manages_is_not_counted_either(town: Town) -> None:
    await lead_who_manages(town)
    await taken(town)
    assert (await loads_shown(town, "lena"))["Priya"] == "0"
    assert (await loads_shown(town, "dev"))["Priya"] == "1"


async def test_what_she_may_not_count_makes_nobody_full_for_her(town: Town) -> None:
    await lead_who_manages(town)
    await town.settle(most_open_cases=1)
    await open_case_for(town, "nurse", holder="priya")
    await open_case_for(town, "driver")
    form = await assign_form(town)
    assert town.ids["priya"] in offered(form, "holder")
    done = await town.send("lena", form, holder=town.ids["priya"], cover="", beyond=False)
    assert isinstance(done, Done) and done.name == "case_assigned"


async def test_a_part_of_the_ended_talks_is_as_full_for_whoever_may_not_see_some(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trim_bot.app.cases.opening.LOOKED_AT", 1)
    monkeypatch.setattr(board, "part_of", lambda rows, place, after: part_of(rows, place, after, most=2))
    await lead_who_manages(town)
    for person in ("driver", "porter", "nurse"):
        await open_case_for(town, person, holder="priya")
        case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
        await town.send("priya", await town.press("priya", case, "close"), reason="moved_on")
        town.clock.move(timedelta(minutes=5))
    shown = [len(buttons(await town.say(name, "peer", "team"), "reopen")) for name in ("lena", "dev")]
    assert shown == [2, 2]


async def test_half_of_those_who_could_are_offered_and_always_the_same_half(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw, "most_offered", MOST_OFFERED)
    await lead_who_manages(town)
    lists: list[set[str]] = []
    for number in range(6):
        await town.add(f"person{number}")
        await open_case_for(town, f"person{number}")
    team = await town.say("dev", "peer", "team")
    for nth in range(6):
        first = offered(form_of(await town.press("dev", team, "assign", nth)), "holder")
        town.clock.move(timedelta(hours=7))
        assert offered(form_of(await town.press("dev", team, "assign", nth)), "holder") == first
        # Priya, Paul, Lena, the five more and the deputy could.
        assert len(first) == 4
        lists.append(first)
    assert len({frozenset(one) for one in lists}) > 1
    # One in all six by chance is nothing strange; three would be, once in a million runs.
    always = [id for id in set.union(*lists) if all(id in one for one in lists)]
    assert len(always) <= 2, "not to be offered must be usual"


async def test_whoever_is_not_offered_cannot_be_given_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "most_offered", MOST_OFFERED)
    await lead_who_manages(town)
    await open_case_for(town, "driver")
    form = form_of(await town.press("dev", await town.say("dev", "peer", "team"), "assign"))
    serving = {town.ids[name] for name in ("priya", "paul", "more0", "more1", "more2", "more3", "more4")}
    left_out = sorted(serving - offered(form, "holder"))[0]
    said = await town.send("dev", form, holder=left_out, cover="", beyond=False)
    assert isinstance(said, FieldErrors)


async def test_where_every_lead_and_deputy_manages_them_a_practitioner_acts(town: Town) -> None:
    for name in ("lena", "dev"):
        await manages(town, name, "nurse")
    await ask(town)
    await town.pass_time(hours=1)
    for _ in range(12):
        await town.pass_time(days=1)
        [step] = await step_of(town, kind=StepKind.REQUEST)
        if step.rung is not Rung.POOL:
            break
    assert step.holder in {town.ids["priya"], town.ids["paul"]}


@pytest.mark.parametrize(
    ("availability", "held", "said"),
    [
        (Availability.ROOM, 0, "0 of 5, has room"),
        (Availability.ROOM, 5, "5 of 5, full"),
        (Availability.FULL, 0, "0 of 5, takes no one new"),
        (Availability.AWAY, 0, "0 of 5, away"),
    ],
)
async def test_the_board_says_of_each_why_they_have_no_room(
    town: Town, availability: Availability, held: int, said: str
) -> None:
    await town.add("robin", Role.PRACTITIONER, availability=availability)
    for number in range(held):
        await town.add(f"person{number}")
        await open_case_for(town, f"person{number}", holder="robin")
    assert f"Robin\n{said}" in words_of(await town.say("lena", "peer", "team"))
