"""References that are forged, somebody else's or too old: one answer to all of them, and a line in the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.slack_app import person as wire
from tests.adapters.teams_app import person as wire_of_teams
from tests.e2e.browser_side import Page
from tests.e2e.counting import refusals
from tests.e2e.deployment import Deployment
from tests.e2e.doors import Door
from tests.e2e.screens import Person, Screen
from tests.e2e.slack_side import Modal, SlackPerson, buttons
from tests.e2e.story import logged_and_accepted, web_cast
from tests.e2e.teams_side import Dialog, TeamsPerson, presses
from trim_bot.app.clock import clocks

pytestmark = pytest.mark.anyio

CLOSED = "No longer open to you"


def forgeries(token: str) -> list[str]:
    """Tokens that were never signed."""
    half = len(token) // 2
    last, first = ("A" if token[place] != "A" else "B" for place in (-5, 0))
    changed = (f"{token[:-5]}{last}{token[-4:]}", f"{first}{token[1:]}")
    return [*changed, token[:half], token[half:], "x", f"{token}x", "é", "x" * 1999, f"{token}.{token}"]


async def tried(person: Person, action: str, token: str) -> str:
    """What somebody reads after pressing a button of a message, as somebody could make it up."""
    match person:
        case SlackPerson():
            button = {"type": "button", "action_id": action, "value": token}
            return (await person.press_in([{"type": "actions", "elements": [button]}], action)).text
        case TeamsPerson():
            data = {"action": action, "t": token}
            return (await person.shown_for(person.activity(wire_of_teams.opened, data))).text
        case _:
            raise TypeError


def carried(screen: Screen, action: str) -> str:
    """What a button carries unseen."""
    match screen:
        case Modal():
            return str(buttons(screen.shown["blocks"], action)[0]["value"])
        case Dialog():
            return str(
                next(one["data"]["t"] for one in presses(screen.card) if one["data"].get("action") == action)
            )
        case _:
            raise TypeError


async def test_every_wrong_reference_gets_the_same_words_and_is_journalled(
    chat: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    await logged_and_accepted(await chat.cast())
    priya, nurse = await chat.person("priya"), await chat.person("nurse")
    case = carried(await priya.say("peer", "cases"), "case")
    assert refusals(chat.at) == (0, 0)
    texts = [await tried(nurse, "case", token) for token in forgeries(case)]
    texts.append(await tried(nurse, "case", case))
    texts.append(await tried(await chat.person("peter"), "case", case))
    texts.append(await tried(await chat.person("quinn"), "case", case))
    texts.append(await tried(priya, "close", case))
    texts.append(await tried(priya, "no_such_thing", case))
    texts.append(await tried(priya, "log", ""))
    later = datetime.now(UTC) + timedelta(hours=25)
    monkeypatch.setattr(clocks, "real_now", lambda: later)
    texts.append(await tried(priya, "case", case))
    assert len(set(texts)) == 1 and CLOSED in texts[0]
    assert not any(word in texts[0] for word in ("Nurse", "Priya", "case"))
    rows, people = refusals(chat.at)
    assert people == 4, "everybody who was refused has a line"
    assert rows >= 5, "repeats of one person for one reason are one line, other reasons are others"


async def sent_by(door: Door, form: Screen, name: str, token: str | None = None) -> str:
    """What somebody is answered who sends a form that was shown to another, or with another token."""
    match form:
        case Modal():
            view = form.view() | ({} if token is None else {"private_metadata": token})
            sent = wire.interaction(wire.submission(view, user=f"U{name.upper()}"))
            return (await (await door.at.side()).post(sent)).text
        case Dialog():
            data = form.data() | ({} if token is None else {"t": token})
            person = await door.at.teams(name)
            return (await person.side.post(person.activity(wire_of_teams.sent, data))).text
        case _:
            raise TypeError


async def test_a_form_of_somebody_else_cannot_be_sent(chat: Door) -> None:
    cast = await chat.cast()
    await logged_and_accepted(cast)
    close = await (await (await cast.priya.say("peer", "cases")).press("case")).press("close")
    assert isinstance(close, Modal | Dialog)
    close.fill(reason="finished")
    for name in ("peter", "nurse", "lena", "quinn", "stranger"):
        assert CLOSED in await sent_by(chat, close, name), name
    assert CLOSED in await sent_by(chat, close, "priya", forgeries(close.token)[0])
    assert "Nurse" in (await cast.priya.say("peer", "cases")).text
    ended = await close.submit()
    assert ended.title == "These talks have ended"


async def test_pages_that_are_not_there_and_pages_of_others_look_alike(at_browser: Deployment) -> None:
    cast = await web_cast(at_browser)
    await logged_and_accepted(cast)
    cases = await cast.priya.say("peer", "cases")
    assert isinstance(cases, Page)
    [token] = [href.partition("?t=")[2] for name, href in cases.ways if name == "case"]
    nurse = await at_browser.web("nurse")
    paths = [f"/f/case?t={token}", *(f"/f/case?t={one}" for one in forgeries(token) if one.isascii())]
    pages = [await nurse.get(path) for path in paths]
    assert {(page.status, page.text) for page in pages} == {(404, pages[0].text)}
    assert CLOSED in pages[0].text
    missing = [await nurse.get(path) for path in ("/f/nothing", "/f/team", "/nothing", "/bulletins")]
    assert {page.status for page in missing} == {404}
