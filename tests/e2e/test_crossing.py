"""One case across two chats: a colleague in Teams, a practitioner in Slack, and no trace of the one in the other."""

from __future__ import annotations

import pytest

from tests.adapters.teams_app import person as wire
from tests.e2e.deployment import Deployment
from tests.e2e.screens import Filling, Screen, send
from tests.e2e.slack_side import Modal, SlackPerson
from tests.e2e.story import Cast, begun
from tests.e2e.teams_side import TeamsPerson
from trim_bot.app.words import adapter_words as words

pytestmark = pytest.mark.anyio


async def with_the_app(at: Deployment, name: str) -> TeamsPerson:
    """Somebody who has the app in Teams, and its welcome."""
    person = await at.teams(name)
    answer = await person.side.post(wire.installed(person.side.place.service_url, person=person.user))
    assert answer.status_code == 200, answer.status_code
    await at.drain()
    return person


def option_called(modal: Modal, field: str, label: str) -> str:
    """The value of the option that reads so."""
    [block] = [one for one in modal.shown["blocks"] if one.get("block_id", "").partition("~")[0] == field]
    [value] = [one["value"] for one in block["element"]["options"] if label in one["text"]["text"]]
    return str(value)


async def taken_at_slack(at: Deployment, priya: SlackPerson, nurse: TeamsPerson) -> Screen:
    """The nurse asks in Teams; the practitioner takes it in Slack, replies, and a case begins."""
    before = await nurse.told()
    await send(await nurse.say("support"), name="named", text="The text", contact="Ring me")
    await at.drain()
    taken = await (await priya.open_newest()).press("take_request")
    assert "The text" in taken.text and "Nurse" in taken.text
    begun_case = await send(taken, reply="I will ring you", then="stress")
    await at.drain()
    assert await nurse.told() == before, "nothing is sent to the person but for a time they agreed"
    return begun_case


async def test_a_case_crosses_and_neither_side_notices(in_two_chats: Deployment) -> None:
    at = in_two_chats
    priya, nurse, quinn = await at.slack("priya"), await with_the_app(at, "nurse"), await at.slack("quinn")
    seen = [(await taken_at_slack(at, priya, nurse)).text]
    mine = await nurse.say("support", "me")
    assert "I will ring you" in mine.text and "Priya" in mine.text
    assert "slack" not in mine.text.casefold()
    case = await (await priya.say("peer", "cases")).press("case")
    assert words.REACH_IN_TEAMS in case.text, (
        "how to reach somebody is for whoever holds the case, and nowhere else"
    )
    seen += [
        case.text.replace(words.REACH_IN_TEAMS, ""),
        (await begun(Cast(at, priya, nurse, quinn), case)).text,
    ]
    assert not [text for text in seen if "teams" in text.replace(words.REACH_IN_TEAMS, "").casefold()]
    status = await quinn.say("peer", "status")
    assert not any(word in status.text for word in ("Nurse", "Priya", "Slack", "Teams"))
    assert at.tenant is not None
    for stored in (at.tenant.sent_bytes(), at.workplace.sent_bytes()):
        assert not any(word in stored for word in (b"Nurse", b"Priya", b"The text", b"I will ring"))


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
async def test_the_person_is_told_in_the_chat_they_use(in_two_chats: Deployment) -> None:
    at = in_two_chats
    priya, nurse = await at.slack("priya"), await with_the_app(at, "nurse")
    told = await nurse.told()
    for _ in range(100):
        # The two chats' own lists are read beside the first requests, here by the same process.
        log = await priya.say("peer", "log")
        if "elsewhere" in log.fields():
            break
    filled: dict[str, Filling] = {
        "kind": "threat_or_violence",
        "near_ended_on": "other_day",
        "ended_on": "2026-11-23",
        "ended_at": "08:00",
        "mine": True,
    }
    assert isinstance(log, Modal)
    chosen = option_called(log, "elsewhere", "Nurse")
    done = await send(log, **filled, elsewhere=[chosen])
    assert done.title.startswith("The event is logged")
    await at.drain()
    assert await nurse.told() == told + 1
    assert at.workplace.messages("UNURSE") == []
    yes = await (await nurse.open_newest()).press("offer_yes")
    assert "26 November" in yes.text and "slack" not in yes.text.casefold()
    await at.pass_time(days=3)
    assert "Nurse" in (await priya.open_newest()).text
    assert await nurse.told() == told + 1
