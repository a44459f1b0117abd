"""Every screen in a language that nobody speaks: no sentence was forgotten, nobody's own words were looked up, and all
of it fits into every chat.
"""

from __future__ import annotations

import re

import pytest

from tests.adapters.slack_app.rules import faults_of_view
from tests.adapters.teams_app.rules import DIALOG, faults, strict_faults
from tests.adapters.web.reading_html import read
from tests.architecture.tree import ROOT
from tests.contract.outline import SLACK, TEAMS, WEB
from tests.contract.screens import drawn
from tests.languages.pseudo import Pseudo, known
from trim_bot.app.definitions import shipped
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.examples.sample import SECOND
from trim_bot.app.seam.in_language import in_language, translated
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.views import Button, Done, Facts, Form, Text, View

SCREENS = catalogue()
DEFINITIONS_OF_OURS = ROOT / "assessments" / "definitions"
NAMES = sorted(SCREENS)


def looked_up_in_vain(views: dict[str, View]) -> dict[str, list[str]]:
    """By screen, what was looked up and is no sentence of ours."""
    found = {}
    for name, view in views.items():
        language = Pseudo()
        in_language(view, language)
        if language.unknown:
            found[name] = language.unknown
    return found


def test_every_sentence_is_looked_up_and_nobodys_own_words_are() -> None:
    assert looked_up_in_vain(dict(SCREENS)) == {}
    assert looked_up_in_vain(dict(catalogue(SECOND))) == {}


def test_a_forgotten_sentence_and_a_name_are_found() -> None:
    room = 3
    page = Done("x", "Forgotten", (Text(f"You have room for {room}."), Facts((("Name", "Alex Byrne"),))))
    assert looked_up_in_vain({"x": page}) == {"x": ["You have room for 3.", "Alex Byrne", "Forgotten"]}


def test_nobody_called_like_a_sentence_is_translated() -> None:
    assert "Open" in known()
    page = Done(
        "x", "Open", (Facts((("Name", as_given("Open")),)), Text(phrase("Hello, {name}", name="Open")))
    )
    said = in_language(page, Pseudo())
    assert isinstance(said, Done)
    facts, text = said.blocks
    assert isinstance(facts, Facts) and facts.rows[0][1] == "Open"
    assert isinstance(text, Text) and text.text.count("Open") == 1
    assert said.title != "Open"


@pytest.mark.parametrize("name", NAMES)
def test_every_screen_fits_where_sentences_are_longer(name: str) -> None:
    view = in_language(SCREENS[name], Pseudo())
    assert faults_of_view(drawn(SLACK, view)) == []
    card = drawn(TEAMS, view)
    assert (faults(card, DIALOG), strict_faults(card)) == ([], [])
    page = read(drawn(WEB, view))
    assert page.faults == []


CHROME = re.compile(r"\[[^\]]*\]")


@pytest.mark.parametrize("platform", [SLACK, TEAMS, WEB])
def test_what_a_platform_says_itself_is_in_the_same_language(platform: str) -> None:
    """What stands round the blocks: to close, to choose, which step, what to mend."""
    language = Pseudo()
    view = in_language(Form("x", "Open", (), "t", "Save", (2, 4), 0, Button("x", "t", "Back")), language)
    said = str(drawn(platform, view))
    outside = CHROME.sub("", said)
    assert not re.search(r"\b(Close|Step|Choose|Back|Save|Open)\b", outside)


def test_what_a_site_wrote_in_definitions_of_its_own_is_left_as_it_is() -> None:
    """Also where it is called like a sentence of ours; what the desk adds to every choice is said as ever."""
    written = (DEFINITIONS_OF_OURS / "stress_follow_up_v2.toml").read_text("utf-8")
    site = written.replace('id = "stress_follow_up"', 'id = "ours_renamed"').replace(
        "version = 2", "version = 1", 1
    )
    brought = shipped().with_texts({"site.toml": site}).definitions().questionnaires
    assert "Compared with last time" in known()
    for key, is_ours in (("ours_renamed_v1", False), ("stress_follow_up_v2", True)):
        questionnaire = brought[key]
        item = next(one for one in questionnaire.items() if one.text == "Compared with last time")
        texts = (questionnaire.title, questionnaire.groups[0].prompt, item.text, item.options[0].text)
        assert [translated(text, Pseudo()) != text for text in texts] == [is_ours] * 4
        assert translated(item.options[-1].text, Pseudo()) != "Not discussed"
