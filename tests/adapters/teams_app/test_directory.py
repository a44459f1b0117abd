"""Who people are: told by Graph where somebody agreed to that, by activities and chats where nobody did."""

from __future__ import annotations

import asyncio
from datetime import time
from typing import Any

import pytest

from integrations.ground.recently_seen import RecentlySeen
from integrations.teams.answers import TeamsPace
from integrations.teams.gateway import HEARD_SECONDS
from integrations.teams.graph import ASK_AGAIN_SECONDS
from tests.adapters.teams_app.fake_cloud import PERSON, refusal
from tests.adapters.teams_app.fake_teams import TENANT, Reply
from tests.adapters.teams_app.going_out import Going, at, going_out
from tests.whole_list import whole_list
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.errors import NotThere, PlaceUnknown, TryLater
from trim_bot.domain.people import Address, Platform, Profile

pytestmark = pytest.mark.anyio
ACCOUNT = {
    "id": PERSON,
    "displayName": "Sample Member",
    "preferredLanguage": "cy-GB",
    "accountEnabled": True,
    "userType": "Member",
    "department": "Ward 7",
    "officeLocation": None,
}
WORKING_HOURS: dict[str, object] = {
    "daysOfWeek": ["monday", "tuesday", "friday"],
    "startTime": "07:30:00.0000000",
    "endTime": "15:00:00.0000000",
    "timeZone": {"name": "W. Europe Standard Time"},
}
MAILBOX = {"timeZone": "W. Europe Standard Time", "workingHours": WORKING_HOURS}
SPAN = ((time(7, 30), time(15)),)
HOURS = WorkingHours("Europe/Berlin", (SPAN, SPAN, (), (), SPAN, (), ()))


@pytest.fixture
async def going() -> Any:
    async with going_out() as going:
        going.cloud.accounts[PERSON] = dict(ACCOUNT)
        going.cloud.mailboxes[PERSON] = dict(MAILBOX)
        yield going


def paths(going: Going) -> list[str]:
    return [call.path for call in going.cloud.calls]


async def test_a_look_up_tells_name_language_zone_and_hours(going: Going) -> None:
    profile = await going.out.directory.look_up(at())
    assert profile == Profile(at(), "Sample Member", "Europe/Berlin", "cy", HOURS, place="Ward 7")


async def test_department_and_office_tell_two_of_one_name_apart(going: Going) -> None:
    going.cloud.accounts[PERSON]["officeLocation"] = " North\nsite "
    assert (await going.out.directory.look_up(at())).place == "Ward 7, North site"


@pytest.mark.parametrize(
    "change", [{"accountEnabled": False}, {"userType": "Guest"}, {"userType": "guest"}, {"userType": 7}]
)
async def test_some_accounts_are_nobody_to_offer_support_to(going: Going, change: dict[str, object]) -> None:
    going.cloud.accounts[PERSON] |= change
    assert (await going.out.directory.look_up(at())).left
    [found] = await whole_list(going.out.directory, TENANT)
    assert found.left
    assert not going.cloud.asked("mailboxSettings"), "nothing more is asked about them"


async def test_an_unknown_account_is_not_there(going: Going) -> None:
    going.cloud.accounts.clear()
    with pytest.raises(NotThere):
        await going.out.directory.look_up(at())
    for address in (at(person="x/../y"), Address(Platform.SLACK, TENANT, PERSON)):
        with pytest.raises(NotThere):
            await going.out.directory.look_up(address)


@pytest.mark.parametrize(
    "reply", [Reply(503, {}), Reply(429, {}), Reply(200, "<html>"), Reply(200, []), Reply(302, {})]
)
async def test_while_graph_is_down_it_may_be_known_later(going: Going, reply: Reply) -> None:
    going.cloud.next["user"].append(reply)
    with pytest.raises(TryLater):
        await going.out.directory.look_up(at())
    going.cloud.next["users"].append(reply)
    with pytest.raises(TryLater):
        await whole_list(going.out.directory, TENANT)


async def test_strange_answers_are_read_as_unknown(going: Going) -> None:
    going.cloud.accounts[PERSON] = {"displayName": ["x"], "preferredLanguage": 7, "id": {}}
    going.cloud.mailboxes[PERSON] = {"timeZone": 7, "workingHours": {"daysOfWeek": "monday", "startTime": []}}
    assert await going.out.directory.look_up(at()) == Profile(at(), "")
    assert await whole_list(going.out.directory, TENANT) == []


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"timeZone": "No Such Time"},
        {"timeZone": "../../etc/passwd"},
        {"timeZone": "x" * 1000},
        {"workingHours": None},
        {"workingHours": WORKING_HOURS | {"timeZone": {"name": "Moon Standard Time"}}},
        {"workingHours": {"daysOfWeek": ["monday"]}},
    ],
)
async def test_a_mailbox_that_tells_nothing_usable_leaves_the_site_s_zone(
    going: Going, settings: dict[str, object]
) -> None:
    going.cloud.mailboxes[PERSON] = settings | {"more": 1}
    profile = await going.out.directory.look_up(at())
    assert (profile.zone, profile.hours, profile.name) == ("", None, "Sample Member")


