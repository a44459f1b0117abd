"""A button carries its command: one pass finds the route, signs what the command holds, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from itertools import product
from types import NoneType
from typing import NewType, get_args, get_type_hints

import pytest

from trim_bot.app.cases.commands import CloseCase, OpenClose
from trim_bot.app.desk.routes import ROUTES, WITHOUT_TOKEN
from trim_bot.app.desk.signing import reference, signed
from trim_bot.app.events.commands import OfferAnswer, RecordCall
from trim_bot.app.examples.sample import SIGN
from trim_bot.app.interviews.commands import StepBack
from trim_bot.app.own.commands import StopMessages
from trim_bot.app.seam import unsigned
from trim_bot.app.seam.command import Command, Opening
from trim_bot.app.seam.links import CallForSafety, OpenCase, OpenMe, OpenStepWaiting
from trim_bot.app.seam.route import made, refs_of
from trim_bot.app.seam.views import Button, Done, Form, Text, Toggle
from trim_bot.domain.cases import CloseReason
from trim_bot.domain.ids import CaseId, CheckInId, MessageHandle, OfferId, StepId
from trim_bot.domain.steps import Rung, StepState


@pytest.mark.parametrize(
    ("command", "name", "refs"),
    [
        (OpenCase(CaseId("c")), "case", {"case": "c"}),
        (OpenMe(), "me", {}),
        (OpenStepWaiting(StepId("s")), "open", {"step": "s"}),
        (OpenStepWaiting(m=MessageHandle("h")), "open", {"m": "h"}),
        (StopMessages(), "stop", {}),
        (StepBack(CheckInId("i"), "", "2"), "back", {"check_in": "i", "at": "", "to": "2"}),
        (
            CallForSafety(CaseId("c"), None, ""),
            "safety_call",
            {"case": "c", "check_in": "", "at": ""},
        ),
        (RecordCall(OfferId("o"), OfferAnswer.NO), "call_no", {"offer": "o", "answer": "no"}),
        (
            RecordCall(OfferId("o"), OfferAnswer.NOT_REACHED),
            "call_not_reached",
            {"offer": "o", "answer": "not_reached"},
        ),
    ],
)
def test_a_command_becomes_its_route_and_its_ids(command: Command, name: str, refs: dict[str, str]) -> None:
    assert reference(command) == (name, refs)


@pytest.mark.parametrize("command", [CloseCase(CaseId("c"), CloseReason.FINISHED), Command()])
def test_what_no_button_can_carry_is_refused(command: Command) -> None:
    with pytest.raises(LookupError):
        reference(command)


def test_a_form_gets_the_name_and_token_of_what_shows_it() -> None:
    drawn = unsigned.Form(
        OpenClose(CaseId("c")),
        "End",
        (Toggle("sure", "Sure"), unsigned.Button("Mine", OpenMe(), to_all=True)),
        submit="End",
        step=(1, 2),
        revision=3,
        back=unsigned.Button("Back", OpenCase(CaseId("c"))),
    )
    inside = (Toggle("sure", "Sure"), Button("me", "", "Mine", goes=True))
    back = Button("case", "press.case", "Back", goes=True)
    assert signed(drawn, SIGN) == Form("close", "End", inside, "form.close", "End", (1, 2), 3, back)


def test_a_page_keeps_all_that_leads_nowhere() -> None:
    page = unsigned.Page("p", "Page", (Text("Words"),))
    assert signed(page, SIGN) == Done("p", "Page", (Text("Words"),))


def test_all_that_a_button_or_form_carries_becomes_text_and_the_same_again() -> None:
    for route in ROUTES.values():
        carried = route.shows or route.does
        assert carried is not None
        hints = get_type_hints(carried)
        names = [field.name for field in fields(carried) if field.name != route.gather]
        gathered: dict[str, object] = {one.name: {} for one in fields(carried) if one.name == route.gather}
        for answers in product(*(possible(hints[name]) for name in names)):
            command = carried(**dict(zip(names, answers, strict=True)), **gathered)
            refs = refs_of(command, route.gather)
            assert {type(ref) for ref in refs.values()} <= {str}, route.name
            assert made(carried, refs, gathered) == command


def possible(hint: object) -> list[object]:
    """Some of all that a field may hold which a token carries; none for what is neither an id nor an answer."""
    if NoneType in get_args(hint):
        return [None, *(value for part in get_args(hint) for value in possible(part))]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)
    text = hint.__supertype__ if isinstance(hint, NewType) else hint
    return ["k7mt"] if text is str else []


def test_what_a_token_does_not_fit_is_refused() -> None:
    for refs in ({}, {"offer": "o"}, {"offer": "o", "answer": "perhaps"}, {"offer": "o", "case": "c"}):
        with pytest.raises((TypeError, ValueError)):
            made(RecordCall, refs, {})


@dataclass(frozen=True, slots=True)
class Asks(Command):
    """Every kind of answer that a command may hold."""

    one: Rung = Rung.POOL
    perhaps: Rung | None = None
    either: Rung | StepState = Rung.POOL
    neither: Rung | StepState | None = None
    several: tuple[Rung, ...] = ()
    written: Rung | str = ""
    plain: str | None = None


@pytest.mark.parametrize("name", ["one", "perhaps", "either", "neither"])
def test_an_answer_that_there_is_not_is_refused_wherever_only_answers_may_stand(name: str) -> None:
    assert getattr(made(Asks, {name: "lead"}, {}), name) is Rung.LEAD
    assert getattr(made(Asks, {}, {name: "lead"}), name) is Rung.LEAD
    for refs, typed in (({name: "perhaps"}, {}), ({}, {name: "perhaps"})):
        with pytest.raises(ValueError, match="none of the answers"):
            made(Asks, refs, typed)


def test_nothing_chosen_is_nothing_where_that_may_be_and_refused_elsewhere() -> None:
    for name in ("perhaps", "neither", "plain"):
        assert getattr(made(Asks, {name: ""}, {}), name) is None
    for name in ("one", "either"):
        with pytest.raises(ValueError, match="none of the answers"):
            made(Asks, {name: ""}, {})


def test_several_answers_are_each_read_and_what_may_be_words_stays_so() -> None:
    assert made(Asks, {}, {"several": ("lead", "pool")}).several == (Rung.LEAD, Rung.POOL)
    with pytest.raises(ValueError, match="none of the answers"):
        made(Asks, {}, {"several": ("lead", "perhaps")})
    assert made(Asks, {"written": "perhaps", "plain": "words"}, {}) == Asks(written="perhaps", plain="words")
    assert made(Asks, {"written": "lead", "either": "told"}, {}) == Asks(
        written=Rung.LEAD, either=StepState.TOLD
    )


def test_what_is_shown_is_an_opening_and_what_is_done_is_not() -> None:
    for route in ROUTES.values():
        assert route.shows is None or issubclass(route.shows, Opening), route.name
        assert route.does is None or not issubclass(route.does, Opening), route.name


def test_what_needs_no_token_carries_nothing() -> None:
    for name in WITHOUT_TOKEN:
        shows = ROUTES[name].shows
        assert shows is not None and reference(shows()) == (name, {})
