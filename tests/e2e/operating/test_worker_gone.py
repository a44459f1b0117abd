"""On PostgreSQL a worker that is gone shows in readiness, figures, `doctor` and the log, and so does its return."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.database_logins import Logins, bring_up
from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_readiness import Hand
from tests.e2e.operating.test_serve import TOKEN, served
from trim_bot.app.watch.heart import BLIND_SECONDS, Heart
from trim_bot.app.watch.outages import QUIET_SECONDS, Outages
from trim_bot.app.watch.sends import SendMinutes
from trim_bot.bootstrap.readiness_probe import KEPT_SECONDS
from trim_bot.bootstrap.running import open_running
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.outages import Outage, OutagePart
from trim_bot.domain.process_beats import GONE_AFTER, Beat, ProcessRole
from trim_bot.storage.beats import Beats
from trim_bot.storage.database_roles import DatabaseRole

pytestmark = pytest.mark.anyio
GONE = GONE_AFTER.total_seconds()
HEADERS = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def apart(place: Place, new_postgres_database: Callable[[], str]) -> Place:
    """PostgreSQL with a login for each part; the environment is the web's."""
    logins = Logins.made(new_postgres_database)
    place.set(METRICS_TOKEN=TOKEN, **logins.environment(DatabaseRole.WEB))
    bring_up(place.settings())
    return place


def heart_of(desktop: Desktop, hand: Hand, lines: list[str]) -> Heart:
    """A heart that beats when it is asked to alone, and what it has told the log."""
    running = desktop.running
    assert running is not None

    def tell(event: object, error: object = None, about: str = "") -> str:
        lines.append(about)
        return ""

    outages = Outages(tell, monotonic=hand.monotonic)
    heart = Heart(
        Beats(running.deployment.store),
        ProcessRole.WEB,
        lambda: 0.0,
        outages,
        SendMinutes(),
        monotonic=hand.monotonic,
    )
    running.probe.worker_gone = lambda: heart.worker_gone
    running.probe._monotonic = hand.monotonic
    return heart


def worker(process: str = "worker", *, ended: bool = False) -> Beat:
    now = datetime.now(UTC)
    return Beat(process, ProcessRole.WORKER, "1", now, now, ended=ended)


async def pass_time(heart: Heart, hand: Hand, seconds: float) -> None:
    """Beat as often as a process does."""
    steps = int(seconds // BLIND_SECONDS) + 1
    for _ in range(steps):
        hand.now += seconds / steps
        await heart.beat()


async def test_a_dead_worker_shows_after_its_time_and_a_new_one_mends_it(apart: Place) -> None:
    desktop, hand, lines = Desktop(apart.settings(), with_worker=False), Hand(), list[str]()
    async with served(desktop) as client:
        assert desktop.running is not None
        heart, beats = heart_of(desktop, hand, lines), Beats(desktop.running.deployment.store)
        await beats.put(worker(), timedelta(), timedelta())
        await heart.beat()
        # It dies without a word: its beat stays as old as it is.
        await beats.put(worker(), GONE_AFTER * 3, GONE_AFTER * 4)
        await pass_time(heart, hand, GONE - 1)
        assert (await client.get("/readyz")).json() == {"ready": True}
        await pass_time(heart, hand, 2)
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "code": "worker_gone"})
        assert "trim_bot_ready 0" in (await client.get("/metrics", headers=HEADERS)).text
        await pass_time(heart, hand, GONE)
        assert lines == ["worker worker_gone trim-bot worker"]
        await beats.put(worker("another"), timedelta(), timedelta())
        await pass_time(heart, hand, KEPT_SECONDS + QUIET_SECONDS)
        assert (await client.get("/readyz")).json() == {"ready": True}


async def test_one_worker_of_two_is_enough(apart: Place) -> None:
    desktop, hand = Desktop(apart.settings(), with_worker=False), Hand()
    async with served(desktop):
        assert desktop.running is not None
        heart, beats = heart_of(desktop, hand, []), Beats(desktop.running.deployment.store)
        await beats.put(worker("dead"), GONE_AFTER * 2, GONE_AFTER * 2)
        await beats.put(worker("alive"), timedelta(), timedelta())
        await pass_time(heart, hand, GONE * 2)
        assert not heart.worker_gone


