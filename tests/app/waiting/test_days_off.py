"""Days off between shifts: what was promised, or has a window, goes to somebody who is at work in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.app.beginnings import open_case_for, step_of
from tests.app.cases.test_changing_hands import event
from tests.app.cases.test_first_contact import the_contact
from tests.app.waiting.test_steady import change
from tests.builders import MONDAY, Town
from tests.reading import everything_in, form_of, words_of
from trim_bot.app.seam.views import Choice
from trim_bot.domain.calendar import Shift
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Availability, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)
CLOSING = 17 * HOUR
PROMISED = TUESDAY + CLOSING
"""By when somebody gets in touch after a yes on Monday."""


def shifts(*days: int, begin: int = 9, hours: int = 8) -> tuple[Shift, ...]:
    """A shift on each of these days after MONDAY, with days off between them."""
    first = MONDAY.replace(hour=begin)
    return tuple(Shift(first + day * DAY, first + day * DAY + hours * HOUR) for day in days)


async def only_paul_covers(town: Town) -> None:
    await change(town, "lena", availability=Availability.FULL)


async def until(town: Town, at: datetime) -> None:
    town.clock.move(at - town.clock.now())
    await town.clockwork.drain()


async def by_hours(town: Town, end: datetime) -> list[tuple[datetime, Step]]:
    """The first contact at each quarter of an hour until `end`, or until nothing is owed."""
    seen: list[tuple[datetime, Step]] = []
    while town.clock.now() + HOUR / 4 <= end:
        await town.pass_time(minutes=15)
        found = await step_of(town, kind=StepKind.FIRST_CONTACT)
        seen += [(town.clock.now(), one) for one in found]
    return seen


async def the_talk(town: Town) -> Step:
    found = await town.all(Step, kind=StepKind.CHECK_IN, state=OPEN_STATES)
    return min(found, key=lambda step: step.opens_at)


async def test_whoever_is_off_until_after_the_promise_does_not_get_in_touch_and_the_person_reads_who(
    town: Town,
) -> None:
    await only_paul_covers(town)
    await change(town, "priya", shifts=shifts(-1, 14))
    await event(town, "nurse", answer="offer_later")
    town.slack.sent.clear()
    said = await town.press("nurse", await town.say("nurse", "me"), "offer")
    said = await town.press("nurse", said, "offer_yes")
    assert "Paul gets in touch with you by Tuesday 24 November." in words_of(said)
    await town.clockwork.drain()
    step = await the_contact(town)
    assert (step.rung, step.holder, step.promised_at) == (Rung.COVER, town.ids["paul"], PROMISED)
    assert (len(town.messages("paul")), len(town.messages("priya"))) == (0, 0), "not at the moment of the yes"
    [case] = await town.all(Case)
    assert case.holder == town.ids["priya"], "who holds the talks is as the person chose"
    assert "Paul gets in touch with you by" in words_of(await town.say("nurse", "me"))
    await until(town, PROMISED - 7 * HOUR)
    assert (len(town.messages("paul")), len(town.messages("priya"))) == (1, 0)
    assert (await the_contact(town)).state is StepState.TOLD


async def test_whoever_is_back_with_two_hours_to_go_keeps_it_and_with_less_does_not(town: Town) -> None:
    await only_paul_covers(town)
    await change(town, "priya", shifts=shifts(-1, 1, begin=14))
    await event(town, "nurse")
    assert (await the_contact(town)).holder == town.ids["priya"]


async def test_whoever_is_back_with_an_hour_to_go_does_not(town: Town) -> None:
    await only_paul_covers(town)
    await change(town, "priya", shifts=shifts(-1, 1, begin=16))
    await event(town, "nurse")
    assert (await the_contact(town)).holder == town.ids["paul"]


async def test_with_everybody_off_it_stays_with_its_holder_and_comes_to_whoever_is_back_first(
    town: Town,
) -> None:
    for name, back in (("priya", 14), ("paul", 9), ("lena", 6), ("dev", 8)):
        await change(town, name, shifts=shifts(-1, back))
    await event(town, "nurse")
    step = await the_contact(town)
    assert (step.rung, step.holder) == (Rung.ASSIGNED, town.ids["priya"])
    await until(town, MONDAY + 7 * DAY)
    step = await the_contact(town)
    assert step.holder == town.ids["lena"], "somebody is always in time once they are back"


async def test_the_cover_is_skipped_who_is_off_too(town: Town) -> None:
    await only_paul_covers(town)
    for name in ("priya", "paul"):
        await change(town, name, shifts=shifts(-1, 14))
    await event(town, "nurse")
    step = await the_contact(town)
    assert (step.rung, step.holder) == (Rung.LEAD, town.ids["lena"])


@pytest.mark.parametrize("minute", [10, 26, 59])
async def test_it_goes_on_with_two_working_hours_left_of_the_promise(town: Town, minute: int) -> None:
    """The promise ends with the day's work: whoever gets it then still has time to ring, and to ring again."""
    await only_paul_covers(town)
    town.clock.move(timedelta(minutes=minute))
    await event(town, "nurse")
    promised = (await the_contact(town)).promised_at
    assert promised == PROMISED, "at whatever minute somebody said yes"
    seen = await by_hours(town, promised - timedelta(minutes=1))
    first = {holder: at for at, holder in reversed([(at, step.holder) for at, step in seen])}
    assert set(first) == {town.ids["priya"], town.ids["paul"]}
    left = promised - first[town.ids["paul"]]
    assert POLICY.time_to_get_in_touch - timedelta(minutes=15) <= left
    assert left < POLICY.time_to_get_in_touch + HOUR, "the holder has the rest of the time"
    told = [step for at, step in seen if step.holder == town.ids["paul"] and step.state is StepState.TOLD]
    assert told, "and hears of it while there is time"


