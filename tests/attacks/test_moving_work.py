"""A coordinator has all the work of one practitioner passed on: to see whether there is any, or to have it read."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.attacks.desk import Desk, answer_offer, differences, log_event, person
from tests.attacks.pages import Page
from tests.attacks.test_ending_roles import what_a_coordinator_sees

World = Callable[[], Desk]


DRAWN_AFRESH = re.compile(r"(?<![\w-])[\w-]{20,}")
"""Tokens, proofs of forms and ids."""


def as_shown(page: Page) -> str:
    """A page as it came, with its headers; of what is drawn afresh each time, only how long it is."""
    headers = [f"{name}: {value}" for name, value in page.answer.headers.items() if name != "date"]
    return DRAWN_AFRESH.sub(lambda found: f"({len(found[0])})", "\n".join([*headers, page.html]))


def pass_on(desk: Desk, to: str) -> list[Page]:
    """Pass on all that Priya has; every page that came with it."""
    form = person(desk.browser("quinn"), "priya").press("Pass on all their work")
    chosen = to if to == "on" else _value_of(form, to)
    return [form, form.send(next_holder=chosen), desk.browser("quinn").form("team")]


def _value_of(form: Page, name: str) -> str:
    before = form.html.split(f">{name.title()}<", 1)[0]
    return before.rsplit('value="', 1)[1].split('"', 1)[0]


def seen_while_work_moves(desk: Desk, answer: str, to: str) -> list[str]:
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", answer)
    desk.wait(hours=1)
    seen = what_a_coordinator_sees(desk)
    seen += [as_shown(page) for page in pass_on(desk, to)]
    for hours in (1, 20, 6, 48):
        desk.wait(hours=hours)
        seen += what_a_coordinator_sees(desk)
    return seen


def test_passing_on_all_work_to_a_colleague_does_not_tell_whether_there_is_any(world: World) -> None:
    work = seen_while_work_moves(world(), "offer_yes", "peter")
    assert differences(work, seen_while_work_moves(world(), "offer_no", "peter")) == []


def test_leaving_it_to_a_lead_does_not_tell_either(world: World) -> None:
    work = seen_while_work_moves(world(), "offer_yes", "on")
    assert differences(work, seen_while_work_moves(world(), "offer_no", "on")) == []


def test_the_work_has_moved_and_whoever_held_it_knows(world: World) -> None:
    desk = world()
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    desk.wait(hours=1)
    pass_on(desk, "peter")
    assert desk.browser("priya").form("cases").has("case"), "not before the next working day"
    desk.wait(days=1)
    assert desk.browser("peter").form("cases").has("case")
    assert not desk.browser("priya").form("cases").has("case")
    assert "Peter" in desk.browser("priya").form("waiting").press("open").text


def test_a_coordinator_alone_sends_no_case_to_a_colleague_of_their_choice(world: World) -> None:
    desk = world()
    desk.browser("lena").form("waiting")
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    pass_on(desk, "peter")
    desk.wait(days=1)
    assert not desk.browser("peter").form("cases").has("case")
    assert desk.browser("priya").form("cases").has("case")


def test_nor_does_she_by_leaving_only_a_friend_with_room_for_it(world: World) -> None:
    desk = world()
    desk.browser("lena").form("waiting")
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    asked = pass_on(desk, "peter")
    assert "lead" in asked[1].text
    pass_on(desk, "on")
    desk.wait(days=1)
    assert not desk.browser("peter").form("cases").has("case")


def test_with_a_leads_yes_it_moves_on_the_next_working_day(world: World) -> None:
    desk = world()
    desk.browser("lena").form("waiting")
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    pass_on(desk, "peter")
    waiting = desk.browser("lena").form("waiting")
    asked = waiting if waiting.has("move_yes") else waiting.press("open")
    asked.press("move_yes")
    assert desk.browser("priya").form("cases").has("case")
    desk.wait(days=1)
    assert desk.browser("peter").form("cases").has("case")


def test_the_command_line_says_the_same_too(world: World) -> None:
    said = []
    for answer in ("offer_yes", "offer_no"):
        desk = world()
        log_event(desk, "priya", "nurse")
        answer_offer(desk, "nurse", answer)
        names = ("web:priya@acme.example", "--to", "web:peter@acme.example")
        said.append(desk.command("members", "move-work", *names))
    assert said[0] == said[1]
