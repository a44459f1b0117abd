"""A temporary place for practice: a fresh keyring and three SQLite files, removed when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from trim_bot.crypto.keyring import Keyring
from trim_bot.settings import Settings

PREFIX = "peer-support-practice-"


@contextmanager
def practice_ground(link: str) -> Iterator[tuple[Path, Settings]]:
    """The folder and its settings. Chat platforms named in the environment are left out: nothing leaves here.

    `link` is the address of the browser pages, without a slash at its end.
    """
    with TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        keyring = folder / "practice.key"
        Keyring.new().save(keyring)
        yield folder, _settings(folder, keyring, link)


def _settings(folder: Path, keyring: Path, link: str) -> Settings:
    none = SecretStr("")
    return Settings(
        database_url=SecretStr(f"sqlite:///{folder / 'data.db'}"),
        keystore_url=SecretStr(f"sqlite:///{folder / 'keys.db'}"),
        ledger_url=SecretStr(f"sqlite:///{folder / 'ledger.db'}"),
        trim_bot_keyring=f"file:{keyring}",
        trim_bot_env="demo",
        trim_bot_clock="manual",
        public_url=link,
        slack_signing_secret=none,
        slack_bot_token=none,
        slack_client_id="",
        slack_client_secret=none,
        slack_app_token=none,
        teams_app_id="",
        teams_app_password=none,
        teams_tenant_id="",
        metrics_token=none,
    )
