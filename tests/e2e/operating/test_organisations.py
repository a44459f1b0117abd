"""A mistyped workspace is put right: what nobody used is told from what somebody did, moved, renamed and removed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.database_logins import Logins
from tests.e2e.operating.conftest import SITE, Place
from trim_bot.bootstrap.deployment import Deployment, open_deployment
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.records import Action
from trim_bot.settings.environment import load_settings
from trim_bot.storage import organisation_removal
from trim_bot.storage.database_roles import DatabaseRole
from trim_bot.storage.erasure.eraser import Eraser
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.ledger_tables import ErasureLine

ADAM = "web:adam@example.org"
WRONG = "slack:T0WRONG:U1"


class Setting:
    """A deployment, and the logins of its parts where it has any."""

    def __init__(self, place: Place, logins: Logins | None) -> None:
        self.place = place
        self._logins = logins

    def by(self, role: DatabaseRole) -> Place:
        if self._logins is not None:
            self.place.set(**self._logins.environment(role))
        return self.place

    @property
    def as_worker(self) -> Place:
        return self.by(DatabaseRole.WORKER)

    @property
    def as_owner(self) -> Place:
        return self.by(DatabaseRole.OWNER)


@pytest.fixture(params=["sqlite", "logins"])
def at(request: pytest.FixtureRequest, place: Place) -> Setting:
    """One organisation that is in use, and another that a mistyped team made."""
    made = None
    if request.param == "logins":
        new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        made = Logins.made(new)
    return filled(Setting(place, made))


@pytest.fixture
def on_files(place: Place) -> Setting:
    """The same on SQLite alone."""
    return filled(Setting(place, None))


def filled(here: Setting) -> Setting:
    place = here.place
    here.as_owner.run("migrate")
    here.as_worker.run("site", "apply", place.site_file())
    place.run("members", "grant", "administrator", ADAM, "--name", "Adam")
    place.run("members", "grant", "administrator", WRONG, "--name", "Ada", "--organisation", "wrong")
    return here


def states(place: Place) -> dict[str, str]:
    return {one["slug"]: one["state"] for one in place.json("organisations", "list")}


def test_what_nobody_used_is_removed_and_stays_so(at: Setting) -> None:
    place = at.as_worker
    assert states(place) == {"example-transport": "in use", "wrong": "in use"}
    assert "somebody holds a role" in place.run("organisations", "remove", "wrong", "--yes", code=3)
    place.run("members", "revoke", "administrator", WRONG, "--yes")
    assert states(place)["wrong"] == "empty"
    assert "asks first" in place.run("organisations", "remove", "wrong", code=3)
    at.as_owner.run("backup", "before")
    if not load_settings().is_sqlite:
        assert "login that owns the tables" in at.as_worker.run(
            "organisations", "remove", "wrong", "--yes", code=3
        )
        assert states(at.as_worker)["wrong"] == "empty"
    assert at.as_owner.json("organisations", "remove", "wrong", "--yes") == {
        "organisation": "wrong",
        "removed": True,
    }
    assert states(at.as_worker) == {"example-transport": "in use"}
    sound(at)
    at.as_owner.run("organisations", "remove", "wrong", "--yes", code=1)
    # The same team may begin anew, or join the right organisation.
    at.as_worker.run("site", "apply", place.site_file(), "--workspace", "slack:T0WRONG")
    [one] = place.json("organisations", "list")
    assert one["workspaces"] == ["slack:T0WRONG"]


def sound(at: Setting) -> None:
    """The three stores belong together, the journal is whole, and no key is in nobody's hands."""
    assert at.as_owner.json("journal", "verify")["faults"] == []
    graded = {(one["name"], one["grade"]) for one in at.as_worker.json("doctor", code=0)}
    assert not {name for name, grade in graded if grade == "fail"} & {
        "database",
        "journal",
        "records",
        "ledger",
    }
    assert at.as_worker.json("retention", "run")["refused_keys"] == 0


