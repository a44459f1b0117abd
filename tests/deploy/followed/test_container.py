"""The image made again without an engine, instruction by instruction, with the processes of the Compose file."""

from __future__ import annotations

import json
import re
import shlex

from tests.architecture.tree import ROOT
from tests.deploy.containerfile import Instruction, instructions
from tests.deploy.followed.machine import Machine
from tests.deploy.followed.postgres import start_postgres
from tests.deploy.followed.settling import SIGNING_SECRET, must_be_open
from tests.deploy.guides import commands
from tests.deploy.steps import step
from tests.deploy.test_container import COMPOSED, part, sent

GUIDE = "container"
CONTEXT = "/srv/context"
SECRETS = "/srv/secrets"
BOUND = (
    "--property=ProtectSystem=strict --property='ReadWritePaths=/var/lib/trim-bot /var/backups/trim-bot' "
    "--property=PrivateTmp=yes"
)
"""`read_only` and `tmpfs`, as systemd says them."""


class Image:
    """What the instructions came to so far. All stages share one machine, so one may find what another left."""

    def __init__(self, linux: Machine) -> None:
        self.linux = linux
        self.folder = "/"
        self.environment: dict[str, str] = {}
        self.user = ""
        self.entry: list[str] = []
        self.usual: list[str] = []
        self.health: list[str] = []

    def follow(self, one: Instruction) -> None:
        """Do what an instruction says."""
        match one.word:
            case "WORKDIR":
                self.folder = one.rest
                self.linux.run(f"mkdir -p {one.rest}")
            case "RUN":
                self.linux.run(one.rest, folder=self.folder, network=True)
            case "COPY":
                self._copy(one)
            case "ENV":
                self.environment |= dict(pair.split("=", 1) for pair in shlex.split(one.rest))
            case "USER":
                self.user = one.rest.partition(":")[0]
            case "ENTRYPOINT":
                self.entry = json.loads(one.rest)
            case "CMD":
                self.usual = json.loads(one.rest)
            case "HEALTHCHECK":
                self.health = json.loads(one.rest[one.rest.index("CMD ") + 4 :])
            case "ARG" | "FROM" | "LABEL" | "EXPOSE":
                pass

    def _copy(self, one: Instruction) -> None:
        source, target = one.rest.split()
        if "from" not in one.flags:
            source = f"{CONTEXT}/{source}"
        # A folder's contents go into the target, as an engine does it; of another stage they may lie there already.
        if source != target:
            inside = f"mkdir -p {target} && cp -a {source}/. {target}/"
            beside = f"mkdir -p $(dirname {target}) && cp -a {source} {target}"
            self.linux.run(f"if [ -d {source} ]; then {inside}; else {beside}; fi", folder=self.folder)
        if owner := one.flags.get("chown"):
            self.linux.run(
                f"chown -R {owner} {target}; chmod --reference={source} {target}", folder=self.folder
            )

    @property
    def _as_user(self) -> str:
        """`user`, `cap_drop` and `security_opt`. No account has this number, as in a container."""
        return (
            f"setpriv --reuid={self.user} --regid={self.user} --clear-groups "
            "--bounding-set=-all --inh-caps=-all --no-new-privs --"
        )

    def start(self, service: str, *, wait: bool) -> str:
        """Run a process of the Compose file as it says: read-only, without capabilities, as the image's user."""
        said = part(COMPOSED, "services", service)
        assert isinstance(said, dict) and said["read_only"] == "true"
        entry = _texts(said["entrypoint"]) if "entrypoint" in said else self.entry
        words = _texts(said["command"]) if "command" in said else self.usual
        options = [f"--property=EnvironmentFile=/srv/{file}" for file in _texts(said["env_file"])]
        options += [f"--setenv={key}={value}" for key, value in self.environment.items()]
        how = "--wait --pipe" if wait else f"--unit=desk-{service}"
        return self.linux.run(
            f"systemd-run --quiet --collect {how} --working-directory={self.folder} {BOUND} {shlex.join(options)} "
            f"-- {self._as_user} {shlex.join([*entry, *words])}"
        ).stdout

    def command(self, *words: str, login: str = "worker", check: bool = True) -> str:
        """A command, as `docker compose run` gives it."""
        files = " ".join(f"--property=EnvironmentFile={SECRETS}/{one}.env" for one in ("desk", login))
        files += "".join(f" --setenv={key}={value}" for key, value in self.environment.items())
        return self.linux.run(
            f"systemd-run --quiet --collect --wait --pipe --working-directory={self.folder} {files} {BOUND} "
            f"-- {self._as_user} {shlex.join([*self.entry, *words])}",
            check=check,
        ).stdout


