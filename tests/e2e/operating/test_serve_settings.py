"""A fault in the environment closes the desk, names each variable, and never takes help away."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.e2e.operating.conftest import SITE, Place
from tests.e2e.operating.test_serve import help_is_one_tap_away, never, served, status
from trim_bot.bootstrap.serving import Desktop
from trim_bot.cli import serve
from trim_bot.settings.environment import KEYRING, Settings

pytestmark = pytest.mark.anyio
BAD = "zq9-planted:value"


@pytest.mark.parametrize(
    ("names", "at_fault"),
    [
        pytest.param({"ALERT_URLS": "hooks.example.org"}, "ALERT_URLS", id="a bad value"),
        pytest.param(
            {"DATABASE_URL": "", "KEYSTORE_URL": ""}, "DATABASE_URL KEYSTORE_URL", id="unset stores"
        ),
        pytest.param({"DATABASE_URL": "sqlite:///data.db"}, "DATABASE_URL", id="part of a path"),
        pytest.param({"PUBLIC_URL": "http://[desk"}, "PUBLIC_URL", id="an address that cannot be read"),
        pytest.param({KEYRING: "pasted", "GRAPH_URL": "x"}, f"{KEYRING} GRAPH_URL", id="with the keyring"),
        pytest.param({"TRIM_BOT_CLOCK": "manual"}, "TRIM_BOT_CLOCK", id="a clock moved by hand"),
    ],
)
async def test_help_is_there_whatever_is_wrong_with_the_environment(
    place: Place, caplog: pytest.LogCaptureFixture, names: dict[str, str], at_fault: str
) -> None:
    place.set(TRIM_BOT_ENV="production", **names)
    before = sorted(path.name for path in place.folder.iterdir())
    desktop = Desktop(place.settings(), pause=never)
    async with served(desktop) as client:
        assert await status(client, "/healthz", "/help-now", "/readyz", "/", "/metrics") == [
            200,
            200,
            503,
            503,
            404,
        ]
        await help_is_one_tap_away(client)
        assert (await client.get("/readyz")).json() == {"ready": False, "code": "settings"}
        await desktop.tell_closed()
    assert desktop.alerting.alerts[0].look_at == at_fault
    assert sorted(path.name for path in place.folder.iterdir()) == before
    assert f"closed settings {at_fault} " in caplog.text
    said = await asyncio.to_thread(place.run, "doctor", code=1)
    assert all(f"fail settings     {name} " in said for name in at_fault.split())
    assert (place.result("worker").exit_code, place.result("keys", "status").exit_code) == (2, 2)


async def test_no_variable_by_itself_keeps_help_away(place: Place) -> None:
    for name in sorted({field.upper() for field in Settings.model_fields} - {"TRIM_BOT_ENV"}):
        for value in (BAD, "http://["):
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("TRIM_BOT_ENV", "production")
                patch.setenv(name, value)
                pages = httpx.ASGITransport(app=Desktop(place.settings()).app())
                async with httpx.AsyncClient(transport=pages, base_url="http://desk") as client:
                    assert (await client.get("/help-now")).status_code == 200, (name, value)


def test_the_command_says_each_fault_and_listens(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Desktop] = []
    monkeypatch.setattr(serve, "run_server", lambda desktop, _sockets: ran.append(desktop))
    place.set(TRIM_BOT_ENV="production", DATABASE_URL="sqlite:///data.db", BACKUP_MAX_DAYS="weekly")
    said = place.run("serve", "--port", "18765")
    assert len(ran) == 1
    assert f"sqlite:///{place.folder / 'data.db'}" in said
    assert "BACKUP_MAX_DAYS must be" in said


@pytest.mark.parametrize(
    ("names", "host"),
    [
        ({"TRIM_BOT_ENV": "staging"}, "127.0.0.1"),
        ({"PUBLIC_URL": "http://peer.example.org"}, "0.0.0.0"),  # noqa: S104
        ({"ALERT_URLS": "hooks"}, "0.0.0.0"),  # noqa: S104
    ],
)
def test_what_it_needs_to_listen_still_ends_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, names: dict[str, str], host: str
) -> None:
    monkeypatch.setattr(serve, "run_server", lambda _desktop, _sockets: pytest.fail("it listens"))
    place.set(**{"TRIM_BOT_ENV": "production", **names})
    said = place.run("serve", "--host", host, "--port", "18765", code=2)
    assert "PUBLIC_URL" in said or "TRIM_BOT_ENV" in said


async def test_help_keeps_the_numbers_of_an_old_deployment_on_defaults(place: Place) -> None:
    place.set(DATABASE_URL="", KEYSTORE_URL="", LEDGER_URL="")
    numbers = '[[numbers]]\nlabel = "Our line"\nnumber = "01632 960002"\nsource = "poster"\n'
    await asyncio.to_thread(place.run, "migrate")
    site = place.site_file(SITE.replace("[hours]", f"{numbers}\n[hours]"))
    await asyncio.to_thread(place.run, "site", "apply", site)
    place.set(TRIM_BOT_ENV="production")
    settings = place.settings()
    assert {fault.name for fault in settings.faults} == {"DATABASE_URL", "KEYSTORE_URL", "LEDGER_URL"}
    async with served(Desktop(settings, pause=never)) as client:
        assert "01632 960002" in (await client.get("/help-now")).text
