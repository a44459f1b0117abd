"""However a change of the keyring is cut short, one whole keyring is in its file, and no copy lies beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from trim_bot.crypto import keyring as keyring_file
from trim_bot.crypto.errors import KeyringError
from trim_bot.crypto.keyring import Keyring

CALLS = ("pwrite", "fsync", "ftruncate")


class Killed(BaseException):
    """The process ends here."""


class Mortal:
    """The system's calls, of which the one numbered `last` is the last; a write may be cut in the middle of it."""

    def __init__(self, last: int, part: float = 1.0) -> None:
        self.left = last
        self.part = part

    def __getattr__(self, name: str) -> Any:
        call: Callable[..., Any] = getattr(os, name)
        return self._counted(name, call) if name in CALLS else call

    def _counted(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any) -> Any:
            self.left -= 1
            if self.left > 0:
                return call(*given)
            if name == "pwrite":
                handle, raw, at = given
                os.pwrite(handle, raw[: int(len(raw) * self.part)], at)
            raise Killed

        return counted


def _changed(before: Keyring, change: str) -> Keyring:
    return before.rotated() if change == "rotate" else before.retired()


@pytest.mark.parametrize("part", [0.0, 0.3, 0.7, 0.95, 1.0])
@pytest.mark.parametrize("change", ["rotate", "retire"])
def test_a_killed_change_leaves_one_whole_keyring_and_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, part: float
) -> None:
    path = tmp_path / "desk.key"
    before = Keyring.new().rotated()
    before.save(path)
    killed = 0
    for last in range(1, 20):
        held = Keyring.load(f"file:{path}")
        after = _changed(held, change)
        monkeypatch.setattr(keyring_file, "os", Mortal(last, part))
        try:
            after.save(path)
        except Killed:
            killed += 1
        finally:
            monkeypatch.setattr(keyring_file, "os", os)
        assert Keyring.load(f"file:{path}") in (held, after)
        assert os.listdir(tmp_path) == ["desk.key"]
    assert killed >= 4


@pytest.mark.parametrize("part", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("last", range(1, 9))
def test_a_keyring_that_outgrows_its_file_is_whole_wherever_it_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: int, part: float
) -> None:
    path = tmp_path / "desk.key"
    before = Keyring.new()
    before.save(path)
    after = before.rotated()
    monkeypatch.setattr(keyring_file, "os", Mortal(last, part))
    with suppress(Killed):
        after.save(path)
    monkeypatch.setattr(keyring_file, "os", os)
    assert Keyring.load(f"file:{path}") in (before, after)


def test_a_change_that_is_not_cut_short_is_a_plain_file_again(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    keyring = Keyring.new()
    keyring.save(path)
    for _ in range(6):
        keyring = keyring.rotated()
        keyring.save(path)
        assert Keyring.load(f"file:{path}") == keyring
    keyring = keyring.retired()
    keyring.save(path)
    assert path.read_bytes() == keyring.as_json()


@pytest.mark.parametrize("change", ["rotate", "retire"])
def test_whatever_reads_json_reads_the_file_after_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """As whoever copies it into a variable does; one that grew has blanks before it, and nothing else."""
    path = tmp_path / "desk.key"
    before = Keyring.new().rotated()
    before.save(path)
    after = _changed(before, change)
    after.save(path)
    assert path.read_bytes().strip() == after.as_json()
    monkeypatch.setenv("KEYS", path.read_text())
    assert Keyring.load("env:KEYS") == after


def test_a_secret_that_was_retired_is_in_no_byte_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    old = Keyring.new()
    old.save(path)
    new = old.rotated()
    new.save(path)
    new.retired().save(path)
    assert old.newest.id.encode() not in path.read_bytes()


def test_a_full_disk_leaves_the_keyring_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "desk.key"
    keyring = Keyring.new()
    keyring.save(path)

    def full(*_given: object) -> int:
        raise OSError

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(KeyringError):
        keyring.rotated().save(path)
    assert path.read_bytes() == keyring.as_json()


def test_a_disk_that_takes_a_few_bytes_at_a_time_has_the_whole_keyring_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.key"
    pwrite = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda handle, raw, at: pwrite(handle, raw[:7], at))
    for keyring in (
        first := Keyring.new(),
        first.rotated(),
        first.rotated().rotated(),
        first.rotated().retired(),
    ):
        keyring.save(path)
        assert Keyring.load(f"file:{path}") == keyring
