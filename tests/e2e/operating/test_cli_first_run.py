"""The first hour of an administrator, and the exit codes on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from integrations.web.help_file import HelpNumbers
from tests.e2e.operating.conftest import SITE, Place
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.ports import Tx
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.ids import CaseId, MemberId, OrganisationId
from trim_bot.domain.people import Address
from trim_bot.domain.steps import OPEN_STATES, AnyStepKind, Rung, Step, StepKind
from trim_bot.settings.store_addresses import help_file, help_path

T = TypeVar("T")
ADMIN = "web:someone@example.org"


LINES = '[[reporting_lines]]\nperson = "slack:T1:U1"\nmanager = "slack:T1:U2"\n'
OF_LINES = "".join(f'[[staff]]\naddress = "slack:T1:{one}"\nname = "{one}"\n' for one in ("U1", "U2"))
NIGHT_SHIFT = '[[staff]]\naddress = "web:night@example.org"\nname = "Night shift"\n'


def test_the_first_act_on_an_empty_database_makes_the_organisation(place: Place) -> None:
    said = place.run("members", "grant", "administrator", ADMIN, "--name", "Sam")
    assert "administrator of default" in said
    assert place.json("members", "list") == [{"name": "Sam", "roles": ["administrator"], "actors": [ADMIN]}]


def test_the_slug_comes_from_the_public_address_or_an_option(place: Place) -> None:
    place.set(PUBLIC_URL="https://peer.example.org")
    assert "of peer." in place.run("members", "grant", "administrator", ADMIN, "--name", "Sam")
    words = ("members", "grant", "auditor", "slack:T1:U1", "--name", "Lee")
    assert "of peer." in place.run(*words)


def test_a_role_is_given_once_and_ended_once(place: Place) -> None:
    place.run("members", "grant", "administrator", ADMIN, "--name", "Sam")
    assert "already" in place.run("members", "grant", "administrator", ADMIN)
    place.run("members", "revoke", "administrator", ADMIN, "--yes")
    assert "Nothing changed" in place.run("members", "revoke", "administrator", ADMIN, code=1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("members", "grant", "manager", ADMIN), 2),
        (("members", "grant", "lead", "somebody"), 2),
        (("members", "grant", "lead", ADMIN), 2),
        (("members", "list"), 1),
        (("members", "link", ADMIN), 1),
        (("nothing",), 2),
        (("worker",), 3),
        (("site", "check", "nowhere.toml"), 2),
        (("manifest", "slack", "--url", "http://peer.example.org"), 2),
        (("erase", ADMIN), 3),
    ],
)
def test_exit_codes(place: Place, words: tuple[str, ...], code: int) -> None:
    place.run(*words, code=code)


def test_without_a_keyring_a_command_is_refused(place: Place) -> None:
    place.set(TRIM_BOT_ENV="production", TRIM_BOT_KEYRING="")
    place.run("members", "list", code=3)
    place.set(TRIM_BOT_KEYRING="nonsense")
    place.run("members", "list", code=2)


def test_nothing_is_made_for_somebody_unknown_without_a_name(place: Place) -> None:
    place.run("members", "grant", "administrator", ADMIN, code=2)
    assert "no organisation" in place.run("doctor")
    place.run("members", "grant", "administrator", ADMIN, "--name", "Sam")
    place.run("members", "grant", "administrator", "slack:T1:U1", code=2)
    place.run("members", "grant", "administrator", "slack:T1:U1", "--name", "Lee")


def test_a_printed_keyring_can_be_read_by_a_program(place: Place) -> None:
    told = place.json("keys", "new", "--print")
    assert isinstance(told, dict)
    place.set(OTHER=told["keyring"])
    assert Keyring.load("env:OTHER").fingerprint == told["fingerprint"]


def test_without_settings_every_fault_is_named(place: Place) -> None:
    place.set(TRIM_BOT_CLOCK="slow", DATABASE_URL="nowhere")
    result = place.result("members", "list")
    assert result.exit_code == 2
    assert "TRIM_BOT_CLOCK" in result.output
    assert "DATABASE_URL" in result.output


def test_a_link_signs_in_somebody_known(place: Place) -> None:
    place.run("members", "grant", "coordinator", "slack:T1:U1", "--name", "Lee")
    place.set(PUBLIC_URL="https://peer.example.org")
    told = place.json("members", "link", "slack:T1:U1")
    assert isinstance(told, dict)
    assert told["url"].startswith("https://peer.example.org/sign-in?k=default.")
    place.run("members", "link", "slack:T1:U2", code=1)


def test_sessions_and_links_of_somebody_end_on_request(place: Place) -> None:
    place.run("members", "grant", "coordinator", ADMIN, "--name", "Sam")
    place.run("members", "link", ADMIN)
    assert place.json("members", "sign-out", ADMIN) == {"actor": ADMIN, "ended": 1}
    assert "Ended 0 sessions and links" in place.run("members", "sign-out", ADMIN)
    place.run("members", "sign-out", "web:nobody@example.org", code=1)


def test_a_site_file_renames_the_only_organisation(place: Place) -> None:
    place.run("members", "grant", "administrator", ADMIN, "--name", "Sam")
    told = place.json("site", "apply", place.site_file())
    assert isinstance(told, dict)
    assert (told["organisation"], told["renamed_from"]) == ("example-transport", "default")
    assert "example-transport" in place.run("members", "grant", "coordinator", ADMIN)


def test_a_site_file_alone_makes_the_organisation(place: Place) -> None:
    place.run("site", "apply", place.site_file())
    assert place.json("members", "list") == []


def test_a_faulty_site_file_changes_nothing(place: Place) -> None:
    path = place.site_file(SITE.replace("Europe/London", "Europe/Londn"))
    said = place.run("site", "apply", path, code=1)
    assert f"{path}:3: “zone”" in said
    assert "Nothing was changed." in said
    assert not help_path(place.settings()).exists()


def test_the_help_numbers_go_where_the_site_says(place: Place) -> None:
    elsewhere = place.folder / "of the site" / "help.json"
    elsewhere.parent.mkdir()
    place.set(HELP_FILE=str(elsewhere))
    place.run("site", "apply", place.site_file())
    assert elsewhere.exists() and not (place.folder / "trim_bot_help.json").exists()
    assert HelpNumbers(help_file(place.settings()))().site
    assert "shows your own first" in place.result("doctor").output


def test_a_threshold_must_fit_its_questionnaire(place: Place) -> None:
    text = SITE + (
        '[[thresholds]]\nquestionnaire = "trauma_month_v1"\nfloor = 500\nstep = 2\n'
        'signed_by = "Clinical lead"\nsigned_on = 2026-01-01\n'
    )
    assert "above its highest total" in place.run("site", "check", place.site_file(text), code=1)
    good = place.site_file(text.replace("500", "12"))
    place.run("site", "check", good)


def test_lines_and_staff_follow_the_file(place: Place) -> None:
    lines = LINES
    staff = NIGHT_SHIFT + OF_LINES
    first = place.json("site", "apply", place.site_file(SITE + lines + staff))
    again = place.json("site", "apply", place.site_file(SITE + lines + staff))
    without = place.json("site", "apply", place.site_file())
    keys = ("lines_added", "lines_removed", "staff_added")
    assert [[one[key] for key in keys] for one in (first, again, without)] == [
        [1, 0, 3],
        [0, 0, 0],
        [0, 1, 0],
    ]


def test_a_line_that_matches_nobody_is_refused_with_its_line_and_nothing_is_saved(place: Place) -> None:
    text = SITE + LINES + NIGHT_SHIFT
    where = text[: text.index("person =")].count("\n") + 1
    file = place.site_file(text)
    assert "[[staff]]" in place.run("site", "check", file)
    for _ in ("a new organisation", "one that is there"):
        refused = place.run("site", "apply", file, code=1)
        for line, key in ((where, "person"), (where + 1, "manager")):
            assert f"{file}:{line}: Nobody is known by this “{key}”" in refused
        assert "Nothing was changed" in refused
        place.run("site", "apply", place.site_file(SITE + OF_LINES.replace("T1:U2", "T1:U3")))
        file = place.site_file(text.replace("T1:U1", "T1:U4"))
    # Who is known already may be named, although the file lists them no more.
    known = place.json("site", "apply", place.site_file(SITE + LINES.replace("T1:U2", "T1:U3")))
    assert known["lines_added"] == 1


def test_lines_that_come_late_take_the_case_out_of_the_managers_hands(place: Place) -> None:
    staff = '[[staff]]\naddress = "web:night@example.org"\nname = "Night shift"\n'
    lines = '[[reporting_lines]]\nperson = "web:night@example.org"\nmanager = "web:pat@example.org"\n'
    place.run("site", "apply", place.site_file(SITE + staff))
    place.run("members", "grant", "practitioner", "web:pat@example.org", "--name", "Pat")

    def give(tx: Tx) -> None:
        person, holder = (member_at(tx, Address.parse(f"web:{one}@example.org")) for one in ("night", "pat"))
        assert person is not None and holder is not None
        opened = datetime(2026, 11, 23, 9, tzinfo=UTC)
        tx.add(
            Case(
                CaseId("c"),
                tx.new_key(),
                person.id,
                "straw_style_v1",
                CaseState.OPEN,
                opened,
                holder=holder.id,
            )
        )

    def look(tx: Tx) -> tuple[list[MemberId | None], list[tuple[AnyStepKind, Rung]]]:
        steps = tx.find(Step, case_id="c", state=OPEN_STATES)
        return [case.holder for case in tx.find(Case)], [(step.kind, step.rung) for step in steps]

    asyncio.run(_with_store(place, give))
    before = place.json("site", "apply", place.site_file(SITE + staff))
    assert None not in asyncio.run(_with_store(place, look))[0]
    after = place.json("site", "apply", place.site_file(SITE + staff + lines))
    assert asyncio.run(_with_store(place, look)) == ([None], [(StepKind.ASSIGN, Rung.POOL)])
    # What is doubtful is said of the file alone.
    del before["doubts"], after["doubts"]
    assert {**before, "lines_added": 1} == after, "whoever puts the file into force learns of no case"


async def _with_store(place: Place, body: Callable[[Tx], T]) -> T:
    """What a body finds or changes in the organisation."""
    deployment = await open_deployment(place.settings())
    try:
        organisation = await deployment.store.organisation_called("example-transport")
        assert organisation is not None
        return await deployment.store.write(OrganisationId(organisation.id), body)
    finally:
        deployment.close()


def test_the_doctor_says_a_line_for_each_part(place: Place) -> None:
    place.run("site", "apply", place.site_file())
    lines = place.run("doctor").split("\n\n")[0].splitlines()
    grades = {line.split()[1]: line.split()[0] for line in lines}
    assert grades["keys"] == grades["database"] == grades["site"] == grades["help"] == "ok"
    assert grades["numbers"] == grades["thresholds"] == grades["roles"] == "warn"
    place.set(TRIM_BOT_KEYRING="file:nowhere.key")
    assert "fail keys" in place.run("doctor", code=1)
