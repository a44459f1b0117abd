"""The first two parts of the story: an event and everybody's answers, then both talks, help from
professionals, and an end.
"""

from __future__ import annotations

from trim_bot.app.seam.views import Button, Done, FieldErrors, View, Weight
from trim_bot.practice.acting_member import answer_all, buttons, form_of
from trim_bot.practice.story.step_context import StepContext, expect, named, says, silent

HALF_AN_HOUR = 1 / 48


async def log_event(context: StepContext) -> None:
    """A practitioner logs a hard event and offers to hold the talks."""
    says(await context.log("maya", "alex", "samira", "jonas"), "Nothing was sent to any manager")


async def one_message_each(context: StepContext) -> None:
    """Each person gets one message with nothing in it; nobody else gets any."""
    expect(all(context.told(who) == 1 for who in ("alex", "samira", "jonas")), "somebody was not told once")
    expect(all(context.told(who) == 0 for who in ("mei", "grace", "hana", "priya")), "somebody else was told")


async def offer_opened(context: StepContext) -> None:
    """The offer has three equal answers, no first, and says who would talk with them."""
    offer = named(await context.open("alex"), "offer")
    says(offer, "Maya Okafor", "Your manager does not see this")
    equal = [
        block.action
        for block in getattr(offer, "blocks", ())
        if isinstance(block, Button) and block.weight is Weight.EQUAL
    ]
    expect(equal == ["offer_no", "offer_later", "offer_yes"], "the answers are not three equal ones")
    context.kept["offer"] = offer


async def offer_yes(context: StepContext) -> None:
    """Yes: a case opens, and its holder finds it with the one message of their day."""
    named(await context.press("alex", context.kept["offer"], "offer_yes"), "offer_accepted")
    await context.days(HALF_AN_HOUR)
    expect(context.told("maya") == 1, "the holder was not told of the yes")


async def in_touch(context: StepContext) -> None:
    """The person reads who gets in touch and by when; the colleague rings, and says that they have spoken."""
    says(named(await context.say("alex", "me"), "me"), "Maya Okafor gets in touch with you by ")
    case = named(await context.open("maya"), "case")
    form = named(await context.press("maya", case, "first_contact"), "first_contact")
    says(form, "A call or a message is fine now", "07700 900111")
    named(await context.send("maya", form, outcome="reached"), "contact_kept")


async def offer_no(context: StepContext) -> None:
    """No: as warm as yes, and nothing follows."""
    done = await context.press("samira", await context.open("samira"), "offer_no")
    says(named(done, "offer_declined"), "you won't be asked why")


async def offer_not_now(context: StepContext) -> None:
    """Not now: asked once more later, at most."""
    named(await context.press("jonas", await context.open("jonas"), "offer_later"), "offer_put_off")


async def manager_sees_nothing(context: StepContext) -> None:
    """The manager's page has nothing of it, and the desk has no other page for managers."""
    page = named(await context.say("grace", "me"), "me")
    silent(page, "Alex", "Samira")
    expect(context.told("grace") == 0, "the manager was told")
    says(await context.say("grace", "peer", "cases"), "No longer open")


async def not_before_72_hours(context: StepContext) -> None:
    """The talk cannot be begun before its time."""
    case = await context.press("maya", await context.say("maya", "peer", "cases"), "case")
    expect(isinstance(case, Done) and not buttons(case, "interview"), "the talk can be begun too early")
    says(case, "Alex Byrne", "once this time has come")
    await context.days(1)
    says(await context.say("maya", "waiting"), "Nothing waits for you now")


NOTE = "Will ring on Friday at nine."


async def day_3_reminder(context: StepContext) -> None:
    """On the third day the practitioner gets a message, and opens the case from it."""
    before = context.told("maya")
    await context.days(2)
    expect(context.told("maya") > before, "no reminder came on day 3")
    context.kept["case"] = named(await context.open("maya"), "case")


async def notice_first(context: StepContext) -> None:
    """The limits of confidentiality come before the first question, and have to be ticked."""
    notice = named(await context.press("maya", context.kept["case"], "interview"), "notice")
    untold = await context.send("maya", notice)
    expect(isinstance(untold, FieldErrors) and "acknowledged" in untold.errors, "the notice can be skipped")
    context.kept["step"] = named(await context.send("maya", untold, acknowledged=True), "questions")


