"""The folder of a desk that `quickstart` makes: what lies in it, what settings it means, and when it is not safe."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trim_bot.cli.faults import CommandRefused, Misuse
from trim_bot.cli.quickstart_answers import Arrival
from trim_bot.settings.environment import KEYRING, Mode, Settings

ENVIRONMENT, KEY, SITE = "desk.env", "desk.key", "site.toml"
_STORES = {"DATABASE_URL": "data.db", "KEYSTORE_URL": "keys.db", "LEDGER_URL": "ledger.db"}
_OTHERS = ("ANCHOR_URL", "HELP_FILE")
_NO_SIGNS = "?#%'\"\\\n"
"""What an address of a store or a shell would read as something else."""
_CHATS = {
    Arrival.BROWSER: (),
    Arrival.SLACK: ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"),
    Arrival.TEAMS: ("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID"),
}


@dataclass(frozen=True, slots=True)
class DeskFolder:
    """One folder, by its whole path."""

    path: Path

    @property
    def key(self) -> Path:
        """The keyring."""
        return self.path / KEY

    @property
    def site(self) -> Path:
        """The site file that the desk began with."""
        return self.path / SITE

    @property
    def environment(self) -> Path:
        """The variables, as a shell and systemd read them."""
        return self.path / ENVIRONMENT

    @property
    def begun(self) -> bool:
        """Whether a desk was begun here before."""
        return self.environment.exists()

    def must_be_safe(self, environment: Mapping[str, str]) -> None:
        """Refuse a folder that others can open, that holds something else, or a shell that is set for another desk.

        Raises CommandRefused.
        """
        if any(sign in str(self.path) for sign in _NO_SIGNS):
            raise CommandRefused("The name of the folder has a sign in it that an address cannot have")
        self._must_be_ours()
        if environment.get("TRIM_BOT_ENV", Mode.PRODUCTION.value) != Mode.PRODUCTION.value:
            raise CommandRefused("TRIM_BOT_ENV is set: a desk for real people is made without it")
        ours = self._variables()
        for name in (*ours, *_OTHERS):
            if environment.get(name, "") not in ("", ours.get(name, "")):
                raise CommandRefused(
                    f"{name} is set here for another desk. Unset it, or use another terminal"
                )
        if self.begun and not self.key.exists() and (self.path / _STORES["DATABASE_URL"]).exists():
            raise CommandRefused(
                f"{self.key} is missing, and what is kept here cannot be read without it. Put the copy back"
            )

    def make(self) -> None:
        """Make the folder, for its owner alone. Raises CommandRefused."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise CommandRefused(f"{self.path} cannot be made. Give another folder with --folder") from None
        self._must_be_ours()

    def write(self, file: Path, text: str) -> None:
        """Write a new file that its owner alone can read, whole or not at all.

        Raises CommandRefused, and leaves one that is there.
        """
        part = _part(file)
        try:
            part.unlink(missing_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as written:
                written.write(text)
                written.flush()
                os.fsync(handle)
            # A link, and no renaming: that would go over one that is there.
            os.link(part, file)
            part.unlink()
        except OSError:
            raise CommandRefused(f"{file} cannot be written") from None

    def environment_text(self, arrival: Arrival, url: str) -> str:
        """The variables of this desk; what the chat needs stands there to be filled in."""
        set_now = self._variables() | ({"PUBLIC_URL": url} if url else {})
        open_still = [*([] if url else ["PUBLIC_URL"]), *_CHATS[arrival]]
        return "\n".join(
            [
                "# The desk in this folder. For any trim-bot command:  set -a; . ./desk.env; set +a",
                *(f"{name}={shlex.quote(value)}" for name, value in set_now.items()),
                *(f"#{name}=" for name in open_still),
                "",
            ]
        )

    def settings(self) -> Settings:
        """The settings of this desk: by its file, the rest by the environment. Raises SettingsErrors, Misuse."""
        return Settings.model_validate(
            {name.lower(): value for name, value in self._variables().items()} | self._kept()
        )

    def _variables(self) -> dict[str, str]:
        stores = {name: f"sqlite:///{self.path / file}" for name, file in _STORES.items()}
        return stores | {KEYRING: f"file:{self.key}"}

    def _kept(self) -> dict[str, str]:
        """What stands in the file, some of it put there by hand."""
        found: dict[str, str] = {}
        for number, line in enumerate(self.environment.read_text(encoding="utf-8").splitlines(), 1):
            try:
                words = shlex.split(line, comments=True)
            except ValueError:
                words = [""]
            for word in words:
                name, mark, value = word.partition("=")
                if not mark or name.lower() not in Settings.model_fields:
                    raise Misuse(f"{self.environment}:{number}: this is no variable of the desk")
                found[name.lower()] = value
        return {name: value for name, value in found.items() if value}

    def _must_be_ours(self) -> None:
        try:
            known = self.path.lstat()
        except FileNotFoundError:
            return
        if not self.path.is_dir() or self.path.is_symlink():
            raise CommandRefused(f"{self.path} is no folder of its own. Give another with --folder")
        if known.st_uid != os.getuid() or known.st_mode & 0o077:
            raise CommandRefused(f"Others can open {self.path}. Run: chmod 700 {self.path}")
        ours = {self.site, _part(self.site), _part(self.environment)}
        if not self.begun and not ours.issuperset(self.path.iterdir()):
            raise CommandRefused(f"{self.path} holds something else. Give an empty folder with --folder")


def _part(file: Path) -> Path:
    """Where a file is written before it is whole."""
    return file.with_name(f".{file.name}.part")
