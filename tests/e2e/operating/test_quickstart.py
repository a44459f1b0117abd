"""A stranger's first desk: one command in an empty folder, in a process of its own, up to a request answered."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import AsyncMock

import httpx
import pytest

from bench.serving import without_settings
from tests.commands import run_command
from tests.e2e.browser_side import Browser, Page
from tests.e2e.served import free_port
from tests.e2e.workplace import LONGEST_SECONDS
from trim_bot.app.oversight.role_grants import NotTrainedYet
from trim_bot.app.people.asked_roles import note_lead
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.cli import faults, quickstart, quickstart_lead
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.quickstart_folder import DeskFolder
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.ids import OrganisationId

ANSWERS = (
    *("--name", "Harbour Works", "--place", "GB-ENG", "--arrive", "browser", "--yes"),
    *("--lead", "Sam Hill, sam@harbour.test, 2026-05-04"),
)
ALL_WEEK = "[hours]\n" + "".join(
    f'{day} = ["00:00-24:00"]\n'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
SAM = "web:sam@harbour.test"


class Quickstart:
    """What one run said, and where its pages are."""

    def __init__(self, said: str, port: int) -> None:
        self.said = said
        self.address = f"http://127.0.0.1:{port}"

    @property
    def link(self) -> str:
        """The path of the one-time link."""
        [found] = re.findall(rf"{self.address}(/sign-in\?k=\S+)", self.said)
        return str(found)


def environment(**more: str) -> dict[str, str]:
    """That of somebody who has set nothing."""
    return without_settings(os.environ) | {"PYTHONUNBUFFERED": "1"} | more


async def run(folder: Path, *words: str, **more: str) -> tuple[int, str]:
    """How a command ended that ends by itself, and all that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "trim_bot", *words,
        cwd=folder, env=environment(**more), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(LONGEST_SECONDS):
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@asynccontextmanager
async def started(folder: Path, *words: str) -> AsyncIterator[Quickstart]:
    """A desk that `quickstart` serves, stopped as one stops it by hand."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "trim_bot", "quickstart", "--port", str(port), *words,
        cwd=folder, env=environment(), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    said = b""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            while b"trim_bot open" not in said:
                line = await process.stdout.readline()
                assert line, said.decode()
                said += line
        yield Quickstart(said.decode(), port)
    finally:
        process.terminate()
        async with asyncio.timeout(LONGEST_SECONDS):
            rest, _ = await process.communicate()
    assert process.returncode == 0, rest.decode()


@asynccontextmanager
async def browser(desk: Quickstart, name: str = "") -> AsyncIterator[Browser]:
    """A browser that nobody has signed in with."""
    async with httpx.AsyncClient(base_url=desk.address, timeout=LONGEST_SECONDS) as http:
        yield Browser(http, name)


def own_variables(folder: Path) -> dict[str, str]:
    """What a shell reads from the file of the desk."""
    lines = (folder / "desk.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def work_on_every_day(folder: Path) -> None:
    """Whatever day it is today, it is a working day here: no hour is free, and no holiday is known."""
    file = folder / "site.toml"
    text = file.read_text().replace('country = "GB"\nregion = "ENG"', 'country = "AQ"')
    file.write_text(text[: text.index("[hours]")] + ALL_WEEK)


async def waiting(sam: Browser) -> Page:
    """The first page, once the request stands there; the desk looks every few seconds."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while True:
            page = await sam.get("/")
            if page.has("open"):
                return page