async def interview_step_by_step(context: StepContext) -> None:
    """One topic a step; each step is kept when it is sent."""
    first = form_of(context.kept["step"])
    expect(first.step is not None and first.step[0] == 1, "the first step is not the first")
    answers = {one.name: "1" for one in first.inputs() if one.name.startswith("q_")}
    second = form_of(await context.send("maya", first, **answers, note=NOTE))
    expect(second.step is not None and second.step[0] == 2, "the second step did not come")


async def draft_kept(context: StepContext) -> None:
    """Coming back later goes on where one was, and going back loses nothing."""
    step = form_of(await context.press("maya", await _case(context, "maya"), "interview"))
    expect(step.step is not None and step.step[0] == 2, "the draft does not go on where it was left")
    first = await context.press("maya", step, "back")
    says(first, NOTE)
    context.kept["step"] = first


async def result(context: StepContext) -> None:
    """The result: a total, who signed the threshold, and what was ticked. It is shown to nobody else."""
    ending = named(await answer_all(context.acting, "maya", context.kept["step"], "1"), "ending")
    shown = named(await context.send("maya", ending, overrides=("person_asks",), note=NOTE), "result")
    says(shown, "10 of 20", "Dr Ingrid Solberg", "They ask for professional help", "Offer other help")
    context.kept["result"] = shown


async def referral_accepted(context: StepContext) -> None:
    """Help from the directory is offered, with a yes of the person's own."""
    form = named(await context.send("maya", context.kept["result"], then="refer"), "referral")
    case = named(await context.send("maya", form, service="therapy", answer="yes"), "case")
    says(case, "Trauma therapy", "they said yes")
    context.kept["case"] = case


async def referral_followed(context: StepContext) -> None:
    """The loop is closed: contacted, seen, finished."""
    case = context.kept["case"]
    for state in ("made", "seen", "closed"):
        move = named(await context.press("maya", case, "referral_next"), "referral_next")
        case = named(await context.send("maya", move, state=state), "case")


async def one_month(context: StepContext) -> None:
    """At one month the practitioner is reminded, and nobody asks for the story again."""
    before = context.told("maya")
    await context.days(25)
    expect(context.told("maya") > before, "no reminder came at one month")
    month = form_of(await context.press("maya", await _case(context, "maya"), "interview"))
    expect("During" not in repr(month), "the follow-up asks for the story again")
    context.kept["step"] = month


async def result_with_change(context: StepContext) -> None:
    """The second result says what has changed, factor by factor."""
    ending = named(await answer_all(context.acting, "maya", context.kept["step"], "0"), "ending")
    shown = named(await context.send("maya", ending, overrides=(), note=""), "result")
    says(shown, "Since the first talk", "Partly, now no")
    context.kept["result"] = shown


async def close(context: StepContext) -> None:
    """The case ends, and no reminder is ever sent for it again."""
    end = named(await context.send("maya", context.kept["result"], then="close"), "close")
    named(await context.send("maya", end, reason="finished"), "case_closed")


async def status_of_the_closed_week(context: StepContext) -> None:
    """The coordinator reads that things are on track, in bands, without a name."""
    await context.days(7)
    page = named(await context.say("hana", "peer", "status"), "status")
    says(page, "Follow-ups were on track in the week to", "Everybody who came", "0–9")
    for name in ("Alex", "Samira", "Jonas", "Maya"):
        expect(name not in repr(page), "a name is on the status page")


async def _case(context: StepContext, who: str) -> View:
    return await context.press(who, await context.say(who, "peer", "cases"), "case")


STEPS = (
    ("log-event", log_event),
    ("one-message-each", one_message_each),
    ("offer-opened", offer_opened),
    ("offer-yes", offer_yes),
    ("in-touch", in_touch),
    ("offer-no", offer_no),
    ("offer-not-now", offer_not_now),
    ("manager-sees-nothing", manager_sees_nothing),
    ("not-before-72-hours", not_before_72_hours),
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
