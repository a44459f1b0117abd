"""In which language Teams is answered: the site's for what stays in the chat, the reader's for what they alone see."""

from __future__ import annotations

import json

import pytest

from tests.adapters.slack_app.desk import SAVED
from tests.adapters.teams_app.conftest import HASTY, Rig, Start
from tests.adapters.teams_app.fake_teams import TENANT
from tests.adapters.teams_app.person import opened, pressed, sent
from trim_bot.app.seam.languages import ENGLISH, Language
from trim_bot.app.seam.views import Nothing, View
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words import common_answers
from trim_bot.locale.languages import LANGUAGES

pytestmark = pytest.mark.anyio
STOP = {"action": "stop", "t": "tok"}


def french() -> Language:
    """The language that is not the one things are written in."""
    found = LANGUAGES.of("fr")
    assert found is not None
    return found


def in_french(said: str) -> str:
    """A sentence of the adapter's own, as it has to come out."""
    french_words = french().sentence(said)
    assert french_words != said
    return french_words


async def answered(rig: Rig, view: View | Exception) -> str:
    """All that a press on a card in the chat is answered with."""
    rig.desk.answer(view)
    return json.dumps((await rig.post(pressed(STOP, rig.url))).json(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("site", "chosen", "said"),
    [(ENGLISH, french(), words.PRESSED), (french(), ENGLISH, in_french(words.PRESSED))],
)
async def test_the_card_that_stays_in_the_chat_is_in_the_language_of_the_site(
    start: Start, site: Language, chosen: Language, said: str
) -> None:
    async def spoken(tenant: str) -> Language:
        assert tenant == TENANT
        return site

    rig = await start(spoken=spoken)
    rig.desk.language = chosen
    assert said in await answered(rig, SAVED)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (common_answers.not_open(), words.NOT_OPEN),
        (Nothing(), words.NOT_NOW),
        (RuntimeError(), words.NOT_NOW),
    ],
)
async def test_the_line_beside_a_card_is_in_the_language_of_its_reader(
    rig: Rig, view: View | Exception, said: str
) -> None:
    rig.desk.language = french()
    assert in_french(said) in await answered(rig, view)


async def test_the_end_of_a_dialog_is_in_the_language_of_its_reader(rig: Rig) -> None:
    rig.desk.language = french()
    rig.desk.answer(Nothing())
    task = (await rig.post(opened({"action": "open", "t": "x"}, rig.url))).json()["task"]
    assert task["value"] == in_french(words.CLOSE_THIS)


async def test_whoever_waits_reads_their_own_language(start: Start) -> None:
    rig = await start(HASTY)
    rig.desk.language = french()
    rig.desk.open.clear()
    press = (await rig.post(pressed(STOP, rig.url))).json()
    assert press["value"] == in_french(words.OPENING)
    form = {"form": "log_incident", "t": "tok-log", "k": {"what": "text"}, "what": "a fall"}
    for activity, title in (
        (opened({"action": "open", "t": "x"}, rig.url), words.OPENING_TITLE),
        (sent(form, rig.url), words.STILL_SAVING_TITLE),
    ):
        task = (await rig.post(activity)).json()["task"]
        assert task["value"]["title"] == in_french(title)
    rig.desk.open.set()
    await rig.teams.drain()


async def test_what_did_not_work_is_told_in_the_language_of_its_reader(rig: Rig) -> None:
    rig.desk.language = french()
    rig.desk.answer(RuntimeError())
    task = (await rig.post(opened({"action": "open", "t": "x"}, rig.url))).json()["task"]
    assert task["value"]["title"] == in_french(words.NOT_NOW_TITLE)
    assert in_french(words.NOT_NOW) in json.dumps(task, ensure_ascii=False)
