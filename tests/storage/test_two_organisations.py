"""Two organisations in one deployment: no door of the one opens on anything of the other, on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import MISSING, fields, replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from integrations.web.pages import build_web
from integrations.web.ports import HelpPage
from tests.reading import everything_in, form_of, rows_of, unsigned
from tests.storage.neighbours import Neighbours, names_at, settle
from tests.storage.story import Deployment, sqlite_places
from trim_bot.app.desk.routes import ROUTES, entry_words, opens
from trim_bot.app.seam.gestures import Actor, Gesture, Invoke, Press, Submit
from trim_bot.app.seam.route import Route, Signer
from trim_bot.app.seam.views import Done, FieldErrors, Link, View
from trim_bot.app.words import common_answers as answers
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import new_id
from trim_bot.domain.people import Address, Platform
from trim_bot.domain.records import Action
from trim_bot.storage.backup.taking_backup import Places

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
async def both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Neighbours]:
    if request.param == "sqlite":
        places = sqlite_places(tmp_path)
    else:
        url = request.getfixturevalue("postgres_database")
        places = Places(url, url, url)
    deployment = Deployment(places)
    yield await settle(deployment)
    deployment.close()


def named(route: Route) -> list[str]:
    """What a token of a route names."""
    command = route.shows or route.does
    assert command is not None
    if route.shows is None:
        typed: set[str] = {route.gather} if route.gather else set()
    else:
        typed = set()
    return [
        one.name
        for one in fields(command)
        if one.default is MISSING and one.default_factory is MISSING and one.name not in typed
    ]


def signer(both: Neighbours, organisation: str) -> Signer:
    return Signer(both.home.tokens, organisation, both.home.clock.real())


def gestures(route: Route, token: str) -> list[Gesture]:
    """Every way to use a token."""
    made: list[Gesture] = [Press(route.name, token)]
    return (
        [*made, Submit(route.name, token, {})] if route.shows is not None and route.does is not None else made
    )


async def does(both: Neighbours, gesture: Gesture, name: str = "omar") -> View:
    return await both.home.desk.receive(both.other.actor(name), gesture)


def without_numbers(view: View) -> View:
    """A view without the way to the numbers for help, which every first page in chat ends with."""
    assert isinstance(view, Done)
    return replace(view, blocks=tuple(one for one in view.blocks if not isinstance(one, Link)))


async def test_a_token_of_the_other_opens_nothing_whatever_it_names(both: Neighbours) -> None:
    ids = await both.ids()
    theirs = signer(both, both.home.organisation.id)
    before, away = await both.rows(both.home), await both.rows(both.other)
    for route in ROUTES.values():
        refs = {name: ids[name] for name in named(route) if name in ids}
        for token in (theirs.press(route.name, **refs), theirs.lasting(route.name, **refs)):
            for gesture in gestures(route, token):
                assert without_numbers(await does(both, gesture)) == answers.not_open(), route.name
    assert await both.rows(both.home) == before
    refused = (await both.rows(both.other))[len(away) :]
    assert {(row.action, row.what) for row in refused} == {(Action.REFUSED, "token")}


NO_IDS = frozenset({"answer", "at", "to", "group", "rows", "questionnaire"})
"""What a token says that is nobody's: one of a few words, or a place in a list."""


async def test_an_id_of_the_other_is_like_one_that_nobody_has(both: Neighbours) -> None:
    """As if our own desk had signed it: the strongest token there can be."""
    ids = await both.ids()
    ours = signer(both, both.other.organisation.id)
    before = await both.rows(both.home)
    tried = 0
    for route in ROUTES.values():
        refs = named(route)
        if not refs:
            continue
        assert set(refs) <= set(ids), (route.name, refs)
        theirs = ours.press(route.name, **{name: ids[name] for name in refs})
        nobodys = ours.press(route.name, **{name: ids[name] if name in NO_IDS else new_id() for name in refs})
        for gesture, other in zip(gestures(route, theirs), gestures(route, nobodys), strict=True):
            tried += 1
            assert unsigned(await does(both, gesture)) == unsigned(await does(both, other)), route.name
    assert tried > 40
    assert await both.rows(both.home) == before


async def test_no_page_next_door_names_anybody_of_the_other(both: Neighbours) -> None:
    theirs = await names_at(both.home)
    words = {route.name for route in ROUTES.values()} & {"home", "me", "waiting"}
    said = [
        await does(both, Invoke(("peer", name)))
        for name in ("log", "cases", "due", "cover", "team", "profile", "status")
    ]
    said += [await does(both, Invoke((name,))) for name in words]
    said.append(await does(both, Press("roster", "", {})))
    assert not [name for name in theirs if name in everything_in(*said)]
    people = await both.front.listed_people(both.other.actor("omar"))
    assert {name for _, name in people} == {"Olga"}


