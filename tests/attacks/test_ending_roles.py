"""A coordinator ends roles to see whether work lies behind them: the answer must not depend on the work."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.desk import ROLES, Desk, answer_offer, differences, end_role, give_role, log_event

World = Callable[[], Desk]
SERVING = ("practitioner", "lead", "deputy")


def what_a_coordinator_sees(desk: Desk) -> list[str]:
    """Every live page open to them, the public one, their messages, and what they can ask the command line."""
    quinn, stranger = desk.browser("quinn"), desk.browser()
    pages = [quinn.get("/status"), quinn.form("team"), quinn.form("due"), quinn.get("/me")]
    pages += [stranger.get("/what-can-my-employer-see"), stranger.get("/readyz")]
    return [*(page.text for page in pages), str(len(quinn.messages()))]


def seen_while_every_role_is_ended(desk: Desk, answer: str) -> list[str]:
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", answer)
    seen = what_a_coordinator_sees(desk)
    quinn = desk.browser("quinn")
    held = [(name, role) for name, roles in ROLES.items() for role in roles if role in SERVING]
    for name, role in held:
        seen.append(end_role(quinn, name, role).text)
    desk.wait(minutes=5)
    seen += what_a_coordinator_sees(desk)
    for name, role in held:
        seen.append(give_role(quinn, name, role).text)
    desk.wait(minutes=5)
    return seen + what_a_coordinator_sees(desk)


def test_ending_every_role_for_five_minutes_does_not_tell_whether_a_case_is_open(world: World) -> None:
    case = seen_while_every_role_is_ended(world(), "offer_yes")
    assert differences(case, seen_while_every_role_is_ended(world(), "offer_no")) == []