@pytest.mark.parametrize(
    ("change", "hours"),
    [
        ({"daysOfWeek": []}, False),
        ({"daysOfWeek": ["someday"]}, False),
        ({"startTime": "25:00:00"}, False),
        ({"endTime": None}, False),
        ({"daysOfWeek": ["Monday", 7, None]}, True),
    ],
)
async def test_hours_are_taken_whole_or_not_at_all(
    going: Going, change: dict[str, object], hours: bool
) -> None:
    told = WORKING_HOURS | change
    going.cloud.mailboxes[PERSON] = MAILBOX | {"workingHours": told}
    profile = await going.out.directory.look_up(at())
    assert profile.zone == "Europe/Berlin" and (profile.hours is not None) is hours


async def test_sixty_people_named_at_once_are_known_in_time_and_no_mailbox_is_opened(going: Going) -> None:
    people = [f"{number:08}-cccc-4ccc-8ccc-333333333333" for number in range(60)]
    going.cloud.accounts = {id: ACCOUNT | {"id": id} for id in people}
    found = await asyncio.gather(*(going.out.directory.look_up(at(id), hours=False) for id in people))
    assert {one.name for one in found} == {"Sample Member"}
    assert len(going.cloud.calls) == 60
    assert going.time.now < TeamsPace().answer


async def test_a_mailbox_that_does_not_answer_hides_nobody(going: Going) -> None:
    going.cloud.next["mailbox"].append(Reply(503, {}))
    assert (await going.out.directory.look_up(at())).name == "Sample Member"
    going.cloud.mailbox_consent = False
    profile = await going.out.directory.look_up(at())
    assert (profile.name, profile.zone) == ("Sample Member", "")


async def test_without_consent_a_name_comes_from_what_was_heard(going: Going) -> None:
    going.cloud.consent = False
    told = Profile(at(), "  Sample Member ", "Europe/Paris", "fr")
    going.out.directory.heard(told)
    assert await going.out.directory.look_up(at()) == Profile(at(), "Sample Member", "Europe/Paris", "fr")
    assert await whole_list(going.out.directory, TENANT) == [], "to have spoken puts nobody on a list"


async def test_without_consent_a_name_comes_from_the_chat_with_the_app(going: Going) -> None:
    going.cloud.consent = False
    assert await going.out.directory.look_up(at()) == Profile(at(), "Sample Member")
    assert not going.cloud.asked("/activities"), "nothing was shown to anybody"


@pytest.mark.parametrize(
    "member", [{"userRole": "guest"}, {"userRole": "anonymous"}, {"tenantId": "88888888-other"}]
)
async def test_the_chat_with_the_app_tells_guests_too(going: Going, member: dict[str, object]) -> None:
    going.cloud.consent = False
    going.cloud.next["members"].append(Reply(200, {"name": "Sample Guest"} | member))
    assert (await going.out.directory.look_up(at())).left


async def test_without_consent_and_without_the_app_somebody_is_nameless_and_not_gone(going: Going) -> None:
    going.cloud.consent = False
    going.cloud.not_installed.add(PERSON)
    assert await going.out.directory.look_up(at()) == Profile(at(), "")


async def test_without_consent_what_was_heard_stands_beside_what_the_chat_tells(going: Going) -> None:
    going.cloud.consent = False
    going.out.directory.heard(Profile(at(), "", "Europe/Paris", "fr"))
    assert await going.out.directory.look_up(at()) == Profile(at(), "Sample Member", "Europe/Paris", "fr")
    going.cloud.next["members"].append(refusal(404, "MemberNotFoundInConversation"))
    assert await going.out.directory.look_up(at()) == Profile(at(), "", "Europe/Paris", "fr")


async def test_where_nobody_agreed_it_is_not_asked_at_every_turn() -> None:
    async with going_out() as going:
        going.cloud.consent = False
        going.out.directory.heard(Profile(at(), "Sample Member"))
        going.out.directory._graph._monotonic = going.time.monotonic
        for _ in range(3):
            await going.out.directory.look_up(at())
        assert len(going.cloud.calls) == 1
        going.cloud.consent = True
        going.cloud.accounts[PERSON] = dict(ACCOUNT)
        going.time.now += ASK_AGAIN_SECONDS
        assert (await going.out.directory.look_up(at())).language == "cy"


