"""Logging a hard event and putting it right: what is refused at its field, and what is kept."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from tests.builders import MONDAY, Town, log_values
from tests.reading import field_of, values_of, words_of
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Answer, Choices, Done, FieldErrors
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.incidents import Directness, Exposure, Incident, Offer, OfferState
from trim_bot.domain.people import Profile, ReportingLine, Role

pytestmark = pytest.mark.anyio
TODAY = MONDAY.date()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("ended_on", {"ended_on": (TODAY + timedelta(days=1)).isoformat()}),
        ("ended_on", {"ended_on": "1919-01-01"}),
        ("ended_on", {"ended_on": "31 November"}),
        ("ended_at", {"ended_at": "25:00"}),
        ("ended_at", {"ended_at": ""}),
        ("kind", {"kind": "made up"}),
        ("kind", {"kind": ""}),
        ("direct", {"direct": ()}),
        ("direct", {"direct": ("slack:T1:UNURSE", "slack:T1:UNURSE")}),
        ("direct", {"direct": ("nonsense",)}),
        ("direct", {"direct": ("slack:T1:UGONE",)}),
        ("peripheral", {"peripheral": ("slack:T1:UNURSE",)}),
        ("direct", {"direct": ("web:stranger@x.example",)}),
        ("unlisted", {"unlisted": ", 0123"}),
        ("account", {"account": "x" * 2001}),
    ],
)
async def test_what_has_to_be_mended_is_said_at_its_field(
    town: Town, field: str, changes: dict[str, Value]
) -> None:
    gone = town.actor("gone")
    town.directory.profiles[gone.address.text] = Profile(gone.address, "Gone", left=True)
    form = await town.say("priya", "peer", "log")
    values = log_values(town.actor("nurse"), account="Kept as typed") | changes
    view = await town.send("priya", form, **values)
    assert isinstance(view, FieldErrors)
    assert set(view.errors) == {field}
    kept = values_of(view.form)
    assert all(kept[name] == value for name, value in values.items())
    assert not await town.all(Incident)
    assert not await town.all(Offer)
    mended = await town.send("priya", view, **log_values(town.actor("nurse")))
    assert isinstance(mended, Done) and mended.answer is Answer.OK


async def test_a_form_sent_twice_has_one_effect_and_one_answer(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    first = await town.send("priya", form, **log_values(town.actor("nurse")))
    second = await town.send("priya", form, **log_values(town.actor("nurse")))
    assert isinstance(first, Done) and isinstance(second, Done)
    assert first.title == second.title
    assert len(await town.all(Incident)) == 1
    assert len(await town.all(Offer)) == 1


async def test_only_those_who_serve_in_date_can_log(town: Town) -> None:
    await town.add("lapsed", Role.PRACTITIONER, trained=False)
    assert "training" in words_of(await town.say("lapsed", "peer", "log"))
    for name in ("nurse", "cora", "adam"):
        view = await town.say(name, "peer", "log")
        assert isinstance(view, Done) and view.answer is Answer.REFUSED


async def test_a_manager_is_not_named_in_the_offer_of_someone_they_manage(town: Town) -> None:
    def lines(tx: Tx) -> None:
        person = tx.keyed("reporting_line", town.actor("nurse").address.text)
        middle = tx.keyed("reporting_line", town.actor("driver").address.text)
        manager = tx.keyed("reporting_line", town.actor("priya").address.text)
        tx.add(ReportingLine("1", person, middle))
        tx.add(ReportingLine("2", middle, manager))

    await town.write(lines)
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    [offer] = await town.all(Offer)
    assert offer.proposed is None
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    await town.clockwork.drain()
    assert not await town.waiting("priya")
    assert await town.waiting("paul")


async def test_someone_exposed_too_is_not_asked_to_hold_it(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), town.actor("paul")))
    await town.clockwork.drain()
    before = await town.waiting("paul")
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    await town.clockwork.drain()
    assert await town.waiting("paul") == before
    assert await town.waiting("priya")


async def test_the_time_can_be_put_right_and_the_talks_move(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    done = await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    before = {one.stage: one.opens_at for one in await town.all(CheckIn)}
    mend = await town.press("priya", done, "incident")
    values = {"ended_on": TODAY.isoformat(), "ended_at": time(6, 0).isoformat("minutes")}
    await town.send("priya", mend, **values)
    after = {one.stage: one.opens_at for one in await town.all(CheckIn)}
    assert before["first"] - after["first"] == timedelta(hours=2)
    assert len(await town.all(CheckIn)) == 2


async def test_someone_named_by_mistake_is_taken_out_and_someone_added(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    done = await town.send("priya", form, **log_values(town.actor("nurse")))
    mend = await town.press("priya", done, "incident")
    wrong = field_of(mend, "take_out", Choices).options[0].value
    await town.send(
        "priya",
        mend,
        ended_on=TODAY.isoformat(),
        ended_at="08:00",
        take_out=(wrong,),
        more=(town.actor("driver").address.text,),
    )
    offers = await town.all(Offer)
    assert {one.member_id: one.state for one in offers} == {
        town.ids["nurse"]: OfferState.WITHDRAWN,
        town.ids["driver"]: OfferState.WAITING,
    }
    exposures = await town.all(Exposure)
    meant = [one.member_id for one in exposures if one.directness is not Directness.MISTAKEN]
    assert meant == [town.ids["driver"]]
    await town.clockwork.drain()
    assert not town.messages("nurse") and town.messages("driver")


async def test_putting_it_right_tells_nothing_of_who_said_yes(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    done = await town.send("priya", form, **log_values(town.actor("nurse"), town.actor("driver")))
    await town.clockwork.drain()
    before = words_of(await town.press("priya", done, "incident"))
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    after = words_of(await town.press("priya", done, "incident"))
    token = "token='"
    strip = lambda text: [part.split("'", 1)[-1] for part in text.split(token)]  # noqa: E731
    assert strip(before) == strip(after)


async def test_a_second_event_joins_the_open_case(town: Town) -> None:
    for hour in (7, 9):
        form = await town.say("priya", "peer", "log")
        values = log_values(town.actor("nurse"), mine=True, at=time(hour))
        await town.send("priya", form, **values)
        await town.clockwork.drain()
        await town.press("nurse", await town.open("nurse"), "offer_yes")
    [case] = await town.all(Case)
    assert len(case.incidents) == 2
    found = await town.all(CheckIn, stage="first", order_by="opens_at")
    ends = (MONDAY.replace(hour=7), MONDAY.replace(hour=9))
    assert [one.opens_at for one in found] == [end + timedelta(hours=72) for end in ends]
