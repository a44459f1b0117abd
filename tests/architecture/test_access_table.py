"""Every command has one rule, every route obeys the table, and every cell of it is written down."""

from dataclasses import fields
from importlib import import_module
from typing import get_type_hints

import pytest

from tests.architecture.access_matrix import commands_of, matrix, topics
from tests.architecture.tree import ROOT
from trim_bot.app.cases import commands as cases
from trim_bot.app.cases import held
from trim_bot.app.cases import routes as case_routes
from trim_bot.app.cases.entitled import holds_case, holds_check_in
from trim_bot.app.desk.routes import ROUTES, RULES, WITHOUT_TOKEN, WORDS, gathered
from trim_bot.app.events import commands as incidents
from trim_bot.app.handover import routes as handover_routes
from trim_bot.app.interviews import routes as interview_routes
from trim_bot.app.oversight import commands as oversight
from trim_bot.app.people.access import SERVES
from trim_bot.app.referrals import routes as referral_routes
from trim_bot.app.requests import commands as requests
from trim_bot.app.safety import routes as safety_routes
from trim_bot.app.seam.command import Command, ListPlace
from trim_bot.app.seam.links import OpenLog, OpenStatus, OpenTaken
from trim_bot.app.seam.route import Route, always, page
from trim_bot.domain.people import Role

MODULES = [
    import_module(".".join(found.relative_to(ROOT).with_suffix("").parts))
    for found in sorted(
        [*(ROOT / "trim_bot/app").glob("*/*commands.py"), ROOT / "trim_bot/app/seam/links.py"]
    )
]
COMMANDS = {command for module in MODULES for command in commands_of(module)}
SERVING = {Role.PRACTITIONER, Role.LEAD, Role.DEPUTY}


ABOUT_CASES = (case_routes, handover_routes, interview_routes, safety_routes, referral_routes)


def admits(role: Role, route: Route) -> bool:
    return route.rule.admits(frozenset({role}), signed_out=False)


def only(role: Role, command: type) -> bool:
    return RULES[command].admits(frozenset({role}), signed_out=False)


def test_every_command_has_the_rule_of_its_line_and_nothing_else_has_one() -> None:
    assert set(RULES) == COMMANDS
    assert [command for _, some in topics() for command in some] == list(RULES)


def test_a_command_stands_under_one_rule_wherever_it_is_routed() -> None:
    for route in ROUTES.values():
        for command in (route.shows, route.does):
            assert command is None or RULES[command] == route.rule, route.name


def test_only_help_is_answered_before_any_route_is_looked_up() -> None:
    routed = {one for route in ROUTES.values() for one in (route.shows, route.does) if one is not None}
    assert set(RULES) - routed == {oversight.OpenHelp}


def test_words_and_buttons_without_a_token_open_known_routes() -> None:
    assert {name for names in WORDS.values() for name in names} <= set(ROUTES)
    assert set(ROUTES) >= WITHOUT_TOKEN
    assert all(ROUTES[name].shows is not None for name in WITHOUT_TOKEN)


def test_a_line_without_a_rule_cannot_be_written() -> None:
    with pytest.raises(TypeError):
        page("cases", cases.OpenCases, held.open_cases)  # type: ignore[call-arg]  # that it is one


def test_a_rule_has_one_relationship_so_that_none_is_dropped() -> None:
    with pytest.raises(TypeError):
        _ = SERVES & holds_case & holds_check_in


def _ids_of(command: type[Command]) -> set[str]:
    """What a token holds of a command, but for a place in a list, which opens nothing by itself."""
    hints = get_type_hints(command)
    return {one.name for one in fields(command) if hints[one.name] is not ListPlace}


def test_whatever_carries_an_id_asks_for_a_relationship_to_it() -> None:
    """A line that only names roles would open everybody's records to all who hold one."""
    without = {
        route.name
        for route in ROUTES.values()
        for command in (route.shows or route.does,)
        if command is not None and _ids_of(command) - {route.gather}
        if route.rule.relation is always
    }
    # A message's handle opens only what is one's own, a code is looked up with whoever typed or made it, and what
    # is published is nobody's own. The form for an event carries whom its sender has seen listed, which opens nothing.
    # A search of the journal carries what was asked, and finds no record. A setting is the whole site's,
    # and so is a chat that is connected: a test message goes to whoever asks for it alone.
    settings = {"setting_group", "setting_list", "setting_row", "row_out", "row_first", "rang", "site_apply"}
    settings |= {"send_test"}
    assert without - settings == {
        "bulletin",
        "open",
        "stop",
        "join_chats",
        "confirm_join",
        "log",
        "journal_rows",
    }


def test_a_name_that_two_subjects_have_fails() -> None:
    with pytest.raises(ValueError, match="case"):
        gathered([("case", 1), ("me", 2), ("case", 3)])


@pytest.mark.parametrize("role", [role for role in Role if role not in SERVING])
def test_roles_that_serve_nobody_reach_no_case_and_no_incident(role: Role) -> None:
    theirs = [route.name for subject in ABOUT_CASES for route in subject.ROUTES if admits(role, route)]
    assert theirs == []
    assert not any(only(role, one) for one in (OpenLog, incidents.LogIncident, incidents.OpenIncident))
    assert not any(only(role, one) for one in (requests.OpenRequest, requests.TakeRequest, OpenTaken))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_see_figures(role: Role) -> None:
    assert only(Role.COORDINATOR, OpenStatus)
    assert not only(role, OpenStatus)


def test_planning_is_for_leads_alone() -> None:
    for command in (cases.OpenTeam, cases.OpenAssign, cases.AssignCase):
        assert {role for role in Role if only(role, command)} == {Role.LEAD, Role.DEPUTY}


def test_somebody_signed_out_may_ask_and_read_a_reply_and_nothing_more() -> None:
    open_to_all = {command for command, rule in RULES.items() if rule.admits(frozenset(), signed_out=True)}
    assert open_to_all == {
        requests.OpenAsk, requests.AskSignedOut, requests.OpenReply, requests.ReadReply, requests.StopSignedOut,
        oversight.OpenHelp,
    }  # fmt: skip


def test_the_written_matrix_is_the_table() -> None:
    written = (ROOT / "docs" / "access.md").read_text()
    assert written == matrix(), "run: python -m tests.architecture.access_matrix > docs/access.md"
