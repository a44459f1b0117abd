"""A database that is locked or gone, and a wrong keyring: nothing is half kept, and help is always there."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.e2e.browser_side import Page
from tests.e2e.counting import count
from tests.e2e.deployment import Deployment
from tests.e2e.slack_side import Modal
from tests.e2e.story import event, logged_and_accepted, slack_cast, web_cast
from trim_bot.crypto.keyring import Keyring

pytestmark = pytest.mark.anyio

NOTHING_SAVED = "Nothing was saved"
ON_SQLITE = pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("stores", ["postgresql"], indirect=True)


@asynccontextmanager
async def locked(at: Deployment) -> AsyncIterator[None]:
    """Somebody else is writing into the SQLite file, and does not end."""
    connection = sqlite3.connect(str(make_url(at.stores.data).database), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


@asynccontextmanager
async def gone(at: Deployment) -> AsyncIterator[None]:
    """PostgreSQL ends every connection to the data and lets nobody in."""
    address = make_url(at.stores.data)
    server = address.set(drivername="postgresql", database="postgres")
    name = sql.Identifier(str(address.database))
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(allow.format(name, sql.Literal(False)))
        connection.execute(ended, (address.database,))
        try:
            yield
        finally:
            connection.execute(allow.format(name, sql.Literal(True)))


Trouble = Callable[[Deployment], AbstractAsyncContextManager[None]]
EITHER = pytest.mark.parametrize(
    ("stores", "trouble", "ready"),
    [("sqlite", locked, 200), ("postgresql", gone, 503)],
    indirect=["stores"],
    ids=["locked", "gone"],
)


@EITHER
async def test_at_slack_nothing_is_saved_and_the_same_form_works_later(
    at_slack: Deployment, trouble: Trouble, ready: int
) -> None:
    cast = await slack_cast(at_slack)
    form = await cast.priya.say("peer", "log")
    form.fill(**event(cast.nurse, account="A long account that took an effort"))
    assert isinstance(form, Modal)
    body, side = form.body(), await at_slack.side()
    async with trouble(at_slack):
        after = await form.submit()
        said = " ".join((*after.errors.values(), after.text))
        assert NOTHING_SAVED in said and "ring your local emergency number" in said
        # A machine too busy to answer in Slack's time shows the page instead; what was typed is kept otherwise.
        assert not after.errors or after.standing("account") == "A long account that took an effort"
        help_now = await side.http.get("/help-now")
        assert help_now.status_code == 200 and "116 123" in help_now.text
        assert (await side.http.get("/readyz")).status_code == ready
        assert (await side.http.get("/healthz")).status_code == 200
    assert count(at_slack, "incident") == 0
    shown = len(at_slack.workplace.views[form.shown["id"]])
    later = await form.answered((await side.post(body)).json(), shown)
    assert "The event is logged" in later.text
    assert count(at_slack, "incident") == 1


@EITHER
async def test_in_the_browser_nothing_is_saved_and_numbers_are_shown(
    at_browser: Deployment, trouble: Trouble, ready: int
) -> None:
    cast = await web_cast(at_browser)
    form = await cast.nurse.say("support")
    form.fill(name="named", text="Too much")
    stranger = await at_browser.stranger()
    async with trouble(at_browser):
        page = await form.submit()
        assert isinstance(page, Page) and page.status == 503
        assert NOTHING_SAVED in page.text and "116 123" in page.text
        assert "Too much" in page.text, "given back, to be sent again"
        help_now = await stranger.get("/help-now")
        assert help_now.status == 200 and "116 123" in help_now.text
    assert count(at_browser, "support_request") == 0
    assert (await form.submit()).title == "We have your request"
    assert count(at_browser, "support_request") == 1


async def test_another_keyring_leaves_help_alone_open_and_changes_nothing(
    at_slack: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    await logged_and_accepted(await slack_cast(at_slack))
    other = at_slack.folder / "other.json"
    Keyring.new().save(other)
    right = f"file:{at_slack.folder / 'keyring.json'}"
    await at_slack.stop()
    monkeypatch.setenv("TRIM_BOT_KEYRING", f"file:{other}")
    await at_slack.start()
    http = await at_slack.client()
    ready = await http.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "code": "keys_wrong"})
    help_now = await http.get("/help-now")
    assert help_now.status_code == 200 and "116 123" in help_now.text
    for path in ("/", "/me", "/f/log", "/o/acme/ask", "/what-can-my-employer-see"):
        page = await http.get(path)
        assert page.status_code == 503 and "116 123" in page.text, path
    side = await at_slack.side()
    assert (await side.post(b"command=/peer")).status_code == 503
    await at_slack.stop()
    monkeypatch.setenv("TRIM_BOT_KEYRING", right)
    await at_slack.start()
    priya = await at_slack.slack("priya")
    assert "Nurse" in (await priya.say("peer", "cases")).text
