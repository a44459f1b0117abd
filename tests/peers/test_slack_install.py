"""A workspace is added through the pages of `emulate`, as an administrator does it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

import httpx
import pytest

from tests.adapters.slack_app import person as wire
from tests.adapters.slack_app.fake_slack import BOT_TOKEN
from tests.e2e.deployment import ORIGIN, Stores, environment
from tests.e2e.served import Served
from tests.e2e.slack_side import signed
from tests.e2e.workplace import Workplace
from tests.peers.emulator import CLIENT_ID, CLIENT_SECRET, Emulated, agree, emulated, seed

pytestmark = pytest.mark.anyio


@dataclass
class Installing:
    """A desk for many workspaces, none of which has it yet."""

    desk: Served
    slack: Emulated
    browser: httpx.AsyncClient


@pytest.fixture
async def installing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installing]:
    """The desk asks the emulator itself; nothing stands between them."""
    folder = tmp_path_factory.mktemp("install")
    with emulated("slack", seed(["priya"]), folder) as address, pytest.MonkeyPatch.context() as patch:
        stores = Stores.files(folder)
        wanted = environment(folder, stores, f"{address}/api/")
        del wanted["SLACK_BOT_TOKEN"]
        patch.chdir(folder)
        for name, value in (
            wanted | {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET}
        ).items():
            patch.setenv(name, value)
        desk = Served(Workplace(), stores, folder)
        await desk.start()
        try:
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{desk.port}", trust_env=False
            ) as browser:
                yield Installing(desk, Emulated(address), browser)
            assert b"Traceback" not in desk.log
        finally:
            await desk.kill()


async def test_a_workspace_is_added(installing: Installing) -> None:
    """an administrator agrees on its page, the workspace is heard at once, and its token lies nowhere in the clear"""
    browser, slack = installing.browser, installing.slack
    body = wire.command("/peer", "help", trigger="x", user=slack.ids()["priya"])
    assert (await browser.post("/slack/events", content=body, headers=signed(body))).status_code in (403, 503)
    page = (await browser.get("/slack/install")).text
    leads = unescape(re.findall(r'href="([^"]*oauth/v2/authorize[^"]*)"', page)[0])
    back = urlsplit(await agree(browser, leads, "priya"))
    assert f"{back.scheme}://{back.netloc}" == ORIGIN
    done = await browser.get(f"{back.path}?{back.query}")
    assert done.status_code == 200
    again = await browser.get(f"{back.path}?{back.query}")
    assert again.status_code == 400, "the same answer serves once"
    trigger = slack.ask("views.generateTriggerId", user_id=slack.ids()["priya"])["trigger_id"]
    body = wire.command("/peer", "help", trigger=trigger, user=slack.ids()["priya"])
    assert (await browser.post("/slack/events", content=body, headers=signed(body))).status_code == 200
    async with httpx.AsyncClient(trust_env=False) as http:
        for _ in range(100):
            inspector = (await http.get(f"{slack.emulator}/?tab=views")).text
            if 'badge-requested">modal' in inspector:
                break
        assert 'badge-requested">modal' in inspector
    kept = b"".join(file.read_bytes() for file in installing.desk.folder.glob("*.sqlite*"))
    assert b"xoxb-" not in kept and BOT_TOKEN.encode() not in kept
