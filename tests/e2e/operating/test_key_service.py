"""The keyring of a desk in a key service: served, rotated, moved there, and help alone while the service is away."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.e2e.operating.conftest import Place
from tests.key_service import TOKEN, key_service
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.bootstrap.serving import Desktop

pytestmark = pytest.mark.anyio
PERSON = "web:someone@example.org"


def _moved(place: Place, address: str) -> None:
    """As whoever takes a keyring from its file into the service does it."""
    place.set(VAULT_TOKEN=TOKEN)
    place.run("keys", "copy", address)
    (place.folder / "desk.key").unlink()
    place.set(TRIM_BOT_KEYRING=address)


async def test_help_alone_is_shown_until_the_service_answers(place: Place) -> None:
    with key_service() as service:
        address, port, key = service.address(place.folder / "ring.wrapped"), service.port, service.key
        await asyncio.to_thread(place.run, "members", "grant", "coordinator", PERSON, "--name", "Sam")
        await asyncio.to_thread(_moved, place, address)
    desktop = Desktop(place.settings())
    assert not await desktop.try_to_open()
    assert desktop.reason is NotReady.KEY_SERVICE_AWAY
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=desktop.app()), base_url="http://127.0.0.1:8000"
    ) as client:
        assert (await client.get("/help-now")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["code"]) == (503, "key_service_away")
    refused = await asyncio.to_thread(place.run, "members", "list", code=3)
    assert "key service does not answer" in refused
    with key_service(port, key) as service:
        service.status = 403
        refusing = Desktop(place.settings())
        assert not await refusing.try_to_open()
        assert refusing.reason is NotReady.KEY_SERVICE_REFUSED
        service.status = 200
        service.asked.clear()
        async with desktop.lifespan():
            assert desktop.running is not None
            assert service.asked == ["decrypt"]


def test_a_keyring_in_a_service_is_looked_at_and_rotated(place: Place) -> None:
    with key_service() as service:
        address = service.address(place.folder / "ring.wrapped")
        place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")
        before = place.json("keys", "status")
        assert before["kept"] == "file"
        _moved(place, address)
        told = place.json("keys", "status")
        assert (told["fingerprint"], told["belongs"], told["kept"]) == (
            before["fingerprint"],
            True,
            "key service",
        )
        assert place.json("keys", "rotate", "--yes")["master_keys"] == 2
        assert "Sam" in place.run("members", "list")
        place.run("keys", "rotate", "--retire", "--yes")
        assert place.json("keys", "status")["master_keys"] == 1
        back = place.folder / "back.key"
        place.run("keys", "copy", f"file:{back}")
        place.set(TRIM_BOT_KEYRING=f"file:{back}")
        assert "Sam" in place.run("members", "list")


def test_a_copy_goes_over_no_other_keyring(place: Place) -> None:
    place.run("keys", "new", "other.key")
    said = place.run("keys", "copy", f"file:{place.folder / 'other.key'}", code=3)
    assert "Another keyring" in said
    assert "env:" in place.run("keys", "copy", "env:NAME", code=3) + "env:"


def test_production_asks_for_https(place: Place) -> None:
    place.set(TRIM_BOT_ENV="production", TRIM_BOT_KEYRING="vault+http://vault.example.org/transit/key?file=x")
    assert "TRIM_BOT_KEYRING must be an https address in production" in place.run("keys", "status", code=2)
