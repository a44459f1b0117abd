"""Keyed digests agree within one organisation and purpose, and nowhere else."""

from __future__ import annotations

import base64
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from trim_bot.crypto.envelope import base32_lower
from trim_bot.crypto.keyring import Keyring, Pseudonyms

KEYRING = Keyring.new()
PSEUDONYMS = Pseudonyms(KEYRING)
texts = st.text(st.characters(exclude_categories=()), max_size=30)


@given(texts, texts, texts)
def test_a_digest_is_52_safe_characters_and_survives_rotation(org: str, purpose: str, text: str) -> None:
    digest = PSEUDONYMS.keyed(org, purpose, text)
    assert len(digest) == 52
    assert set(digest) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert Pseudonyms(KEYRING.rotated().retired()).keyed(org, purpose, text) == digest


@given(st.tuples(texts, texts), st.tuples(texts, texts), texts)
def test_organisations_and_purposes_never_share_a_digest(
    one: tuple[str, str], two: tuple[str, str], text: str
) -> None:
    assert (PSEUDONYMS.keyed(*one, text) == PSEUDONYMS.keyed(*two, text)) == (one == two)


def test_the_same_text_joined_differently_gives_another_digest() -> None:
    assert PSEUDONYMS.keyed("ab", "c", "x") != PSEUDONYMS.keyed("a", "bc", "x")


def test_another_keyring_gives_another_digest() -> None:
    assert PSEUDONYMS.keyed("org", "address", "x") != Pseudonyms(Keyring.new()).keyed("org", "address", "x")


def test_case_blanks_and_composition_make_no_difference() -> None:
    forms = ["Zoë.Straße@Example.org", "  zoë.strasse@example.ORG\n"]
    forms += [unicodedata.normalize("NFD", form) for form in forms]
    assert len({PSEUDONYMS.keyed("org", "address", form) for form in forms}) == 1
    assert PSEUDONYMS.keyed("org", "address", "zoe") != PSEUDONYMS.keyed("org", "address", "zoë")


@given(st.binary(max_size=70))
def test_base32_is_that_of_the_library(raw: bytes) -> None:
    assert base32_lower(raw) == base64.b32encode(raw).decode("ascii").rstrip("=").lower()
