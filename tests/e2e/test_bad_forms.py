"""What cannot be kept as it was typed: said at its field, in words how to mend it, with everything still there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.e2e.doors import Door
from tests.e2e.screens import Filling, Person, Screen, send
from tests.e2e.settling import MONDAY
from tests.e2e.slack_side import Modal
from tests.e2e.story import event
from tests.e2e.teams_side import Dialog
from trim_bot.app.seam import mending

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("stores", ["sqlite"], indirect=True)]

TOMORROW = (MONDAY + timedelta(days=1)).date()
LONG = "x" * 2001


async def refused(form: Screen, values: dict[str, Filling], errors: dict[str, str]) -> Screen:
    """The form as it comes back, with these errors and everything typed still there."""
    form.fill(**values)
    typed = {name: form.standing(name) for name in form.fields()}
    after: Screen
    match form:
        case Modal() | Dialog():
            after = await form.submit(even_unfilled=True)
        case _:
            after = await form.submit()
    assert after.form == "log"
    assert {name: after.standing(name) for name in after.fields()} == typed
    assert dict(after.errors) == errors
    return after


def mistakes(one: Person, other: Person) -> list[tuple[dict[str, Filling], dict[str, str]]]:
    """Fillings of the form for an event, and what is said of each."""
    return [
        (event(one, on=TOMORROW), {"ended_on": mending.DATE_IN_FUTURE}),
        (event(one, on=MONDAY.date(), at="23:00"), {"ended_at": mending.DATE_IN_FUTURE}),
        (event(one, on=MONDAY.date().replace(year=1950)), {"ended_on": mending.DATE_LONG_AGO}),
        (event(one, peripheral=[one.ref]), {"peripheral": mending.PERSON_TWICE}),
        (event(), {"direct": mending.NOBODY_EXPOSED}),
        (event(one, account=LONG), {"account": mending.too_long(2000)}),
        (event(one, unlisted=", 07700"), {"unlisted": mending.unlisted_rows([1])}),
        (event(one, at=""), {"ended_at": mending.GIVE_TIME}),
        (event(other, on=TOMORROW, account=LONG), {"account": mending.too_long(2000)}),
    ]


async def test_every_mistake_is_said_at_its_field(door: Door) -> None:
    """Each mistake on a fresh form; after the last one it is mended and goes through."""
    cast, other = await door.cast(), await door.person("driver")
    for values, errors in mistakes(cast.nurse, other):
        await refused(await cast.priya.say("peer", "log"), values, errors)
    form = await cast.priya.say("peer", "log")
    after = await refused(form, event(cast.nurse, on=TOMORROW), {"ended_on": mending.DATE_IN_FUTURE})
    done = await send(after, ended_on=MONDAY.date().isoformat())
    assert "The event is logged" in done.title


async def test_somebody_who_left_is_said_at_the_field(chat: Door) -> None:
    cast, driver = await chat.cast(), await chat.person("driver")
    chat.leaves("driver")
    form = await cast.priya.say("peer", "log")
    after = await refused(form, event(cast.nurse, driver), {"direct": mending.PERSON_LEFT})
    done = await send(after, direct=[cast.nurse.ref])
    assert "The event is logged" in done.title


@pytest.mark.parametrize("text", ["nonsense", "log Maria Smith", "cases now please", "LOG", "help"])
async def test_unknown_words_get_the_short_help(chat: Door, text: str) -> None:
    priya = await chat.person("priya")
    answer = await priya.say("peer", *text.split())
    known = text.casefold().split()[0] in ("log", "cases")
    assert (answer.title != "What you can type here") if known else (answer.title == "What you can type here")
    assert "Maria" not in answer.text


async def test_an_end_before_its_start_is_said_at_its_field(door: Door) -> None:
    quinn = await door.person("quinn")
    form = await (await quinn.say("peer", "team")).press("person")
    assert form.form == "person"
    values: dict[str, Filling] = {
        "provider": "A training body",
        "trained_on": "2026-03-01",
        "expires_on": "2026-02-01",
    }
    after = await send(form, **values)
    assert dict(after.errors) == {"expires_on": mending.EXPIRES_BEFORE}
    assert {name: after.standing(name) for name in values} == values
