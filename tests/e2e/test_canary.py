"""Words that people typed, and their names, are in no message, log, file, table, figure or token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import everything_typed as typed
from tests.e2e.browser_side import Browser
from tests.e2e.canary import (
    MARK,
    PHONE,
    EveryRecord,
    files,
    found_in,
    ids_in,
    joined,
    known_in,
    leaks,
    postgresql,
    readable,
    spelt_in,
)
from tests.e2e.conftest import PEOPLE, Begin
from tests.e2e.deployment import METRICS_TOKEN, Deployment
from tests.e2e.doors import Door
from tests.e2e.story import Cast, logged_and_accepted, slack_cast, whole_story
from tests.e2e.teams_side import object_id
from tests.e2e.tenancy import Tenancy
from tests.e2e.workplace import Workplace

pytestmark = pytest.mark.anyio

NAMES = [name.title() for name in PEOPLE]
WORDS = [MARK, PHONE]
ACCOUNTS = [
    *(f"U{name.upper()}" for name in PEOPLE),
    *(object_id(name) for name in PEOPLE),
    *(f"{name}@acme.example" for name in PEOPLE),
]
TOKEN = re.compile(r"[A-Za-z0-9_-]{150,}")


@pytest.fixture
def records() -> Iterator[EveryRecord]:
    """Everything that is logged, from before the deployment begins."""
    keeper = EveryRecord()
    keeper.open_all()
    yield keeper
    keeper.close_all()


@pytest.fixture(params=["slack", "teams", "browser"])
async def marked(request: pytest.FixtureRequest, workplace: Workplace, tenant: Tenancy, begin: Begin) -> Door:
    """One of the three ways in, where everybody has the planted word for a surname."""
    for name in PEOPLE:
        workplace.hire(f"U{name.upper()}", f"{name.title()} {MARK}")
        tenant.hire(object_id(name), f"{name.title()} {MARK}")
    at = await begin("web" if request.param == "browser" else request.param, surname=MARK)
    return Door(request.param, at)


async def everything(cast: Cast) -> None:
    """The whole story, and everything else that can be typed."""
    await typed.profile(cast.priya)
    await typed.profile(cast.nurse)
    await typed.unlisted(cast)
    await typed.badly_sent(cast.at)
    await whole_story(cast)
    await typed.safety_called(cast, await typed.asked(cast))
    # Last, since a request that waits for everybody makes every message open a list.
    await typed.signed_out(cast.at)


async def said_to_machines(at: Deployment) -> list[tuple[str, bytes]]:
    """What monitoring and a coordinator get."""
    client = await at.client()
    metrics = await client.get("/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"})
    ready = await client.get("/readyz")
    assert (metrics.status_code, ready.status_code) == (200, 200)
    open_pages = [await client.get(path) for path in ("/what-can-my-employer-see", "/help-now", "/")]
    answers = [metrics, ready, *open_pages]
    return [(str(answer.url), answer.content + str(answer.headers).encode()) for answer in answers]


def kept(at: Deployment) -> list[tuple[str, bytes]]:
    """Every byte that the deployment keeps."""
    places = list(files(at.folder))
    for url in (at.stores.data, at.stores.keys):
        if url.startswith("postgresql"):
            places += postgresql(url)
    return places


def entitled(shown: str) -> None:
    """What people typed is on the screens of those it was meant for."""
    fields = ("account", "text", "contact", "reply", "ending", "unlisted", "best_time")
    assert [field for field in fields if typed.mark(field) not in shown] == []
    assert f"Nurse {MARK}" in shown and PHONE in shown


def nothing_joins(at: Deployment, shown: str) -> None:
    """Nothing in a stored message can be joined with another message, and nothing that was shown with the database."""
    messages = (at.tenant or at.workplace).stored_messages()
    assert joined(messages) == []
    ids = ids_in(at.stores.data)
    assert len(ids) > 50
    assert known_in(ids, [*messages, shown]) == []


async def nothing_got_out(
    at: Deployment, shown: str, records: EveryRecord, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither a word nor a name is anywhere but on those screens, nor in the tokens they carry."""
    entitled(shown)
    sent = (at.tenant or at.workplace).sent_bytes()
    assert spelt_in([*WORDS, *NAMES, *ACCOUNTS], TOKEN.sub("", sent.decode()).encode()) == []
    assert leaks([*WORDS, *NAMES, *ACCOUNTS], await said_to_machines(at)) == {}
    before = kept(at)
    assert sum(len(data) for _, data in before) > 100_000, "there is something to look through"
    assert leaks([*WORDS, *ACCOUNTS], before) == {}
    tokens = {*TOKEN.findall(sent.decode()), *TOKEN.findall(shown)}
    assert len(tokens) > 20
    assert [token for token in tokens if readable(token)] == []
    nothing_joins(at, shown)
    await at.stop()
    assert leaks([*WORDS, *ACCOUNTS], kept(at)) == {}
    assert len(records.lines) > 100, "the logs were wide open"
    assert found_in([*WORDS, *ACCOUNTS], "\n".join(records.lines).encode()) == []
    said = capfd.readouterr()
    assert found_in([*WORDS, *ACCOUNTS], (said.out + said.err).encode()) == []


async def shown_through(door: Door, cast: Cast) -> str:
    """All that stood on screens at this door."""
    match door.name:
        case "slack":
            return str(door.at.workplace.views)
        case "teams":
            return str((await door.at.teams_side()).shown)
        case _:
            people = [one for one in (cast.priya, cast.nurse) if isinstance(one, Browser)]
            return "".join(page for person in people for page in person.seen)


async def home_is_the_same_for_everybody(at: Deployment) -> None:
    """The Home tab, which only Slack has."""
    side, homes = await at.side(), at.workplace.homes
    for user in ("UNURSE", "UPRIYA"):
        await side.event("app_home_opened", user=user, tab="home")
    await at.workplace.wait(lambda: homes if len(homes) == 2 else None)
    assert homes["UNURSE"] == homes["UPRIYA"]


async def test_through_each_door(
    records: EveryRecord, marked: Door, capfd: pytest.CaptureFixture[str]
) -> None:
    cast = await marked.cast(typed.mark)
    await everything(cast)
    status = await cast.quinn.say("peer", "status")
    assert found_in([*WORDS, "Nurse", "Priya"], status.text.encode()) == []
    if marked.name == "slack":
        await home_is_the_same_for_everybody(marked.at)
    if marked.name != "browser":
        assert len((marked.at.tenant or marked.at.workplace).stored_messages()) > 5
    await nothing_got_out(marked.at, await shown_through(marked, cast), records, capfd)


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
async def test_what_is_kept_would_be_found(at_slack: Deployment, tmp_path: Path) -> None:
    """The same search finds the kept file of a deployment that kept a word in the open."""
    await logged_and_accepted(await slack_cast(at_slack))
    (tmp_path / "stray.log").write_text(f"an account: {MARK}", encoding="utf-8")
    assert leaks(WORDS, kept(at_slack)) == {"stray.log": {MARK}}