@pytest.mark.anyio
async def test_from_an_empty_folder_to_a_request_that_is_answered(tmp_path: Path) -> None:
    folder = tmp_path / "peer-support"
    async with started(tmp_path, *ANSWERS) as desk:
        assert "made" in desk.said and "stands" not in desk.said
        async with browser(desk) as nobody:
            assert (await nobody.http.get("/readyz")).json()["ready"] is True
    work_on_every_day(folder)
    code, said = await run(folder, "site", "apply", str(folder / "site.toml"), **own_variables(folder))
    assert code == 0, said
    async with started(tmp_path) as desk:
        assert "made" not in desk.said and desk.said.count("stands") == 4
        # A second one beside it is told so, whatever port it asks for.
        code, said = await run(tmp_path, "quickstart", "--port", str(free_port()))
        assert (code, "Another desk serves" in said) == (3, True), said
        async with browser(desk, "sam") as sam, browser(desk) as stranger:
            entry = await sam.get(desk.link)
            assert "Hello, Sam Hill" in (await sam.post("/sign-in", entry.body())).text
            again = await stranger.get(desk.link)
            assert "no longer works" in (await stranger.post("/sign-in", again.body())).title
            ask = await stranger.get("/o/harbour-works/ask")
            ask.fill(text="I would like to talk to somebody.")
            [code_word] = re.findall(r"(?:\w{4}-){3}\w{4}", (await ask.submit()).text)
            request = await (await waiting(sam)).press("open")
            taken = await request.press("take_request")
            assert "I would like to talk to somebody." in taken.text
            taken.fill(reply="I am free on Thursday at two.", then="close")
            assert "Thursday at two" not in (await taken.submit()).title
            read = await stranger.get("/o/harbour-works/reply")
            read.fill(code=code_word)
            assert "I am free on Thursday at two." in (await read.submit()).text
    # A lead has come in: from now on a start opens the desk to nobody.
    async with started(tmp_path) as desk:
        assert "/sign-in?k=" not in desk.said and "members link web:sam@harbour.test" in desk.said


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder and an environment that says nothing, for runs in this process that end before they serve."""
    monkeypatch.chdir(tmp_path)
    for name in set(os.environ) - set(without_settings(os.environ)):
        monkeypatch.delenv(name)
    monkeypatch.setattr(quickstart, "run_server", lambda _desktop, _sockets: None)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield tmp_path
    root.handlers[:] = handlers
    root.setLevel(level)


def told(*words: str, code: int = 0, **more: str) -> str:
    """What `quickstart` says; it must end with this exit code."""
    result = run_command("quickstart", "--port", str(free_port()), *words, environment=more)
    assert result.exit_code == code, result.output
    return result.output


def test_what_it_makes_is_for_its_owner_alone_and_it_says_no_secret(alone: Path) -> None:
    said, folder = told(*ANSWERS), alone / "peer-support"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("desk.key", "desk.env", "site.toml", "data.db", "keys.db", "ledger.db"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    assert Keyring.load(f"file:{folder / 'desk.key'}").as_text() not in said
    assert said.count("/sign-in?k=") == 1
    assert "Never put an old copy of this folder back" in said


@pytest.mark.parametrize(
    ("name", "more", "why"),
    [
        ("open", {}, "chmod 700"),
        ("full", {}, "holds something else"),
        ("link", {}, "no folder of its own"),
        ("odd?name", {}, "sign in it"),
        ("new", {"DATABASE_URL": "sqlite:////srv/other.db"}, "DATABASE_URL is set here for another desk"),
        ("new", {"TRIM_BOT_KEYRING": "file:/srv/other.key"}, "TRIM_BOT_KEYRING is set here"),
        ("new", {"TRIM_BOT_ENV": "test"}, "TRIM_BOT_ENV is set"),
    ],
)
def test_an_unsafe_place_is_refused_and_nothing_is_made(
    alone: Path, name: str, more: dict[str, str], why: str
) -> None:
    (alone / "open").mkdir(mode=0o755)
    (alone / "full").mkdir(mode=0o700)
    (alone / "full" / "letter.txt").write_text("mine")
    (alone / "link").symlink_to(alone / "full")
    before = sorted(alone.rglob("*"))
    assert why in told("--folder", name, *ANSWERS, code=3, **more)
    assert sorted(alone.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ((), 2, "give --name"),
        (ANSWERS[:4], 2, "give --lead"),
        ((*ANSWERS[:6], *ANSWERS[7:]), 3, "asks first, or takes --yes"),
        ((*ANSWERS, "--url", "http://peer.example.org"), 2, "must be https"),
        ((*ANSWERS, "--place", "US"), 2, "Name a city"),
        ((*ANSWERS, "--place", "UK"), 2, "for UK write GB"),
        ((*ANSWERS, "--lead", "Sam Hill"), 2, "Name, work address"),
        ((*ANSWERS, "--lead", "Sam, sam@x.test, 03/05/2026"), 2, "2026-05-04"),
        ((*ANSWERS, "--lead", "Sam, sam@x.test, 9999-05-04"), 2, "is to come"),
        ((*ANSWERS, "--hours", "nine to five"), 2, "09:00-17:00"),
        ((*ANSWERS, "--hours", "09:00-24:30"), 2, "09:00-17:00"),
        ((*ANSWERS, "--arrive", "fax"), 2, "browser, slack or teams"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_made(
    alone: Path, words: tuple[str, ...], code: int, why: str
) -> None:
    assert why in told(*words, code=code)
    assert list(alone.iterdir()) == []


def test_at_a_terminal_it_asks_four_questions_and_once_more_what_was_not_understood(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = ["Harbour Works", "US", "US, New York", "Sam Hill, sam@harbour.test", "browser", "y"]
    monkeypatch.setattr(quickstart, "can_ask", lambda: True)
    monkeypatch.setattr(faults, "can_ask", lambda: True)
    result = run_command("quickstart", "--port", str(free_port()), said="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    assert result.output.count("\n> ") == 5 and "Name a city" in result.output
    assert "Make a desk for Harbour Works in " in result.output
    assert 'zone = "America/New_York"' in (alone / "peer-support" / "site.toml").read_text()
    assert "members train web:sam@harbour.test" in result.output


def test_a_lost_keyring_is_never_made_anew(alone: Path) -> None:
    told(*ANSWERS)
    (alone / "peer-support" / "desk.key").unlink()
    assert "Put the copy back" in told(code=3)
    assert not (alone / "peer-support" / "desk.key").exists()


def test_what_was_cut_short_is_gone_on_with(alone: Path) -> None:
    """The answers were written and nothing else: the lead is asked for again, since nobody leads yet."""
    told(*ANSWERS)
    for made in (alone / "peer-support").iterdir():
        if made.name not in ("desk.env", "site.toml"):
            made.unlink()
    assert "give --lead" in told(code=2)
    assert "Sign in as Sam Hill" in told(*ANSWERS)
    assert told().count("stands") == 4


def test_a_folder_with_the_site_file_alone_is_gone_on_with(alone: Path) -> None:
    told(*ANSWERS)
    folder = alone / "peer-support"
    for made in folder.iterdir():
        if made.name != "site.toml":
            made.unlink()
    said = told(*ANSWERS, "--name", "Other Works")
    assert "its name, place and hours are used" in said and "made     settings of harbour-works" in said


def test_a_run_that_ended_at_the_training_is_gone_on_with(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(quickstart_lead, "record_training", AsyncMock(side_effect=NotTrainedYet))
        told(*ANSWERS, code=1)
    assert "give --lead" in told(code=2)
    said = told(*ANSWERS)
    assert "made     lead" in said and "missing" not in said and "/sign-in?k=" in said


def test_each_start_says_which_role_and_training_is_missing(alone: Path) -> None:
    told(*ANSWERS)
    assert "missing" not in told()
    of_desk = own_variables(alone / "peer-support")
    run_command("members", "revoke", "administrator", SAM, "--yes", environment=of_desk)
    assert "missing  administrator trim-bot members grant administrator ACTOR" in told()


def test_a_training_that_is_missing_or_ran_out_is_said_at_each_start(alone: Path) -> None:
    told(*ANSWERS, "--lead", "Sam Hill, sam@harbour.test")
    assert f"missing  training trim-bot members train {SAM}" in told()
    of_desk = own_variables(alone / "peer-support")
    old = run_command("members", "train", SAM, "--on", "2020-01-01", environment=of_desk)
    assert "It ran out on 2021-12-31, so it does not count" in old.output
    assert "missing  training ran out on 2021-12-31" in told()


def test_a_lead_who_comes_by_chat_alone_is_not_entered_anew(alone: Path) -> None:
    told(*ANSWERS)
    of_desk = own_variables(alone / "peer-support")
    for words in (("grant", "lead", "slack:T1:U1", "--name", "Lena Lead"), ("revoke", "lead", SAM)):
        done = run_command("members", *words, environment=of_desk)
        assert done.exit_code == 0, done.output
    said = told(*ANSWERS)
    assert "stands   lead     Lena Lead" in said and "made" not in said and "/sign-in?k=" not in said
    listed = run_command("members", "list", environment=of_desk).output
    assert "lead" not in next(line for line in listed.splitlines() if SAM in line)


def test_a_desk_in_use_that_nobody_leads_gets_no_lead_from_a_start(alone: Path) -> None:
    told(*ANSWERS)
    folder = alone / "peer-support"

    async def come_in(deployment: Deployment) -> None:
        [employer] = await deployment.store.organisations()
        home, now = OrganisationId(employer.id), deployment.clock.now()
        await deployment.store.write(home, lambda tx: note_lead(tx, now))

    with_deployment(come_in, DeskFolder(folder).settings())
    run_command("members", "revoke", "lead", SAM, "--suspend", "--yes", environment=own_variables(folder))
    said = told(*ANSWERS)
    assert "missing  lead trim-bot members grant lead ACTOR" in said
    assert "made" not in said and "/sign-in?k=" not in said


def test_the_way_to_a_chat_is_said_and_its_values_are_read_from_the_file(alone: Path) -> None:
    assert "docs/install-slack.md" in told(*ANSWERS, "--arrive", "slack")
    file = alone / "peer-support" / "desk.env"
    assert "#SLACK_BOT_TOKEN=" in file.read_text()
    file.write_text(file.read_text().replace("#SLACK_BOT_TOKEN=", "SLACK_BOT_TOKEN=xoxb-0"))
    said = told(code=2)
    assert "SLACK_SIGNING_SECRET is missing" in said and "xoxb-0" not in said
    file.write_text(file.read_text() + "rm -rf x\n")
    assert "this is no variable of the desk" in told(code=2)


def test_an_address_of_ones_own_is_used_and_kept(alone: Path) -> None:
    said = told(*ANSWERS, "--url", "https://peer.harbour.test")
    assert "https://peer.harbour.test/sign-in?k=" in said
    assert "https://peer.harbour.test/o/harbour-works/ask" in told()
    assert "change PUBLIC_URL there" in told("--url", "https://other.harbour.test", code=2)
