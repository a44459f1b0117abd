"""The catalogue shows everything, says it the same way every time, and says it plainly."""

from __future__ import annotations

import re

import pytest

from tests.app.readability import grade, sentences, words
from tests.reading import texts
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.desk.routes import OUTCOMES, ROUTES
from trim_bot.app.examples.sample import SECOND, OnlyShown, ShownTx, shown_work
from trim_bot.app.seam.views import Button, Done, Form, Text
from trim_bot.domain.people import Member

VIEWS = catalogue()
MOST_WORDS = 20
HARDEST_GRADE = 7.0
FORBIDDEN = (
    "victim", "sufferer", "patient", "symptom", "low risk", "you must", "failed to", "overdue", "simply",
    "urgent", "immediately", "as soon as possible", "streak", "well done", "asap", "hurry",
)  # fmt: skip


def test_everything_that_shows_something_is_in_it() -> None:
    shown = {name.split("/")[0] for name in VIEWS}
    assert {name for name, route in ROUTES.items() if route.shows is not None} - shown == set()
    assert set(OUTCOMES) - shown == set()
    assert "message/chat" in VIEWS


def test_a_form_is_filed_under_its_own_name() -> None:
    for name, view in VIEWS.items():
        if isinstance(view, Form) and name.split("/")[0] not in ("interview", "open"):
            assert view.name == name.split("/")[0], name


def test_it_is_the_same_every_time() -> None:
    assert catalogue() == VIEWS
    assert catalogue(SECOND).keys() == VIEWS.keys()


def test_every_button_leads_somewhere() -> None:
    for name, view in VIEWS.items():
        for block in view.blocks if isinstance(view, Form | Done) else ():
            assert not isinstance(block, Button) or block.action in ROUTES, (name, block)


def test_an_example_changes_nothing() -> None:
    work = shown_work(SECOND)
    assert work.tx.get(Member, SECOND.lead.id) == SECOND.lead
    with pytest.raises(OnlyShown):
        work.tx.save(SECOND.lead)
    with pytest.raises(OnlyShown):
        ShownTx().counts  # noqa: B018 (reading it is what is refused)


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_no_screen_shouts_or_says_what_is_never_said(name: str) -> None:
    said = " ".join(texts(VIEWS[name]))
    assert "!" not in said
    assert [one for one in FORBIDDEN if re.search(rf"\b{one}s?\b", said, re.IGNORECASE)] == []


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_sentences_are_short(name: str) -> None:
    long = [one for one in sentences(VIEWS[name]) if len(words(one)) > MOST_WORDS]
    assert long == []


@pytest.mark.parametrize("name", sorted({name.split("/")[0] for name in VIEWS}))
def test_a_child_of_eleven_could_read_it(name: str) -> None:
    every = [view for known, view in VIEWS.items() if known.split("/")[0] == name]
    assert grade(every) <= HARDEST_GRADE


def test_hard_words_are_found() -> None:
    hard = Text(
        "Organisational considerations necessitate comprehensive psychological evaluation procedures."
    )
    assert grade([Done("hard", "Hard", (hard,))]) > HARDEST_GRADE
