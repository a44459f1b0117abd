"""A number that a document tells a site is the one in the program, so that no sentence outlives a change of it."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from integrations.ground.bounded_connections import BODY_SECONDS, HEAD_SECONDS, IDLE_SECONDS, UNREAD_SECONDS
from integrations.slack.endpoint import WINDOW_SECONDS
from integrations.slack.install_pages import LIFE_SECONDS
from integrations.teams.tokens import EARLY_SECONDS, LATE_SECONDS
from integrations.teams.web_api import TENANT
from integrations.web.rate_limit import MOST, MOST_ASKS, MOST_SIGN_INS
from tests.architecture.retention import default
from tests.architecture.tree import ROOT
from trim_bot.app.clock.sending import AT_ONCE, LEASE_SECONDS
from trim_bot.app.installations.keeping import AHEAD, SWEEP_SECONDS
from trim_bot.bootstrap.readiness_probe import (
    FIRST_LOOK_SECONDS,
    KEPT_SECONDS,
    LOOK_SECONDS,
    MOST_BUSY,
    STOPPED_SECONDS,
    WRITE_SECONDS,
)
from trim_bot.bootstrap.serving import OPEN_AGAIN_SECONDS
from trim_bot.bootstrap.sweeps import ERASURES_SECONDS, RETENTION_SECONDS, STAFF_SECONDS
from trim_bot.domain.ids import ALPHABET, GROUPS, SIZE
from trim_bot.domain.policy import POLICY
from trim_bot.domain.unused_keys import MOST_KEYS, MOST_PART
from trim_bot.scheduler.ticker import BEAT_SECONDS, URGENT_SECONDS
from trim_bot.storage.database_state import LEAST_BYTES
from trim_bot.storage.sweeps.retention import ANSWER, SHORT

WORDS = {1: "one", 2: "two", 4: "four", 5: "five", 6: "six", 10: "ten", 20: "twenty", 30: "thirty"}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def word(number: float) -> str:
    """A number as the documents write it out."""
    return WORDS[int(number)]


def of(time: timedelta, unit: timedelta) -> int:
    """How many units it is, exactly."""
    assert not time % unit
    return time // unit


TOLD = {
    "docs/security.md": (
        f"asking without a name ({MOST_ASKS}, since",
        f"all else that is sent signed out ({MOST})",
        f"of adding a workspace ({MOST_SIGN_INS:,})",
        f"in one day {POLICY.signed_out_waiting} are passed on at once",
        f"for the leads, {POLICY.signed_out_kept:,} at most",
        f"come back {MOST_SIGN_INS:,} times an hour",
        f"{HEAD_SECONDS:.0f} seconds for its head and {BODY_SECONDS:.0f} for its body",
        f"nobody fetches ends after {UNREAD_SECONDS:.0f}, an idle connection after {IDLE_SECONDS}",
        f"Sessions last {of(POLICY.session_lasts, HOUR)} hours",
        f"A link works once, for {of(POLICY.link_lasts, MINUTE)} minutes",
        f"Buttons in a form last {of(POLICY.form_lasts, HOUR)} hours",
        f"A signed cookie of {word(LIFE_SECONDS / 60)} minutes",
        f"with a time at most {word(WINDOW_SECONDS / 60)} minutes off",
        f"at most {word(EARLY_SECONDS / 60)} minutes before it begins and a minute past its end",
        f"kept to {TENANT[0][1]} calls a second",
        f"Up to {word(AT_ONCE)} messages of a workspace",
        f"codes have about {math.log2(len(ALPHABET) ** (GROUPS * SIZE)):.0f} bits",
    ),
    "docs/privacy.md": (
        f"| {of(POLICY.session_lasts, HOUR)} hours; links {of(POLICY.link_lasts, MINUTE)} minutes;",
        f"whoever typed one, {of(POLICY.code_lasts, MINUTE)} |",
        f"after the case ends; {default('keep_closed_days')} unless set",
        f"nobody has read, up to {of(ANSWER, DAY)} days",
        f"with what its buttons carry | Open, keyed | {of(SHORT, DAY)} days |",
        f"| Open ids, no content | {of(SHORT, DAY)} days |",
        f"within {word(of(POLICY.time_to_get_in_touch, HOUR))} working hours after it",
    ),
    "docs/operate.md": (
        f"queued messages every {word(BEAT_SECONDS)} seconds",
        f"calls for safety every {word(URGENT_SECONDS)}, goes on",
        f"every {word(RETENTION_SECONDS / 3600)} hours meets new staff and runs retention",
        f"stays readable for {of(POLICY.unused_key_kept, DAY)} days",
        f"more than {MOST_KEYS} keys and more than {100 // MOST_PART} in 100",
        f"renewed {word(of(AHEAD, HOUR))} hours before they end",
        f"it tries again every {word(OPEN_AGAIN_SECONDS)} seconds",
        f"has less than {LEAST_BYTES // 1024**2} MB left",
        f"looked at for {word(STOPPED_SECONDS / 60)} minutes",
        f"at most every {word(KEPT_SECONDS)} seconds",
        f"Every {word(WRITE_SECONDS)} seconds a write is committed",
        f"more than {word(of(POLICY.clocks_agree_within, MINUTE))} minutes apart",
        f"once, within {of(POLICY.link_lasts, MINUTE)} minutes",
        f"at most {POLICY.keys_opened_in_an_hour:,} different keys of one organisation in an hour",
        f"and {POLICY.keys_opened_slowly_in_a_minute} a minute beyond them",
    ),
    "docs/promises.md": (
        f"at most {word(AT_ONCE)} a workspace",
        f"when its lease ({LEASE_SECONDS} seconds) runs out",
    ),
    "docs/install-slack.md": (f"renews it {word(of(AHEAD, HOUR))} hours before",),
    "docs/trust/inventory.md": (
        f"{POLICY.keys_opened_in_an_hour:,} keys of one organisation an hour in one process, "
        f"then {POLICY.keys_opened_slowly_in_a_minute} a minute",
        f"{POLICY.signed_out_kept:,} kept at once, {MOST_ASKS} an hour from one address",
        f"| {of(POLICY.session_lasts, HOUR)} hours, {of(POLICY.link_lasts, MINUTE)} minutes |",
    ),
    "docs/trust/threats.md": (
        f"until they sign out, {of(POLICY.session_lasts, HOUR)} hours have gone",
        f"One sign-in within {of(POLICY.link_lasts, MINUTE)} minutes",
    ),
}
"""In each document, what it says of a number; line breaks apart."""


@pytest.mark.parametrize("document", TOLD)
def test_each_number_is_the_one_in_the_program(document: str) -> None:
    text = " ".join((ROOT / document).read_text("utf-8").split()).casefold()
    assert [said for said in TOLD[document] if said.casefold() not in text] == []


def test_what_is_told_in_words_is_so() -> None:
    assert ERASURES_SECONDS == 60, "carries out asked-for erasures every minute"
    assert STAFF_SECONDS == RETENTION_SECONDS
    assert SWEEP_SECONDS == LOOK_SECONDS == 3600, "every hour"
    assert FIRST_LOOK_SECONDS == MOST_BUSY * WRITE_SECONDS == 30, "half a minute"
    assert LATE_SECONDS == 60, "a minute past its end"
    assert POLICY.note_spread_days == 28, "over four weeks"
