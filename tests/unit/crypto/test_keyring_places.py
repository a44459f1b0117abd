"""Each place a keyring is kept in does the same: it is read once, written whole, and never over another one."""

from __future__ import annotations

import base64
import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.key_service import TOKEN, KeyService, key_service
from trim_bot.crypto.errors import KeyringError, KeyringMissing, KeyServiceAway, KeyServiceRefused
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.keyring_places import keep_keyring, load_keyring, place_at
from trim_bot.crypto.transit import TransitPlace


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyService]:
    monkeypatch.setenv("VAULT_TOKEN", TOKEN)
    with key_service() as running:
        yield running


@pytest.fixture(params=["file", "vault"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"file:{tmp_path / 'ring'}"
    service: KeyService = request.getfixturevalue("service")
    return service.address(tmp_path / "ring.wrapped")


def test_what_was_written_is_read_again_and_a_rotation_goes_over_it(address: str) -> None:
    keyring = Keyring.new()
    with pytest.raises(KeyringMissing):
        load_keyring(address)
    keep_keyring(keyring, place_at(address))
    assert load_keyring(address) == keyring
    keep_keyring(keyring.rotated(), place_at(address))
    assert len(load_keyring(address).keys) == 2


def test_another_keyring_is_never_written_over(address: str) -> None:
    first = Keyring.new()
    keep_keyring(first, place_at(address))
    with pytest.raises(KeyringError, match="Another keyring"):
        keep_keyring(Keyring.new(), place_at(address))
    assert load_keyring(address) == first


def test_a_variable_is_read_and_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = Keyring.new()
    monkeypatch.setenv("RING", keyring.as_text())
    assert load_keyring("env:RING") == keyring
    with pytest.raises(KeyringError, match="keys copy"):
        keep_keyring(keyring.rotated(), place_at("env:RING"))


def test_the_file_beside_the_service_opens_nothing_by_itself(service: KeyService, tmp_path: Path) -> None:
    keyring, file = Keyring.new(), tmp_path / "ring.wrapped"
    keep_keyring(keyring, place_at(service.address(file)))
    assert file.stat().st_mode & 0o077 == 0
    assert file.read_text().startswith("vault:v1:")
    assert keyring.newest.id.encode() not in file.read_bytes()
    with pytest.raises(KeyringError, match="malformed"):
        load_keyring(f"file:{file}")
    assert list(tmp_path.iterdir()) == [file]


def test_the_service_is_asked_once_for_each_start(service: KeyService, tmp_path: Path) -> None:
    address = service.address(tmp_path / "ring.wrapped")
    keep_keyring(Keyring.new(), place_at(address))
    service.asked.clear()
    load_keyring(address)
    assert service.asked == ["decrypt"]


def _refused(service: KeyService) -> None:
    service.status = 403


def _other_key(service: KeyService) -> None:
    service.key = bytes(32)


def _not_json(service: KeyService) -> None:
    service.body = b"<html>"


def _other_shape(service: KeyService) -> None:
    service.body = b'{"data": []}'


def _not_base64(service: KeyService) -> None:
    service.body = b'{"data": {"plaintext": "***"}}'


def _elsewhere(service: KeyService) -> None:
    service.status = 307


def _broken(service: KeyService) -> None:
    service.status = 500


def _sealed(service: KeyService) -> None:
    service.status = 503


def _too_many(service: KeyService) -> None:
    service.status = 429


@pytest.mark.parametrize(
    ("trouble", "means"),
    [
        (_refused, KeyServiceRefused),
        (_other_key, KeyServiceRefused),
        (_not_json, KeyServiceRefused),
        (_other_shape, KeyServiceRefused),
        (_not_base64, KeyServiceRefused),
        (_elsewhere, KeyServiceRefused),
        (_broken, KeyServiceAway),
        (_sealed, KeyServiceAway),
        (_too_many, KeyServiceAway),
    ],
)
def test_each_trouble_has_its_own_error_and_nothing_secret_in_it(
    service: KeyService,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    trouble: Callable[[KeyService], None],
    means: type[KeyringError],
) -> None:
    address = service.address(tmp_path / "ring.wrapped")
    keep_keyring(Keyring.new(), place_at(address))
    caplog.set_level(logging.DEBUG)
    service.asked.clear()
    trouble(service)
    with pytest.raises(means) as caught:
        load_keyring(address)
    said = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(place_at(address))
    assert TOKEN not in said
    assert (tmp_path / "ring.wrapped").read_text().strip() not in said
    assert service.asked == ["decrypt"], "nobody else was asked"


@pytest.mark.parametrize(
    ("status", "means"),
    [
        *((status, KeyServiceRefused) for status in (201, 202, 206, 300, 400, 404, 428, 430, 431, 499)),
        *((status, KeyServiceAway) for status in (429, 500, 501, 502, 503, 599)),
    ],
)
def test_nothing_is_opened_by_an_answer_that_is_no_plain_yes_whatever_it_holds(
    service: KeyService, tmp_path: Path, status: int, means: type[KeyringError]
) -> None:
    """Whoever starts a desk reads either that the service refuses, or that it may come back."""
    address, keyring = service.address(tmp_path / "ring.wrapped"), Keyring.new()
    keep_keyring(keyring, place_at(address))
    plain = base64.b64encode(keyring.as_json()).decode()
    service.body = json.dumps({"data": {"plaintext": plain}}).encode()
    assert load_keyring(address) == keyring
    service.status = status
    with pytest.raises(means):
        load_keyring(address)


def test_a_service_that_is_not_there_or_never_answers_is_away(service: KeyService, tmp_path: Path) -> None:
    file = tmp_path / "ring.wrapped"
    keep_keyring(Keyring.new(), place_at(service.address(file)))
    place = TransitPlace(f"http://127.0.0.1:{service.port}/v1/transit", "trim-bot", file, TOKEN, seconds=0.05)
    service.hangs = threading.Event()
    with pytest.raises(KeyServiceAway):
        place.read()
    service.hangs.set()
    gone = TransitPlace("http://127.0.0.1:1/v1/transit", "trim-bot", file, TOKEN)
    with pytest.raises(KeyServiceAway):
        gone.read()


def test_a_wrapped_file_others_can_read_is_refused_like_a_bare_one(
    service: KeyService, tmp_path: Path
) -> None:
    file = tmp_path / "ring.wrapped"
    keep_keyring(Keyring.new(), place_at(service.address(file)))
    file.chmod(0o644)
    with pytest.raises(KeyringError, match="0600"):
        load_keyring(service.address(file))


def test_the_token_may_be_in_a_file_of_its_own(
    service: KeyService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, keyring = service.address(tmp_path / "ring.wrapped"), Keyring.new()
    keep_keyring(keyring, place_at(address))
    monkeypatch.delenv("VAULT_TOKEN")
    with pytest.raises(KeyringMissing, match="VAULT_TOKEN"):
        load_keyring(address)
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    monkeypatch.setenv("VAULT_TOKEN_FILE", str(token))
    assert load_keyring(address) == keyring


@pytest.mark.parametrize(
    "address",
    ["vault+https://host/transit?file=x", "vault+https://host/transit/key", "vault+https:///t/k?file=x"],
)
def test_an_address_that_says_too_little_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_TOKEN", TOKEN)
    with pytest.raises(KeyringError, match=r"must read vault\+https"):
        load_keyring(address)


def test_of_several_files_in_an_address_the_first_counts(service: KeyService, tmp_path: Path) -> None:
    address = service.address(tmp_path / "ring.wrapped")
    keep_keyring(Keyring.new(), place_at(f"{address}&file={tmp_path / 'other'}"))
    assert [file.name for file in tmp_path.iterdir()] == ["ring.wrapped"]


@pytest.mark.parametrize(("length", "opens"), [(1_000_000, True), (1_000_004, False)])
def test_an_answer_longer_than_any_keyring_is_refused(
    service: KeyService, tmp_path: Path, length: int, opens: bool
) -> None:
    address = service.address(tmp_path / "ring.wrapped")
    keep_keyring(Keyring.new(), place_at(address))
    service.body = json.dumps({"data": {"plaintext": "QUFB" * (length // 4)}}).encode()
    if opens:
        assert place_at(address).read() == b"A" * (length // 4 * 3)
    else:
        with pytest.raises(KeyServiceRefused):
            place_at(address).read()
