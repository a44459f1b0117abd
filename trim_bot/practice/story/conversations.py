"""The second part of the story: both talks, help from professionals, and an end."""

from __future__ import annotations

from trim_bot.app.seam.views import FieldErrors, View
from trim_bot.practice.acting_member import answer_all, form_of
from trim_bot.practice.story.step_context import Stage, expect, named, says

NOTE = "Will ring on Friday at nine."


async def day_3_reminder(stage: Stage) -> None:
    """On the third day the practitioner gets a message, and opens the case from it."""
    before = stage.told("maya")
    await stage.days(2)
    expect(stage.told("maya") > before, "no reminder came on day 3")
    stage.kept["case"] = named(await stage.open("maya"), "case")


async def notice_first(stage: Stage) -> None:
    """The limits of confidentiality come before the first question, and have to be ticked."""
    notice = named(await stage.press("maya", stage.kept["case"], "interview"), "notice")
    untold = await stage.send("maya", notice)
    expect(isinstance(untold, FieldErrors) and "acknowledged" in untold.errors, "the notice can be skipped")
    stage.kept["step"] = named(await stage.send("maya", untold, acknowledged=True), "questions")


async def interview_step_by_step(stage: Stage) -> None:
    """One topic a step; each step is kept when it is sent."""
    first = form_of(stage.kept["step"])
    expect(first.step is not None and first.step[0] == 1, "the first step is not the first")
    answers = {one.name: "1" for one in first.inputs() if one.name.startswith("q_")}
    second = form_of(await stage.send("maya", first, **answers, note=NOTE))
    expect(second.step is not None and second.step[0] == 2, "the second step did not come")


async def draft_kept(stage: Stage) -> None:
    """Coming back later goes on where one was, and going back loses nothing."""
    step = form_of(await stage.press("maya", await _case(stage, "maya"), "interview"))
    expect(step.step is not None and step.step[0] == 2, "the draft does not go on where it was left")
    first = await stage.press("maya", step, "back")
    says(first, NOTE)
    stage.kept["step"] = first


async def result(stage: Stage) -> None:
    """The result: a total, who signed the threshold, and what was ticked. It is shown to nobody else."""
    ending = named(await answer_all(stage.acting, "maya", stage.kept["step"], "1"), "ending")
    shown = named(await stage.send("maya", ending, overrides=("person_asks",), note=NOTE), "result")
    says(shown, "10 of 20", "Dr Ingrid Solberg", "They ask for professional help", "Offer other help")
    stage.kept["result"] = shown


async def referral_accepted(stage: Stage) -> None:
    """Help from the directory is offered, with a yes of the person's own."""
    form = named(await stage.send("maya", stage.kept["result"], then="refer"), "referral")
    case = named(await stage.send("maya", form, service="therapy", answer="yes"), "case")
    says(case, "Trauma therapy", "they said yes")
    stage.kept["case"] = case


async def referral_followed(stage: Stage) -> None:
    """The loop is closed: contacted, seen, finished."""
    case = stage.kept["case"]
    for state in ("made", "seen", "closed"):
        move = named(await stage.press("maya", case, "referral_next"), "referral_next")
        case = named(await stage.send("maya", move, state=state), "case")


async def one_month(stage: Stage) -> None:
    """At one month the practitioner is reminded, and nobody asks for the story again."""
    before = stage.told("maya")
    await stage.days(25)
    expect(stage.told("maya") > before, "no reminder came at one month")
    month = form_of(await stage.press("maya", await _case(stage, "maya"), "interview"))
    expect("During" not in repr(month), "the follow-up asks for the story again")
    stage.kept["step"] = month


async def result_with_change(stage: Stage) -> None:
    """The second result says what has changed, factor by factor."""
    ending = named(await answer_all(stage.acting, "maya", stage.kept["step"], "0"), "ending")
    shown = named(await stage.send("maya", ending, overrides=(), note=""), "result")
    says(shown, "Since the first talk", "partly, now no")
    stage.kept["result"] = shown


async def close(stage: Stage) -> None:
    """The case ends, and no reminder is ever sent for it again."""
    end = named(await stage.send("maya", stage.kept["result"], then="close"), "close")
    named(await stage.send("maya", end, reason="finished"), "case_closed")


async def status_of_the_closed_week(stage: Stage) -> None:
    """The coordinator reads that things are on track, in bands, without a name."""
    await stage.days(7)
    page = named(await stage.say("hana", "peer", "status"), "status")
    says(page, "Follow-ups were on track in the week to", "45–49", "0–9")
    for name in ("Alex", "Samira", "Jonas", "Maya"):
        expect(name not in repr(page), "a name is on the status page")


async def _case(stage: Stage, who: str) -> View:
    return await stage.press(who, await stage.say(who, "peer", "cases"), "case")


STEPS = (
    ("day-3-reminder", day_3_reminder),
    ("notice-first", notice_first),
    ("interview-step-by-step", interview_step_by_step),
    ("draft-kept", draft_kept),
    ("result", result),
    ("referral-accepted", referral_accepted),
    ("referral-followed", referral_followed),
    ("one-month", one_month),
    ("result-with-change", result_with_change),
    ("close", close),
    ("status-of-the-closed-week", status_of_the_closed_week),
)
