"""References that are forged, somebody else's or too old: one answer to all of them, and a line in the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.slack_app import person as wire
from tests.e2e.counting import refusals
from tests.e2e.deployment import Deployment
from tests.e2e.slack_side import Modal, SlackPerson, buttons
from tests.e2e.story import logged_and_accepted, slack_cast, web_cast
from trim_bot.bootstrap import clock

pytestmark = pytest.mark.anyio

CLOSED = "This is no longer open to you"


def message(action: str, token: str) -> list[dict[str, object]]:
    """A message with one button, as somebody could make it up."""
    return [{"type": "actions", "elements": [{"type": "button", "action_id": action, "value": token}]}]


def forgeries(token: str) -> list[str]:
    """Tokens that were never signed."""
    payload, _, mac = token.partition(".")
    swapped = mac[:-1] + ("A" if mac[-1] != "A" else "B")
    return [f"{payload}.{swapped}", f"A{payload[1:]}.{mac}", payload, mac, "x", f"{token}x", "é", "x" * 1999]


async def tried(person: SlackPerson, action: str, token: str) -> str:
    """What somebody reads after pressing a made-up button."""
    return (await person.press_in(message(action, token), action)).text


async def test_every_wrong_reference_gets_the_same_words_and_is_journalled(
    at_slack: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = await slack_cast(at_slack)
    await logged_and_accepted(cast)
    priya, nurse = await at_slack.slack("priya"), await at_slack.slack("nurse")
    cases = await priya.say("peer", "cases")
    case = buttons(cases.shown["blocks"], "case")[0]["value"]
    assert refusals(at_slack) == (0, 0)
    texts = [await tried(nurse, "case", token) for token in forgeries(case)]
    texts.append(await tried(nurse, "case", case))
    texts.append(await tried(await at_slack.slack("peter"), "case", case))
    texts.append(await tried(await at_slack.slack("quinn"), "case", case))
    texts.append(await tried(priya, "close", case))
    texts.append(await tried(priya, "no_such_thing", case))
    texts.append(await tried(priya, "log", ""))
    later = datetime.now(UTC) + timedelta(hours=25)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    texts.append(await tried(priya, "case", case))
    assert len(set(texts)) == 1 and CLOSED in texts[0]
    assert not any(word in texts[0] for word in ("Nurse", "Priya", "case"))
    rows, people = refusals(at_slack)
    assert people == 4, "everybody who was refused has a line"
    assert rows >= 5, "repeats of one person for one reason are one line, other reasons are others"


async def test_a_form_of_somebody_else_cannot_be_sent(at_slack: Deployment) -> None:
    cast = await slack_cast(at_slack)
    await logged_and_accepted(cast)
    close = await (await (await cast.priya.say("peer", "cases")).press("case")).press("close")
    assert isinstance(close, Modal)
    close.fill(reason="finished")
    side = await at_slack.side()
    for user in ("UPETER", "UNURSE", "ULENA", "UQUINN", "USTRANGER"):
        answer = await side.post(wire.interaction(wire.submission(close.view(), user=user)))
        assert CLOSED in answer.text, user
    forged = close.view() | {"private_metadata": forgeries(close.token)[0]}
    answer = await side.post(wire.interaction(wire.submission(forged, user="UPRIYA")))
    assert CLOSED in answer.text
    assert "Nurse" in (await cast.priya.say("peer", "cases")).text
    ended = await close.submit()
    assert ended.title == "These talks have ended"


async def test_pages_that_are_not_there_and_pages_of_others_look_alike(at_browser: Deployment) -> None:
    cast = await web_cast(at_browser)
    await logged_and_accepted(cast)
    cases = await cast.priya.say("peer", "cases")
    [token] = [press.partition(" ")[2] for form in cases.forms for press in form.presses if "case " in press]  # type: ignore[attr-defined]
    nurse = await at_browser.web("nurse")
    paths = [f"/f/case?t={token}", *(f"/f/case?t={one}" for one in forgeries(token) if one.isascii())]
    pages = [await nurse.get(path) for path in paths]
    assert {(page.status, page.text) for page in pages} == {(404, pages[0].text)}
    assert CLOSED in pages[0].text
    missing = [await nurse.get(path) for path in ("/f/nothing", "/f/team", "/nothing", "/bulletins")]
    assert {page.status for page in missing} == {404}
