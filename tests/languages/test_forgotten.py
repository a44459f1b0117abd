"""Every screen in a language that nobody speaks: no sentence was forgotten, nobody's own words were looked up, and all
of it fits into every chat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.adapters.slack_app.rules import faults_of_view
from tests.adapters.teams_app.rules import DIALOG, faults, strict_faults
from tests.adapters.web.reading_html import read
from tests.architecture.tree import ROOT
from tests.contract.outline import SLACK, TEAMS, WEB
from tests.contract.screens import drawn
from tests.languages.plain_letters import WORD, plain
from tests.languages.pseudo import Pseudo, known
from trim_bot.app.definitions import shipped
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.examples.sample import SECOND
from trim_bot.app.seam.in_language import in_language, translated
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.views import Button, Done, Facts, Form, Message, Text, View

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


READ = frozenset(
    {"text", "title", "label", "placeholder", "errorMessage", "accessibility_label", "description"}
)
"""Under which chats are told what people read, or hear."""


def in_plain_letters(platform: str, view: View) -> set[str]:
    """Words of a screen that no block of its view has: what the platform's own part says, and what is only read out."""
    said = in_language(view, Pseudo())
    shown = drawn(platform, said)
    words = plain(shown) if platform == WEB else set(WORD.findall(" ".join(read_of(shown))))
    # What a button is about is not among them: it is a phrase, or a name that stands on the page as well.
    return words - set(WORD.findall(repr(said)))


def read_of(drawing: object, key: str = "") -> Iterator[str]:
    """What people read of a drawing for a chat."""
    match drawing:
        case dict():
            for inner, one in drawing.items():
                # What an action carries back is nothing that anybody reads.
                if inner != "data":
                    yield from read_of(one, inner)
        case list():
            for one in drawing:
                yield from read_of(one, key)
        case str() if key in READ:
            yield drawing


@pytest.mark.parametrize("platform", [SLACK, TEAMS, WEB])
def test_nothing_that_is_said_beside_the_blocks_was_forgotten(platform: str) -> None:
    views = {name: view for name, view in SCREENS.items() if not isinstance(view, Message)}
    forgotten = {name: words for name, view in views.items() if (words := in_plain_letters(platform, view))}
    assert forgotten == {}


@pytest.mark.parametrize("platform", [SLACK, WEB])
def test_what_is_only_read_out_and_was_forgotten_is_found(platform: str) -> None:
    button = Button("x", "t", "Open", about="The first talk")
    assert in_plain_letters(platform, Done("x", "Open", (button,))) == {"The", "first", "talk"}


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
