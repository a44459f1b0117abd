"""A practitioner in one chat and a colleague in the other: the case goes on, and neither side tells of the other."""

from __future__ import annotations

import pytest

from tests.app.two_chats import TwoChats
from tests.builders import MONDAY, Town
from tests.reading import all_blocks, blocks_of, buttons, everything_in, values_of, words_of
from trim_bot.app.people import other_chats
from trim_bot.app.people.sessions import Sessions
from trim_bot.app.seam.gestures import Invoke, Press, Value
from trim_bot.app.seam.views import Choices, FieldErrors, Form, PersonCard, View
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.people import Account, Platform, Profile
from trim_bot.domain.policy import POLICY

pytestmark = pytest.mark.anyio
PLATFORMS = ("slack", "teams", "microsoft")


@pytest.fixture
async def both(town: Town) -> TwoChats:
    """Tess works in Teams alone."""
    both = TwoChats(town)
    await both.open()
    both.actor("tess")
    await Staff(town.desk.outside).meet_everyone()
    return both


def choices(view: View) -> list[tuple[str, str]]:
    """Whom the list of other colleagues offers: id and name."""
    found = [one for one in blocks_of(view, Choices) if one.name == "elsewhere"]
    return [(option.value, option.label) for one in found for option in one.options]


async def log(both: TwoChats, **more: Value) -> View:
    form = await both.town.say("priya", "peer", "log")
    values: dict[str, Value] = {
        "kind": "threat_or_violence",
        "ended_on": MONDAY.date().isoformat(),
        "ended_at": "08:00",
    }
    return await both.town.send("priya", form, **(values | more))


async def to_tess(both: TwoChats) -> list[str]:
    told = both.teams.to(both.actor("tess").address)
    return [one.open_token for one in told]


async def test_somebody_in_the_other_chat_can_be_named_and_gets_the_offer_there(both: TwoChats) -> None:
    form = await both.town.say("priya", "peer", "log")
    [(tess, name)] = choices(form)
    assert name == "Tess"
    assert not isinstance(await log(both, elsewhere=(tess,)), FieldErrors)
    await both.town.clockwork.drain()
    token = (await to_tess(both))[-1]
    assert buttons(await both.does("tess", Press("open", token)), "offer_yes")


async def test_a_case_crosses_without_a_word_of_either_chat(both: TwoChats) -> None:
    town = both.town
    [(tess, _)] = choices(await town.say("priya", "peer", "log"))
    seen = [await log(both, elsewhere=(tess,), mine=True)]
    await town.clockwork.drain()
    offer = await both.press("tess", await both.say("tess", "waiting"), "open")
    theirs = [offer, await both.press("tess", offer, "offer_yes")]
    await town.clockwork.drain()
    [case] = await town.all(Case, state=CaseState.OPEN)
    assert (case.holder, case.member_id) == (town.ids["priya"], tess)
    cases = await town.say("priya", "peer", "cases")
    seen += [cases, await town.press("priya", cases, "case")]
    theirs += [await both.say("tess", "me"), await both.say("tess", "waiting")]
    theirs.append(await both.press("tess", await both.say("tess", "me"), "readers"))
    assert "Tess" in words_of(seen[-1]) and "Priya" in words_of(theirs[2])
    told = [everything_in(message) for _, message in (*town.slack.sent, *both.teams.sent)]
    for view in seen:
        assert "teams" not in said(view) and "microsoft" not in said(view)
    for view in theirs:
        assert "slack" not in said(view)
    assert not any(word in text.casefold() for text in told for word in PLATFORMS)


def said(view: View) -> str:
    """What stands in a view, but for where its person can be written to, which is the practitioner's to know."""
    return everything_in([one for one in all_blocks(view) if not isinstance(one, PersonCard)]).casefold()


async def test_the_coordinator_in_the_browser_sees_what_one_chat_would_give(both: TwoChats) -> None:
    town = both.town
    sessions = Sessions(town.store, town.clock)
    who = await sessions.who(await sessions.open("acme", town.actor("cora").address))
    assert who is not None

    async def pages() -> list[str]:
        seen = [await town.desk.receive(who.actor, Invoke(("peer", word))) for word in ("status", "team")]
        return [words_of(view) for view in seen if not isinstance(view, Form)]

    status = (await pages())[0]
    [(tess, _)] = choices(await town.say("priya", "peer", "log"))
    await log(both, elsewhere=(tess,))
    await town.clockwork.drain()
    assert (await pages())[0] == status


async def test_nobody_is_named_twice_across_the_lists(both: TwoChats) -> None:
    address = both.actor("tess").address.text
    [(tess, _)] = choices(await both.town.say("priya", "peer", "log"))
    view = await log(both, elsewhere=(tess,), direct=(address,))
    assert isinstance(view, FieldErrors) and set(view.errors) == {"elsewhere"}
    made_up = await log(both, elsewhere=("made-up",))
    assert isinstance(made_up, FieldErrors) and set(made_up.errors) == {"elsewhere"}


async def test_somebody_can_be_added_later_the_same_way(both: TwoChats) -> None:
    town = both.town
    await log(both, direct=(town.actor("nurse").address.text,))
    logged = await town.press("priya", await town.say("priya", "peer", "log"), "logged")
    form = await town.press("priya", logged, "incident")
    [(tess, _)] = choices(form)
    values: dict[str, Value] = values_of(form)
    await town.send("priya", form, **(values | {"elsewhere": (tess,)}))
    await town.clockwork.drain()
    assert await to_tess(both)


async def test_whoever_is_in_both_chats_is_in_the_first_list_alone(both: TwoChats) -> None:
    await both.link("nurse")
    assert [name for _, name in choices(await both.town.say("priya", "peer", "log"))] == ["Tess"]


async def test_there_is_no_second_list_with_one_chat_or_in_the_browser(both: TwoChats) -> None:
    town = both.town
    sessions = Sessions(town.store, town.clock)
    who = await sessions.who(await sessions.open("acme", town.actor("priya").address))
    assert who is not None
    assert choices(await town.desk.receive(who.actor, Invoke(("peer", "log")))) == []
    alone = Town()
    await alone.found()
    assert not alone.organisation.workspaces[1:]


async def test_the_list_is_bounded_and_says_where_the_others_are(
    both: TwoChats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(other_chats, "MOST_READ", 60)
    for number in range(65):
        name = f"t{number:03}"
        address = both.actor(name).address
        both.people.profiles[address.text] = Profile(address, f"Person {number:03}")
    await Staff(both.town.desk.outside).meet_everyone()
    form = await both.town.say("priya", "peer", "log")
    assert len(choices(form)) == POLICY.matches_shown
    assert "The first 20 of 60. The others are found by name." in words_of(form)
    assert "In the browser you can name anyone" in words_of(form)
    accounts = await both.town.all(Account, platform=Platform.TEAMS)
    assert len(accounts) >= 65
