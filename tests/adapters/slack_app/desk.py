"""A desk that answers what a test tells it to, and can be made slow or broken."""

from __future__ import annotations

import asyncio
from collections import deque

from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.languages import ENGLISH, Language
from trim_bot.app.seam.views import Button, Choice, Done, Form, Option, Text, TextInput, Toggle, View, Weight


class FakeDesk:
    """Gives `answers` in turn, the last one for ever. While `open` is clear, nothing is answered."""

    def __init__(self) -> None:
        self.received: list[tuple[Actor, Gesture]] = []
        self.answers: deque[View | Exception] = deque([LOG_FORM])
        self.language: Language = ENGLISH
        self.open = asyncio.Event()
        self.open.set()

    def answer(self, *views: View | Exception) -> None:
        self.answers = deque(views)

    def language_of(self, actor: Actor) -> Language:
        """The same for everybody."""
        return self.language

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        self.received.append((actor, gesture))
        answer = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
        await self.open.wait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def gestures(self) -> list[Gesture]:
        return [gesture for _, gesture in self.received]


LOG_FORM = Form(
    name="log_incident",
    title="Log an incident",
    blocks=(
        Text("Only those who need to know will see this."),
        TextInput("what", "What happened, in a few words", multiline=True, readers="you and the lead"),
        Choice("place", "Where", (Option("bay", "In the bay"), Option("road", "On the road"))),
        Toggle("told", "They know that you are telling us"),
        Button("help", "tok-help", "Help now", Weight.QUIET),
    ),
    token="tok-log",
    submit="Save",
)
NEXT_FORM = Form(
    name="log_incident",
    title="Log an incident",
    blocks=(TextInput("who", "Who was there", required=False),),
    token="tok-log-2",
    submit="Send",
    step=(2, 2),
    revision=3,
    back=Button("back", "tok-back", "Back"),
)
SAVED = Done("saved", "Saved", (Text("Nothing was sent to your manager."),))
