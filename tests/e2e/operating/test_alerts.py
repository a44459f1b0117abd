"""The administrator is told by webhook and mail, once for all processes, and again when it is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import delete

from integrations.alerts.addresses import MailAddress, Security, WebhookAddress
from integrations.alerts.mail import Mail
from integrations.alerts.webhook import Webhook
from integrations.ground.outgoing_calls import OPENS_AT, OutgoingCalls
from tests.database_logins import Logins, bring_up
from tests.e2e.operating.conftest import Place
from tests.e2e.operating.kept_behind import change
from tests.e2e.operating.listening import Hook, Post, listening
from tests.e2e.operating.test_serve import TOKEN, never, served
from trim_bot.app.watch.alert_words import trial_text
from trim_bot.app.watch.not_taken import NotTaken
from trim_bot.app.watch.outages import QUIET_SECONDS, Outages
from trim_bot.bootstrap.process_log import tell
from trim_bot.bootstrap.running import Running, open_running
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.alerts import AlertKind
from trim_bot.domain.errors import StoreUnavailable, TryLater
from trim_bot.domain.outages import OutagePart
from trim_bot.storage.database_roles import DatabaseRole
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.known_backups import KnownBackup, note_backup
from trim_bot.storage.tables import grants

T = TypeVar("T")
pytestmark = pytest.mark.anyio
MINUTE = 60.0


@dataclass
class Time:
    """One time for all that looks, moved by hand."""

    seconds: float = 0.0
    start: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    def real(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def rule(self, running: Running) -> None:
        """Let a process look by this time."""
        # Outages of its own, which no look at the real stores ends.
        running.outages = Outages(tell, self.real, self.monotonic)
        running.heart._outages = running.outages
        alerts = running.alerts
        alerts._sources = replace(alerts._sources, outages=running.outages)
        alerts._monotonic, alerts._began = self.monotonic, self.seconds
        running.trial.looked = True
        alerts._alerting._real = self.real
        for way in alerts._alerting.ways.values():
            assert isinstance(way, Webhook | Mail)
            way._ways._monotonic = self.monotonic


async def look(time: Time, minutes: float, *processes: Running) -> None:
    """Let so much time pass, with a look of each process at every minute."""
    for _ in range(round(minutes)):
        time.seconds += MINUTE
        for process in processes:
            await process.outages.look()
            await process.alerts.look()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, place: Place) -> Place:
    """A deployment on each database, with the login that a web process has."""
    place.set(METRICS_TOKEN=TOKEN)
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        place.set(**Logins.made(make).environment(DatabaseRole.WEB))
        bring_up(place.settings())
    return place


@pytest.fixture
async def told(place: Place) -> AsyncIterator[tuple[Hook, Post]]:
    async with listening() as (hook, post):
        place.set(ALERT_URLS=f"{hook.url},{post.url}")
        yield hook, post


def began(running: Running, part: OutagePart = OutagePart.KEYS) -> None:
    running.outages.began(part, "disk_full", "KEYSTORE_URL")


async def test_it_is_told_once_by_each_way_and_over_once_across_a_restart(
    where: Place, told: tuple[Hook, Post]
) -> None:
    hook, post = told
    time = Time()
    desktop = Desktop(where.settings(), with_worker=where.settings().is_sqlite)
    async with served(desktop) as client:
        assert desktop.running is not None
        time.rule(desktop.running)
        began(desktop.running)
        await look(time, 1, desktop.running)
        assert (hook.bodies, post.letters) == ([], [])
        await look(time, 20, desktop.running)
        [body], [letter] = hook.bodies, post.letters
        assert body["text"] == letter[3].strip()
        assert (
            "- store: since 2026-03-02 09:00 +00:00. The key store (KEYSTORE_URL): The disk" in body["text"]
        )
        assert letter[:2] == ("desk@example.org", ["ops@example.org", "night@example.org"])
        [alert] = body["alerts"]
        assert (alert["kind"], alert["news"], alert["look_at"]) == ("store", "began", "KEYSTORE_URL")
        assert (await client.get("/readyz")).json() == {"ready": True, "alerts": ["store"]}
        figures = await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        lines = figures.text.splitlines()
        assert {'trim_bot_trouble{kind="store"} 1.0', 'trim_bot_trouble{kind="worker"} 0.0'} <= set(lines)
    # It is mended while nobody runs.
    desktop = Desktop(where.settings(), with_worker=where.settings().is_sqlite)
    async with served(desktop):
        assert desktop.running is not None
        time.rule(desktop.running)
        await look(time, 1, desktop.running)
        assert len(hook.bodies) == 1
        await look(time, 10, desktop.running)
        [_, over], [_, letter] = hook.bodies, post.letters
        assert (over["state"], over["alerts"][0]["news"]) == ("over", "over")
        assert "in order again since 2026-03-02 09:22 +00:00, after 22 minutes" in over["text"]
        assert letter[2] == "Peer support desk: in order again"


async def test_several_processes_send_one_message_and_tell_what_each_other_finds(
    place: Place, told: tuple[Hook, Post], new_postgres_database: Callable[[], str]
) -> None:
    hook, _ = told
    logins, time = Logins.made(new_postgres_database), Time()
    place.set(**logins.environment(DatabaseRole.WORKER))
    bring_up(place.settings())
    working = await open_running(place.settings(), link="", with_worker=True, answers=False)
    place.set(**logins.environment(DatabaseRole.WEB))
    web = await open_running(place.settings(), link="", with_worker=False)
    for one in (working, web):
        time.rule(one)
    began(working)
    await working.heart.beat()
    await web.heart.beat()
    time.seconds += 3 * MINUTE
    # The worker never looks: the web process tells what stands in its beat.
    await web.alerts.look()
    assert len(hook.bodies) == 1
    began(web, OutagePart.LEDGER)
    time.seconds += 3 * MINUTE
    await asyncio.gather(*(one.alerts.look() for one in (working, web, working, web)))
    await look(time, 5, working, web)
    assert [body["alerts"][0]["about"] for body in hook.bodies] == ["keys", "ledger"]
    for one in (working, web):
        await one.stop()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_what_the_look_through_finds_is_told_and_counted(
    place: Place, told: tuple[Hook, Post], kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "postgresql":
        new = request.getfixturevalue("new_postgres_database")
        place.set(DATABASE_URL=new(), KEYSTORE_URL=new())
    place.set(METRICS_TOKEN=TOKEN)
    await asyncio.to_thread(place.run, "migrate")
    await asyncio.to_thread(
        place.run, "members", "grant", "coordinator", "web:a@example.org", "--name", "Sam"
    )
    (hook, _), desktop, time = told, Desktop(place.settings()), Time()
    async with served(desktop) as client:
        running = desktop.running
        assert running is not None
        time.rule(running)
        await running.trial.look()
        await running.alerts.look()
        assert {AlertKind.NOT_AS_WRITTEN, AlertKind.JOURNAL} <= running.alerts._judged(
            running.alerts._sources.met(), time.seconds
        ).keys()
        # A row that nobody asks for meanwhile.
        await asyncio.to_thread(change, place, delete(grants))
        await running.trial.look()
        await look(time, 6, running)
        [alert] = [one for body in hook.bodies for one in body["alerts"]]
        assert (alert["kind"], alert["about"], alert["news"]) == ("not_as_written", "missing", "began")
        known = {"authorization": f"Bearer {TOKEN}"}
        assert "not_as_written" in (await client.get("/readyz", headers=known)).json()["alerts"]
        assert (await client.get("/readyz")).json() == {"ready": True}, (
            "nobody else reads that it was noticed"
        )
        figures = await client.get("/metrics", headers=known)
        assert "trim_bot_altered_records 1.0" in figures.text.splitlines()


async def test_a_way_that_fails_is_tried_later_and_holds_up_no_other(
    place: Place, told: tuple[Hook, Post], caplog: pytest.LogCaptureFixture
) -> None:
    hook, post = told
    hook.status, time = 500, Time()
    caplog.set_level(logging.INFO, "trim_bot")
    desktop = Desktop(place.settings())
    async with served(desktop):
        assert desktop.running is not None
        time.rule(desktop.running)
        began(desktop.running)
        await look(time, 40, desktop.running)
        # After 30 seconds, a minute, two minutes and so on.
        assert 4 <= len(hook.bodies) <= 7
        assert len(post.letters) == 1
        lines = [record.getMessage() for record in caplog.records]
        assert any(
            line.startswith("administrator not told http 127.0.0.1 failing TryLater") for line in lines
        )
        assert "planted-secret" not in caplog.text
        hook.status = 200
        await look(time, 70, desktop.running)
        tried = len(hook.bodies)
        await look(time, 60, desktop.running)
        assert len(hook.bodies) == tried


async def test_while_the_data_is_away_a_process_tells_that_alone(
    place: Place, told: tuple[Hook, Post]
) -> None:
    hook, _ = told
    time = Time()
    desktop = Desktop(place.settings())
    async with served(desktop):
        running = desktop.running
        assert running is not None
        time.rule(running)
        kept = running.alerts._notes
        running.alerts._notes = Away()
        began(running, OutagePart.DATA)
        running.outages.began(OutagePart.SLACK, "unreachable", "slack.com")
        await look(time, 90, running)
        assert [one["alerts"][0]["about"] for one in hook.bodies] == ["data"]
        running.alerts._notes = kept
        running.outages.went_well(OutagePart.DATA)
        time.seconds += QUIET_SECONDS
        await look(time, 10, running)
        told_of = [(one["about"], one["news"]) for body in hook.bodies for one in body["alerts"]]
        assert told_of == [("data", "began"), ("slack", "began"), ("data", "over")]


class Away:
    """Notes in a database that is away."""

    async def get(self, name: str) -> str | None:
        raise StoreUnavailable

    async def change(self, name: str, body: Callable[[str | None], tuple[str, T]]) -> T:
        raise StoreUnavailable


async def test_a_desk_that_stays_closed_tells_why_and_that_it_opened(
    place: Place, told: tuple[Hook, Post]
) -> None:
    hook, _ = told
    time = Time()
    keyring = place.folder / "desk.key"
    away = keyring.rename(place.folder / "away.key")
    desktop = Desktop(place.settings(), pause=never)
    async with served(desktop):
        now = datetime.now(UTC)
        desktop.alerting._real = lambda: now
        await desktop.tell_closed()
        assert hook.bodies == []
        now += timedelta(minutes=3)
        await desktop.tell_closed()
        await desktop.tell_closed()
        [body] = hook.bodies
        assert "desk_closed: since" in body["text"]
        assert (
            "The desk shows help alone. There is no keyring at the address in TRIM_BOT_KEYRING."
            in body["text"]
        )
        away.rename(keyring)
        assert await desktop.try_to_open()
        assert desktop.running is not None
        time.start = now
        time.rule(desktop.running)
        await look(time, 6, desktop.running)
        assert [one["alerts"][0]["news"] for one in hook.bodies] == ["began", "over"]


async def test_a_test_says_what_became_of_each_way(place: Place, told: tuple[Hook, Post]) -> None:
    hook, post = told
    said = await asyncio.to_thread(place.json, "alerts", "test")
    assert [(one["way"], one["sent"]) for one in said] == [("http 127.0.0.1", True), ("smtp 127.0.0.1", True)]
    assert hook.bodies[0]["state"] == "test"
    assert post.letters[0][2] == "Peer support desk: a test"
    hook.status, post.refuses["RCPT"] = 404, "550 planted no such place"
    text = await asyncio.to_thread(place.run, "alerts", "test", code=1)
    assert "fail http 127.0.0.1: It answered with status 404. Look at its address in ALERT_URLS." in text
    assert "fail smtp 127.0.0.1: The server does not take 2 of the receivers: code 550" in text
    assert "planted" not in text
    place.environment.delenv("ALERT_URLS")
    assert "ALERT_URLS is not set" in await asyncio.to_thread(place.run, "alerts", "test", code=1)


async def test_doctor_says_by_which_ways_and_warns_where_nobody_is_told(
    place: Place, told: tuple[Hook, Post]
) -> None:
    await asyncio.to_thread(
        place.run, "members", "grant", "coordinator", "web:a@example.org", "--name", "Sam"
    )
    found = await asyncio.to_thread(place.json, "doctor")
    texts = {one["name"]: (one["grade"], one["text"]) for one in found}
    assert texts["alerts"] == (
        "ok",
        "Told by http 127.0.0.1, smtp 127.0.0.1. Try it: trim-bot alerts test.",
    )
    assert texts["safety_nobody"][0] == "warn"
    place.environment.delenv("ALERT_URLS")
    place.set(TRIM_BOT_ENV="production")
    found = await asyncio.to_thread(lambda: place.result("doctor", "--json").output)
    assert "Nobody is written to when something breaks. Set ALERT_URLS" in found


def test_a_backup_that_is_too_old_is_told_until_there_is_a_new_one(place: Place) -> None:
    place.set(BACKUP_MAX_DAYS="8")
    place.run("members", "grant", "lead", "web:a@example.org", "--name", "Sam")

    def old() -> list[str]:
        return [one["text"] for one in place.json("doctor") if one["name"] == "backup_old"]

    assert old() == []
    now = datetime.now(UTC)
    ledger = ErasureLedger(place.settings().ledger_url.get_secret_value(), create=False)
    note_backup(ledger, "old", KnownBackup(now - timedelta(days=9), now + timedelta(days=9), ("m",)))
    ledger.close()
    [text] = old()
    assert text.startswith(
        f"The newest backup ended on {now - timedelta(days=9):%Y-%m-%d}; it should be no older"
    )
    place.run("backup", str(place.folder / "new"))
    assert old() == []


async def test_no_redirect_is_followed_and_the_policy_of_every_way_out_holds() -> None:
    async with listening() as (hook, _):
        address, ways = WebhookAddress("http 127.0.0.1", hook.url), OutgoingCalls()
        hook.status = 302
        with pytest.raises(NotTaken):
            await Webhook(address, ways).send(trial_text(""))
        assert hook.paths == ["/planted-secret"]
        hook.status = 503
        for _ in range(OPENS_AT + 2):
            with pytest.raises(TryLater):
                await Webhook(address, ways).send(trial_text(""))
        assert len(hook.paths) == 1 + OPENS_AT


async def test_mail_that_must_be_encrypted_is_not_sent_in_the_open() -> None:
    async with listening() as (_, post):
        post.refuses["STARTTLS"] = "502 no"
        address = MailAddress("smtp", "127.0.0.1", post.port, Security.STARTTLS, "a@b.org", ("c@d.org",))
        with pytest.raises(NotTaken):
            await Mail(address, OutgoingCalls()).send(trial_text(""))
        assert post.letters == []
