"""The third part of the story: people ask for support by themselves, with a name, without, and signed out."""

from __future__ import annotations

from trim_bot.app.seam.views import Facts, View
from trim_bot.practice.acting_member import NOBODY
from trim_bot.practice.story.step_context import StepContext, expect, named, says, silent

NAMED_WORDS = "The rota changed and I sleep badly."
UNNAMED_WORDS = "Things are heavy at home."
SIGNED_OUT_WORDS = "I would like to talk to someone outside my team."
REPLY = "Thank you for asking. I am free on Thursday at two."


async def support_named(context: StepContext) -> None:
    """Before it is taken nobody sees a name or a word of it; whoever takes it sees both."""
    taken = await _taken(context, "samira", "named", NAMED_WORDS, name_of="Samira Haddad")
    says(taken, "Samira Haddad", NAMED_WORDS)
    named(await context.send("maya", taken, reply=REPLY, then="close"), "request_closed")


async def support_unnamed(context: StepContext) -> None:
    """Without a name, practitioners never see who asked, and the answer still arrives."""
    taken = await _taken(context, "jonas", "unnamed", UNNAMED_WORDS, name_of="Jonas Weber")
    says(taken, "They asked without their name", UNNAMED_WORDS)
    silent(taken, "Jonas")
    named(await context.send("maya", taken, reply=REPLY, then="wait"), "request_kept")
    says(await context.say("jonas", "me"), REPLY)
    again = named(
        await context.press("maya", await context.say("maya", "peer", "due"), "open"), "request_taken"
    )
    named(await context.send("maya", again, reply=REPLY, then="close"), "request_closed")


async def support_signed_out(context: StepContext) -> None:
    """Signed out, nobody knows who asked, the desk included; the answer is read with a code."""
    form = named(await context.say(NOBODY, "ask"), "ask")
    sent = named(await context.send(NOBODY, form, text=SIGNED_OUT_WORDS, contact=""), "request_sent")
    context.code = _code(sent)
    await context.due()
    taken = await _take(context, "tomasz")
    says(taken, "Nobody knows who asked", SIGNED_OUT_WORDS)
    named(await context.send("tomasz", taken, reply=REPLY, then="close"), "request_closed")


async def reply_read_with_the_code(context: StepContext) -> None:
    """The code opens the answer, and a wrong one opens nothing."""
    form = named(await context.say(NOBODY, "reply"), "reply")
    wrong = await context.send(NOBODY, form, code="aaaa-aaaa-aaaa-aaaa")
    silent(wrong, REPLY)
    says(await context.send(NOBODY, form, code=context.code), REPLY)


async def _taken(context: StepContext, who: str, name: str, text: str, *, name_of: str) -> View:
    form = named(await context.say(who, "support"), "support")
    named(await context.send(who, form, name=name, text=text, contact="Ring after four"), "request_received")
    await context.due()
    pooled = named(await context.open("tomasz"), "request")
    silent(pooled, name_of, text)
    return await _take(context, "maya")


async def _take(context: StepContext, who: str) -> View:
    request = named(await context.open(who), "request")
    return named(await context.press(who, request, "take_request"), "request_taken")


def _code(view: View) -> str:
    facts = [block for block in getattr(view, "blocks", ()) if isinstance(block, Facts)]
    expect(bool(facts), "there is no reply code")
    return facts[0].rows[0][1]


STEPS = (
    ("support-named", support_named),
    ("support-unnamed", support_unnamed),
    ("support-signed-out", support_signed_out),
    ("reply-read-with-the-code", reply_read_with_the_code),
)
