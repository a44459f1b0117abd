"""The keyring wraps, rotates, keeps what must last, and refuses to be read or overwritten carelessly."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from trim_bot.crypto.errors import KeyringError, KeyringMissing, WrongKey
from trim_bot.crypto.keyring import Keyring, Wrapped

SECRET = bytes(range(32))


def test_the_newest_key_wraps_and_old_ones_still_unwrap() -> None:
    before = Keyring.new()
    wrapped = before.wrap(SECRET, b"row")
    after = before.rotated()
    assert after.unwrap(wrapped, b"row") == SECRET
    assert after.wrap(SECRET, b"row").master_id == after.newest.id != wrapped.master_id
    assert SECRET not in wrapped.blob


@pytest.mark.parametrize("names", ["abc", "cba", "bac", "cab"])
def test_a_wrapped_key_opens_under_the_master_key_that_it_names_whatever_the_order(names: str) -> None:
    made = Keyring.new().rotated().rotated()
    keys = tuple(replace(key, id=name) for key, name in zip(made.keys, names, strict=True))
    whole = Keyring(root=made.root, keys=keys)
    for master in keys:
        wrapped = Keyring(root=made.root, keys=(master,)).wrap(SECRET, b"row")
        assert whole.unwrap(wrapped, b"row") == SECRET


def test_rotation_changes_neither_derived_keys_nor_the_fingerprint() -> None:
    before = Keyring.new()
    after = before.rotated().rotated().retired()
    assert after.derive("tokens") == before.derive("tokens") != before.derive("lookups")
    assert after.fingerprint == before.fingerprint != Keyring.new().fingerprint


def test_a_retired_key_unwraps_nothing() -> None:
    before = Keyring.new()
    with pytest.raises(WrongKey):
        before.rotated().retired().unwrap(before.wrap(SECRET, b"row"), b"row")


def test_unwrapping_refuses_another_keyring_another_binding_and_any_changed_byte() -> None:
    keyring = Keyring.new()
    wrapped = keyring.wrap(SECRET, b"row")
    same_id = Keyring(
        root=keyring.root,
        keys=(type(keyring.newest)(keyring.newest.id, keyring.newest.created, bytes(32)),),
    )
    for other, binding in ((Keyring.new(), b"row"), (same_id, b"row"), (keyring, b"other")):
        with pytest.raises(WrongKey):
            other.unwrap(wrapped, binding)
    for place in range(len(wrapped.blob)):
        changed = bytearray(wrapped.blob)
        changed[place] ^= 1
        with pytest.raises(WrongKey):
            keyring.unwrap(Wrapped(wrapped.master_id, bytes(changed)), b"row")
    for length in range(len(wrapped.blob)):
        with pytest.raises(WrongKey):
            keyring.unwrap(Wrapped(wrapped.master_id, wrapped.blob[:length]), b"row")


def test_a_saved_keyring_is_private_and_comes_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    keyring = Keyring.new().rotated()
    keyring.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Keyring.load(f"file:{path}") == keyring
    keyring.rotated().save(path)
    assert len(Keyring.load(f"file:{path}").keys) == 3
    assert [file.name for file in tmp_path.iterdir()] == ["keyring.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keyring.json"
    Keyring.new().save(path)
    path.chmod(mode)
    with pytest.raises(KeyringError, match="0600"):
        Keyring.load(f"file:{path}")


def test_another_keyring_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    first = Keyring.new()
    first.save(path)
    for _ in range(12):
        with pytest.raises(KeyringError, match="already there"):
            Keyring.new().save(path)
    assert Keyring.load(f"file:{path}") == first


def test_a_link_to_where_nothing_is_leads_no_keyring_elsewhere(tmp_path: Path) -> None:
    link, elsewhere = tmp_path / "keyring.json", tmp_path / "elsewhere"
    link.symlink_to(elsewhere)
    with pytest.raises(KeyringError, match="could not be written"):
        Keyring.new().save(link)
    assert not elsewhere.exists()


def test_a_keyring_comes_from_the_environment_as_json_or_base64(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keyring = Keyring.new()
    keyring.save(tmp_path / "k")
    monkeypatch.setenv("KEYS", (tmp_path / "k").read_text())
    assert Keyring.load("env:KEYS") == keyring
    monkeypatch.setenv("KEYS", keyring.as_text() + "\n")
    assert Keyring.load("env:KEYS") == keyring


def test_what_is_not_there_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEYS", raising=False)
    for address in (f"file:{tmp_path}/none", "env:KEYS"):
        with pytest.raises(KeyringMissing):
            Keyring.load(address)


@pytest.mark.parametrize("address", ["aws-kms:key/1", "", "nothing", "vault:secret"])
def test_an_unknown_kind_of_address_is_refused_plainly(address: str) -> None:
    with pytest.raises(KeyringError, match="must read file:PATH, env:NAME or vault"):
        Keyring.load(address)


def _changed(**changes: object) -> str:
    held = {**json.loads(Keyring.new().as_json()), **changes}
    return json.dumps({part: value for part, value in held.items() if value is not None})


STRAY = "!" + base64.b64encode(SECRET).decode()

MALFORMED = {
    "cut": "{",
    "empty": "{}",
    "not base64": "!!",
    "empty in base64": "e30=",
    "other version": _changed(version=2),
    "version that never was": _changed(version=0),
    "no version": _changed(version=None),
    "no root": _changed(root=None),
    "short root": _changed(root="c2hvcnQ="),
    "no keys": _changed(keys=None),
    "empty keys": _changed(keys=[]),
    "half a key": _changed(keys=[{"id": "a"}]),
    "a stray character in the root": _changed(root=STRAY),
    "a stray character in a key": _changed(
        keys=[{"id": "a", "created": "2026-01-05T00:00:00+00:00", "key": STRAY}]
    ),
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_keyring_fails_closed_and_quotes_nothing(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYS", text)
    with pytest.raises(KeyringError) as caught:
        Keyring.load("env:KEYS")
    assert text not in str(caught.value)
    assert caught.value.__cause__ is None


def test_nothing_secret_is_in_its_written_form() -> None:
    keyring = Keyring.new()
    shown = repr(keyring)
    assert repr(keyring.root) not in shown
    assert repr(keyring.newest.secret) not in shown
