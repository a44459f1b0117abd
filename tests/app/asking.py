"""Ways to ask for support in the town, and to look at what became of it."""

from __future__ import annotations

from tests.builders import Town
from tests.reading import blocks_of, form_of
from trim_bot.app.seam.gestures import Actor, Gesture, Invoke, Submit, Value
from trim_bot.app.seam.views import Facts, View
from trim_bot.domain.people import Address, Platform
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import Step, StepKind

NOBODY = Actor(Address(Platform.WEB, "acme", ""))
CANARY = "canary-words-nobody-else-may-keep"


async def ask(town: Town, name: str = "nurse", *, named: bool = True, text: str = CANARY) -> View:
    """Somebody asks for support."""
    form = await town.say(name, "support")
    chosen = "named" if named else "unnamed"
    return await town.send(name, form, name=chosen, text=text, contact="Ring after four")


async def taken(town: Town, by: str = "priya", *, named: bool = True) -> View:
    """Somebody asks, everybody is told, and one practitioner takes it."""
    await ask(town, named=named)
    await town.clockwork.drain()
    return await town.press(by, await town.open(by), "take_request")


async def unknown(town: Town, gesture: Gesture) -> View:
    """Somebody signed out makes a gesture."""
    return await town.desk.receive(NOBODY, gesture)


async def ask_unknown(town: Town, text: str = CANARY) -> tuple[View, str]:
    """Somebody signed out asks; the screen and the reply code on it."""
    done = await submit_unknown(town, await unknown(town, Invoke(("ask",))), text=text, contact="")
    return done, code_in(done)


async def submit_unknown(town: Town, view: View, **values: Value) -> View:
    """Somebody signed out sends a form."""
    form = form_of(view)
    return await unknown(town, Submit(form.name, form.token, values))


def code_in(view: View) -> str:
    """The reply code on a screen."""
    [facts] = blocks_of(view, Facts)
    return facts.rows[0][1]


async def the_request(town: Town) -> SupportRequest:
    """The only request there is."""
    [request] = await town.all(SupportRequest)
    return request


async def its_step(town: Town) -> Step:
    """The only step that waits for a request."""
    [step] = await town.all(Step, kind=StepKind.REQUEST)
    return step