async def test_whoever_could_not_look_gives_the_worker_its_time_anew(apart: Place) -> None:
    desktop, hand = Desktop(apart.settings(), with_worker=False), Hand()
    async with served(desktop):
        heart = heart_of(desktop, hand, [])
        await heart.beat()
        hand.now += GONE * 3
        await heart.beat()
        assert not heart.worker_gone
        await pass_time(heart, hand, GONE + 1)
        assert heart.worker_gone


async def test_doctor_tells_what_never_ran_from_what_ended(apart: Place) -> None:
    async def said(code: int = 0) -> dict[str, tuple[str, str]]:
        found = await asyncio.to_thread(lambda: apart.json("doctor", code=code))
        return {
            one["name"]: (one["grade"], one["text"])
            for one in found
            if one["name"] in ("processes", "worker", "outage")
        }

    settings = apart.settings()
    first = Desktop(settings, with_worker=False)
    async with served(first):
        pass
    grade, text = (await said())["processes"]
    assert (grade, "stopped in order" in text) == ("warn", True)
    web = Desktop(settings, with_worker=False)
    async with served(web):
        assert web.running is not None
        beats = Beats(web.running.deployment.store)
        grade, text = (await said())["worker"]
        assert (grade, "none has ever run here" in text) == ("warn", True)
        await beats.put(worker(), timedelta(minutes=12), timedelta(hours=1))
        grade, text = (await said(1))["worker"]
        assert grade == "fail"
        assert "heard of 12 minutes ago, and it ended without a word. Start trim-bot worker" in text
        await beats.put(worker(ended=True), timedelta(minutes=12), timedelta(hours=1))
        assert "it was stopped in order" in (await said(1))["worker"][1]
        await beats.put(worker("new"), timedelta(), timedelta())
        assert (await said())["worker"][0] == "ok"


async def test_doctor_before_the_first_start_warns(place: Place) -> None:
    await asyncio.to_thread(
        place.run, "members", "grant", "coordinator", "web:a@example.org", "--name", "Sam"
    )
    found = await asyncio.to_thread(place.json, "doctor")
    [one] = [one for one in found if one["name"] == "processes"]
    assert (one["grade"], one["text"]) == ("warn", "Nothing has served here yet. Start trim-bot serve.")


async def test_each_process_says_what_it_does_and_that_it_was_stopped(
    place: Place, new_postgres_database: Callable[[], str]
) -> None:
    logins = Logins.made(new_postgres_database)
    place.set(**logins.environment(DatabaseRole.WORKER))
    bring_up(place.settings())
    working = await open_running(place.settings(), link="", with_worker=True, answers=False)
    place.set(**logins.environment(DatabaseRole.WEB))
    answering = await open_running(place.settings(), link="", with_worker=False)
    for one in (working, answering):
        await one.heart.beat()
    at_work = {beat.role: beat.ended for beat in answering.heart.pulse.beats}
    assert at_work == {ProcessRole.WORKER: False, ProcessRole.WEB: False}
    await working.stop()
    await answering.heart.beat()
    at_work = {beat.role: beat.ended for beat in answering.heart.pulse.beats}
    assert at_work == {ProcessRole.WORKER: True, ProcessRole.WEB: False}
    await answering.stop()


async def test_outages_in_a_beat_last_as_long_by_whichever_clock_they_were_found(apart: Place) -> None:
    desktop = Desktop(apart.settings(), with_worker=False)
    async with served(desktop):
        assert desktop.running is not None
        beats = Beats(desktop.running.deployment.store)
        far = datetime.now(UTC) + timedelta(minutes=10)
        found = Outage(OutagePart.KEYS, "disk_full", "KEYSTORE_URL", far - timedelta(minutes=3))
        pulse = await beats.put(replace(worker(), worked_at=far, outages=(found,)), timedelta(), timedelta())
        [one] = (await beats.pulse()).outages()
        assert pulse.at - one.began_at == timedelta(minutes=3)
