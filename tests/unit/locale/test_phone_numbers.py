"""Numbers are found in what people write, each dialled or texted as it should be, and nothing else is."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import NumberParseException, shortnumberinfo

from trim_bot.locale.crisis_numbers import LOCAL_EMERGENCY, shipped_numbers
from trim_bot.locale.phone_numbers import normalised_number, number_links

WRITTEN = {
    "999 or 112": [("999", "tel:999"), ("112", "tel:112")],
    "Ring 999/112 now": [("999", "tel:999"), ("112", "tel:112")],
    "1122 or 115": [("1122", "tel:1122"), ("115", "tel:115")],
    "Samaritans: 116 123, any time": [("116 123", "tel:116123")],
    "Emergency: 999 (not yet verified by your site)": [("999", "tel:999")],
    "Samaritans: 116 123 (checked 20 November 2026)": [("116 123", "tel:116123")],
    "111, option 2": [("111", "tel:111")],
    "+44 (0)20 7946 0000": [("+44 (0)20 7946 0000", "tel:+442079460000")],
    "+44 (0) 808 801 0000": [("+44 (0) 808 801 0000", "tel:+448088010000")],
    "0049 800 1110111": [("0049 800 1110111", "tel:+498001110111")],
    "0800 111 0 111": [("0800 111 0 111", "tel:08001110111")],
    "0120-279-338": [("0120-279-338", "tel:0120279338")],
    "(020) 7946 0000": [("(020) 7946 0000", "tel:02079460000")],
    "+44 20 7946 0000 ext 12": [("+44 20 7946 0000 ext 12", "tel:+442079460000;ext=12")],
    "020 7946 0000 x12": [("020 7946 0000 x12", "tel:02079460000;ext=12")],
    "Text SHOUT to 85258": [("Text SHOUT to 85258", "sms:85258?body=SHOUT")],
    'Text the word "HOME" to 741741': [('Text the word "HOME" to 741741', "sms:741741?body=HOME")],
    "Shout, by text message: 85258": [("85258", "sms:85258")],
    "1737, or text 1737": [("1737", "tel:1737"), ("text 1737", "sms:1737")],
    "Lifeline, call or text: 988": [("988", "tel:988")],
    "Ring 01632 960001, weekdays from 9 to 17": [("01632 960001", "tel:01632960001")],
    "0800 123 4567 9am-5pm": [("0800 123 4567", "tel:08001234567")],
    "24/7 on 0800 123 456": [("0800 123 456", "tel:0800123456")],
    "Open 24 hours, 365 days": [],
    "09:00-17:00": [],
    "2026-11-24": [],
    "24/11/2026": [],
    "Since 2026": [],
    "Room 12 on floor 3": [],
    "see the wall": [],
    "Ambulance: 15 (not yet verified by your site)": [("15", "tel:15")],
    "+999 123": [],
}


def exists_in(url: str, country: str) -> bool:
    """Whether a country (ISO 3166) has numbers of the form that a `tel:` or `sms:` address dials."""
    digits = re.split(r"[;?]", url.partition(":")[2])[0]
    try:
        read = phonenumbers.parse(digits, country)
    except NumberParseException:
        return False
    return bool(
        phonenumbers.is_possible_number(read)
        or shortnumberinfo.is_possible_short_number_for_region(read, country)
    )


@pytest.mark.parametrize("text", WRITTEN)
def test_numbers_as_people_write_them(text: str) -> None:
    assert [(text[way.start : way.end], way.url) for way in number_links(text)] == WRITTEN[text]


NOT_IN_THE_PLAN = {
    *((place, "tel:112") for place in ("BL", "GF", "GP", "MF", "PM")),
    *(("TM", url) for url in ("tel:102", "tel:103")),
    ("GR", "tel:1018"),
}
"""The library's numbering plans know no short numbers of these places, or not of this length."""


def test_every_number_that_comes_with_the_package_can_be_dialled_where_it_is_for() -> None:
    """As many links as there are numbers, each of a form that its country has, texts by text."""
    faults = []
    for number in shipped_numbers():
        label = f"{number.label}: "
        ways = [way for way in number_links(label + number.number) if way.start >= len(label)]
        wanted = number.number.split(" or ") if "or text" not in number.number else [number.number] * 2
        texts = sum(way.url.startswith("sms:") for way in ways)
        if len(ways) != len(wanted) or texts != number.number.count("text "):
            faults.append(f"{number.place} {number.number}: {[way.url for way in ways]}")
        odd = {(number.place, way.url) for way in ways if not exists_in(way.url, number.place)}
        faults += [f"{place} has no {url}" for place, url in sorted(odd - NOT_IN_THE_PLAN)]
    assert faults == []


def test_where_no_number_is_known_none_is_dialled() -> None:
    assert number_links(LOCAL_EMERGENCY.number) == ()


@pytest.mark.parametrize(
    "written",
    ["07700 900123", "+44 7700 900123", "0044 7700 900123", "+44 (0)7700-900123", "(07700) 900 123"],
)
def test_one_number_however_written_compares_as_one(written: str) -> None:
    assert normalised_number(written, "GB") == "+447700900123"


def test_numbers_that_differ_compare_as_different() -> None:
    written = [
        "07700 900123",
        "07700 900124",
        "07700 900123 ext 4",
        "+353 7700 900123",
        "1234",
        "ask for Ann",
    ]
    assert len({normalised_number(one, "GB") for one in written}) == len(written)
    assert normalised_number("ask for Ann", "GB") == ""
    assert normalised_number("1234", "") == "1234"


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    ways = number_links(text)
    assert all(way.url.startswith(("tel:", "sms:")) and text[way.start : way.end] for way in ways)
    assert [way.start for way in ways] == sorted(way.start for way in ways)
    normalised_number(text, "GB")
