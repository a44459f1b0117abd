"""The first part of the story: an event is logged, and each person answers in their own way."""

from __future__ import annotations

from trim_bot.app.seam.views import Button, Done, Weight
from trim_bot.practice.acting_member import buttons
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
    says(await context.say("grace", "peer", "cases"), "no longer open")


async def not_before_72_hours(context: StepContext) -> None:
    """The talk cannot be begun before its time."""
    case = await context.press("maya", await context.say("maya", "peer", "cases"), "case")
    expect(isinstance(case, Done) and not buttons(case, "interview"), "the talk can be begun too early")
    says(case, "Alex Byrne", "once this time has come")
    await context.days(1)
    says(await context.say("maya", "waiting"), "Nothing waits for you now")


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
)
