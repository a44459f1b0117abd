"""Keys, backups, erasure and the journal from the command line."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.operating.conftest import SITE, Place
from trim_bot.bootstrap.deployment import keyring_of
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.settings.environment import load_settings
from trim_bot.storage.backup.taking_backup import read_manifest

PERSON = "web:someone@example.org"


@pytest.fixture
def settled(place: Place) -> Place:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    return place


def test_a_keyring_is_never_written_over(place: Place) -> None:
    told = place.json("keys", "new", "fresh.key")
    assert isinstance(told, dict)
    assert told["setting"] == f"TRIM_BOT_KEYRING=file:{Path('fresh.key').resolve()}"
    place.run("keys", "new", "fresh.key", code=3)


def test_rotation_moves_every_key_and_loses_nothing(settled: Place) -> None:
    before = settled.json("keys", "status")
    told = settled.json("keys", "rotate", "--yes")
    assert isinstance(before, dict)
    assert isinstance(told, dict)
    assert told["moved"] == before["stored_keys"] > 0
    assert told["master_keys"] == 2
    settled.json("keys", "rotate", "--retire", "--yes")
    after = settled.json("keys", "status")
    assert isinstance(after, dict)
    assert (after["master_keys"], after["under_older_keys"]) == (1, 0)
    assert "Robin Vale" in settled.run("members", "list")


def test_rotation_asks_first(settled: Place) -> None:
    settled.run("keys", "rotate", code=3)


def test_another_keyring_is_refused(settled: Place) -> None:
    settled.run("keys", "new", "other.key")
    settled.set(TRIM_BOT_KEYRING="file:other.key")
    settled.run("members", "list", code=3)
    settled.run("keys", "status", code=3)


def test_an_empty_database_beside_old_keys_is_refused(settled: Place) -> None:
    settled.set(DATABASE_URL="sqlite:///other.db")
    assert "Check DATABASE_URL" in settled.run("members", "list", code=3)


def test_an_empty_key_store_beside_old_data_is_refused(settled: Place) -> None:
    settled.set(KEYSTORE_URL="sqlite:///other.db")
    assert "Check KEYSTORE_URL" in settled.run("members", "list", code=3)


def test_erasure_leaves_nothing_to_export(settled: Place) -> None:
    told = json.loads(settled.run("export", PERSON))
    assert told["person"]["name"] == "Robin Vale"
    assert told["roles"][0]["role"] == "coordinator"
    settled.run("erase", PERSON, "--yes")
    settled.run("export", PERSON, code=1)
    settled.run("erase", "nocase", "--yes", code=1)


def test_an_export_is_in_the_language_of_its_person_and_for_programs_as_ever(settled: Place) -> None:
    text = SITE.replace("example-transport", "default").replace('zone = "', 'languages = ["fr"]\nzone = "', 1)
    settled.run("site", "apply", settled.site_file(text))
    told = json.loads(settled.run("export", PERSON))
    assert told["Personne"]["Nom"] == "Robin Vale"
    assert told["Rôles"][0]["Rôle"] == "coordination"
    assert settled.json("export", PERSON)["person"]["name"] == "Robin Vale"


def test_an_export_goes_to_a_private_file(settled: Place) -> None:
    settled.run("export", PERSON, "--file", "copy.json")
    assert Path("copy.json").stat().st_mode & 0o077 == 0
    settled.run("export", PERSON, "--file", "copy.json", code=3)


def test_an_export_that_cannot_be_written_is_not_read(settled: Place) -> None:
    said = settled.run("export", PERSON, "--file", "nowhere/copy.json", code=2)
    assert said == "nowhere/copy.json cannot be written or read.\n"
    with sqlite3.connect("data.db") as data:
        assert data.execute("SELECT count(*) FROM journal WHERE what = 'export'").fetchone() == (0,)
    data.close()
    settled.run("export", "web:nobody@example.org", "--file", "copy.json", code=1)
    assert not Path("copy.json").exists()


def test_a_folder_that_cannot_be_made_is_one_line(settled: Place) -> None:
    Path("file").write_text("", encoding="utf-8")
    assert "cannot be written or read" in settled.run("backup", "file/below", code=2)


def test_a_restore_asks_for_the_keyring_first(settled: Place) -> None:
    settled.run("backup", "kept")
    settled.run("keys", "new", "other.key")
    settled.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    settled.set(TRIM_BOT_KEYRING="file:other.key")
    assert "another keyring" in settled.run("restore", "kept", "--yes", code=3)
    assert not Path("again.db").exists()


def test_a_key_file_that_outlived_its_day_is_asked_about(settled: Place) -> None:
    settled.run("backup", "kept")
    path = Path("kept/manifest.json")
    old = replace(read_manifest(path.parent), delete_keys_by=datetime(2020, 1, 1, tzinfo=UTC))
    told = json.loads(path.read_text(encoding="utf-8")) | {"delete_keys_by": "2020-01-01T00:00:00+00:00"}
    path.write_text(json.dumps(told), encoding="utf-8")
    assert "changed since" in settled.run("restore", "kept", "--yes", code=1)
    told["mac"] = old.keyed(Pseudonyms(keyring_of(load_settings())))
    path.write_text(json.dumps(told), encoding="utf-8")
    settled.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    assert "deleted by 2020-01-01" in settled.run("restore", "kept", code=3)
    assert not Path("again.db").exists()
    assert "deleted by 2020-01-01" in settled.run("restore", "kept", "--yes")


def test_a_backup_comes_back_without_what_was_erased(settled: Place) -> None:
    settled.run("members", "grant", "lead", "web:other@example.org", "--name", "Alex Moor")
    settled.run("backup", "kept")
    settled.run("erase", PERSON, "--yes")
    settled.run("restore", "kept", "--yes", code=3)
    settled.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    told = settled.json("restore", "kept", "--yes")
    assert isinstance(told, dict)
    assert (told["erased_again"], told["faults"]) == (1, 0)
    members = settled.run("members", "list")
    assert "Alex Moor" in members
    assert "Robin Vale" not in members


def test_the_journal_holds_and_an_anchor_is_kept(settled: Place) -> None:
    assert "no anchor at anchor.json" in settled.run("journal", "verify", "--anchor", "anchor.json", code=1)
    assert not Path("anchor.json").exists()
    settled.run("journal", "verify", "--new", code=2)
    assert "Wrote the anchor" in settled.run("journal", "verify", "--new", "--anchor", "anchor.json")
    settled.run("journal", "verify", "--new", "--anchor", "anchor.json", code=3)
    settled.run("members", "list")
    assert "all the anchor knows" in settled.run("journal", "verify", "--anchor", "anchor.json")
    text = Path("anchor.json").read_text(encoding="utf-8")
    Path("anchor.json").write_text(text.replace('"seq": 2', '"seq": 9'), encoding="utf-8")
    settled.run("journal", "verify", "--anchor", "anchor.json", code=1)


def test_a_journal_taken_out_whole_is_no_whole_journal(settled: Place) -> None:
    with sqlite3.connect("data.db") as data:
        data.execute("DELETE FROM journal")
    data.close()
    assert "every row is missing" in settled.run("journal", "verify", code=1)


def test_the_first_row_is_written_when_the_organisation_is_made(place: Place) -> None:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    with sqlite3.connect("data.db") as data:
        first = data.execute("SELECT what FROM journal WHERE seq = 1 AND organisation <> ''").fetchall()
    data.close()
    assert first == [("found",)]


def test_retention_runs_dry_and_for_real(settled: Place) -> None:
    assert settled.json("retention", "run", "--dry-run") == {
        "dry_run": True,
        "asked": 0,
        "erased": {},
        "dropped": {},
        "orphan_keys": 0,
        "quarantined_keys": 0,
        "refused_keys": 0,
        "ended": {},
        "called_off": [],
        "waits_for_clock": False,
    }
    settled.run("retention", "run")


def test_definitions_are_brought_in_once(settled: Place) -> None:
    shipped = Path(__file__).parents[3] / "assessments" / "definitions" / "stress_follow_up_v1.toml"
    own = shipped.read_text(encoding="utf-8").replace('id = "stress_follow_up"', 'id = "own_follow_up"', 1)
    Path("own.toml").write_text(own, encoding="utf-8")
    settled.run("definitions", "check", "own.toml")
    settled.run("definitions", "import", "own.toml")
    assert "never changes" in settled.run("definitions", "import", "own.toml", code=1)
    assert "7 questionnaires" in settled.run("doctor")
    Path("broken.toml").write_text('id = "x"\n[[groups]]\n', encoding="utf-8")
    assert "broken.toml:" in settled.run("definitions", "check", "broken.toml", code=1)
