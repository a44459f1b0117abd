"""What stands in a Teams chat and what does not, and what becomes of people whom Teams cannot reach."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.teams_app import person as wire
from tests.adapters.teams_app.fake_teams import Reply
from tests.e2e.conftest import PEOPLE
from tests.e2e.counting import count
from tests.e2e.deployment import Deployment
from tests.e2e.screens import send
from tests.e2e.story import event, logged_and_accepted, teams_cast
from tests.e2e.teams_side import Card, TeamsPerson, read
from trim_bot.app.clock import clocks
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.storage.store import SqlStore

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("stores", ["sqlite"], indirect=True)]

OTHER_TENANT = "99999999-dddd-4ddd-8ddd-999999999999"


def texts(cards: list[Card]) -> list[str]:
    """What can be read on each card."""
    return [read(card) for card in cards]


async def test_a_welcome_comes_when_the_app_does_and_only_once(at_teams: Deployment) -> None:
    nurse = await at_teams.teams("nurse")
    for make in (wire.installed, wire.joined, wire.installed):
        answer = await nurse.side.post(make(nurse.side.place.service_url, person=nurse.user))
        assert (answer.status_code, answer.content) == (200, b"")
    await at_teams.drain()
    [welcome] = texts(nurse.messages())
    assert MESSAGE_TEXT in welcome


async def test_stopping_leaves_a_neutral_line_and_no_more_messages_come(at_teams: Deployment) -> None:
    cast = await teams_cast(at_teams)
    nurse = await at_teams.teams("nurse")
    await nurse.side.post(wire.installed(nurse.side.place.service_url, person=nurse.user))
    await at_teams.drain()
    [welcome] = nurse.messages()
    answer = await nurse.stop_in(welcome)
    assert answer["type"] == "application/vnd.microsoft.card.adaptive"
    assert read(answer["value"]).strip() == words.PRESSED
    await send(await cast.priya.say("peer", "log"), **event(cast.nurse, mine=True))
    await at_teams.drain()
    assert nurse.messages() == [welcome]


async def test_no_card_in_a_chat_tells_a_name_an_answer_or_a_role(at_teams: Deployment) -> None:
    await logged_and_accepted(await teams_cast(at_teams))
    await at_teams.pass_time(days=3)
    assert at_teams.tenant is not None
    stored = at_teams.tenant.sent_bytes().decode()
    assert at_teams.tenant.posted
    for word in ("Nurse", "Priya", "Quinn", "violence", "practitioner", "coordinator", "account"):
        assert word.casefold() not in stored.casefold(), word
    for call in at_teams.tenant.asked("/activities"):
        for attached in call.body["attachments"]:
            assert not [one for one in json.dumps(attached).split('"') if one.startswith("Input.")]


async def test_a_card_pressed_after_its_case_has_moved_on(at_teams: Deployment) -> None:
    cast = await teams_cast(at_teams)
    await logged_and_accepted(cast)
    first, again = [await (await cast.priya.say("peer", "cases")).press("case") for _ in range(2)]
    ended = await send(await first.press("close"), reason="finished")
    assert ended.title == "These talks have ended"
    late = await again.press("close")
    assert "No longer open to you" in late.text and "Nurse" not in late.text


async def test_when_nothing_could_be_saved_the_form_stands_as_it_was_filled(
    at_teams: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = await teams_cast(at_teams)
    form = await cast.priya.say("peer", "log")
    form.fill(**event(cast.nurse, mine=True, account="What happened"))
    typed = {name: form.standing(name) for name in form.fields()}

    async def broken(*_: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(SqlStore, "write", broken)
        after = await form.submit()
    assert after.form == "log" and "Nothing was saved" in after.text
    assert {name: after.standing(name) for name in after.fields()} == typed
    assert count(at_teams, "incident") == 0
    assert "The event is logged" in (await after.submit()).title
    assert count(at_teams, "incident") == 1


async def test_while_teams_is_down_messages_wait(
    at_teams: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = [timedelta()]
    monkeypatch.setattr(clocks, "real_now", lambda: datetime.now(UTC) + ahead[0])
    steady = clocks.steady
    monkeypatch.setattr(clocks, "steady", lambda: steady() + ahead[0].total_seconds())
    cast, tenant = await teams_cast(at_teams), at_teams.tenant
    assert tenant is not None
    await at_teams.drain()
    form = await cast.priya.say("peer", "log")
    tenant.outage = Reply(503)
    before = await cast.nurse.told()
    await send(form, **event(cast.nurse, mine=True))
    await at_teams.drain()
    assert await cast.nurse.told() == before
    tenant.outage = None
    ahead[0] += timedelta(hours=2)
    await at_teams.drain()
    offer = await cast.nurse.open_newest()
    assert offer.has("offer_yes")


async def test_somebody_without_the_app_is_told_in_person(at_teams: Deployment) -> None:
    cast, tenant, nurse = await teams_cast(at_teams), at_teams.tenant, await at_teams.teams("nurse")
    assert tenant is not None
    url = nurse.side.place.service_url
    await nurse.side.post(wire.installed(url, person=nurse.user))
    await nurse.side.post(wire.installed(url, "remove", person=nurse.user))
    tenant.not_installed.add(nurse.user)
    await send(await cast.priya.say("peer", "log"), **event(cast.nurse, mine=True))
    await at_teams.drain()
    contact = await cast.priya.open_newest()
    assert contact.form == "contact" and "Nurse" in contact.text


async def test_who_took_the_app_away_is_not_written_to_until_it_is_back(at_teams: Deployment) -> None:
    cast, tenant, nurse = await teams_cast(at_teams), at_teams.tenant, await at_teams.teams("nurse")
    assert tenant is not None
    url = nurse.side.place.service_url
    await nurse.side.post(wire.installed(url, person=nurse.user))
    await at_teams.drain()
    [welcome] = nurse.messages()
    await nurse.side.post(wire.installed(url, "remove", person=nurse.user))
    await send(await cast.priya.say("peer", "log"), **event(cast.nurse, mine=True))
    await at_teams.drain()
    assert nurse.messages() == [welcome], "although Teams would still open a conversation"
    contact = await cast.priya.open_newest()
    assert contact.form == "contact" and "Nurse" in contact.text
    await nurse.side.post(wire.installed(url, person=nurse.user))
    await send(await cast.priya.say("peer", "log"), **event(cast.nurse, mine=True, at="09:00"))
    await at_teams.drain()
    assert len(nurse.messages()) == 2


async def test_where_nobody_agreed_to_looking_people_up_the_desk_lists_whom_it_knows(
    at_teams: Deployment,
) -> None:
    cast, tenant = await teams_cast(at_teams), at_teams.tenant
    assert tenant is not None
    await at_teams.drain()
    for _ in range(200):
        # Everybody is met beside the first requests.
        if count(at_teams, "member") == len(PEOPLE):
            break
        await cast.quinn.say("peer", "status")
    assert count(at_teams, "member") == len(PEOPLE)
    assert (await cast.priya.say("peer", "log")).choices("direct") == []
    tenant.consent = False
    # Whoever is not known yet makes the desk ask, and it learns that it may not.
    await (await at_teams.teams("stranger")).say("support")
    form = await cast.priya.say("peer", "log")
    assert isinstance(cast.nurse, TeamsPerson) and isinstance(cast.priya, TeamsPerson)
    assert cast.nurse.ref in form.choices("direct") and cast.priya.ref not in form.choices("direct")
    done = await send(form, **event(cast.nurse, mine=True))
    assert "The event is logged" in done.title


async def test_somebody_of_another_tenant_is_refused(at_teams: Deployment) -> None:
    side = await at_teams.teams_side()
    url = side.place.service_url
    for activity in (
        wire.command("support", url, tenant=OTHER_TENANT),
        wire.typed("peer", url, tenant=OTHER_TENANT),
    ):
        answer = await side.post(activity)
        assert (answer.status_code, answer.content) == (403, b"")
    assert side.place.posted == []


async def test_whatever_is_typed_gets_the_card_that_is_the_same_for_everybody(at_teams: Deployment) -> None:
    nurse, priya = await at_teams.teams("nurse"), await at_teams.teams("priya")
    told = await nurse.typed("Something terrible happened to Maria")
    assert told == await priya.typed("hello")
    assert "Maria" not in json.dumps(told)
    form = await nurse.press_in(told)
    assert form.title
