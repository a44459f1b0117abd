"""Tokens come back as they were signed, or not at all."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from secrets import token_urlsafe

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.crypto.envelope import base32_lower
from trim_bot.crypto.errors import ExpiredToken, InvalidToken, TokenTooLong
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.tokens import SealedTokens
from trim_bot.domain.ids import new_id

KEYRING = Keyring.new()
TOKENS = SealedTokens(KEYRING)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ids = st.text("abcdefghjkmnpqrstuvwxyz23456789.-_:", min_size=1, max_size=26)


@given(ids, ids, st.dictionaries(ids, ids, max_size=4), st.none() | ids, st.none() | st.integers(1, 10**6))
def test_a_token_comes_back_as_it_was_signed(
    org: str, name: str, refs: dict[str, str], nonce: str | None, seconds: int | None
) -> None:
    end = None if seconds is None else NOW + timedelta(seconds=seconds)
    read = TOKENS.read(TOKENS.sign(org, name, refs, nonce=nonce, expires_at=end), NOW)
    assert (read.org, read.name, dict(read.refs), read.nonce, read.expires_at) == (
        org,
        name,
        refs,
        nonce,
        end,
    )


def typical() -> str:
    refs = {"case": new_id(), "check_in": new_id(), "step": "2"}
    return TOKENS.sign(new_id(), "interview", refs, nonce=new_id(), expires_at=NOW + timedelta(hours=24))


def test_nothing_stands_in_a_token_and_no_two_are_alike() -> None:
    org, case = new_id(), new_id()
    made = [TOKENS.sign(org, "case", {"case": case}, nonce=None, expires_at=None) for _ in range(50)]
    for token in made:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        for word in (org, case, "case"):
            assert word.encode() not in raw and word not in token
    pieces = [{token[start : start + 8] for start in range(len(token) - 7)} for token in made]
    assert sum(map(len, pieces)) == len(set().union(*pieces)), "eight characters stand in two of them"


def test_the_tokens_of_all_messages_have_one_length() -> None:
    made = {
        len(TOKENS.sign(new_id(), name, {"m": token_urlsafe(18)}, nonce=None, expires_at=None))
        for name in ("open", "stop")
        for _ in range(30)
    }
    assert len(made) == 1


@pytest.mark.parametrize(
    "length", [1, 60, 90, 91, 92, 93, 120, 218, 219, 220, 221, 346, 347, 348, 349, 900, 1300]
)
def test_a_longer_token_tells_of_its_length_in_steps_alone(length: int) -> None:
    """Written so, what is signed is as long as its value and 35 characters more; each step is 128 bytes."""
    token = TOKENS.sign("org", "name", {"a": "x" * length}, nonce=None, expires_at=None)
    sealed, steps = _bytes_of(token) - 28, -(-(2 + 35 + length) // 128)
    assert sealed == steps * 128
    assert TOKENS.read(token, NOW).refs["a"] == "x" * length


@pytest.mark.parametrize("length", [0, 1, 77, 78, 79, 80, 157, 158, 159, 160, 238, 239, 1000])
def test_a_longer_hidden_value_does_too(length: int) -> None:
    told = TOKENS.hide("org", "x" * length)
    assert _bytes_of(told[1:]) - 28 == -(-(2 + length) // 80) * 80
    assert TOKENS.reveal("org", told) == "x" * length


def _bytes_of(text: str) -> int:
    return len(text) * 3 // 4


@given(st.text(max_size=78).filter(str.isascii))
def test_a_hidden_value_comes_back_for_the_same_organisation_alone(value: str) -> None:
    told = TOKENS.hide("org", value)
    assert TOKENS.reveal("org", told) == value
    assert TOKENS.reveal("other", told) == told
    assert TOKENS.hide("org", value) != told
    assert len(told) <= 150, "the most that Slack takes as the value of an option"
    with pytest.raises(InvalidToken):
        TOKENS.read(told[1:], NOW)


@given(st.text(max_size=80))
def test_what_was_not_hidden_is_left_as_it_is(text: str) -> None:
    assert TOKENS.reveal("org", text) == text
    assert TOKENS.reveal("org", f"~{text}") == f"~{text}"


def test_a_typical_token_is_short() -> None:
    assert len(typical()) <= 400


def test_any_changed_missing_or_added_character_is_refused() -> None:
    token = typical()
    for place in range(len(token)):
        for other in "AB_.\u00e9":
            if other != token[place]:
                with pytest.raises(InvalidToken):
                    TOKENS.read(token[:place] + other + token[place + 1 :], NOW)
        with pytest.raises(InvalidToken):
            TOKENS.read(token[:place] + token[place + 1 :], NOW)
    for longer in (token + "A", token + "=", token + ".", "A" + token, token + "." + token):
        with pytest.raises(InvalidToken):
            TOKENS.read(longer, NOW)


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_nothing_made_up_is_read(text: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.read(text, NOW)


def test_a_genuine_signature_does_not_excuse_a_wrong_shape() -> None:
    for payload in ("", "bnVsbA", "W10", "WzIsImEiLCJiIix7fSxudWxsLG51bGxd", "!!!"):
        with pytest.raises(InvalidToken):
            TOKENS.read(f"{payload}.{TOKENS._mac(payload)}", NOW)


@given(st.integers(0, 60))
def test_the_buttons_of_old_messages_open_whatever_their_length(length: int) -> None:
    held = json.dumps([1, "org", "form", {"a": "x" * length}, None, None], separators=(",", ":"))
    payload = base64.urlsafe_b64encode(held.encode()).decode().rstrip("=")
    assert TOKENS.read(f"{payload}.{TOKENS._mac(payload)}").refs == {"a": "x" * length}


def test_parts_of_two_tokens_do_not_make_a_third() -> None:
    one, two = typical(), typical()
    with pytest.raises(InvalidToken):
        TOKENS.read(one.partition(".")[0] + "." + two.partition(".")[2], NOW)


def test_another_keyring_refuses_and_a_rotated_one_reads() -> None:
    token = typical()
    with pytest.raises(InvalidToken):
        SealedTokens(Keyring.new()).read(token, NOW)
    assert SealedTokens(KEYRING.rotated().retired()).read(token, NOW) == TOKENS.read(token, NOW)


def test_a_token_ends_at_its_second() -> None:
    end = NOW + timedelta(hours=24)
    token = TOKENS.sign(
        "org", "form", {}, nonce=None, expires_at=end.astimezone(timezone(timedelta(hours=5)))
    )
    assert TOKENS.read(token, end - timedelta(seconds=1)).expires_at == end
    for late in (end, end + timedelta(days=400)):
        with pytest.raises(ExpiredToken):
            TOKENS.read(token, late)


def test_real_time_is_used_when_none_is_given() -> None:
    with pytest.raises(ExpiredToken):
        TOKENS.read(TOKENS.sign("org", "form", {}, nonce=None, expires_at=datetime(2020, 1, 1, tzinfo=UTC)))
    assert TOKENS.read(TOKENS.sign("org", "form", {}, nonce=None, expires_at=None)).expires_at is None


def test_what_is_too_long_is_neither_signed_nor_read() -> None:
    with pytest.raises(TokenTooLong):
        TOKENS.sign("org", "form", {"a": base32_lower(bytes(2000))}, nonce=None, expires_at=None)
    with pytest.raises(InvalidToken):
        TOKENS.read("a" * 2001)


@pytest.mark.parametrize("longer", [0, 1, 4, 400])
def test_a_token_of_the_most_characters_is_read_and_one_more_is_refused(longer: int) -> None:
    for name in (1, 4):
        held = json.dumps([1, "o" * name, "form", {}, None, None], separators=(",", ":"))
        held += " " * (1482 - len(held))
        payload = base64.urlsafe_b64encode((held + " " * longer).encode()).decode().rstrip("=")
        token = f"{payload}.{TOKENS._mac(payload)}"
        if longer:
            assert len(token) > 2000
            with pytest.raises(InvalidToken):
                TOKENS.read(token)
        else:
            assert len(token) == 1999, "base64 has no text of one character more"
            assert TOKENS.read(token).org == "o" * name


def test_a_time_without_a_zone_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no zone"):
        TOKENS.sign("org", "form", {}, nonce=None, expires_at=datetime(2026, 1, 1))  # noqa: DTZ001
