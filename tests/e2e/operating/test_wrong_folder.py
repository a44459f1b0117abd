"""A command that runs with a wrong address makes nothing there, and says which store is not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.e2e.operating.conftest import SITE, Place
from trim_bot.storage.deployment_notes import holds_organisations

PERSON = "web:someone@example.org"
WORKING = (
    ("backup", "kept"),
    ("backup", "kept", "--as-is"),
    ("breach", "report", "--store", "data", "--yes"),
    ("definitions", "import", "site.toml"),
    ("erase", PERSON, "--yes"),
    ("export", PERSON),
    ("journal", "accept", "--yes"),
    ("journal", "verify"),
    ("members", "grant", "administrator", PERSON, "--name", "Sam"),
    ("members", "list"),
    ("members", "link", PERSON),
    ("members", "revoke", "lead", PERSON),
    ("members", "sign-out", PERSON),
    ("retention", "run"),
    ("site", "apply", "site.toml"),
)
"""Every command that works with what is kept, but for those that make it."""


@pytest.mark.parametrize("words", WORKING, ids=lambda words: "_".join(words[:2]))
def test_nothing_is_made_and_the_missing_store_is_named(bare_place: Place, words: tuple[str, ...]) -> None:
    bare_place.site_file()
    before = sorted(path.name for path in bare_place.folder.iterdir())
    said = bare_place.run(*words, code=3)
    assert f"Nothing is kept at DATABASE_URL, the file {bare_place.folder / 'data.db'}." in said
    assert "trim-bot migrate makes the databases" in said
    assert sorted(path.name for path in bare_place.folder.iterdir()) == before


@pytest.mark.parametrize("words", [("keys", "status"), ("keys", "rotate", "--yes")])
def test_keys_that_are_elsewhere_are_named_by_their_own_variable(
    bare_place: Place, words: tuple[str, ...]
) -> None:
    said = bare_place.run(*words, code=3)
    assert f"Nothing is kept at KEYSTORE_URL, the file {bare_place.folder / 'keys.db'}." in said


def test_elsewhere_a_default_is_named_by_its_whole_path(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As a timer that runs in another folder than the desk."""
    place.run("members", "grant", "administrator", PERSON, "--name", "Sam")
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    for name in ("DATABASE_URL", "KEYSTORE_URL", "LEDGER_URL"):
        monkeypatch.delenv(name)
    assert str(other / "trim_bot.db") in place.run("backup", "kept", code=3)
    place.set(TRIM_BOT_ENV="production")
    said = place.run("backup", "kept", code=2)
    for name in ("DATABASE_URL", "KEYSTORE_URL", "LEDGER_URL"):
        assert f"{name} is missing; in production every store is named, such as sqlite:////" in said
    assert list(other.iterdir()) == []


def test_on_a_server_no_table_is_made_and_no_password_is_shown(
    bare_place: Place, new_postgres_database: Callable[[], str]
) -> None:
    urls = [make_url(new_postgres_database()).set(password="hush") for _ in range(3)]
    data, keys, ledger = (url.render_as_string(hide_password=False) for url in urls)
    bare_place.set(DATABASE_URL=data, KEYSTORE_URL=keys, LEDGER_URL=ledger)
    bare_place.site_file()
    for words in WORKING:
        said = bare_place.run(*words, code=3)
        assert f"/{urls[0].database}?" in said and "Check DATABASE_URL" in said and "hush" not in said, words
    assert "DATABASE_URL" in bare_place.run("worker", code=3)
    for url in urls:
        with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as one:
            found = one.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert found == []
    bare_place.run("migrate")
    assert not holds_organisations(data)
    bare_place.run("members", "grant", "administrator", PERSON, "--name", "Sam")
    assert holds_organisations(data)


def test_migrate_makes_what_the_first_command_needs(bare_place: Place) -> None:
    bare_place.run("migrate")
    assert {"data.db", "keys.db", "ledger.db"} <= {path.name for path in bare_place.folder.iterdir()}
    bare_place.run("site", "apply", bare_place.site_file(SITE))
    assert "fail" not in bare_place.run("doctor")


@pytest.mark.parametrize("more", [(), ("--as-is",)])
def test_a_backup_of_no_organisation_is_refused(place: Place, more: tuple[str, ...]) -> None:
    said = place.run("backup", "kept", *more, code=3)
    assert f"There is no organisation at DATABASE_URL, the file {place.folder / 'data.db'}" in said
    assert not Path("kept").exists()


def test_the_doctor_says_nothing_of_stores_that_are_not_there(bare_place: Place) -> None:
    said = bare_place.run("doctor")
    assert (
        f"warn database     Nothing is kept at DATABASE_URL, the file {bare_place.folder / 'data.db'}" in said
    )
    assert "takes a write" not in said and "anchor" not in said


@pytest.mark.parametrize(
    ("keyring", "name"), [("file:desk.key", "desk.key"), ("env:KEY", "trim_bot_ledger.anchor")]
)
def test_the_doctor_says_what_depends_on_the_folder(place: Place, keyring: str, name: str) -> None:
    place.set(KEY=(place.folder / "desk.key").read_text(encoding="utf-8"), TRIM_BOT_ENV="production")
    assert "here /" not in place.run("doctor")
    place.set(TRIM_BOT_KEYRING=keyring)
    assert f"here {place.folder / name}. " in place.run("doctor")


def test_a_variable_that_is_nearly_ours_is_named_without_its_value(place: Place) -> None:
    place.set(TRIM_BOT_KEYRNG="file:planted.key")
    said = place.run("doctor")
    line = "TRIM_BOT_KEYRNG is no variable of the desk, and has no effect. Did you mean TRIM_BOT_KEYRING?"
    assert f"warn settings     {line}" in said and "planted" not in said
    place.set(TRIM_BOT_KEYRING="", TRIM_BOT_ENV="production")
    for words, code in ((("members", "list"), 3), (("doctor",), 1)):
        said = place.run(*words, code=code)
        assert line in said and "TRIM_BOT_KEYRING is missing" in said
