"""In an organisation as large as they are, every row of every list is reached and acted on from each of the doors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from integrations.slack.render import render_view as slack_view
from integrations.teams.render import card_of
from integrations.web.blocks import FormTarget
from integrations.web.render import draw as page_of
from tests.adapters.slack_app.rules import faults_of_view
from tests.adapters.teams_app.rules import DIALOG, faults
from tests.app.beginnings import open_case_for
from tests.app.events.test_call_sheets import in_browser, log_many
from tests.app.handover.test_planning import manages
from tests.builders import MONDAY, Town
from tests.reading import blocks_of, buttons, everything_in, form_of, name_of, values_of, words_of
from trim_bot.app.cases.hands import give
from trim_bot.app.cases.opening import open_case
from trim_bot.app.seam.gestures import Actor, Invoke, Press, Submit, Value
from trim_bot.app.seam.paging import FROM_THE_FIRST, NEXT
from trim_bot.app.seam.views import Button, Choice, Choices, Facts, Form, Heading, PersonCard, View
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import MemberId, ServiceId, new_id
from trim_bot.domain.incidents import Exposure
from trim_bot.domain.people import Grant, Member, Role, Training
from trim_bot.domain.policy import POLICY
from trim_bot.domain.referrals import Referral
from trim_bot.domain.site import Service

pytestmark = pytest.mark.anyio
ROWS = POLICY.rows_on_a_page


def ways(view: View) -> list[Button]:
    """Every button of a view, the way back among them."""
    back = view.back if isinstance(view, Form) and view.back is not None else None
    return [*blocks_of(view, Button), *((back,) if back is not None else ())]


def options(view: View, field: str) -> dict[str, str]:
    """What can be chosen in a field, by what it is called."""
    found = next(one for one in form_of(view).inputs() if one.name == field)
    assert isinstance(found, Choice | Choices)
    return {one.label: one.value for one in found.options}


@dataclass
class Door:
    """Somebody at one of the doors: whatever they are shown there can be drawn there."""

    town: Town
    platform: str
    actor: Actor

    async def say(self, *words: str) -> View:
        return self._shown(await self.town.desk.receive(self.actor, Invoke(words)))

    async def press(self, view: View, label: str, nth: int = 0, /, **values: Value) -> View:
        button = [one for one in ways(view) if one.label == label][nth]
        return self._shown(
            await self.town.desk.receive(self.actor, Press(button.action, button.token, values))
        )

    async def send(self, view: View, /, **values: Value) -> View:
        form = form_of(view)
        return self._shown(await self.town.desk.receive(self.actor, Submit(form.name, form.token, values)))

    async def parts(self, view: View) -> AsyncIterator[View]:
        """The page, and every one that follows."""
        yield view
        while any(one.label == NEXT for one in ways(view)):
            view = await self.press(view, NEXT)
            yield view

    def _shown(self, view: View) -> View:
        match self.platform:
            case "slack":
                assert faults_of_view(slack_view(view) or {}) == []
            case "teams":
                assert faults(card_of(view, "tenant") or {}, DIALOG) == []
            case _:
                page_of(view, FormTarget("proof"))
        return view


@pytest.fixture(params=["slack", "teams", "web"])
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def door(town: Town, platform: str, name: str) -> Door:
    """Somebody in chat, or on their own pages; in Teams the same gestures are drawn as cards."""
    actor = await in_browser(town, name) if platform == "web" else town.actor(name)
    return Door(town, platform, actor)


async def cases(town: Town, many: int, holder: str = "") -> None:
    """So many open cases of people of their own, each a minute younger, in the hands of somebody or of nobody."""

    def body(work: UnitOfWork) -> None:
        for number in range(many):
            member = Member(MemberId(new_id()), work.tx.new_key(), f"Person {number:03}")
            work.tx.add(member)
            case = open_case(
                work, member_id=member.id, programme="trim_style_v1", holder=None,
                exposure_ended=MONDAY + timedelta(minutes=number),
            )  # fmt: skip
            if holder:
                give(work, case, town.ids[holder], None)

    await town.work(body)


async def staff(town: Town, many: int) -> None:
    """So many practitioners, trained and free."""

    def body(work: UnitOfWork) -> None:
        for number in range(many):
            member = Member(MemberId(new_id()), work.tx.new_key(), f"Helper {number:03}")
            work.tx.add(member)
            work.tx.add(Grant(new_id(), member.id, Role.PRACTITIONER, work.now))
            day = MONDAY.date()
            ends = day + timedelta(days=400)
            work.tx.add(Training(new_id(), member.key_id, member.id, "Trainer", day, ends))

    await town.work(body)


async def test_each_of_150_people_one_supports_is_reached_and_one_is_found(town: Town, platform: str) -> None:
    await cases(town, 150, "priya")
    priya = await door(town, platform, "priya")
    met: list[str] = []
    async for part in priya.parts(await priya.say("peer", "cases")):
        met += [one.text for one in blocks_of(part, Heading)]
        last = part
    assert met == [f"Person {number:03}" for number in range(150)]
    assert "136 to 150 of 150" in words_of(last)
    assert name_of(await priya.press(last, "Open: Person 149")) == "case"
    assert "1 to 15 of 150" in words_of(await priya.press(last, FROM_THE_FIRST))
    found = await priya.send(await priya.press(last, "Find by name"), typed="son 074")
    assert [one.text for one in blocks_of(found, Heading)] == ["Person 074"]
    opened = await priya.press(found, "Open: Person 074")
    assert [one.name for one in blocks_of(opened, PersonCard)] == ["Person 074"]


async def test_what_waits_about_150_cases_is_reached(town: Town, platform: str) -> None:
    await cases(town, 150, "priya")
    town.clock.move(timedelta(days=4))
    priya = await door(town, platform, "priya")
    for words in (("peer", "due"), ("waiting",)):
        met = 0
        async for part in priya.parts(await priya.say(*words)):
            met += len(buttons(part, "open"))
        assert met >= 150
        assert name_of(await priya.press(part, buttons(part, "open")[-1].label, -1)) in (
            "case",
            "first_contact",
        )


async def test_each_of_150_open_cases_is_given_to_somebody_among_60(town: Town, platform: str) -> None:
    await cases(town, 150)
    await staff(town, 60)
    lena = await door(town, platform, "lena")
    numbers: list[str] = []
    async for part in lena.parts(await lena.say("peer", "team")):
        numbers += [one.label for one in ways(part) if one.action == "assign"]
        last = part
    assert len(numbers) == 150
    form = await lena.press(last, numbers[-1], -1)
    found = await lena.press(form, "Find", **{"find.holder": "helper 059"})
    [match] = [value for label, value in options(found, "holder").items() if "Helper 059" in label]
    done = await lena.send(found, holder=match, cover="any", beyond=False, **{"find.holder": "helper 059"})
    assert name_of(done) == "case_assigned"
    assert len(await town.all(Case, holder=match)) == 1


async def test_who_holds_how_much_and_who_serves_are_read_a_part_at_a_time(town: Town, platform: str) -> None:
    await staff(town, 60)
    lena, cora = await door(town, platform, "lena"), await door(town, platform, "cora")
    room = await lena.press(await lena.say("peer", "team"), "Who holds how much")
    lines = [
        name
        async for part in lena.parts(room)
        for one in blocks_of(part, Facts)
        for name, held in one.rows
        if held.startswith("0 of")
    ]
    assert len(lines) == len(set(lines)) == 63
    one = await lena.send(await lena.press(room, "Find by name"), typed="059")
    assert "Helper 059\n0 of 5" in words_of(one)
    met = [
        one.text
        async for part in cora.parts(await cora.say("peer", "team"))
        for one in blocks_of(part, Heading)
    ]
    assert len(met) == len(set(met)) == 66
    assert met == sorted(met, key=str.casefold)
    found = await cora.send(
        await cora.press(await cora.say("peer", "team"), "Find by name"), typed="helper 05"
    )
    assert name_of(await cora.press(found, "Training and roles of Helper 059")) == "person"


async def test_each_of_300_people_of_one_event_is_found_and_taken_out(town: Town, platform: str) -> None:
    await log_many(town, 300)
    priya = await door(town, platform, "priya")
    form = await priya.press(await priya.say("peer", "log"), "Events you logged")
    event = await priya.press(form, buttons(form, "incident")[0].label)
    met: set[str] = set()
    for number in (7, 299):
        found = await priya.press(
            event, "Find", **{"find.take_out": f"guard {number}", "ended_on": "2026-11-23"}
        )
        met.add(options(found, "take_out")[f"Guard {number}"])
    done = await priya.send(event, **{**values_of(event), "take_out": tuple(met)})
    assert name_of(done) == "incident_corrected"
    gone = [one for one in await town.all(Exposure) if one.directness.value == "mistaken"]
    assert {one.name for one in gone} == {"Guard 7", "Guard 299"}


async def test_each_of_121_services_can_be_offered(town: Town, platform: str) -> None:
    services = tuple(
        Service(ServiceId(f"s{number}"), f"Service {number:03}", "A talk", "Ring them")
        for number in range(121)
    )
    await town.settle(services=services)
    await open_case_for(town, "nurse", holder="priya")
    priya = await door(town, platform, "priya")
    case = await priya.press(await priya.say("peer", "cases"), "Open: Nurse")
    form = await priya.press(case, "Arrange other help")
    found = await priya.press(form, "Find", **{"find.service": "service 120"})
    await priya.send(found, service="s120", answer="yes", **{"find.service": "service 120"})
    assert [one.service for one in await town.all(Referral)] == ["s120"]


async def test_a_lead_is_told_no_count_of_what_is_not_hers_to_see(town: Town) -> None:
    await cases(town, 40)
    await manages(town, "lena", "nurse")
    before = words_of(await town.say("lena", "peer", "team"))
    await open_case_for(town, "nurse")
    after = words_of(await town.say("lena", "peer", "team"))
    assert "1 to 15 of 40" in before and before == after
    assert "1 to 15 of 41" in words_of(await town.say("dev", "peer", "team"))


async def test_no_name_travels_in_a_token(town: Town) -> None:
    await cases(town, 40, "priya")
    await staff(town, 40)
    for name, action in (("priya", "cases"), ("cora", "roster")):
        view = await town.say(name, "peer", "cases" if action == "cases" else "team")
        [ways] = [one for one in buttons(view, action) if one.label == NEXT]
        held = town.tokens.read(ways.token, town.clock.real())
        assert set(held.refs) == {"after"}
        assert not any(word in held.refs["after"] for word in ("Person", "person", "Helper", "helper"))


async def test_the_journal_names_what_each_page_opened_and_tells_a_repeat_once(town: Town) -> None:
    await cases(town, 40, "priya")

    async def told() -> list[str]:
        def body(work: UnitOfWork) -> list[str]:
            me = work.tx.get(Member, town.ids["priya"])
            assert me is not None
            rows = work.tx.journal.about([work.tx.pseudonym(me.key_id, me.id)], 50)
            return [row.what for row in rows if row.what.split()[0] == "cases"]

        return await town.work(body)

    first = await town.say("priya", "peer", "cases")
    second = await town.press("priya", first, "cases")
    await town.say("priya", "peer", "cases")
    rows = [row.split() for row in await told()]
    assert [len(row) for row in rows] == [ROWS + 1, ROWS + 1]
    assert not set(rows[0][1:]) & set(rows[1][1:])
    assert "16 to 30 of 40" in words_of(second)


async def test_on_a_long_list_what_is_typed_is_kept_nowhere(town: Town) -> None:
    await cases(town, 40, "priya")
    form = await town.press("priya", await town.say("priya", "peer", "cases"), "find_case")
    found = await town.send("priya", form, typed="person 007")
    assert "Person 007" in words_of(found)
    assert "person 007" not in everything_in(found)