def test_a_backup_from_before_does_not_bring_it_back(place: Place) -> None:
    place.run("site", "apply", place.site_file())
    place.run("members", "grant", "administrator", WRONG, "--name", "Ada", "--organisation", "wrong")
    place.run("members", "revoke", "administrator", WRONG, "--yes", "--organisation", "wrong")
    place.run("backup", "before")
    place.run("organisations", "remove", "wrong", "--yes")
    for name in ("data.db", "keys.db"):
        (place.folder / name).unlink()
    told = place.json("restore", "before", "--yes")
    assert (told["faults"], told["lines_not_understood"]) == (0, 0)
    assert states(place) == {"example-transport": "empty"}
    assert place.json("journal", "verify")["faults"] == []


def during(act: Callable[[Deployment], Awaitable[None]]) -> None:
    async def run() -> None:
        deployment = await open_deployment(load_settings())
        try:
            await act(deployment)
        finally:
            deployment.close()

    asyncio.run(run())


class Killed(BaseException):
    """The process ends here."""


def killed_in(place: Place) -> None:
    with pytest.raises(Killed):
        place.result("organisations", "remove", "wrong", "--yes")


def cut_after_the_line(at: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin to remove the wrong one, and be killed once the ledger says so."""
    at.as_worker.run("members", "revoke", "administrator", WRONG, "--yes")
    whole = ErasureLedger.begin

    def cut(*words: Any) -> ErasureLine:
        whole(*words)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(ErasureLedger, "begin", cut)
        killed_in(at.as_owner)


def test_cut_short_before_its_rows_are_gone_it_is_called_off_and_never_done_later(
    at: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_after_the_line(at, monkeypatch)
    use = ("members", "grant", "administrator", WRONG, "--name", "Ada", "--organisation", "wrong")
    at.as_worker.run(*use)
    assert "somebody holds a role" in at.as_owner.run("organisations", "remove", "wrong", "--yes", code=3)
    assert at.as_owner.json("retention", "run")["called_off"] == ["wrong"]
    assert at.as_owner.json("retention", "run")["called_off"] == []
    assert states(at.as_worker) == {"example-transport": "in use", "wrong": "in use"}
    sound(at)
    at.as_worker.run("members", "revoke", "administrator", WRONG, "--yes")
    at.as_owner.run("organisations", "remove", "wrong", "--yes")
    assert states(at.as_worker) == {"example-transport": "in use"}
    sound(at)


@pytest.mark.parametrize("settled", [False, True])
def test_a_restore_keeps_one_whose_removal_was_cut_short(
    on_files: Setting, monkeypatch: pytest.MonkeyPatch, *, settled: bool
) -> None:
    cut_after_the_line(on_files, monkeypatch)
    place = on_files.place
    place.run("members", "grant", "administrator", WRONG, "--name", "Ada", "--organisation", "wrong")
    if settled:
        place.run("retention", "run")
    place.run("backup", "between")
    for name in ("data.db", "keys.db"):
        (place.folder / name).unlink()
    place.run("restore", "between", "--yes")
    place.run("retention", "run")
    assert states(place)["wrong"] == "in use"
    sound(on_files)


def test_cut_short_after_its_rows_are_gone_it_is_carried_through(
    at: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    at.as_worker.run("members", "revoke", "administrator", WRONG, "--yes")

    async def cut(*_words: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Eraser, "_end_removal", cut)
        killed_in(at.as_owner)
    assert states(at.as_worker) == {"example-transport": "in use"}
    assert at.as_worker.json("retention", "run")["ended"] == {"organisation": 1}
    sound(at)


def test_what_came_between_the_line_and_the_deletion_keeps_it(
    at: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    at.as_worker.run("members", "revoke", "administrator", WRONG, "--yes")
    answers = iter(["", "somebody used it"])
    with monkeypatch.context() as patch:
        patch.setattr(organisation_removal, "use_of", lambda *_: next(answers))
        assert "somebody used it" in at.as_owner.run("organisations", "remove", "wrong", "--yes", code=3)
    assert at.as_owner.json("retention", "run")["called_off"] == []
    assert states(at.as_worker)["wrong"] == "empty"
    sound(at)


def test_none_is_removed_beside_a_desk(at: Setting) -> None:
    at.as_worker.run("members", "revoke", "administrator", WRONG, "--yes")

    async def act(_deployment: Deployment) -> None:
        said = await asyncio.to_thread(at.as_owner.run, "organisations", "remove", "wrong", "--yes", code=3)
        assert "stop the desk first" in said

    at.by(DatabaseRole.WORKER)
    during(act)
    assert states(at.as_worker)["wrong"] == "empty"


def test_what_a_member_did_keeps_it(place: Place) -> None:
    place.run("site", "apply", place.site_file())
    assert states(place) == {"example-transport": "empty"}

    async def act(deployment: Deployment) -> None:
        [one] = await deployment.store.organisations()
        at = deployment.clock.now()
        await deployment.store.write(
            OrganisationId(one.id), lambda tx: tx.journal.write("a" * 64, Action.REFUSED, "me", "", at)
        )

    during(act)
    assert states(place) == {"example-transport": "in use"}
    assert "somebody used it" in place.run("organisations", "remove", "example-transport", "--yes", code=3)


def test_a_workspace_is_taken_off_where_nobody_there_did_anything(on_files: Setting) -> None:
    place = on_files.place
    said = place.run("organisations", "disconnect", "slack:T0WRONG", "--yes", code=3)
    assert "People of slack:T0WRONG are known at wrong" in said
    place.run("members", "revoke", "administrator", WRONG, "--yes")
    place.run("organisations", "disconnect", "slack:T0WRONG", "--yes")
    place.run(
        "site",
        "apply",
        place.site_file(),
        "--organisation",
        "example-transport",
        "--workspace",
        "slack:T0WRONG",
    )
    homes = {one["slug"]: one["workspaces"] for one in place.json("organisations", "list")}
    assert homes == {"example-transport": ["slack:T0WRONG"], "wrong": []}
    place.run("organisations", "disconnect", "slack:T0NONE", "--yes", code=1)
    place.run("organisations", "disconnect", "T0NONE", "--yes", code=2)
    # Nobody is known from there, though others are.
    place.run("organisations", "disconnect", "slack:T0WRONG", "--yes")


def test_another_name_and_what_it_ends(on_files: Setting) -> None:
    place = on_files.place
    assert "/o/example-transport/" in place.run(
        "organisations", "rename", "example-transport", "acme", "--yes"
    )
    assert set(states(place)) == {"acme", "wrong"}
    help_file = json.loads((place.folder / "trim_bot_help.json").read_text(encoding="utf-8"))
    assert list(help_file["sites"]) == ["acme"]
    place.run("organisations", "rename", "acme", "wrong", "--yes", code=3)
    place.run("organisations", "rename", "acme", "Not a slug", "--yes", code=2)
    assert place.json("organisations", "rename", "acme", "acme", "--yes")["changed"] is False
    renamed = SITE.replace("example-transport", "acme")
    place.run("site", "apply", place.site_file(renamed), "--organisation", "acme")
    assert set(states(place)) == {"acme", "wrong"}


def test_the_last_of_a_role_is_asked_about(place: Place) -> None:
    place.run("members", "grant", "administrator", ADAM, "--name", "Adam")
    said = place.run("members", "revoke", "administrator", ADAM, code=3)
    assert "Nobody else is an administrator." in said
    assert "asks first" in said
    place.run("members", "grant", "administrator", "web:ava@example.org", "--name", "Ava")
    place.run("members", "revoke", "administrator", ADAM)
    assert place.json("members", "revoke", "administrator", "web:ava@example.org", "--yes")["changed"] is True
