"""The practice workspace as somebody meets it in a browser: people, clock, chats, pages and forms."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import segno

from integrations.web.print_pages import square
from tests.adapters.web.reading_html import read
from tests.e2e.browser_side import Browser
from tests.e2e.deployment import Lifespan
from trim_bot.app.clock.clocks import MovableClock
from trim_bot.app.seam.ports import Notes
from trim_bot.app.words import practice_words as words
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.people import Role
from trim_bot.practice.organisation import CAST, LINES
from trim_bot.practice.workspace import practice_ground, practice_workspace

pytestmark = pytest.mark.anyio
ORIGIN = "http://127.0.0.1:8000"
WAITING = "There may be something for you in Peer Support."


class Member(Browser):
    """One sample member in a browser of their own."""

    @property
    def address(self) -> str:
        """As on the command line."""
        return f"web:{self.name}"


Come = Callable[[str], Member]


@pytest.fixture
async def come() -> AsyncIterator[Come]:
    """A function that lets a sample member come in, at a freshly opened workspace."""
    async with opened() as come:
        yield come


@asynccontextmanager
async def opened() -> AsyncIterator[Come]:
    """The same, for as long as the block runs."""
    clients: list[httpx.AsyncClient] = []
    with practice_ground(ORIGIN) as (_, settings):
        async with Lifespan(Desktop(settings, link=ORIGIN, make_practice=practice_workspace).app()) as app:

            def make(name: str) -> Member:
                client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)
                clients.append(client)
                return Member(client, name)

            yield make
            for client in clients:
                await client.aclose()


async def now(member: Browser) -> datetime:
    """The practice clock, which a move by nothing tells."""
    page = read((await member.http.get("/")).text)
    jumps = [datetime.fromisoformat(one["value"]) for one in page.all("input", type="hidden", name="to")]
    return jumps[0] - timedelta(days=1)


async def move(member: Browser, to: datetime) -> dict[str, object]:
    """Move the practice clock."""
    answer = await member.http.post("/practice/clock", json={"to": to.isoformat()})
    assert answer.status_code == 200
    told: dict[str, object] = answer.json()
    return told


def test_every_role_has_somebody_and_lines_are_between_members() -> None:
    assert {role for one in CAST for role in one.roles} == set(Role) - {Role.SUSPENDED_LEAD}
    keys = [one.key for one in CAST]
    assert len(set(keys)) == len(keys)
    assert all(one in keys for line in LINES for one in line)
    assert all(one.phone.startswith("07700 900") for one in CAST if one.phone)


async def test_somebody_new_sees_where_to_begin(come: Come) -> None:
    visitor = come("")
    page = read((await visitor.http.get("/")).text)
    assert page.faults == []
    assert words.tour_log("Maya Okafor", "Mei Chen", unheld=False) in page.text
    assert all(one.name in page.text for one in CAST)
    help_now = await visitor.http.get("/help-now")
    assert "checked for practice only" in help_now.text
    assert (await visitor.http.get("/readyz")).json() == {"ready": True}


async def test_it_begins_in_working_hours_with_things_that_wait(come: Come) -> None:
    for name, begins in (("alex", "offer"), ("maya", "request")):
        member = await come(name).be()
        [message] = await member.messages()
        assert message["text"] == WAITING
        opened = await member.get(f"/f/open?t={message['open']}")
        assert opened.has("offer_yes") if begins == "offer" else "asked for support" in opened.text
    for name in ("hana", "priya"):
        assert len(await (come(name)).messages()) == 1, "whoever serves hears each morning"
    for name in ("grace", "ruth", "leo"):
        assert await (come(name)).messages() == []


@pytest.mark.parametrize(
    "day",
    [datetime(2026, 4, 3, 14, tzinfo=UTC), datetime(2026, 12, 29, 11, tzinfo=UTC)],
    ids=["a Good Friday", "after Christmas"],
)
async def test_after_a_long_holiday_as_much_waits(day: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stands(notes: Notes) -> MovableClock:
        clock = MovableClock(day, notes)
        await clock.set(day)
        return clock

    monkeypatch.setattr(MovableClock, "kept", stands)
    async with opened() as come:
        assert await now(come("")) >= day
        for name in ("alex", "maya", "hana", "priya"):
            assert len(await come(name).messages()) == 1, name
        board = (await (await come("priya").be()).get("/f/team")).text
        assert board.count("Support after a hard event") == 4
        assert "on track in the week" in (await (await come("hana").be()).get("/status")).text


async def test_the_past_is_over_and_shows_in_bands_alone(come: Come) -> None:
    jonas = await come("jonas").be()
    assert "Talks with us ended on" in (await jonas.get("/me")).text
    hana = await come("hana").be()
    status = await hana.get("/status")
    assert "40–44" in status.text and "0–9" in status.text
    assert not [one.name for one in CAST if one.name in status.text]
    employer = await come("").get("/what-can-my-employer-see")
    assert "40–44" in employer.text


async def test_nobody_is_somebody_unknown(come: Come) -> None:
    answer = await come("nobody").http.post("/practice/as", json={"actor": "web:nobody"})
    assert answer.status_code == 404
    grace = await come("grace").be()
    assert (await grace.get("/status")).status == 404
    assert (await grace.get("/f/cases")).status == 404


async def test_a_form_needs_its_proof(come: Come) -> None:
    maya = await come("maya").be()
    page = await maya.get("/f/log")
    answer = await maya.http.post("/f/log", data={"t": page.token, "csrf": "forged", "kind": "near_miss"})
    assert answer.status_code == 403
    mend = await page.submit()
    assert mend.status == 422
    assert {"kind", "ended_on", "ended_at"} <= set(mend.errors)


async def test_a_story_runs_through_the_pages(come: Come) -> None:
    maya, mei = await come("maya").be(), await come("mei").be()
    begun = await now(maya)
    ended = begun - timedelta(hours=1)
    log = await maya.get("/f/log")
    log.fill(
        kind="near_miss", ended_on=ended.date().isoformat(), ended_at="08:00", direct=["web:mei"], mine=True
    )
    logged = await log.submit()
    assert "Nothing was sent to any manager" in logged.text
    assert (await move(maya, begun + timedelta(minutes=1)))["now"]
    offer = await mei.open_newest()
    assert "Maya Okafor" in offer.text
    assert "A colleague will call" in (await offer.press("offer_yes")).title
    before = await maya.told()
    ran = await move(maya, begun + timedelta(days=4))
    assert isinstance(ran["ran"], int) and ran["ran"] > 0
    assert await maya.told() > before
    back = await maya.http.post("/practice/clock", json={"to": begun.isoformat()})
    assert back.status_code == 409
    cases = await maya.get("/f/cases")
    # What a colleague left lying has come to her as well by now.
    theirs = [await cases.press("case", nth) for nth in range(len(cases.ways) - 1)]
    [case] = [one for one in theirs if "Mei Chen" in one.text]
    assert case.has("interview")


async def test_a_lead_finds_a_board_worth_looking_at(come: Come) -> None:
    priya = await come("priya").be()
    board = (await priya.get("/f/team")).text
    assert board.count("Support after a hard event") == 4
    assert "Nobody yet" in board and "Month talk" in board and "First talk" in board
    assert not [one.name for one in CAST if one.name in board and not one.roles], (
        "no name of whom it is about"
    )
    hana = await come("hana").be()
    assert "on track in the week" in (await hana.get("/status")).text


async def test_jumps_follow_the_newest_event(come: Come) -> None:
    maya = await come("maya").be()
    labels: list[str] = []
    for wanted in ("day 3", "one month"):
        text = (await maya.http.get("/")).text
        page = read(text)
        jumps = [one["value"] for one in page.all("input", type="hidden", name="to")]
        labels = [label for label in ("+1 day", "day 3", "one month") if f"<button>{label}</button>" in text]
        assert wanted in labels
        await move(maya, datetime.fromisoformat(jumps[labels.index(wanted)]))
    text = (await maya.http.get("/")).text
    assert "<button>day 3</button>" in text, "after a month the story can begin again"


async def test_poster_and_leaflet_are_printed_by_those_who_keep_the_desk_alone(come: Come) -> None:
    for name in ("hana", "leo"):
        keeper = await come(name).be()
        ways = await keeper.get("/f/handouts")
        for sheet in ("poster", "leaflet"):
            assert f"{ORIGIN}/print/{sheet}" in ways.links
            page = await keeper.get(f"/print/{sheet}")
            assert page.status == 200 and page.html.count("<svg") == 1
            assert "127.0.0.1:8000/o/practice/ask" in page.text and "116 123" in page.text
            assert not [one.name for one in CAST if one.name in page.html]
        assert (await keeper.get("/print/letter")).status == 404
    for name in ("maya", "priya", "grace"):
        assert (await (await come(name).be()).get("/print/poster")).status == 404
    assert (await come("").http.get("/print/poster")).status_code == 404


def test_the_square_is_another_for_another_address_and_its_edge_is_quiet() -> None:
    first, other = (square(f"https://peer.example.org/o/{slug}/ask") for slug in ("one", "two"))
    assert first != other and first == square("https://peer.example.org/o/one/ask")
    [size] = re.findall(r'viewBox="0 0 (\d+) \1"', first)
    # Four squares of margin on each side, and as many in a row as a code of its version has.
    assert (int(size) - 8 - 17) % 4 == 0
    dark = segno.make("https://peer.example.org/o/one/ask", error="q", micro=False)
    assert int(size) == dark.symbol_size(border=4)[0]