async def test_everyone_comes_a_page_at_a_time_with_their_hours(going: Going) -> None:
    going.cloud.accounts = {
        f"{number:08}-0000": ACCOUNT | {"id": f"{number:08}-0000", "displayName": f"Name {number}"}
        for number in range(45)
    }
    going.cloud.mailboxes = {id: dict(MAILBOX) for id in going.cloud.accounts}
    found = await whole_list(going.out.directory, TENANT)
    assert [one.name for one in found] == [f"Name {number}" for number in range(45)]
    assert {one.hours for one in found} == {HOURS}
    assert len(going.cloud.asked("$batch")) == 23, "each page has its own, of twenty at most"
    assert len(going.cloud.asked("/users")) == 23


async def test_everyone_is_known_also_while_no_mailbox_is(going: Going) -> None:
    for trouble in (
        Reply(503, {}),
        Reply(200, {"responses": 7}),
        Reply(200, {"responses": [7, {"id": "99"}, {"id": "x"}]}),
    ):
        going.cloud.next["batch"].append(trouble)
        [found] = await whole_list(going.out.directory, TENANT)
        assert (found.name, found.hours) == ("Sample Member", None)
    going.cloud.mailbox_consent = False
    for _ in range(2):
        [found] = await whole_list(going.out.directory, TENANT)
        assert found.hours is None
    assert len(going.cloud.asked("$batch")) == 4, "where nobody agreed it is not asked again so soon"


@pytest.mark.parametrize("status", [200, 302, 307])
async def test_no_page_elsewhere_is_fetched_and_given_no_token(going: Going, status: int) -> None:
    async with going_out() as foreign:
        further = f"{foreign.cloud.graph_url}/v1.0/users?$skiptoken=2"
        page = {"value": [ACCOUNT], "@odata.nextLink": further}
        going.cloud.next["users"].append(Reply(status, page, {"Location": further}))
        if status == 200:
            assert len(await whole_list(going.out.directory, TENANT)) == 1
        else:
            with pytest.raises(TryLater):
                await whole_list(going.out.directory, TENANT)
        assert foreign.cloud.calls == []


async def test_a_page_leads_to_the_next_until_the_tenant_knows_it_no_more(going: Going) -> None:
    further = f"{going.cloud.graph_url}/v1.0/users?$skiptoken=0"
    going.cloud.next["users"].append(Reply(200, {"value": [ACCOUNT], "@odata.nextLink": further}))
    assert (await going.out.directory.page(TENANT)).further == further
    going.cloud.next["users"].append(Reply(404, {}))
    with pytest.raises(PlaceUnknown):
        await going.out.directory.page(TENANT, further)
    with pytest.raises(PlaceUnknown):
        await going.out.directory.page(TENANT, "https://elsewhere.test/v1.0/users?$skiptoken=0")


async def test_a_refused_token_is_asked_for_anew(going: Going) -> None:
    going.cloud.next["user"].append(refusal(401, "InvalidAuthenticationToken"))
    going.out.directory._graph._monotonic = going.time.monotonic
    await going.out.directory.look_up(at())
    going.time.now += ASK_AGAIN_SECONDS
    assert (await going.out.directory.look_up(at())).language == "cy"
    scopes = [login["scope"] for login in going.cloud.logins]
    assert scopes.count(f"{going.cloud.graph_url}/.default") == 2


async def test_a_closed_mailbox_costs_no_new_token(going: Going) -> None:
    going.cloud.mailbox_consent = False
    for _ in range(3):
        assert (await going.out.directory.look_up(at())).name == "Sample Member"
    assert [login["scope"] for login in going.cloud.logins] == [f"{going.cloud.graph_url}/.default"]


async def test_what_was_heard_is_kept_for_an_hour_and_for_so_many(going: Going) -> None:
    going.cloud.consent = False
    going.cloud.not_installed.update(f"{number}{PERSON[1:]}" for number in range(1, 4))
    directory = going.out.directory
    directory._heard = RecentlySeen(2, HEARD_SECONDS, going.time.monotonic)

    async def names() -> list[str]:
        return [(await directory.look_up(at(f"{number}{PERSON[1:]}"))).name for number in (1, 2, 3)]

    for number in (1, 2, 1, 3):
        directory.heard(Profile(at(f"{number}{PERSON[1:]}"), f"Name {number}"))
    assert await names() == ["Name 1", "", "Name 3"]
    going.time.now += HEARD_SECONDS
    assert await names() == ["", "", ""]