async def test_a_talk_whose_holder_is_off_until_its_window_is_over_goes_to_cover(town: Town) -> None:
    await only_paul_covers(town)
    await event(town, "nurse")
    await town.in_touch("priya")
    await change(town, "priya", shifts=shifts(0, 14))
    await until(town, MONDAY + 3 * DAY)
    step = await the_talk(town)
    assert (step.rung, step.holder) == (Rung.COVER, town.ids["paul"])
    assert await town.waiting("priya") == 0 or step.holder != town.ids["priya"]


async def test_a_talk_whose_holder_is_back_within_its_window_stays_with_them(town: Town) -> None:
    await only_paul_covers(town)
    await event(town, "nurse")
    await town.in_touch("priya")
    await change(town, "priya", shifts=shifts(0, 5, 6, 14))
    await until(town, MONDAY + 3 * DAY)
    assert (await the_talk(town)).holder == town.ids["priya"]
    await until(town, MONDAY + 5 * DAY + HOUR)
    step = await the_talk(town)
    assert (step.holder, step.state) == (town.ids["priya"], StepState.TOLD)


async def test_a_talk_that_its_holder_heard_of_before_days_off_does_not_wait_for_the_end_of_them(
    town: Town,
) -> None:
    await only_paul_covers(town)
    await event(town, "nurse")
    await town.in_touch("priya")
    await change(town, "priya", shifts=shifts(0, 3, 16, 17))
    await until(town, MONDAY + 3 * DAY - HOUR)
    await until(town, MONDAY + 3 * DAY)
    step = await the_talk(town)
    assert (step.holder, step.state) == (town.ids["priya"], StepState.TOLD)
    for _ in range(5):
        await town.pass_time(days=1)
    assert (await the_talk(town)).holder == town.ids["paul"]


async def test_another_try_comes_on_the_next_day_of_the_site_and_not_after_days_off(town: Town) -> None:
    await only_paul_covers(town)
    await change(town, "priya", shifts=shifts(0, 14))
    await event(town, "nurse")
    await town.in_touch("priya", "not_yet")
    step = await the_contact(town)
    assert step.opens_at == MONDAY + DAY
    await until(town, MONDAY + DAY + HOUR)
    assert (await the_contact(town)).holder == town.ids["paul"]
    assert "A colleague has tried to reach you" in words_of(await town.say("nurse", "me"))


async def test_a_request_goes_to_the_colleague_who_knows_them_only_if_they_are_at_work_in_time(
    town: Town,
) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await change(town, "priya", shifts=shifts(-1, 14))
    form = await town.say("nurse", "support")
    said = await town.send("nurse", form, name="named", text="words", contact="")
    await town.clockwork.drain()
    [step] = await step_of(town, kind=StepKind.REQUEST)
    assert (step.rung, step.holder) == (Rung.POOL, None)
    assert "knows you" not in everything_in(said)


