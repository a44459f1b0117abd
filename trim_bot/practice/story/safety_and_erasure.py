"""The last part of the story: safety, stopping, the ladder, erasing, and the journal."""

from __future__ import annotations

import asyncio

from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.views import View
from trim_bot.practice.acting_member import StoryBroken, buttons
from trim_bot.practice.organisation import sample
from trim_bot.practice.story.conversations import NOTE
from trim_bot.practice.story.requests import NAMED_WORDS, REPLY, SIGNED_OUT_WORDS, UNNAMED_WORDS
from trim_bot.practice.story.step_context import StepContext, expect, named, refused, says, silent
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.journal import verify_journal

MOST_DAYS = 12


async def asked_once_more(context: StepContext) -> None:
    """Not now is offered once more, on the page alone; this time the answer is yes, and a late start is a start."""
    expect(context.told("jonas") == 1, "an offer was written about more than once")
    says(await context.say("jonas", "me"), "Offered to you")
    named(await context.press("jonas", await context.open("jonas"), "offer_yes"), "offer_accepted")
    await context.due()


async def safety_call(context: StepContext) -> None:
    """A safety concern calls lead and deputy at once, and shows whom to ring."""
    before = {who: context.told(who) for who in ("priya", "daniel")}
    case = await _case(context, "maya")
    called = named(await context.press("maya", case, "safety_call"), "safety")
    says(called, "Priya Nair", "07700 900103", "Ask directly")
    await context.due()
    expect(
        all(context.told(who) == before[who] + 1 for who in before), "lead and deputy were not both called"
    )


async def safety_answered(context: StepContext) -> None:
    """The lead has it, and the deputy then sees that somebody has."""
    call = named(await context.open("priya"), "safety_called")
    says(call, "Maya Okafor")
    named(await context.press("priya", call, "safety_have"), "safety_acknowledged")
    expect(not buttons(await context.open("daniel"), "safety_have"), "the call still waits for the deputy")


async def withdrawal_stops_everything(context: StepContext) -> None:
    """The person ends their talks by themselves; no reason is asked and no reminder follows."""
    mine = named(await context.say("jonas", "me"), "me")
    named(await context.press("jonas", mine, "withdraw"), "withdrawn")
    before = context.told("jonas")
    await context.days(8)
    expect(context.told("jonas") == before, "something was sent after the end")
    cases = await context.say("maya", "peer", "cases")
    silent(cases, "Jonas Weber", "Start or go on")


async def stop_messages(context: StepContext) -> None:
    """Messages stop; what is offered stays on the person's own page."""
    named(await context.stop("alex"), "stopped")
    before = context.told("alex")
    await context.log("maya", "alex", "mei")
    expect(context.told("alex") == before, "a message came after they were stopped")
    says(named(await context.say("alex", "me"), "me"), "Offered to you")


async def ladder_climbs_to_cover(context: StepContext) -> None:
    """When the holder does not act, the work goes to whoever covers. It never goes silent."""
    await context.log("maya", "samira")
    named(await context.press("samira", await context.open("samira"), "offer_yes"), "offer_accepted")
    await context.due()
    contact = await context.press("maya", await _case(context, "maya"), "first_contact")
    named(await context.send("maya", contact, outcome="reached"), "contact_kept")
    for _ in range(MOST_DAYS):
        await context.days(1)
        covered = await context.say("tomasz", "peer", "cases")
        if buttons(covered, "case"):
            break
    case = named(await context.press("tomasz", covered, "case"), "case")
    says(case, "Samira Haddad")
    expect(bool(buttons(case, "interview")), "the cover cannot hold the talk")


async def erase(context: StepContext) -> None:
    """A person erases their record; a moment later the desk knows nobody by their address."""
    mine = await context.say("alex", "me")
    form = named(await context.press("alex", mine, "erase"), "erase")
    named(await context.send("alex", form, sure=True), "erased")
    await context.due()
    address = sample("alex").address
    expect(await context.read(lambda tx: member_at(tx, address)) is None, "the record is still there")
    expect(refused(await context.say("alex", "me")), "the page is still there")


async def nothing_readable_on_disk(context: StepContext) -> None:
    """No word that was typed, and no name, can be read in any file that was written."""
    typed = (NOTE, REPLY, NAMED_WORDS, UNNAMED_WORDS, SIGNED_OUT_WORDS, "Samira Haddad", "07700 900112")
    for file in sorted(context.folder.iterdir()):
        held = await asyncio.to_thread(file.read_bytes)
        expect(not any(one.encode() in held for one in typed), "words can be read in a file")


async def journal_verifies(context: StepContext) -> None:
    """Every row of the journal holds on to the one before."""
    url = places_of(context.running.deployment.settings).data
    faults = await asyncio.to_thread(verify_journal, url)
    expect(not faults, "the journal does not hold")


async def _case(context: StepContext, who: str) -> View:
    cases = await context.say(who, "peer", "cases")
    if not buttons(cases, "case"):
        raise StoryBroken("there is no case")
    return await context.press(who, cases, "case")


STEPS = (
    ("asked-once-more", asked_once_more),
    ("safety-call", safety_call),
    ("safety-answered", safety_answered),
    ("withdrawal-stops-everything", withdrawal_stops_everything),
    ("stop-messages", stop_messages),
    ("ladder-climbs-to-cover", ladder_climbs_to_cover),
    ("erase", erase),
    ("nothing-readable-on-disk", nothing_readable_on_disk),
    ("journal-verifies", journal_verifies),
)
