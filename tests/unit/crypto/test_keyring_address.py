"""Where a keyring is said to be: a file or a variable, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from trim_bot.crypto.errors import KeyringError
from trim_bot.crypto.keyring import copies_beside, read_address, write_private

OTHERS = ("aws:somewhere", "ftp:somewhere", "kms:somewhere", "somewhere", "")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A keyring with a copy beside it, as a killed rotation once left one."""
    keyring = tmp_path / "keys"
    write_private(keyring, b"the keyring")
    write_private(tmp_path / ".keys.0123456789ab", b"a copy")
    (tmp_path / ".keys.other").write_bytes(b"no copy")
    return keyring


def test_a_file_is_read_and_copies_beside_it_are_named(copied: Path) -> None:
    assert read_address(f"file:{copied}") == b"the keyring"
    assert copies_beside(f"file:{copied}") == [".keys.0123456789ab"]


@pytest.mark.parametrize("scheme", ["env", "aws", "files", "kms", ""])
def test_copies_are_looked_for_beside_files_alone(copied: Path, scheme: str) -> None:
    assert copies_beside(f"{scheme}:{copied}") == []


def test_a_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYS_HERE", '{"a": 1}')
    assert read_address("env:KEYS_HERE") == b'{"a": 1}'


@pytest.mark.parametrize("address", OTHERS)
def test_any_other_place_is_refused_with_what_can_be_read(address: str) -> None:
    with pytest.raises(KeyringError, match="must read file:PATH, env:NAME or vault"):
        read_address(address)
