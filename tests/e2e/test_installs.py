"""Slack workspaces are added by their own administrators, each to an organisation of its own, and let go again."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.adapters.slack_app.many_slack import APP_TOKEN, CLIENT_SECRET, ManySlack, many_running
from tests.e2e.deployment import ORIGIN, Stores
from tests.e2e.many import Many, kept_bytes, many_workspaces
from tests.e2e.operating.conftest import Place, bare_place, made_stores, place
from trim_bot.app.installations.keeping import ADDED, REMOVED
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Message
from trim_bot.diagnosis.examination import examine
from trim_bot.domain.chat_workspaces import ChatWorkspace, Installation
from trim_bot.domain.errors import TryLater, Undeliverable
from trim_bot.domain.people import Address, Platform

__all__ = ["bare_place", "made_stores", "place"]
pytestmark = pytest.mark.anyio


@pytest.fixture
async def slack() -> AsyncIterator[ManySlack]:
    async with many_running() as running:
        yield running


@pytest.fixture
async def many(
    slack: ManySlack, stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Many]:
    async with many_workspaces(monkeypatch, stores, tmp_path, slack) as made:
        yield made


async def installation(many: Many, team: str) -> Installation | None:
    organisation = await many.organisation(team)
    assert many.desktop.running is not None
    store = many.desktop.running.deployment.store
    if organisation is None:
        return None
    return await store.read(organisation, lambda tx: tx.get(Installation, f"slack:{team}"))


async def test_two_workspaces_get_an_organisation_each(many: Many) -> None:
    for team in ("TA", "TB"):
        page = await many.add(team)
        assert page.status_code == 200
        assert "Peer Support is added" in page.text
        assert "marker" not in page.text
    first, second = await many.organisation("TA"), await many.organisation("TB")
    assert first is not None and second is not None and first != second
    assert [row.what for row in await many.journal("TA")] == ["found", ADDED]
    assert (await many.command("TA", "U1", "/support"))["callback_id"] == "support"
    assert (await many.command("TB", "U1", "/support"))["callback_id"] == "support"


async def test_a_stranger_never_joins_an_organisation_that_was_here_first(many: Many) -> None:
    assert many.desktop.running is not None
    founder = many.desktop.running.deployment.founder
    ours = await founder.found("acme", ChatWorkspace.parse("teams:tenant"))
    squatter = await founder.found("slack-tb")
    for team in ("TA", "TB"):
        await many.add(team)
        assert await many.organisation(team) not in (None, ours.id, squatter.id)


async def test_the_pages_keep_the_look_and_the_policy(many: Many) -> None:
    page = await many.http.get("/slack/install")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert '<link rel="stylesheet"' in page.text
    assert 'href="/help-now"' in page.text
    cookie = next(value for value in page.headers.get_list("set-cookie") if "slack-install" in value)
    assert (
        "httponly" in cookie.lower() and "samesite=lax" in cookie.lower() and "max-age=600" in cookie.lower()
    )


async def test_the_way_back_belongs_to_one_browser_and_one_use(many: Many) -> None:
    back = many.slack.allow(await many.begin(), "TA").removeprefix(ORIGIN)
    transport = many.http._transport
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as another:
        assert (await another.get(back)).status_code == 400
        await many.begin(another)
        assert (await another.get(back)).status_code == 400
    for wrong in (back.replace("state=", "state=x"), back + "&state=x", back.partition("&state")[0]):
        assert (await many.http.get(wrong)).status_code == 400
    assert await many.organisation("TA") is None


async def test_each_state_is_used_once(many: Many) -> None:
    back = many.slack.allow(await many.begin(), "TA").removeprefix(ORIGIN)
    assert (await many.http.get(back)).status_code == 200
    again = await many.http.get(back)
    assert again.status_code == 400
    assert "Please begin again" in again.text


async def test_a_copied_cookie_opens_no_second_way_back(many: Many) -> None:
    """The browser was told to take the cookie away; whoever kept it sends it again, with another workspace's yes."""
    to_slack = await many.begin()
    held = dict(many.http.cookies)
    assert (await many.http.get(many.slack.allow(to_slack, "TA").removeprefix(ORIGIN))).status_code == 200
    again = many.slack.allow(to_slack, "TB").removeprefix(ORIGIN)
    many.http.cookies.update(held)
    assert (await many.http.get(again)).status_code == 400
    assert await many.organisation("TB") is None


async def test_one_network_cannot_come_back_without_end(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "integrations.web.rate_limit.RateLimit.too_often", lambda limit, address: address == "203.0.113.9"
    )
    back = many.slack.allow(await many.begin(), "TA").removeprefix(ORIGIN)
    refused = await many.http.get(back, headers={"x-forwarded-for": "203.0.113.9"})
    assert refused.status_code == 429 and "Please wait a while" in refused.text
    assert await many.organisation("TA") is None


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("error=access_denied", 200, "Nothing was added"),
        ("error=server_error", 400, "Nothing was added"),
        ("code=", 400, "Nothing was added"),
        ("code=%00%ff", 400, "Nothing was added"),
        ("code=" + "x" * 501, 400, "Nothing was added"),
        ("code=never-given", 400, "Please begin again"),
    ],
)
async def test_what_comes_back_wrong_adds_nothing(many: Many, query: str, status: int, says: str) -> None:
    state = (await many.begin()).partition("state=")[2]
    page = await many.http.get(f"/slack/oauth_redirect?{query}&state={state}")
    assert page.status_code == status
    assert says in page.text
    assert many.desktop.running is not None
    assert await many.desktop.running.deployment.store.organisations() == []


