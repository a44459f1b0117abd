"""What everybody in a workspace sees alike is in the language of their site, what an adapter says in its reader's."""

from __future__ import annotations

import pytest

from integrations.slack.render import notice, render_home, render_message
from integrations.teams.render import home_card, message_card, neutral_card
from tests.adapters.slack_app.rules import faults_of_view
from tests.builders import TEAM, Town
from tests.languages.pseudo import Pseudo
from trim_bot.app.own.home_screens import home_view
from trim_bot.app.seam.in_language import in_language
from trim_bot.app.seam.languages import ENGLISH, Language, speaking
from trim_bot.app.seam.views import Done, Message
from trim_bot.app.words import adapter_words as words
from trim_bot.app.workspaces.workspace_cache import CommandNames
from trim_bot.domain.people import Platform
from trim_bot.locale.languages import LANGUAGES

LINK = "https://desk.example"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def french() -> Language:
    found = LANGUAGES.of("fr")
    assert found is not None
    return found


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("languages", "code"), [(("fr", "en"), "fr"), (("pl", "fr"), "fr"), (("en", "fr"), "en")]
)
async def test_a_workspace_speaks_the_first_of_its_sites_languages_that_there_is(
    languages: tuple[str, ...], code: str
) -> None:
    town = Town()
    await town.found()
    await town.settle(languages=languages)
    names = CommandNames(town.store)
    spoken = names.spoken_on(Platform.SLACK, LANGUAGES)
    assert (await spoken(TEAM)).code == code
    assert await names.spoken_on(Platform.TEAMS, LANGUAGES)(TEAM) is ENGLISH
    await names.close()


def test_the_home_tab_and_the_first_card_are_said_in_it() -> None:
    home = in_language(home_view(LINK), french())
    assert isinstance(home, Done)
    drawn = render_home(home)
    assert faults_of_view(drawn) == []
    assert "Demander du soutien" in str(drawn)
    with speaking(french()):
        assert "Demander du soutien" in str(home_card(LINK))
    assert "Ask for support" in str(home_card(LINK))


def test_a_message_is_said_in_the_language_it_was_given_wherever_it_is_drawn() -> None:
    message = Message("open", "stop", french())
    with speaking(Pseudo()):
        slack, teams = render_message(message), message_card(message)
    assert slack.text == "Il y a peut-être quelque chose pour vous dans Peer Support."
    assert slack.text in str(teams) and "Arrêter ces messages" in str(teams)


def test_what_an_adapter_says_itself_is_in_the_language_of_whoever_it_answers() -> None:
    with speaking(french()):
        assert "Ouverture…" in str(notice(words.OPENING_TITLE, words.OPENING))
        assert "C’est fait." in str(neutral_card(words.PRESSED))
    assert "Opening…" in str(notice(words.OPENING_TITLE, words.OPENING))
