"""Where the desk may listen, that one desk alone serves its files, and what a server's log may not show."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.operating.conftest import Place
from tests.e2e.served import RETRIES, free_port
from tests.e2e.workplace import LONGEST_SECONDS
from trim_bot.cli import serve

PERSON = "web:someone@example.org"


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the desk would have listened."""
    hosts: list[str] = []

    @contextmanager
    def listen(host: str, _port: int) -> Iterator[list[socket.socket]]:
        hosts.append(host)
        yield []

    monkeypatch.setattr(serve, "listening", listen)
    monkeypatch.setattr(serve, "run_server", lambda _desktop, _sockets: None)
    return hosts


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "", "desk.example.org"])  # noqa: S104
def test_in_production_others_reach_the_desk_by_https_alone(
    place: Place, listening: list[str], host: str
) -> None:
    place.set(TRIM_BOT_ENV="production")
    assert "PUBLIC_URL" in place.run("serve", "--host", host, code=2)
    assert listening == []
    place.set(PUBLIC_URL="https://peer.example.org")
    place.run("serve", "--host", host)
    assert listening == [host]


def test_this_machine_alone_needs_no_public_address(place: Place, listening: list[str]) -> None:
    place.set(TRIM_BOT_ENV="production")
    for host in ("127.0.0.1", "::1", "localhost"):
        place.run("serve", "--host", host)
    assert listening == ["127.0.0.1", "::1", "localhost"]


def test_a_clock_moved_by_hand_serves_this_machine_alone(place: Place, listening: list[str]) -> None:
    place.set(TRIM_BOT_CLOCK="manual", PUBLIC_URL="https://peer.example.org")
    place.run("serve", "--host", "0.0.0.0", code=2)  # noqa: S104
    place.run("serve")
    assert listening == ["127.0.0.1"]


def test_practice_data_and_real_data_are_never_mixed(place: Place) -> None:
    place.set(TRIM_BOT_CLOCK="manual")
    place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")
    place.set(TRIM_BOT_CLOCK="real", TRIM_BOT_ENV="production")
    assert "kept apart" in place.run("members", "list", code=3)
    here = f"sqlite:///{place.folder}"
    place.set(DATABASE_URL=f"{here}/real.db", KEYSTORE_URL=f"{here}/real-keys.db")
    place.run("migrate")
    refused = place.run("members", "grant", "coordinator", PERSON, "--name", "Sam", code=3)
    assert "erasure ledger" in refused
    place.set(LEDGER_URL=f"{here}/real-ledger.db", ANCHOR_URL=f"file:{place.folder}/real.anchor")
    place.run("members", "grant", "coordinator", PERSON, "--name", "Sam")
    place.set(TRIM_BOT_CLOCK="manual", TRIM_BOT_ENV="test")
    assert "kept apart" in place.run("members", "list", code=3)


def test_a_second_desk_on_the_same_files_is_refused(place: Place, listening: list[str]) -> None:
    place.run("serve")
    with (place.folder / "data.db.lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert "Another desk" in place.run("serve", code=3)
    place.run("serve")
    assert len(listening) == 2


def test_the_platforms_port_and_address_are_listened_at() -> None:
    procfile = (Path(__file__).parents[3] / "Procfile").read_text(encoding="utf-8")
    assert "web: trim-bot serve --host 0.0.0.0 --port $PORT\n" in procfile


@pytest.fixture
def server(place: Place) -> Iterator[tuple[str, Callable[[], str]]]:
    """The application under a strange server as it is by default: its address, and how to end it for its log."""
    lines: list[str] = []
    heard = threading.Event()
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "trim_bot.bootstrap:app", "--port", str(port)],
        env=os.environ | {"PYTHONUNBUFFERED": "1", "TRIM_BOT_CLOCK": "real"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        out = process.stdout

        def read() -> None:
            for line in out:
                lines.append(line)
                if "trim_bot open" in line:
                    heard.set()
            heard.set()

        reading = threading.Thread(target=read)
        reading.start()

        def end() -> str:
            process.terminate()
            reading.join()
            return "".join(lines)

        try:
            assert heard.wait(LONGEST_SECONDS), "the server never began"
            yield f"http://127.0.0.1:{port}", end
        finally:
            end()


def test_a_strange_servers_log_shows_no_address(server: tuple[str, Callable[[], str]]) -> None:
    address, end = server
    # It says that it is open a moment before it listens.
    transport = httpx.HTTPTransport(retries=RETRIES)
    with httpx.Client(base_url=address, timeout=LONGEST_SECONDS, transport=transport) as client:
        assert client.get("/sign-in", params={"k": "CANARY"}).status_code == 200
        assert client.get("/healthz", params={"k": "CANARY"}).status_code == 200
    log = end()
    assert "trim_bot open" in log
    assert "CANARY" not in log


def test_a_port_that_is_taken_is_said_and_the_way_out(place: Place) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for command in ("serve", "demo"):
            said = place.run(command, "--port", str(port), code=3)
            assert said == f"Port {port} is taken by another program. Stop it, or give --port.\n"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "This account may not listen at port 80. Give --port with a number above 1023"),
        (errno.EADDRNOTAVAIL, "203.0.113.7 is not an address of this machine. Leave out --host"),
    ],
)
def test_a_port_or_host_that_is_not_ours(
    place: Place, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(_self: socket.socket, _place: object) -> None:
        raise OSError(number, "as the system says it")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    place.set(PUBLIC_URL="https://peer.example.org")
    assert words in place.run("serve", "--host", "203.0.113.7", "--port", "80", code=3)