async def test_a_whole_enterprise_is_refused_and_its_token_given_back(many: Many) -> None:
    many.slack.enterprise = True
    page = await many.add("TA")
    assert page.status_code == 400
    assert "Please choose one workspace" in page.text
    assert await many.organisation("TA") is None
    assert len(many.slack.revoked) == 1
    assert many.slack.good_tokens("TA") == []


async def test_while_slack_is_down_nothing_is_added(many: Many) -> None:
    back = many.slack.allow(await many.begin(), "TA").removeprefix(ORIGIN)
    many.slack.down = True
    assert (await many.http.get(back)).status_code == 503
    assert await many.organisation("TA") is None


async def test_adding_again_replaces_the_token_and_its_key(many: Many) -> None:
    await many.add("TA")
    first, organisation = await installation(many, "TA"), await many.organisation("TA")
    await many.add("TA")
    second = await installation(many, "TA")
    assert first is not None and second is not None
    assert second.token != first.token and second.key_id != first.key_id
    assert await many.organisation("TA") == organisation
    assert many.desktop.running is not None
    assert many.desktop.running.deployment.key_store.get([first.key_id]) == {}
    many.slack._tokens.pop(first.token)
    assert (await many.command("TA", "U1", "/support"))["callback_id"] == "support"


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_taking_the_app_out_destroys_the_token(many: Many, kind: str) -> None:
    await many.add("TA")
    await many.add("TB")
    held = await installation(many, "TA")
    organisation = await many.organisation("TA")
    assert held is not None and organisation is not None
    assert many.desktop.running is not None
    deployment = many.desktop.running.deployment
    assert (await many.event(kind, "TA")).status_code == 200
    assert await many.organisation("TA") is None
    assert await deployment.store.read(organisation, lambda tx: tx.find(Installation)) == []
    assert deployment.key_store.get([held.key_id]) == {}
    assert [row.what for row in await deployment.store.journal_entries(organisation, 0, 9)][-1] == REMOVED
    assert (await many.event("app_home_opened", "TA")).status_code in (400, 403)
    assert (await many.post(_command("TA"))).status_code == 403
    assert (await many.command("TB", "U1", "/support"))["callback_id"] == "support"
    await many.add("TA")
    assert await many.organisation("TA") == organisation, "it comes back to what is its own"


def _command(team: str) -> bytes:
    return f"command=%2Fsupport&team_id={team}&user_id=U1&text=&trigger_id=1".encode()


async def test_an_old_notice_does_not_end_a_newer_installation(many: Many) -> None:
    await many.add("TA")
    before = int((datetime.now(UTC) - timedelta(minutes=1)).timestamp())
    assert (await many.event("app_uninstalled", "TA", event_time=before)).status_code == 200
    assert await installation(many, "TA") is not None
    later = int((datetime.now(UTC) + timedelta(minutes=1)).timestamp())
    assert (await many.event("app_uninstalled", "TA", event_time=later)).status_code == 200
    assert await many.organisation("TA") is None


