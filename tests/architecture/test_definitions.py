"""An interview names a questionnaire and its version, so a published definition may never change."""

from pathlib import Path

import pytest

from tests.architecture import definitions
from tests.architecture.definitions import NOTED, changed, freeze, present, read, unnoted, write


def test_no_published_definition_changed() -> None:
    assert changed(read(NOTED.read_text()), present()) == []


def test_every_definition_is_noted() -> None:
    assert unnoted(read(NOTED.read_text()), present()) == [], "run: make definitions-freeze"


def test_an_edited_or_removed_definition_is_found() -> None:
    noted = {"a.toml": "1", "b.toml": "2", "c.toml": "3"}
    now = {"a.toml": "1", "b.toml": "9", "d.toml": "4"}
    assert changed(noted, now) == ["b.toml", "c.toml"]
    assert unnoted(noted, now) == ["d.toml"]
    assert read(write(noted)) == noted


def test_freezing_refuses_an_edited_definition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "NOTED", tmp_path / "noted")
    monkeypatch.setattr(definitions, "present", lambda: {"a.toml": "1"})
    assert freeze() == 0
    monkeypatch.setattr(definitions, "present", lambda: {"a.toml": "2", "b.toml": "3"})
    assert freeze() == 1
    assert (tmp_path / "noted").read_text() == "1  a.toml\n"
