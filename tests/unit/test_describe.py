"""What `describe` tells is what the desk has: every form, button, command and role."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from tests.commands import run_command
from trim_bot.app.desk.describing import describe
from trim_bot.app.desk.routes import ROUTES, RULES, WORDS
from trim_bot.cli.describing import addresses
from trim_bot.domain.people import Role
from trim_bot.domain.policy import POLICY

TOLD = describe(addresses())


def field(form: str, name: str):
    return next(one for one in TOLD["forms"][form]["fields"] if one["name"] == name)


def test_every_form_that_can_be_sent_is_told_with_its_fields() -> None:
    sent = {name for name, route in ROUTES.items() if route.shows is not None and route.does is not None}
    assert sent == set(TOLD["forms"])
    assert all(form["fields"] for form in TOLD["forms"].values())


def test_a_field_is_told_in_full() -> None:
    assert field("close", "reason") == {
        "name": "reason",
        "kind": "choice",
        "required": True,
        "choices": [
            {"value": "finished", "label": "We both think nothing more is needed here"},
            {"value": "moved_on", "label": "Other help has taken over"},
            {"value": "withdrawn", "label": "They do not want to go on"},
            {"value": "unreachable", "label": "I could not reach them, and left word how to come back"},
        ],
        "label": "How did it end?",
        "dynamic": False,
    }


@pytest.mark.parametrize(
    ("form", "name"),
    [("referral", "service"), ("log", "kind"), ("log", "direct"), ("assign", "holder"), ("assign", "cover"),
     ("incident", "take_out"), ("serving", "person"), ("profile", "language")],
)  # fmt: skip
def test_what_is_the_sites_own_is_marked(form: str, name: str) -> None:
    assert field(form, name)["dynamic"]


@pytest.mark.parametrize(
    ("form", "name"), [("result", "then"), ("contact", "answer"), ("notice", "acknowledged"), ("move", "day")]
)
def test_what_never_differs_is_not(form: str, name: str) -> None:
    assert not field(form, name)["dynamic"]


def test_the_states_of_a_form_are_told_together() -> None:
    values = {one["value"] for one in field("serving", "role")["choices"]}
    assert values == {role.value for role in Role if role is not Role.SUSPENDED_LEAD}, (
        "a role nobody is given"
    )
    questions = {one["name"] for one in TOLD["forms"]["questions"]["fields"]}
    assert {"q_earlier_events", "q_how_now", "note"} <= questions


def test_no_name_of_a_sample_person_is_told() -> None:
    labels = [label for action in TOLD["actions"].values() for label in action["labels"]]
    titles = [title for form in TOLD["forms"].values() for title in form["titles"]]
    assert not [text for text in labels + titles if "Maya" in text or "Alex" in text]


def test_every_button_and_word_is_told() -> None:
    assert {name for name, route in ROUTES.items() if route.shows is None} <= set(TOLD["actions"])
    assert TOLD["actions"]["offer_no"] == {"opens": False, "changes": True, "labels": ["No"]}
    assert TOLD["commands"] == {" ".join(said): list(names) for said, names in WORDS.items()}
    assert set(TOLD["messages"]) == {"message"}
    assert all(one["buttons"] == ["Open", "Stop these messages"] for one in TOLD["messages"].values())


def test_roles_are_those_of_the_role_table() -> None:
    assert set(TOLD["roles"]) == {"anyone", "signed_out"} | {role.value for role in Role}
    assert sum(not rule.roles for rule in RULES.values()) == len(TOLD["roles"]["anyone"])
    assert not {"log_incident", "open_case", "open_team"} & set(TOLD["roles"]["coordinator"])
    assert {"log_incident", "open_case"} <= set(TOLD["roles"]["practitioner"])
    assert set(TOLD["roles"]["clinical_lead"]) == {
        "end_questionnaire", "end_threshold", "open_questionnaire", "open_signing", "open_threshold",
        "sign_questionnaire", "sign_threshold",
    }  # fmt: skip


def test_each_way_in_is_told_with_what_is_typed_there() -> None:
    ways = TOLD["platforms"]
    assert set(ways) == {"slack", "teams", "web"}
    assert ways["slack"]["commands"]["/peer log"] == ways["teams"]["commands"]["peer log"] == ["log"]
    # A slash in Teams opens a form at once, so that it takes no further words.
    assert {name for name in ways["teams"]["commands"] if name.startswith("/")} == {"/peer", "/support"}
    typed = {name.removeprefix("/") for name in ways["slack"]["commands"]}
    assert typed == {name for name in ways["teams"]["commands"] if not name.startswith("/")}
    assert typed <= set(TOLD["commands"])
    assert ways["web"]["commands"] == {}


def test_the_addresses_are_those_that_are_served() -> None:
    ways = TOLD["platforms"]
    assert {"POST /slack/events", "GET /slack/install"} <= set(ways["slack"]["addresses"])
    assert "POST /api/messages" in ways["teams"]["addresses"]
    pages = ways["web"]["addresses"]
    assert {"GET /help-now", "GET /what-can-my-employer-see", "POST /f/{form}", "GET /teams/tab"} <= set(
        pages
    )
    assert not [page for page in pages if "practice" in page]


def test_the_command_tells_it() -> None:
    run = run_command("describe", "--json")
    assert run.exit_code == 0
    assert json.loads(run.stdout) == TOLD
    plain = run_command("describe")
    assert plain.exit_code == 0
    assert "peer log" in plain.stdout


def test_every_number_of_the_scheme_is_told_with_its_unit_and_reason() -> None:
    told = TOLD["policy"]
    assert list(told) == [one.name for one in fields(POLICY)]
    assert told["safety_again"] == {
        "value": "30 minutes", "why": "until an unanswered safety call goes out again"
    }  # fmt: skip
    assert told["agreed_hour"]["value"] == "09:00"
    assert told["safety_times"]["value"] == "6"
    assert all(one["why"] for one in told.values())