async def test_whoever_takes_a_request_at_night_before_days_off_is_not_the_one_to_get_in_touch(
    town: Town,
) -> None:
    await change(town, "priya", shifts=shifts(-1, 14))
    form = await town.say("nurse", "support")
    await town.send("nurse", form, name="named", text="words", contact="")
    await town.clockwork.drain()
    await town.press("priya", await town.open("priya"), "take_request")
    step = await the_contact(town)
    assert (step.rung, step.holder) == (Rung.LEAD, town.ids["lena"])
    assert "Lena gets in touch with you by Tuesday 24 November." in words_of(await town.say("nurse", "me"))
    await town.clockwork.drain()
    assert await town.waiting("lena") == 1


async def nobody_has_it(town: Town) -> Step:
    """The deputy was told and did nothing, while everybody else was not there."""
    await event(town, "nurse")
    step = await the_contact(town)
    assert (step.rung, step.holder) == (Rung.DEPUTY, town.ids["dev"])
    await until(town, MONDAY + DAY)
    await until(town, MONDAY + 2 * DAY)
    step = await the_contact(town)
    assert (step.rung, step.holder) == (Rung.NOBODY, None)
    return step


@pytest.mark.parametrize("both", [False, True], ids=["business time", "both clocks"])
@pytest.mark.parametrize("how", ["days off", "leave"])
async def test_what_came_to_nobody_falls_to_a_lead_who_never_had_it_once_they_are_back(
    town: Town, how: str, both: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if both:
        move = town.clock.move

        def move_both(by: timedelta) -> None:
            move(by)
            town.clock.move_real(by)

        monkeypatch.setattr(town.clock, "move", move_both)
    for name in ("priya", "paul"):
        await change(town, name, shifts=shifts(-1, 14))
    back = MONDAY + 4 * DAY
    if how == "leave":
        await change(town, "lena", away_until=back.replace(hour=0), availability=Availability.FULL)
    else:
        await change(town, "lena", shifts=shifts(-1, 4, 5, 6), availability=Availability.FULL)
    await nobody_has_it(town)
    await until(town, back.replace(hour=8))
    assert (await the_contact(town)).rung is Rung.NOBODY, "not before"
    await until(town, back.replace(hour=9, minute=30))
    step = await the_contact(town)
    assert (step.rung, step.holder, step.unowned_since) == (Rung.LEAD, town.ids["lena"], None)
    for _ in range(20):
        await town.pass_time(days=1)
    step = await the_contact(town)
    assert (step.rung, step.holder) == (Rung.NOBODY, None), "they had it once, and it does not go round"


async def test_a_lead_who_had_it_and_did_nothing_does_not_get_it_again(town: Town) -> None:
    for name in ("priya", "paul"):
        await change(town, name, shifts=shifts(-1, 14))
    await change(town, "lena", availability=Availability.FULL)
    await event(town, "nurse")
    holders = set()
    for _ in range(20):
        await town.pass_time(days=1)
        holders.add((await the_contact(town)).holder)
        if (await the_contact(town)).rung is Rung.NOBODY:
            break
    for _ in range(20):
        await town.pass_time(days=1)
        assert (await the_contact(town)).rung is Rung.NOBODY


async def test_whoever_is_at_work_in_time_stands_first_where_a_case_is_given_and_nothing_says_why(
    town: Town,
) -> None:
    seen = []
    for off in (None, "paul"):
        other = Town()
        await other.found()
        for name, role in (("priya", Role.PRACTITIONER), ("paul", Role.PRACTITIONER), ("lena", Role.LEAD)):
            await other.add(name, role)
        await other.add("nurse")
        await event(other, "nurse")
        if off is not None:
            await change(other, off, shifts=shifts(-1, 14))
        form = form_of(await other.press("lena", await other.say("lena", "peer", "team"), "assign"))
        [who] = [block for block in form.blocks if isinstance(block, Choice) and block.name == "holder"]
        names = {other.ids[name]: name for name in other.ids}
        seen.append(([names[MemberId(one.value)] for one in who.options], {one.label for one in who.options}))
    (usual, words), (early, same_words) = seen
    assert set(usual) == set(early)
    assert usual.index("paul") < usual.index("priya")
    assert early.index("priya") < early.index("paul")
    assert words == same_words
