"""What is said of the owner of the chat is what was measured: on the page of figures, and on the employer's page."""

from __future__ import annotations

from tests.owner.clues import Question
from tests.owner.figures import PAGE, PLANTED, page, read, rightly_guessed
from tests.owner.planting import PLANTS
from tests.owner.settings import DEFAULT, SETTINGS
from trim_bot.app.words.employer_words import EMPLOYER_RATES

THOROUGH = 1000
"""Towns of which the rates can be told."""
MOST_POINTS = 10.0
"""What the messages of a desk as it comes may add to the best guess."""


def test_a_desk_as_it_comes_leaves_at_most_ten_points() -> None:
    """Whom an urgent call is about is told apart: it cannot be hidden."""
    default = read()[DEFAULT.key]
    assert default.towns >= THOROUGH
    for question in Question:
        best = default.best(question)
        assert best.plain <= MOST_POINTS, question
        assert question is Question.DANGER or best.high <= MOST_POINTS, question


def test_every_setting_and_every_leak_was_measured_and_the_page_says_what_was() -> None:
    found = read()
    assert set(found) == {one.key for one in SETTINGS} | {PLANTED + name for name in PLANTS}
    assert PAGE.read_text() == page(found, PAGE.read_text())


def test_the_employer_page_says_the_measured_rates_and_no_others() -> None:
    """A rate of few towns is the least that can be guessed, and is told to nobody as the rate."""
    found = read()
    told = {key: (key, Question.CASE) for key in (DEFAULT.key, "changes", "three_days", "one_day")}
    told |= {f"{key}_answered": (key, Question.ANSWER) for key in (DEFAULT.key, "changes", "presses")}
    told |= {"changes_asked": ("changes", Question.ASKED), "called": (DEFAULT.key, Question.DANGER)}
    assert {found[key].towns for key, _ in told.values()} == {THOROUGH}
    said = {name: rightly_guessed(found[key], question) for name, (key, question) in told.items()}
    assert said == EMPLOYER_RATES
