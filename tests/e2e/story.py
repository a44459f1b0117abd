"""The whole story once, told in what people do at screens, for whichever door they use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tests.e2e.deployment import Deployment
from tests.e2e.screens import Filling, Person, Screen, send
from tests.e2e.settling import MONDAY

Mark = Callable[[str], str]
"""What is typed into a free-text field of a name."""


def plain(field: str) -> str:
    """Ordinary words."""
    return f"Words for {field}"


@dataclass
class Cast:
    """Those who take part."""

    at: Deployment
    priya: Person
    nurse: Person
    quinn: Person
    mark: Mark = plain


async def slack_cast(at: Deployment, mark: Mark = plain) -> Cast:
    """Everybody at Slack."""
    return Cast(at, await at.slack("priya"), await at.slack("nurse"), await at.slack("quinn"), mark)


async def teams_cast(at: Deployment, mark: Mark = plain) -> Cast:
    """Everybody at Teams."""
    return Cast(at, await at.teams("priya"), await at.teams("nurse"), await at.teams("quinn"), mark)


async def web_cast(at: Deployment, mark: Mark = plain) -> Cast:
    """Everybody at the browser."""
    return Cast(at, await at.web("priya"), await at.web("nurse"), await at.web("quinn"), mark)


def event(*people: Person, on: date | None = None, at: str = "08:00", **more: Filling) -> dict[str, Filling]:
    """A filled form for logging an event."""
    return {
        "kind": "threat_or_violence",
        "near_ended_on": "other_day",
        "ended_on": (on or MONDAY.date()).isoformat(),
        "ended_at": at,
        "direct": [person.ref for person in people],
    } | more


async def logged_and_accepted(cast: Cast) -> None:
    """A practitioner logs an event and will hold the talk herself; the nurse says yes."""
    form = await cast.priya.say("peer", "log")
    assert form.form == "log"
    # The clock may be quicker than whoever asks what was sent.
    before = await cast.nurse.told()
    done = await send(form, **event(cast.nurse, mine=True, account=cast.mark("account")))
    assert done.title.startswith("The event is logged")
    await cast.at.drain()
    assert await cast.nurse.told() > before
    offer = await cast.nurse.open_newest()
    assert "Priya" in offer.text and cast.mark("account") not in offer.text
    assert [offer.has(one) for one in ("offer_no", "offer_later", "offer_yes")] == [True] * 3
    yes = await offer.press("offer_yes")
    assert "A colleague will call" in yes.text
    assert "26 November" in yes.text


async def reminded_on_day_three(cast: Cast) -> Screen:
    """Not before 72 hours; then the reminder, and the case."""
    early = await (await cast.priya.say("peer", "cases")).press("case")
    assert not early.has("interview")
    await cast.at.pass_time(days=2, hours=21)
    assert await _told_anew(cast, hours=3)
    case = await cast.priya.open_newest()
    assert "Nurse" in case.text
    return case


async def _told_anew(cast: Cast, **by: float) -> bool:
    before = await cast.priya.told()
    await cast.at.pass_time(**by)
    return await cast.priya.told() > before


async def begun(cast: Cast, case: Screen) -> Screen:
    """The notice comes first, and cannot be skipped."""
    notice = await case.press("interview")
    assert notice.form == "notice"
    return await send(notice, acknowledged=True)


async def interviewed(cast: Cast, step: Screen, answer: str = "1") -> Screen:
    """Every question of every step, each answered alike, up to the last step."""
    for _ in range(8):
        if step.form != "questions":
            return step
        step = await send(step, **answers(step, answer), **written(step, cast.mark))
    raise AssertionError("the interview never came to its last step")


def answers(step: Screen, answer: str) -> Mapping[str, str]:
    """One answer for each question of a step."""
    return {name: answer for name in step.fields() if answer in step.choices(name)}


def written(step: Screen, mark: Mark) -> Mapping[str, str]:
    """Words for each field of a step that is typed into."""
    return {name: mark(name) for name in step.fields() if not step.choices(name)}


async def referred(cast: Cast, ending: Screen) -> Screen:
    """The result, then a referral that the person wants, carried on until it is closed."""
    result = await send(ending, overrides=["person_asks"], note=cast.mark("ending"))
    assert result.form == "result" and "10 of 20" in result.text
    assert cast.mark("ending") in result.text
    assert "No clinical lead has set a threshold" in result.text
    referral = await send(result, then="refer")
    assert referral.form == "referral"
    case = await send(referral, service="oh", answer="yes")
    assert "Occupational health" in case.text
    return case


async def closed_after_a_month(cast: Cast) -> None:
    """The second talk, the comparison, and the end."""
    await cast.at.pass_time(days=25)
    case = await (await cast.priya.say("peer", "cases")).press("case")
    month = await case.press("interview")
    ending = await interviewed(cast, month, "0")
    result = await send(ending, overrides=[])
    assert "Since the first talk" in result.text and "Partly, now no" in result.text
    end = await send(result, then="close")
    done = await send(end, reason="finished")
    assert done.title == "These talks have ended"
    told = await cast.nurse.told()
    await cast.at.pass_time(days=30)
    assert await cast.nurse.told() == told


async def whole_story(cast: Cast) -> None:
    """From the event to the close."""
    await logged_and_accepted(cast)
    case = await reminded_on_day_three(cast)
    ending = await interviewed(cast, await begun(cast, case))
    await referred(cast, ending)
    await closed_after_a_month(cast)