def _texts(node: object) -> list[str]:
    assert isinstance(node, list)
    return [str(one) for one in node]


def settle(image: Image) -> None:
    """Secrets, databases and logins as the guide has them. The database is reached at this machine."""
    linux = image.linux
    secrets = commands(GUIDE, "2. The secrets")
    keyring = next(line for line in secrets.splitlines() if line.startswith("docker run"))
    made = secrets.replace(keyring, "/opt/trim-bot/bin/trim-bot keys new secrets/trim_bot.key")
    typed = made.replace("cd deploy/container\n", "").replace("@database:5432", "@127.0.0.1:5432")
    linux.run(f"cp {CONTEXT}/deploy/container/desk.env.example /srv/", folder="/srv")
    with step(f"{GUIDE}.md", "2. The secrets"):
        linux.run(typed, folder="/srv")
    linux.run(f"mkdir -p /run/secrets && cp -a {SECRETS}/trim_bot.key /run/secrets/keyring")
    linux.run(
        f"printf '%s\\n' SLACK_SIGNING_SECRET={SIGNING_SECRET} SLACK_BOT_TOKEN=xoxb-none >> {SECRETS}/desk.env"
    )
    with step(f"{GUIDE}.md", "3. The databases and their logins"):
        linux.run(
            "for name in data keys ledger; do runuser -u postgres -- createdb trim_bot_$name; done",
            folder="/srv",
        )
        linux.file("/srv/logins.sql").write_text(image.command("database", "roles", login="owner"))
        passwords = re.search(
            r"for login in owner web worker; do.*?done",
            commands(GUIDE, "3. The databases and their logins"),
            re.DOTALL,
        )
        assert passwords is not None
        psql = "runuser -u postgres -- psql --quiet --set ON_ERROR_STOP=1"
        linux.run(f"{psql} < logins.sql; {passwords[0]} | {psql}", folder="/srv")


def test_the_image_and_its_processes(linux: Machine) -> None:
    start_postgres(linux)
    tracked = [one for one in sorted(ROOT.iterdir()) if sent(one.name) and not one.name.startswith(".")]
    linux.run(f"mkdir -p {CONTEXT} /base && cp -a {' '.join(map(str, tracked))} {CONTEXT}/")
    # The Python of the base image, in which `pip` may install.
    linux.run(
        "python3 -m venv /base && printf '%s\\n' '#!/bin/sh' 'exec /base/bin/python \"$@\"' > /usr/local/bin/python"
    )
    linux.run("chmod 755 /usr/local/bin/python")
    image = Image(linux)
    with step(f"{GUIDE}.md", "1. The image, made again without an engine"):
        for one in instructions():
            image.follow(one)
    assert linux.run("test -e /opt/trim-bot/bin/pip || echo gone").stdout == "gone\n"
    settle(image)
    linux.run(f"rm -r {CONTEXT} /src /parts /wheel")
    with step(f"{GUIDE}.md", "4. The desk"):
        image.start("migrate", wait=True)
        image.command("members", "grant", "administrator", "web:someone@example.org", "--name", "Someone")
        image.start("web", wait=False)
        image.start("worker", wait=False)
        must_be_open(linux)
        assert "ok   logins" in image.command("doctor", check=False)
        linux.run(shlex.join(image.health))
    with step(f"{GUIDE}.md", "5. Backups"):
        image.start("backup", wait=True)
        kept = linux.run(
            "find /var/backups/trim-bot -name '*.gz' | xargs -n1 dirname | xargs -n1 dirname | sort"
        ).stdout
        assert kept.split() == ["/var/backups/trim-bot/data", "/var/backups/trim-bot/keys"]
        linux.run("test -s /var/backups/trim-bot/ledger/trim_bot_ledger.db")
        image.start("drill", wait=True)
    for unit in ("desk-web", "desk-worker"):
        assert linux.run(f"systemctl is-active {unit}").stdout == "active\n"
        linux.run(f"systemctl stop {unit}")
    assert linux.run(shlex.join(image.health), check=False).returncode != 0
