"""The guide for a Linux machine, typed as it stands: on SQLite, and on PostgreSQL."""

from __future__ import annotations

import re

from tests.deploy.followed.machine import Machine
from tests.deploy.followed.postgres import start_postgres
from tests.deploy.followed.settling import SOURCE, follow, install, must_be_open
from tests.deploy.guides import GUIDES, blocks, commands
from tests.deploy.steps import step

GUIDE = "systemd"


def test_on_sqlite(desk: Machine) -> None:
    backups = follow(desk, GUIDE, "7. Backups")
    assert len(re.findall(r"^\d{8}T\d{6}Z$", backups, re.MULTILINE)) == 2
    assert "trim_bot_ledger.db" in backups
    # A variable of the shell is handed on, and nothing of it is left.
    desk.run(
        "export COPY_URL=sqlite:////var/backups/trim-bot/copy.db; trim-bot ledger copy env:COPY_URL; "
        "test -s /var/backups/trim-bot/copy.db; ! ls /run/trim-bot.*"
    )
    # The rehearsal went well, and nothing of its copies is left.
    assert "Finished trim-bot-drill.service" in backups
    assert desk.run("ls -d /run/trim-bot-drill 2>/dev/null | grep -i drill || true").stdout == ""
    # What belongs to whom, and what the desk may write.
    kept = desk.run(
        "stat -c '%a %U:%G %n' /etc/trim-bot/environment /etc/trim-bot/keyring/* /var/lib/trim-bot/data.db"
    )
    assert kept.stdout.splitlines() == [
        "640 root:trim-bot /etc/trim-bot/environment",
        "600 trim-bot:trim-bot /etc/trim-bot/keyring/trim_bot.key",
        "600 trim-bot:trim-bot /var/lib/trim-bot/data.db",
    ]
    assert desk.run("find /opt/trim-bot ! -user root -print -quit").stdout == ""
    must_be_open(desk)
    restarted(desk)
    keyring_of_root(desk)
    follow(desk, GUIDE, "A new version", network=True)
    must_be_open(desk)


def restarted(linux: Machine) -> None:
    """A crash is mended, nonsense and another desk are not tried again."""
    with step(f"{GUIDE}.md", "How the units behave"):
        linux.run("systemctl kill --signal=KILL trim-bot-web.service; sleep 6")
        must_be_open(linux)
        assert linux.run("systemctl show -P NRestarts trim-bot-web.service").stdout.strip() == "1"
        linux.run("sed -i 's/^PUBLIC_URL=https:/PUBLIC_URL=http:/' /etc/trim-bot/environment")
        linux.run("systemctl restart trim-bot-web.service; sleep 7")
        # Help is shown whatever the environment says, and the desk says what is wrong with it.
        assert '"settings"' in linux.run("curl -s http://127.0.0.1:8000/readyz").stdout
        assert "PUBLIC_URL must be https" in linux.run("journalctl -u trim-bot-web --no-pager").stdout
        linux.run("sed -i 's/^PUBLIC_URL=http:/PUBLIC_URL=https:/' /etc/trim-bot/environment")
        linux.run("systemctl stop trim-bot-web.service; echo TRIM_BOT_ENV=prod >> /etc/trim-bot/environment")
        linux.run("systemctl start trim-bot-web.service || true; sleep 7")
        shown = linux.run(
            "systemctl show --property=ExecMainStatus,NRestarts,ActiveState trim-bot-web.service"
        ).stdout
        assert set(shown.split()) == {"ExecMainStatus=2", "NRestarts=0", "ActiveState=failed"}
        linux.run("sed -i '/^TRIM_BOT_ENV=prod$/d' /etc/trim-bot/environment")
        linux.run("systemctl reset-failed trim-bot-web.service; systemctl start trim-bot-web.service")
        must_be_open(linux)
        twice = linux.run("trim-bot serve --port 8001", check=False)
        assert twice.returncode == 3


def keyring_of_root(linux: Machine) -> None:
    """Systemd puts the keyring into memory, and the account cannot read its file."""
    said = next(one for one in _ini() if "ExecStartPre" in one)
    linux.run(
        "mkdir -p /etc/systemd/system/trim-bot-web.service.d\n"
        f"cat > /etc/systemd/system/trim-bot-web.service.d/keyring.conf <<'UNIT'\n{said}UNIT\n"
        "chown root:root /etc/trim-bot/keyring/trim_bot.key\n"
        "sed -i.whole '/^TRIM_BOT_KEYRING=/d' /etc/trim-bot/environment\n"
        "systemctl daemon-reload; systemctl restart trim-bot-web.service"
    )
    must_be_open(linux)
    linux.run(
        "rm -r /etc/systemd/system/trim-bot-web.service.d\n"
        "mv /etc/trim-bot/environment.whole /etc/trim-bot/environment\n"
        "chgrp trim-bot /etc/trim-bot/environment; chown trim-bot:trim-bot /etc/trim-bot/keyring/trim_bot.key\n"
        "systemctl daemon-reload; systemctl restart trim-bot-web.service"
    )


def _ini() -> list[str]:
    return [one.text for one in blocks(GUIDES / f"{GUIDE}.md") if one.language == "ini"]


def test_on_postgresql(linux: Machine) -> None:
    start_postgres(linux)
    install(linux)
    both = commands(GUIDE, "PostgreSQL")
    first, _, last = both.partition("systemctl enable")
    with step(f"{GUIDE}.md", "PostgreSQL"):
        linux.run(first, folder=SOURCE)
    follow(linux, GUIDE, "5. The first people")
    said = follow(linux, GUIDE, "6. The units")
    assert "ok   logins" in said
    linux.run(f"systemctl enable{last}")
    must_be_open(linux)
    follow(linux, GUIDE, "7. Backups")
    # It needs the login of the owner, which the wrapper gives it.
    linux.run("trim-bot retention run")
    assert linux.run("stat -c '%a %U' /etc/trim-bot/owner").stdout.strip() == "600 root"
    with step(f"{GUIDE}.md", "PostgreSQL goes away and comes back"):
        linux.run("pg_stop; sleep 1; systemctl restart trim-bot-worker.service; sleep 3; pg_begin; sleep 20")
        assert linux.run("systemctl is-active trim-bot-worker.service").stdout.strip() == "active"
        must_be_open(linux)
