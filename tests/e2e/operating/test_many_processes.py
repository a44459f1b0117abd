"""Several processes answer and several do what is due: what reaches any of them counts once, and is told once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.commands import run_command
from tests.database_logins import Logins
from tests.e2e.conftest import hires
from tests.e2e.deployment import Stores, environment
from tests.e2e.operating.fleet import Fleet
from tests.e2e.screens import send
from tests.e2e.settling import settle
from tests.e2e.story import event
from tests.e2e.workplace import Workplace
from trim_bot.app.clock.sending import AT_ONCE
from trim_bot.settings.environment import load_settings
from trim_bot.storage.database_roles import DatabaseRole

pytestmark = pytest.mark.anyio

CROWD = [f"person{number:02}" for number in range(40)]
ASKING = [f"asker{number:02}" for number in range(16)]
KILLED_AT = 8


@pytest.fixture
async def fleet(
    workplace: Workplace,
    new_postgres_database: Callable[[], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Fleet]:
    """Two that answer; those that do what is due are started by each test. Everybody's time stands still."""
    monkeypatch.chdir(tmp_path)
    made = Logins.made(new_postgres_database)
    stores = Stores(made.data, made.keys, made.ledger, made)
    for name, value in environment(tmp_path, stores, workplace.api_url).items():
        monkeypatch.setenv(name, value)
    for name in (*CROWD, *ASKING):
        workplace.hire(f"U{name.upper()}", name.title())
    await settle(load_settings(), hires("slack"))
    fleet = Fleet(workplace, stores, tmp_path)
    try:
        await fleet.serve(2)
        yield fleet
        assert not any(b"Traceback" in one.log for one in (*fleet.serving, *fleet.working))
    finally:
        await fleet.end()


def told(fleet: Fleet, names: Sequence[str]) -> Counter[str]:
    """How many messages each of them had."""
    return Counter(name for name in names for _ in fleet.workplace.messages(f"U{name.upper()}"))


def counted(fleet: Fleet, statement: str) -> int:
    engine = create_engine(fleet.stores.data)
    try:
        with engine.connect() as connection:
            return int(connection.execute(text(statement)).scalar_one())
    finally:
        engine.dispose()


async def log_event(fleet: Fleet) -> None:
    form = await fleet.person("priya", 0).say("peer", "log")
    people = [f"U{name.upper()}" for name in CROWD]
    assert (await send(form, **(event() | {"direct": people}))).title.startswith("The event is logged")


async def everybody_is_told(fleet: Fleet) -> None:
    await fleet.workplace.wait(lambda: True if set(told(fleet, CROWD)) == set(CROWD) else None)


async def test_each_gesture_counts_once_and_each_message_comes_once_whichever_process_has_it(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fleet.work(2)

    async def ask(number: int) -> None:
        form = await fleet.person(ASKING[number], number).say("support")
        assert form.form == "support", [one.log.decode()[-3000:] for one in fleet.serving]
        form.fill(name="named", text="Too much at once")
        # A retry comes to the other process, while the first is still at it.
        again = fleet.sides[(number + 1) % 2].post(form.body(), x_slack_retry_num="1")
        sent, repeated = await asyncio.gather(form.submit(), again)
        assert "We have your request" in sent.text, sent.text
        assert repeated.status_code == 200

    await asyncio.gather(log_event(fleet), *(ask(number) for number in range(len(ASKING))))
    await everybody_is_told(fleet)

    async def accept(number: int, at: int) -> None:
        person = fleet.person(CROWD[number], at)
        page = await person.press_in(fleet.workplace.messages(person.user)[0]["blocks"], "open")
        # Whoever comes second may find nothing to answer any more.
        if page.has("offer_yes"):
            said = (await page.press("offer_yes")).text
            assert "A colleague gets in touch with you" in said or "You said yes" in said, said

    await asyncio.gather(*(accept(number, at) for number in range(len(CROWD)) for at in (0, 1)))
    for one in fleet.working:
        await one.end()
    assert counted(fleet, "SELECT count(*) FROM support_request") == len(ASKING)
    assert counted(fleet, "SELECT count(*) FROM offer WHERE state = 'accepted'") == len(CROWD)
    first = "SELECT count(*) FROM step WHERE kind = 'first_contact' OR (kind = 'assign' AND state <> 'moved')"
    assert counted(fleet, first) == len(CROWD)
    assert set(told(fleet, CROWD).values()) == {1}
    for name, value in fleet.stores.of(DatabaseRole.OWNER).items():
        monkeypatch.setenv(name, value)
    verified = await asyncio.to_thread(run_command, "journal", "verify")
    assert verified.exit_code == 0, verified.output


async def test_one_that_is_killed_leaves_its_messages_to_the_other(fleet: Fleet) -> None:
    workplace = fleet.workplace
    workplace.hold, workplace.hold_from = asyncio.Event(), KILLED_AT
    await fleet.work(1)
    await log_event(fleet)
    sent = workplace.called
    await workplace.wait(lambda: True if len(sent("chat.postMessage")) >= KILLED_AT else None)
    [killed] = fleet.working
    await killed.end(in_order=False)
    held, workplace.hold = workplace.hold, None
    held.set()
    # Its leases run out, without anybody waiting for it.
    engine = create_engine(fleet.stores.data)
    with engine.begin() as connection:
        for table in ("outgoing", "step"):
            connection.execute(text(f"UPDATE {table} SET lease_until = NULL"))  # noqa: S608 - our own two names
    engine.dispose()
    await fleet.work(1)
    await everybody_is_told(fleet)
    await fleet.working[1].end()
    times = told(fleet, CROWD)
    assert sum(times.values()) - len(CROWD) <= AT_ONCE, "only what was on its way may come twice"
    assert counted(fleet, "SELECT count(*) FROM outgoing WHERE state = 'queued' AND kind = 'waiting'") == 0