async def test_somebody_of_the_other_cannot_be_named(both: Neighbours) -> None:
    form = await does(both, Invoke(("peer", "log")))
    nurse = both.home.actor("nurse").address.text
    values = {"kind": "threat_or_violence", "ended_on": "2026-11-23", "ended_at": "08:00"}
    token = form_of(form).token
    view = await does(both, Submit("log", token, {**values, "direct": (nurse,)}))
    assert isinstance(view, FieldErrors) and set(view.errors) == {"direct"}
    assert both.home.actor("nurse").address.workspace != both.other.actor("omar").address.workspace


async def test_links_and_sessions_open_their_own_organisation_alone(both: Neighbours) -> None:
    link = await both.sessions.link("acme", both.home.actor("nurse").address)
    assert await both.sessions.redeem(link.replace("acme.", "other.")) is None
    session = await both.sessions.redeem(link)
    assert session is not None
    assert await both.sessions.who(session.replace("acme.", "other.")) is None
    await both.sessions.sign_out(session.replace("acme.", "other."))
    who = await both.sessions.who(session)
    assert who is not None and who.actor.address.workspace == "acme"
    moved = Actor(Address(Platform.WEB, "other", who.actor.address.user))
    assert await both.home.desk.receive(moved, Invoke(("me",))) == answers.not_open()


async def test_a_reply_code_reads_at_its_own_door_alone(both: Neighbours) -> None:
    async def read(slug: str, code: str) -> View:
        nobody = Actor(Address(Platform.WEB, slug, ""))
        form = await both.home.desk.receive(nobody, Invoke(("reply",)))
        return await both.home.desk.receive(
            nobody,
            Submit("reply", form_of(form).token, {"code": code}),
        )

    assert isinstance(await read("acme", both.code), Done)
    other, unknown = await read("other", both.code), await read("other", "aaaa-aaaa-aaaa-aaaa")
    assert isinstance(other, FieldErrors) and isinstance(unknown, FieldErrors)
    assert other.errors == unknown.errors


async def test_a_chat_code_joins_nobody_across(both: Neighbours) -> None:
    page = await both.home.press("nurse", await both.home.say("nurse", "support", "link"), "chat_code")
    code = rows_of(page)[0][1]
    form = await both.other.press("olga", await both.other.say("olga", "support", "link"), "enter_code")
    view = await both.other.send("olga", form, typed=code)
    assert isinstance(view, Done) and view.name == "code_unknown"


async def test_a_work_account_signs_in_to_its_own_tenants_organisation_alone(both: Neighbours) -> None:
    account = Address(Platform.TEAMS, "11111111-2222-3333-4444-555555555555", "o-nurse")
    assert await both.front.work_session(account) is None
    await both.home.store.found("acme", ChatWorkspace.parse(f"teams:{account.workspace}"))
    assert await both.front.work_session(account) is None
    rows = await both.rows(both.home)
    assert (rows[-1].action, rows[-1].what, rows[-1].subject) == (Action.REFUSED, "sign_in", "")


async def test_figures_of_the_one_do_not_move_with_the_other(both: Neighbours) -> None:
    await both.home.pass_time(days=100)
    view = await both.front.employer_view("other")
    empty = await both.front.employer_view("nobody-has-this")
    assert empty == answers.not_open()
    home = await both.front.employer_view("acme")
    assert isinstance(view, Done) and isinstance(home, Done)
    status = await does(both, Invoke(("peer", "status")))
    assert "31" not in everything_in(unsigned(status))


async def test_in_the_browser_a_link_of_the_other_looks_like_one_that_nobody_made(both: Neighbours) -> None:
    ids = await both.ids()
    theirs = signer(both, both.home.organisation.id)
    ours = signer(both, both.other.organisation.id)
    routes, faults = build_web(
        both.front, help_numbers=HelpPage, entry_words=entry_words, opens=opens, default_slug=lambda: None,
        practice=None, secret=b"a secret of thirty-two bytes, ok", https=True,
    )  # fmt: skip
    app = Starlette(routes=routes, exception_handlers={**faults})
    session = await both.sessions.redeem(await both.sessions.link("other", both.other.actor("omar").address))
    assert session is not None
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.test") as client:
        for name, value in (("session", session), ("visitor", "v" * 32)):
            client.cookies.set(f"__Host-peer-{name}", value, domain="desk.test", path="/")
        for route in ROUTES.values():
            refs = named(route)
            tokens = [theirs.press(route.name, **{one: ids[one] for one in refs if one in ids})]
            if set(refs) - NO_IDS and route.shows is not None:
                tokens.append(ours.press(route.name, **{one: ids[one] for one in refs}))
            unknown = await client.get(f"/f/{route.name}", params={"t": "made-up"})
            for token in tokens:
                answer = await client.get(f"/f/{route.name}", params={"t": token})
                assert (answer.status_code, answer.text) == (unknown.status_code, unknown.text), route.name
                assert answer.status_code == 404
                at_the_door = await client.get(f"/o/other/{route.name}", params={"t": token})
                assert at_the_door.status_code == 404, route.name
