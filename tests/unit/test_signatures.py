"""What a clinical lead signed stays, whatever a file says of it."""

from dataclasses import replace
from datetime import date

import pytest

from trim_bot.app.site_file.reading import default_site
from trim_bot.app.site_file.signatures import (
    end_threshold,
    put_into_force,
    sign_questionnaire,
    sign_threshold,
    threshold_lines,
)
from trim_bot.domain.site import AskedThreshold, SignedThreshold, Site

DAY = date(2026, 11, 1)
ASKED = AskedThreshold("trauma_month_v1", 6, 3)
SIGNED = SignedThreshold("trauma_month_v1", 6, 3, "Dr Ingrid Solberg", DAY, signed_here=True)
SAID = SignedThreshold("trauma_month_v1", 1, 1, "Somebody else", DAY)
PLAIN = default_site("Acme", "acme")


def draft(*asked: AskedThreshold, said: tuple[SignedThreshold, ...] = ()) -> Site:
    return replace(PLAIN, asked_thresholds=asked, thresholds=said)


@pytest.mark.parametrize("held", [None, PLAIN, replace(PLAIN, thresholds=(SIGNED,))])
def test_the_words_of_a_file_sign_nothing(held: Site | None) -> None:
    after = put_into_force(draft(AskedThreshold("trauma_month_v1", 1, 1), said=(SAID,)), held)
    assert after.thresholds == (held.thresholds if held is not None else ())
    assert threshold_lines(after)["trauma_month_v1"].waits


def test_where_everybody_is_made_up_a_file_signs() -> None:
    after = put_into_force(
        draft(AskedThreshold("trauma_month_v1", 1, 1), said=(SAID,)), PLAIN, files_sign=True
    )
    assert after.thresholds == (replace(SAID, signed_here=True),)
    assert not threshold_lines(after)["trauma_month_v1"].waits


def test_a_file_takes_no_signature_away() -> None:
    held = sign_questionnaire(
        sign_threshold(PLAIN, ASKED, "Dr Ingrid Solberg", DAY), "own_v1", "Dr Ingrid Solberg", DAY
    )
    after = put_into_force(draft(), held)
    assert (after.thresholds, after.questionnaires) == (held.thresholds, held.questionnaires)
    assert threshold_lines(after)["trauma_month_v1"].to_go


def test_what_is_signed_is_in_force_and_asked_for() -> None:
    after = sign_threshold(put_into_force(draft(ASKED), PLAIN), ASKED, "Dr Ingrid Solberg", DAY)
    assert after.thresholds == (SIGNED,)
    assert not any(line.waits for line in threshold_lines(after).values())
    assert put_into_force(draft(ASKED), after) == replace(after, numbers=())


def test_one_that_a_file_signed_before_stays_and_waits() -> None:
    before = replace(PLAIN, thresholds=(replace(SIGNED, signed_here=False),))
    line = threshold_lines(before)["trauma_month_v1"]
    assert line.waits and line.in_force is not None and not line.to_go
    signed = sign_threshold(before, ASKED, "Dr Ingrid Solberg", DAY)
    assert not threshold_lines(signed)["trauma_month_v1"].waits


def test_signing_one_asks_for_the_others_as_before() -> None:
    other = replace(SIGNED, questionnaire="trauma_first_v1")
    after = sign_threshold(replace(PLAIN, thresholds=(other,)), ASKED, "Dr Ingrid Solberg", DAY)
    assert not any(line.waits for line in threshold_lines(after).values())
    assert {one.questionnaire for one in after.asked_thresholds or ()} == {
        "trauma_first_v1",
        "trauma_month_v1",
    }


def test_one_that_is_ended_is_neither_in_force_nor_asked_for() -> None:
    after = end_threshold(sign_threshold(PLAIN, ASKED, "Dr Ingrid Solberg", DAY), "trauma_month_v1")
    assert (after.thresholds, after.asked_thresholds) == ((), ())
