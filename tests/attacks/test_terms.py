"""Somebody who was once let into a case goes on opening it: being called in, and being trained, each has an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.attacks.desk import Desk, answer_offer, log_event, opened, train

World = Callable[[], Desk]


def test_a_lead_called_in_for_safety_does_not_open_the_record_sixty_days_later(world: World) -> None:
    desk = world()
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    case = desk.browser("priya").form("cases").press("case")
    assert "Nurse" in case.text
    case.press("safety").press("safety_call")
    desk.wait(minutes=1)
    called = opened(desk.browser("lena"))
    called.press("safety_have")
    assert "Nurse" in called.press("case").text
    # Away, so that no unanswered work of the case comes to her meanwhile and opens it with good reason.
    desk.browser("lena").form("cover").press("hand_over_all")
    desk.wait(days=60)
    assert "Nurse" not in called.press("case").text


def test_a_practitioner_whose_training_has_run_out_does_not_hold_a_case_for_ever(world: World) -> None:
    desk = world()
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    priya = desk.browser("priya")
    case = priya.form("cases")
    assert "Nurse" in case.press("case").text
    today = desk.now.date()
    train(desk.browser("quinn"), "priya", on=today.isoformat(), until=(today + timedelta(days=3)).isoformat())
    for _ in range(5):
        desk.wait(days=6)
    assert "Nurse" not in case.press("case").text
    assert "Nurse" not in priya.form("cases").text
    others = [desk.browser(name).form("cases").text for name in ("lena", "dora", "peter")]
    assert any("Nurse" in text for text in others), "the person is not left without somebody"
