"""Follows the guide for systemd until a desk is served, for what is then put before it or done with it."""

from __future__ import annotations

import json

from tests.architecture.tree import ROOT
from tests.deploy.followed.machine import Machine
from tests.deploy.guides import commands
from tests.deploy.steps import step

SOURCE = "/usr/local/src/trim-bot"
SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
CLONE = f"git clone THIS-REPOSITORY {SOURCE} && cd {SOURCE}"
LEFT_OUT = (".venv", ".git", ".build", ".peers", ".audit", "dist")


def follow(linux: Machine, guide: str, heading: str, *, network: bool = False) -> str:
    """Type what a guide says under a heading, in the folder of the clone; what was printed."""
    with step(f"{guide}.md", heading):
        return linux.run(commands(guide, heading), network=network, folder=SOURCE).stdout


def clone(linux: Machine) -> None:
    """A copy of this folder, in place of a clone."""
    out = " ".join(f"--exclude=./{name}" for name in LEFT_OUT)
    linux.run(f"mkdir -p {SOURCE} && tar -C {ROOT} {out} -cf - . | tar -C {SOURCE} --no-same-owner -xf -")


def install(linux: Machine) -> None:
    """Steps 1 to 3 of the guide."""
    clone(linux)
    typed = commands("systemd", "1. The program")
    assert CLONE in typed
    with step("systemd.md", "1. The program"):
        linux.run(typed.replace(CLONE, f"cd {SOURCE}"), network=True)
    follow(linux, "systemd", "2. The account and its folders")
    follow(linux, "systemd", "3. The environment and the keyring")
    # What an administrator puts in by hand.
    linux.run(f"echo SLACK_SIGNING_SECRET={SIGNING_SECRET} >> /etc/trim-bot/environment")
    linux.run("echo SLACK_BOT_TOKEN=xoxb-none >> /etc/trim-bot/environment")


def settle_on_sqlite(linux: Machine) -> None:
    """The whole guide, until the desk is open."""
    install(linux)
    follow(linux, "systemd", "4. The databases")
    follow(linux, "systemd", "5. The first people")
    assert "ok   database" in follow(linux, "systemd", "6. The units")
    must_be_open(linux)


def must_be_open(linux: Machine) -> None:
    """The desk is open, or will be soon."""
    asked = (
        "curl -s --retry 120 --retry-all-errors --retry-delay 1 -o /srv/ready http://127.0.0.1:8000/readyz"
    )
    said = linux.run(f"{asked}; cat /srv/ready").stdout
    log = linux.run("journalctl --no-pager --lines=30", check=False).stdout
    assert json.loads(said)["ready"] is True, f"{said}\n{log}"
