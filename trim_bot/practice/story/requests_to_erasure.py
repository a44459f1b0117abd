"""The last two parts of the story: people ask for support, then safety, the ladder, erasing, and the
journal.
"""

from __future__ import annotations

import asyncio

from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.views import Facts, View
from trim_bot.practice.acting_member import NOBODY, StoryBroken, buttons
from trim_bot.practice.organisation import sample
from trim_bot.practice.story.event_to_close import NOTE
from trim_bot.practice.story.step_context import StepContext, expect, named, says, silent
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.journal_check import verify_journal

NAMED_WORDS = "The rota changed and I sleep badly."
UNNAMED_WORDS = "Things are heavy at home."
SIGNED_OUT_WORDS = "I would like to talk to someone outside my team."
REPLY = "Thank you for asking. I am free on Thursday at two."


async def support_named(context: StepContext) -> None:
    """Before it is taken nobody sees a name or a word of it; whoever takes it sees both."""
    who, taken = await _taken(context, "samira", "named", NAMED_WORDS, name_of="Samira Haddad")
    says(taken, "Samira Haddad", NAMED_WORDS)
    named(await context.send(who, taken, reply=REPLY, then="close"), "request_closed")


async def support_unnamed(context: StepContext) -> None:
    """Without a name, practitioners never see who asked, and the answer still arrives."""
    who, taken = await _taken(context, "jonas", "unnamed", UNNAMED_WORDS, name_of="Jonas Weber")
    says(taken, "They asked without their name", UNNAMED_WORDS)
    silent(taken, "Jonas")
    named(await context.send(who, taken, reply=REPLY, then="wait"), "request_kept")
    says(await context.say("jonas", "me"), REPLY)
    again = named(await context.press(who, await context.say(who, "peer", "due"), "open"), "request_taken")
    named(await context.send(who, again, reply=REPLY, then="close"), "request_closed")


async def support_signed_out(context: StepContext) -> None:
    """Signed out, nobody knows who asked, the desk included; the answer is read with a code."""
    form = named(await context.say(NOBODY, "ask"), "ask")
    sent = named(await context.send(NOBODY, form, text=SIGNED_OUT_WORDS, contact=""), "request_sent")
    context.code = _code(sent)
    await context.due()
    who, request = await _told(context)
    taken = named(await context.press(who, request, "take_request"), "request_taken")
    says(taken, "Nobody knows who asked", SIGNED_OUT_WORDS)
    named(await context.send(who, taken, reply=REPLY, then="close"), "request_closed")


async def reply_read_with_the_code(context: StepContext) -> None:
    """The code opens the answer, and a wrong one opens nothing."""
    form = named(await context.say(NOBODY, "reply"), "reply")
    wrong = await context.send(NOBODY, form, code="aaaa-aaaa-aaaa-aaaa")
    silent(wrong, REPLY)
    says(await context.send(NOBODY, form, code=context.code), REPLY)


async def _taken(context: StepContext, asks: str, name: str, text: str, *, name_of: str) -> tuple[str, View]:
    form = named(await context.say(asks, "support"), "support")
    named(await context.send(asks, form, name=name, text=text, contact="Ring after four"), "request_received")
    await context.due()
    who, pooled = await _told(context)
    silent(pooled, name_of, text)
    return who, named(await context.press(who, pooled, "take_request"), "request_taken")


async def _told(context: StepContext) -> tuple[str, View]:
    """Whoever of the two who may take it was drawn, with what they see; the other one sees nothing of it."""
    seen = {who: await context.open(who) for who in ("maya", "tomasz")}
    told = [who for who, view in seen.items() if buttons(view, "take_request")]
    expect(len(told) == 1, "not one of two was told of the request")
    return told[0], named(seen[told[0]], "request")


def _code(view: View) -> str:
    facts = [block for block in getattr(view, "blocks", ()) if isinstance(block, Facts)]
    expect(bool(facts), "there is no reply code")
    return facts[0].rows[0][1]


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
    asked = named(await context.press("maya", case, "safety"), "safety")
    says(asked, "If you call, Priya Nair", "Ask directly")
    called = named(await context.press("maya", asked, "safety_call"), "safety")
    says(called, "Priya Nair", "07700 900103", "Who has been called")
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
    asks = named(await context.press("jonas", mine, "stop_or_change"), "stop_or_change")
    named(await context.press("jonas", asks, "withdraw"), "withdrawn")
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
    """A person erases their record; a moment later they stand on the list like anybody who never used the desk."""
    address = sample("alex").address
    before = await context.read(lambda tx: member_at(tx, address))
    mine = await context.say("alex", "me")
    form = named(await context.press("alex", mine, "erase"), "erase")
    named(await context.send("alex", form, sure=True), "erased")
    await context.due()
    after = await context.read(lambda tx: member_at(tx, address))
    expect(before is not None and (after is None or after.id != before.id), "the record is still there")
    kept = await context.say("alex", "me")
    expect(
        not any(buttons(kept, action) for action in ("withdraw_request", "stop_or_change")),
        "the page is still there",
    )


async def nothing_readable_on_disk(context: StepContext) -> None:
    """No word that was typed, and no name, can be read in any file that was written."""
    typed = (NOTE, REPLY, NAMED_WORDS, UNNAMED_WORDS, SIGNED_OUT_WORDS, "Samira Haddad", "07700 900112")
    for file in sorted(context.folder.iterdir()):
        held = await asyncio.to_thread(file.read_bytes)
        expect(not any(one.encode() in held for one in typed), "words can be read in a file")


async def journal_verifies(context: StepContext) -> None:
    """Every row of the journal holds on to the one before."""
    deployment = context.running.deployment
    faults = await asyncio.to_thread(verify_journal, places_of(deployment.settings).data, deployment.keyed)
    expect(not faults, "the journal does not hold")


async def _case(context: StepContext, who: str) -> View:
    cases = await context.say(who, "peer", "cases")
    if not buttons(cases, "case"):
        raise StoryBroken("there is no case")
    return await context.press(who, cases, "case")


STEPS = (
    ("support-named", support_named),
    ("support-unnamed", support_unnamed),
    ("support-signed-out", support_signed_out),
    ("reply-read-with-the-code", reply_read_with_the_code),
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
