"""Sample views as Teams is shown them; forms made of anything are those Slack is tried with."""

from __future__ import annotations

from dataclasses import replace

from tests.adapters.slack_app.samples import EVERYTHING as EVERYTHING_IN_SLACK
from tests.adapters.slack_app.samples import INTERVIEW, OFFER, long_words
from tests.adapters.slack_app.samples import forms as any_forms
from tests.adapters.teams_app.rules import WIRE
from trim_bot.app.seam.views import (
    Block,
    Button,
    Done,
    FieldErrors,
    Form,
    Heading,
    Message,
    Nothing,
    PeopleInput,
    PersonCard,
    PersonInput,
    Text,
    TextInput,
    Toggle,
    View,
    Weight,
)
from trim_bot.domain.people import Address, Platform

__all__ = ["EVERYTHING", "MARKDOWN", "OBJECT", "TENANT", "VIEWS", "forms", "long_words"]

TENANT = "a3f0c2de-1111-4222-8333-944445555666"
OBJECT = "0b6d7e5c-aaaa-4bbb-8ccc-9dddeeeeffff"
OTHER = "1c7e8f6d-aaaa-4bbb-8ccc-9dddeeeeffff"

_OF_TEAMS: dict[str, Block] = {
    "who": PersonInput("who", "Who was there", value=f"teams:{TENANT}:{OBJECT}"),
    "others": PeopleInput(
        "others", "Who else", required=False, value=(f"teams:{TENANT}:{OTHER}", "web:a,b@example.org")
    ),
}
EVERYTHING = replace(
    EVERYTHING_IN_SLACK,
    blocks=tuple(
        replace(block, chat=Address(Platform.TEAMS, TENANT, OBJECT))
        if isinstance(block, PersonCard)
        else _OF_TEAMS.get(getattr(block, "name", ""), block)
        for block in EVERYTHING_IN_SLACK.blocks
    ),
)
MARKDOWN = Done(
    "markdown",
    "What people type",
    (
        Heading("1. [Click](https://evil.example) *now* <at>Everyone</at> &lt; {{DATE(2026-11-22, SHORT)}}"),
        Text("**bold** [Click](https://evil.example)\n- a list\n\n{{TIME(2026-11-22T09:00:00Z)}}"),
    ),
)
ELSEWHERE = Done(
    "elsewhere",
    "Two people",
    tuple(
        PersonCard("Name", "01632 960000", "By phone", "Mornings", Address(platform, "W", "U"))
        for platform in (Platform.SLACK, Platform.WEB)
    ),
)
CHECKED = Form(
    "checked",
    "Checked as one types",
    (TextInput("name", "Name", hint="As it is said"), Toggle("sure", "I am sure", required=True)),
    "tok",
    "Send",
)
forms = any_forms().filter(lambda form: WIRE.isdisjoint(field.name for field in form.inputs()))
VIEWS: dict[str, View] = {
    "interview": INTERVIEW,
    "everything": EVERYTHING,
    "errors": FieldErrors(INTERVIEW, {"before_control": "Choose one", "": "Something else"}),
    "checked": CHECKED,
    "offer": OFFER,
    "many": Done(
        "many", "Many", tuple(Button("open", f"t{n}", f"Person {n}", Weight.QUIET) for n in range(8))
    ),
    "elsewhere": ELSEWHERE,
    "markdown": MARKDOWN,
    "bare": Done("saved", "Saved"),
    "message": Message("tok-open", "tok-stop"),
    "nothing": Nothing(),
}