async def test_tokens_are_sealed_and_never_said(many: Many, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await many.add("TA")
    held = await installation(many, "TA")
    assert held is not None
    kept = kept_bytes(many.stores)
    assert b"slack:TA" in kept
    for secret in (held.token, CLIENT_SECRET):
        assert secret.encode() not in kept
        assert secret not in caplog.text
        assert secret not in repr(held)
        assert secret not in repr(many.desktop.running)


async def test_a_token_slack_does_not_take_loses_no_message(many: Many) -> None:
    await many.add("TA")
    await many.add("TB")
    assert many.desktop.running is not None and many.desktop.running.slack is not None
    messenger = many.desktop.running.slack.messenger
    message = Message("a", "b")
    assert await messenger.send(Address(Platform.SLACK, "TA", "U1"), message, "")
    many.slack.end("TA")
    with pytest.raises(TryLater):
        await messenger.send(Address(Platform.SLACK, "TA", "U1"), message, "")
    assert await messenger.send(Address(Platform.SLACK, "TB", "U1"), message, "")
    with pytest.raises(Undeliverable):
        await messenger.send(Address(Platform.SLACK, "TC", "U1"), message, "")
    await many.add("TA")
    assert await messenger.send(Address(Platform.SLACK, "TA", "U1"), message, "")


async def test_with_one_token_there_is_no_install_page(
    slack: ManySlack, stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"SLACK_CLIENT_ID": "", "SLACK_CLIENT_SECRET": "", "SLACK_BOT_TOKEN": "xoxb-one"}
    async with many_workspaces(monkeypatch, stores, tmp_path, slack, **more) as made:
        assert (await made.http.get("/slack/install")).status_code == 404
        assert (await made.http.get("/slack/oauth_redirect")).status_code == 404


async def test_a_workspace_that_was_promised_to_an_organisation_joins_it(
    slack: ManySlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    said = await asyncio.to_thread(
        place.run,
        "site",
        "apply",
        place.site_file(),
        "--workspace",
        "slack:TA",
        "--workspace",
        "teams:tenant",
    )
    assert "example-transport" in said
    for wrong in ("TA", "web:x", "slack:", "slack:TA:U1"):
        await asyncio.to_thread(place.run, "site", "apply", place.site_file(), "--workspace", wrong, code=2)
    stores = place_stores(place)
    (tmp_path / "desk.key").rename(tmp_path / "keyring.json")
    async with many_workspaces(monkeypatch, stores, tmp_path, slack) as made:
        assert (await made.post(_command("TA"))).status_code == 403, "nothing is added yet"
        await made.add("TA")
        await made.add("TB")
        assert made.desktop.running is not None
        every = await made.desktop.running.deployment.store.organisations()
        assert sorted([place.text for place in one.workspaces] for one in every) == [
            ["slack:TA", "teams:tenant"],
            ["slack:TB"],
        ]


async def test_the_doctor_tells_of_every_workspace(many: Many) -> None:
    assert "warn slack No workspace has been added yet" in await told()
    await many.add("TA")
    assert "ok slack 1 workspace(s) have been added." in await told()
    organisation = await many.organisation("TA")
    assert many.desktop.running is not None and organisation is not None

    def lose(tx: Tx) -> None:
        one = tx.get(Installation, "slack:TA")
        assert one is not None
        tx.save(replace(one, expires_at=datetime.now(UTC)))

    await many.desktop.running.deployment.store.write(organisation, lose)
    said = await told()
    assert "fail slack The token of 1 workspace(s) cannot be renewed" in said
    assert "ok clocks This machine's clock agrees with Slack." in said, "also where no token is asked about"
    many.slack.down = True
    assert re.search("fail slack Slack at .* answers that it is not well", await told())


async def test_the_workspace_that_refuses_is_found_and_named_in_a_quiet_night(many: Many) -> None:
    await many.add("TA")
    await many.add("TB")
    running = many.desktop.running
    assert running is not None and running.slack is not None
    many.slack.end("TB")
    for _ in range(2):
        with suppress(TryLater):
            await running.slack.look()
    assert [(one.cause, one.look_at) for one in running.outages.now()] == [("refused", "slack:TB")]
    said = await told()
    assert re.search("fail slack .*slack:TB", said)
    assert "slack:TA" not in said


async def told() -> str:
    return "\n".join(f"{one.grade.value} {one.name} {one.text}" for one in await examine())


async def test_by_socket_alone_the_desk_needs_no_address_at_slack(
    slack: ManySlack, stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": APP_TOKEN}
    async with many_workspaces(monkeypatch, stores, tmp_path, slack, **more) as made:
        await made.add("TA")
        assert (await made.post(_command("TA"))).status_code in (404, 405)
        await slack.until(lambda: slack.sockets)
        payload = {"command": "/support", "team_id": "TA", "user_id": "U1", "trigger_id": "1.a"}
        envelope = {"type": "slash_commands", "envelope_id": "e-1", "payload": payload}
        await slack.sockets[0].send_json(envelope)
        shown = await slack.until(lambda: slack.called("TA", "views.open"))
        assert shown[0]["view"]["callback_id"] == "support"
        await slack.until(lambda: {"envelope_id": "e-1"} in slack.acks)
        assert "ok slack Slack opens a socket" in await told()
    await slack.until(lambda: slack.sockets[0].closed)


async def test_an_installation_outlives_a_backup_and_a_rotation(
    slack: ManySlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    stores = place_stores(place)
    async with many_workspaces(monkeypatch, stores, tmp_path, slack) as made:
        await made.add("TA")
    place.set(TRIM_BOT_KEYRING=f"file:{tmp_path / 'keyring.json'}")
    await asyncio.to_thread(place.run, "keys", "rotate", "--retire", "--yes")
    await asyncio.to_thread(place.run, "backup", "kept")
    again = Stores(
        f"sqlite:///{tmp_path / 'again.db'}", f"sqlite:///{tmp_path / 'again-keys.db'}", stores.ledger
    )
    place.set(DATABASE_URL=again.data, KEYSTORE_URL=again.keys)
    await asyncio.to_thread(place.run, "restore", "kept", "--yes")
    async with many_workspaces(monkeypatch, again, tmp_path, slack) as made:
        assert (await made.command("TA", "U1", "/support"))["callback_id"] == "support"


def place_stores(place: Place) -> Stores:
    """Where the commands of a place keep things."""
    settings = place.settings()
    return Stores(
        settings.database_url.get_secret_value(),
        settings.keystore_url.get_secret_value(),
        settings.ledger_url.get_secret_value(),
    )
