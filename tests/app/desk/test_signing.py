"""A button carries its command: one pass finds the route, signs what the command holds, and nothing else."""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

import pytest

from trim_bot.app.cases.commands import CloseCase, OpenClose
from trim_bot.app.desk.routes import ROUTES, WITHOUT_TOKEN
from trim_bot.app.desk.way_through import reference, signed
from trim_bot.app.events.commands import RecordCall
from trim_bot.app.examples.sample import SIGN
from trim_bot.app.interviews.commands import StepBack
from trim_bot.app.own.commands import StopMessages
from trim_bot.app.seam import unsigned
from trim_bot.app.seam.command import Command, Opening
from trim_bot.app.seam.links import CallForSafety, OpenCase, OpenMe, OpenStepWaiting
from trim_bot.app.seam.views import Button, Done, Form, Text, Toggle


@pytest.mark.parametrize(
    ("command", "name", "refs"),
    [
        (OpenCase("c"), "case", {"case": "c"}),
        (OpenMe(), "me", {}),
        (OpenStepWaiting("s"), "open", {"step": "s"}),
        (OpenStepWaiting(m="h"), "open", {"m": "h"}),
        (StopMessages(), "stop", {}),
        (StepBack("i", "", "2"), "back", {"check_in": "i", "at": "", "to": "2"}),
        (CallForSafety("c", "", ""), "safety_call", {"case": "c", "check_in": "", "at": ""}),
        (RecordCall("o", "no"), "call_no", {"offer": "o", "answer": "no"}),
        (RecordCall("o", "not_reached"), "call_not_reached", {"offer": "o", "answer": "not_reached"}),
    ],
)
def test_a_command_becomes_its_route_and_its_ids(command: Command, name: str, refs: dict[str, str]) -> None:
    assert reference(command) == (name, refs)


@pytest.mark.parametrize("command", [CloseCase("c", "finished"), RecordCall("o", "perhaps"), Command()])
def test_what_no_button_can_carry_is_refused(command: Command) -> None:
    with pytest.raises(LookupError):
        reference(command)


def test_a_form_gets_the_name_and_token_of_what_shows_it() -> None:
    drawn = unsigned.Form(
        OpenClose("c"),
        "End",
        (Toggle("sure", "Sure"), unsigned.Button("Mine", OpenMe(), to_all=True)),
        submit="End",
        step=(1, 2),
        revision=3,
        back=unsigned.Button("Back", OpenCase("c")),
    )
    inside = (Toggle("sure", "Sure"), Button("me", "", "Mine"))
    back = Button("case", "press.case", "Back")
    assert signed(drawn, SIGN) == Form("close", "End", inside, "form.close", "End", (1, 2), 3, back)


def test_a_page_keeps_all_that_leads_nowhere() -> None:
    page = unsigned.Page("p", "Page", (Text("Words"),))
    assert signed(page, SIGN) == Done("p", "Page", (Text("Words"),))


def test_all_that_a_button_or_form_carries_is_text() -> None:
    for route in ROUTES.values():
        carried = route.shows or route.does
        assert carried is not None
        kinds = get_type_hints(carried)
        names = [field.name for field in fields(carried) if field.name != route.gather]
        assert {kinds[name] for name in names} <= {str}, route.name


def test_what_is_shown_is_an_opening_and_what_is_done_is_not() -> None:
    for route in ROUTES.values():
        assert route.shows is None or issubclass(route.shows, Opening), route.name
        assert route.does is None or not issubclass(route.does, Opening), route.name


def test_what_needs_no_token_carries_nothing() -> None:
    for name in WITHOUT_TOKEN:
        shows = ROUTES[name].shows
        assert shows is not None and reference(shows()) == (name, {})
