"""What a browser may come back to opens with its own secret in its own place, and not once anything was changed."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.tokens import SealedTokens

KEYRING = Keyring.new()
TOKENS = SealedTokens(KEYRING)
WHERE = ("secret", "org", "page")


@given(st.text(st.characters(codec="utf-8"), max_size=3000))
def test_it_comes_back_as_it_was_sealed(text: str) -> None:
    sealed = TOKENS.seal_for(*WHERE, text)
    assert TOKENS.open_for(*WHERE, sealed) == text
    assert TOKENS.seal_for(*WHERE, text) != sealed
    assert sealed.isascii() and sealed.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("length", [0, 60, 61, 252, 253, 1020, 1021, 2044, 2045, 3068, 3069, 100_000])
def test_every_length_comes_back_whatever_its_last_characters_hold(length: int) -> None:
    assert TOKENS.open_for(*WHERE, TOKENS.seal_for(*WHERE, "é" * (length // 2) + "x")) is not None
    assert TOKENS.open_for(*WHERE, TOKENS.seal_for(*WHERE, "x" * length)) == "x" * length


def test_how_much_was_typed_cannot_be_told_from_the_length() -> None:
    assert len({len(TOKENS.seal_for(*WHERE, "x" * length)) for length in range(61)}) == 1


def test_no_other_secret_organisation_place_or_keyring_opens_it() -> None:
    sealed = TOKENS.seal_for(*WHERE, "words")
    for other in (("another", *WHERE[1:]), ("secret", "another", "page"), (*WHERE[:2], "another")):
        assert TOKENS.open_for(*other, sealed) is None
    assert SealedTokens(Keyring.new()).open_for(*WHERE, sealed) is None
    assert SealedTokens(KEYRING.rotated().retired()).open_for(*WHERE, sealed) == "words"


def test_nothing_opens_once_any_bit_was_changed_or_cut_off() -> None:
    sealed = TOKENS.seal_for(*WHERE, "words")
    raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        told = base64.urlsafe_b64encode(bytes(changed)).decode().rstrip("=")
        assert TOKENS.open_for(*WHERE, told) is None
    for length in range(len(sealed)):
        assert TOKENS.open_for(*WHERE, sealed[:length]) is None


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_what_was_never_sealed_opens_nothing(text: str) -> None:
    assert TOKENS.open_for(*WHERE, text) is None
    assert TOKENS.open_for(*WHERE, TOKENS.seal_for(*WHERE, "words") + text + "A") is None
