"""What is said of the owner of the chat is what was measured: on the page of figures, and on the employer's page."""

from __future__ import annotations

from tests.owner.clues import Question
from tests.owner.figures import PAGE, PLANTED, page, read, right_with_messages
from tests.owner.planting import PLANTS
from tests.owner.settings import DEFAULT, SETTINGS
from trim_bot.app.words.page_words import EMPLOYER_RATES

MOST_POINTS = 10.0
"""What the messages of a desk as it comes may add to the best guess."""


def test_a_desk_as_it_comes_leaves_at_most_ten_points() -> None:
    """Whom an urgent call is about is told apart: it cannot be hidden."""
    default = read()[DEFAULT.key]
    assert default.towns >= 1000
    for question in Question:
        best = default.best(question)
        assert best.plain <= MOST_POINTS, question
        assert question is Question.DANGER or best.high <= MOST_POINTS, question


def test_every_setting_and_every_leak_was_measured_and_the_page_says_what_was() -> None:
    found = read()
    assert set(found) == {one.key for one in SETTINGS} | {PLANTED + name for name in PLANTS}
    assert PAGE.read_text() == page(found, PAGE.read_text())


def test_the_employer_page_says_the_measured_rates_and_no_others() -> None:
    found = read()
    told = (DEFAULT.key, "changes", "three_days", "one_day")
    said = {key: right_with_messages(found, key, Question.CASE) for key in told}
    said["without"] = round(found[DEFAULT.key].best(Question.CASE).without)
    said["called"] = right_with_messages(found, DEFAULT.key, Question.DANGER)
    said["called_without"] = round(found[DEFAULT.key].best(Question.DANGER).without)
    assert said == EMPLOYER_RATES
