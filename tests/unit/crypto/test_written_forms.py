"""What is written once must be read for years: bytes, sizes and names as the first version wrote them."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim_bot.crypto.envelope import (
    OVERHEAD,
    associated_data,
    base32_lower,
    decrypt,
    encrypt,
    keyed_digest,
    length_prefixed,
    padded_length,
    subkey,
)
from trim_bot.crypto.errors import InvalidToken, KeyringError, SealBroken
from trim_bot.crypto.keyring import Keyring, MasterKey, Wrapped, write_private
from trim_bot.crypto.tokens import SealedTokens

SECRET = bytes(range(32))
RING = Keyring(
    root=SECRET,
    keys=(
        MasterKey("old", datetime(2026, 1, 1, tzinfo=UTC), bytes(32)),
        MasterKey("new", datetime(2026, 6, 1, tzinfo=UTC), b"\x07" * 32),
    ),
)
CIPHER = AESGCM(SECRET)
PLACE = associated_data("org", "cases", "notes", "row", "key")


def test_parts_are_joined_with_their_length_in_four_bytes() -> None:
    assert length_prefixed("ab", b"\xff", "") == b"\x00\x00\x00\x02ab\x00\x00\x00\x01\xff\x00\x00\x00\x00"
    assert length_prefixed("\ud800") == b"\x00\x00\x00\x03\xed\xa0\x80"


def test_keys_and_digests_are_those_of_the_first_version() -> None:
    assert subkey(SECRET, "seal").hex().startswith("79c52dcd93faa281")
    assert keyed_digest(SECRET, "a", "b").hex().startswith("74800850b23d59a1")
    assert base32_lower(b"\xff" * 5) == "77777777"
    assert RING.derive("tokens").hex().startswith("4eee36be73483463")
    assert RING.fingerprint == "o5lhabtioxs2hqdx"
    assert len(RING.fingerprint) == 16


@pytest.mark.parametrize("length", range(70))
def test_whatever_is_written_in_base32_is_what_any_other_program_writes(length: int) -> None:
    for raw in (bytes(length), b"\xff" * length, bytes(range(100, 100 + length))):
        assert base32_lower(raw) == base64.b32encode(raw).decode().rstrip("=").lower()


@pytest.mark.parametrize(
    ("length", "size"),
    [
        (0, 64), (59, 64), (60, 64), (61, 256), (252, 256), (253, 1024), (1020, 1024), (1021, 2048),
        (2044, 2048), (2045, 3072), (3068, 3072), (3069, 4096),
    ],
)  # fmt: skip
def test_a_value_that_just_fits_stays_in_its_bucket(length: int, size: int) -> None:
    assert padded_length(length) == size
    sealed = encrypt(CIPHER, b"x" * length, PLACE)
    assert len(sealed) == size + OVERHEAD == size + 29
    assert decrypt(CIPHER, sealed, PLACE) == b"x" * length


def test_a_value_sealed_by_the_first_version_opens() -> None:
    padded = (2).to_bytes(4, "big") + b"hi" + bytes(58)
    sealed = b"\x01" + bytes(12) + CIPHER.encrypt(bytes(12), padded, PLACE)
    assert decrypt(CIPHER, sealed, PLACE) == b"hi"
    assert length_prefixed("value", b"\x01", "org", "cases", "notes", "row", "key") == PLACE


@pytest.mark.parametrize("claimed", [61, 64, 2**31, 2**32 - 1])
def test_a_length_that_goes_beyond_the_value_breaks_the_seal(claimed: int) -> None:
    padded = claimed.to_bytes(4, "big") + bytes(60)
    with pytest.raises(SealBroken):
        decrypt(CIPHER, b"\x01" + bytes(12) + CIPHER.encrypt(bytes(12), padded, PLACE), PLACE)


def test_a_length_up_to_the_end_of_the_value_is_good() -> None:
    padded = (60).to_bytes(4, "big") + b"y" * 60
    assert decrypt(CIPHER, b"\x01" + bytes(12) + CIPHER.encrypt(bytes(12), padded, PLACE), PLACE) == b"y" * 60


@pytest.mark.parametrize("length", range(34))
def test_what_is_too_short_to_hold_a_value_breaks_the_seal(length: int) -> None:
    # The shortest genuine ciphertext that still holds no length is refused before anything is read from it.
    for sealed in (
        b"\x01" + bytes(length),
        b"\x01" + bytes(12) + CIPHER.encrypt(bytes(12), bytes(min(length, 3)), PLACE),
    ):
        if len(sealed) < OVERHEAD + 4:
            with pytest.raises(SealBroken):
                decrypt(CIPHER, sealed, PLACE)


def test_another_version_of_the_seal_is_not_read() -> None:
    sealed = encrypt(CIPHER, b"hi", PLACE)
    for first in (b"\x00", b"\x02", b"\xff"):
        with pytest.raises(SealBroken):
            decrypt(CIPHER, first + sealed[1:], PLACE)


def test_a_data_key_is_wrapped_under_the_newest_master_and_found_by_name() -> None:
    wrapped = RING.wrap(SECRET, b"id")
    assert wrapped.master_id == "new"
    assert (wrapped.blob[:1], len(wrapped.blob)) == (b"\x01", 1 + 12 + 32 + 16)
    # A name read from a database is another text with the same letters.
    assert RING.unwrap(Wrapped("".join(["n", "ew"]), wrapped.blob), b"id") == SECRET
    by_hand = AESGCM(bytes(32)).encrypt(bytes(12), SECRET, length_prefixed("data key", b"\x01", "old", b"id"))
    assert RING.unwrap(Wrapped("old", b"\x01" + bytes(12) + by_hand), b"id") == SECRET


def test_two_master_keys_of_one_name_are_refused_and_new_ones_differ() -> None:
    with pytest.raises(KeyringError):
        Keyring(root=SECRET, keys=(RING.keys[0], RING.keys[0]))
    ids = {key.id for ring in (Keyring.new(), RING.rotated()) for key in ring.keys[-1:]}
    assert [len(id) for id in ids] == [16, 16]


def test_a_keyring_is_written_as_the_first_version_did() -> None:
    held = json.loads(RING.as_json())
    assert held["version"] == 1
    assert held["root"] == base64.b64encode(SECRET).decode()
    assert held["keys"][0] == {
        "id": "old",
        "created": "2026-01-01T00:00:00+00:00",
        "key": base64.b64encode(bytes(32)).decode(),
    }


@pytest.mark.parametrize("field", ["root", "key"])
def test_a_secret_with_letters_that_do_not_belong_is_refused(tmp_path: Path, field: str) -> None:
    held = json.loads(RING.as_json())
    whole = base64.b64encode(SECRET).decode()
    for odd in (f"!{whole}", f"{whole[:10]} {whole[10:]}"):
        if field == "root":
            held["root"] = odd
        else:
            held["keys"][0]["key"] = odd
        write_private(tmp_path / "ring", json.dumps(held).encode())
        with pytest.raises(KeyringError):
            Keyring.load(f"file:{tmp_path / 'ring'}")


def test_base64_from_the_environment_is_read_strictly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RING", f"!{RING.as_text()}")
    with pytest.raises(KeyringError):
        Keyring.load("env:RING")


def test_a_private_file_begins_private_and_a_draft_in_its_place_is_never_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []
    opened = os.open

    def watched(path: str | os.PathLike[str], flags: int, mode: int = 0o777, **more: int) -> int:
        if flags & os.O_CREAT:
            seen.append((flags, mode))
        return opened(path, flags, mode, **more)

    monkeypatch.setattr(os, "open", watched)
    write_private(tmp_path / "ring", b"secret")
    ((flags, mode),) = seen
    assert mode == 0o600
    assert flags & os.O_EXCL
    assert flags & os.O_WRONLY
    assert not flags & os.O_RDWR


def test_a_token_of_the_first_version_is_read_and_of_no_other() -> None:
    tokens = SealedTokens(RING)
    end = datetime(2026, 11, 23, 10, tzinfo=UTC)
    told = b'[1,"org","open",{"step":"s"},"n",%d]' % int(end.timestamp())
    payload = base64.urlsafe_b64encode(told).decode().rstrip("=")
    read = tokens.read(f"{payload}.{tokens._mac(payload)}", end - timedelta(days=1))
    assert (read.org, read.name, dict(read.refs), read.nonce, read.expires_at) == (
        "org", "open", {"step": "s"}, "n", end,
    )  # fmt: skip
    for version in (b"0", b"2", b"257", b'"1"'):
        other = base64.urlsafe_b64encode(told.replace(b"[1", b"[" + version, 1)).decode().rstrip("=")
        with pytest.raises(InvalidToken):
            tokens.read(f"{other}.{tokens._mac(other)}", end - timedelta(days=1))


def test_a_token_of_the_second_version_is_read_and_of_no_other() -> None:
    tokens = SealedTokens(RING)
    end = datetime(2026, 11, 23, 10, tzinfo=UTC)
    cipher = AESGCM(RING.derive("sealed tokens"))
    place = length_prefixed("sealed", "token")

    def sealed(told: bytes) -> str:
        padded = (len(told).to_bytes(2, "big") + told).ljust(128, b"\0")
        return base64.urlsafe_b64encode(bytes(12) + cipher.encrypt(bytes(12), padded, place)).decode()

    told = b'[2,"org","open",{"step":"s"},"n",%d]' % int(end.timestamp())
    assert RING.derive("sealed tokens").hex().startswith("7ad658720b2616f3")
    assert tokens.read(sealed(told), end - timedelta(days=1)).refs == {"step": "s"}
    for version in (b"0", b"1", b"3", b'"2"'):
        with pytest.raises(InvalidToken):
            tokens.read(sealed(told.replace(b"[2", b"[" + version, 1)), end - timedelta(days=1))
