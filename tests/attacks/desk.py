"""Starts `trim-bot serve` as an administrator does, and gives each attacker a browser and a terminal."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.attacks.pages import Browser, Page

MONDAY = datetime(2027, 2, 1, 10, 0, tzinfo=UTC)
"""A working morning, with no public holiday in the five weeks after it. Business time is moved here first."""
TRAINED_ON = "2026-11-02"
LONGEST_SECONDS = 60

_ONE_BY_ONE = """\
import json, runpy, sys
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["trim-bot", *arguments]
    try:
        runpy.run_module("trim_bot", run_name="__main__")
    except SystemExit as ended:
        if ended.code:
            raise
"""

SITE = """\
name = "Acme"
slug = "acme"
zone = "Europe/London"
country = "GB"
region = "ENG"
notice = "uk-1"

[hours]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]
"""

ROLES = {
    "ada": ("administrator",),
    "quinn": ("coordinator",),
    "lena": ("practitioner", "lead"),
    "dora": ("practitioner", "deputy"),
    "priya": ("practitioner",),
    "peter": ("practitioner",),
}
STAFF = ("nurse", "driver", "porter")


@dataclass
class Desk:
    """A desk that listens on loopback, on SQLite files in one folder."""

    folder: Path
    port: int
    now: datetime = MONDAY
    _browsers: list[Browser] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The settings of every process of this desk."""
        return _environment(self.folder, self.port)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str, code: int | None = 0) -> str:
        """Run `trim-bot` beside it; what it printed. `code` None takes any ending."""
        done = subprocess.run(
            [sys.executable, "-m", "trim_bot", *arguments],
            env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=LONGEST_SECONDS,
            check=False,
        )  # fmt: skip
        assert code is None or done.returncode == code, (arguments, done.returncode, done.stderr)
        return done.stdout + done.stderr

    def commands(self, *all_of: Sequence[str]) -> None:
        """Run several, one after the other, in one process: most of the time of each is spent in starting."""
        done = subprocess.run(
            [sys.executable, "-c", _ONE_BY_ONE, json.dumps(all_of)],
            env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=2 * LONGEST_SECONDS,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def browser(self, name: str = "") -> Browser:
        """Somebody's browser; without a name, a stranger's."""
        made = Browser(self.url, name)
        self._browsers.append(made)
        return made

    def to(self, when: datetime) -> None:
        """Move business time, and let everything that is due happen."""
        answer = httpx.post(
            f"{self.url}/practice/clock", json={"to": when.isoformat()}, timeout=LONGEST_SECONDS
        )
        assert answer.status_code == 200, answer.status_code
        self.now = when

    def wait(self, **by: float) -> None:
        """Let business time go by."""
        self.to(self.now + timedelta(**by))

    def start(self) -> None:
        """Serve, and wait until it is ready."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trim_bot", "serve", "--port", str(self.port)],
            env=self.environment, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _wait_for(self.url, self._process)

    def stop(self) -> None:
        """Serve no more, as an administrator stops it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(LONGEST_SECONDS)
            self._process = None

    def close(self) -> None:
        """Give the browsers back."""
        for one in self._browsers:
            one.close()


def settle(folder: Path, site: str = SITE) -> Path:
    """Make the files of a desk that knows the people above: keyring, roles and site file, by command."""
    folder.mkdir(parents=True)
    desk = Desk(folder, 0)
    listed = "".join(
        f'\n[[staff]]\naddress = "web:{name}@acme.example"\nname = "{name.title()}"\n' for name in STAFF
    )
    (folder / "site.toml").write_text(site + listed)
    desk.commands(
        ("keys", "new", str(folder / "keyring.json")),
        ("migrate",),
        *(
            ("members", "grant", role, f"web:{name}@acme.example", "--name", name.title())
            for name, roles in ROLES.items()
            for role in roles
        ),
        ("site", "apply", str(folder / "site.toml")),
    )
    return folder


@contextmanager
def served(folder: Path, settled: Path) -> Iterator[Desk]:
    """A desk on a copy of settled files, with all who serve trained, on Monday morning."""
    shutil.copytree(settled, folder)
    with running(folder) as desk:
        # Whenever the clock looked first, it has looked by now: from here on every desk has the same past.
        desk.to(datetime.now(UTC) + timedelta(minutes=1))
        desk.to(MONDAY)
        for name, roles in ROLES.items():
            if "practitioner" in roles:
                train(desk.browser("quinn"), name)
        yield desk


@contextmanager
def running(folder: Path) -> Iterator[Desk]:
    """A desk on the files in a folder, as they are."""
    desk = Desk(folder, _free_port())
    try:
        desk.start()
        yield desk
    finally:
        desk.close()
        desk.stop()


def person(keeper: Browser, name: str) -> Page:
    """The roster's form for one person."""
    return keeper.form("team").press(f"Training and roles of {name.title()}")


def train(keeper: Browser, name: str, on: str = TRAINED_ON, until: str = "2028-11-02") -> Page:
    """Record training, as a coordinator does."""
    return person(keeper, name).send(provider="Trainer", trained_on=on, expires_on=until)


def end_role(keeper: Browser, name: str, role: str) -> Page:
    """End a role in the roster."""
    return person(keeper, name).press("End a role").send(change=role)


def give_role(keeper: Browser, name: str, role: str) -> Page:
    """Give a role in the roster."""
    return keeper.form("team").press("Add somebody").send(person=f"web:{name}@acme.example", role=role)


def log_event(desk: Desk, by: str, exposed: str) -> None:
    """A practitioner logs an event of this morning, and will hold the talk."""
    form = desk.browser(by).form("log")
    form.send(
        kind="threat_or_violence", ended_on=desk.now.date().isoformat(), ended_at="08:00",
        direct=[f"web:{exposed}@acme.example"], mine=True,
    )  # fmt: skip
    desk.wait(minutes=1)


def answer_offer(desk: Desk, name: str, answer: str) -> Page:
    """Answer the offer that waits: `offer_yes`, `offer_later` or `offer_no`."""
    return opened(desk.browser(name)).press(answer)


def opened(browser: Browser) -> Page:
    """Press Open on somebody's newest message."""
    return browser.get(f"/f/open?t={browser.messages()[-1]['open']}")


def differences(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    """What somebody saw in one world and not in the other; nothing, where the worlds cannot be told apart."""
    assert len(one) == len(other)
    return [(seen, unseen) for seen, unseen in zip(one, other, strict=True) if seen != unseen]


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    stores = {"DATABASE_URL": "data", "KEYSTORE_URL": "keys", "LEDGER_URL": "ledger"}
    return kept | {
        **{name: f"sqlite:///{folder / file}.sqlite" for name, file in stores.items()},
        "HELP_FILE": str(folder / "help.json"),
        "TRIM_BOT_KEYRING": f"file:{folder / 'keyring.json'}",
        "TRIM_BOT_ENV": "test",
        "TRIM_BOT_CLOCK": "manual",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "METRICS_TOKEN": "loopback-metrics-token-for-tests-only",
        "PYTHONPATH": os.getcwd(),
        "PYTHONWARNINGS": "ignore",
    }


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the desk ended by itself"
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        # The process has no other way to tell another program that it listens.
        time.sleep(0.1)
    raise AssertionError("the desk never became ready")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
