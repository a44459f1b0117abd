"""What the deployment says through its environment, in one file since it is read once, checked whole, and frozen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from trim_bot.crypto.transit import is_transit, service_of
from trim_bot.settings.checks import (
    SettingFault,
    SettingsErrors,
    address_fault,
    public_fault,
    store_fault,
    store_kind,
    store_place,
)

KEYRING = "TRIM_BOT_KEYRING"
NO_KEYRING = "none:set"
"""Stands for a keyring nobody named, where settings ask for an address."""
_NONE = SecretStr("")
_SHORTEST_TOKEN = 16
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Mode(Enum):
    """What the deployment is for."""

    PRODUCTION = "production"
    """Real people; nothing practised."""
    DEMO = "demo"
    """The practice workspace."""
    TEST = "test"
    """Automatic tests, against stand-ins on this machine."""


class Settings(BaseSettings):
    """The environment, each field under its own name in lower case; empty means unset.

    Whatever can hold a password is a `SecretStr`, store addresses included. No `.env` file is read.
    """

    model_config = SettingsConfigDict(
        frozen=True, env_ignore_empty=True, env_file=None, hide_input_in_errors=True, extra="forbid"
    )

    database_url: SecretStr = SecretStr("sqlite:///trim_bot.db")
    keystore_url: SecretStr = SecretStr("sqlite:///trim_bot_keys.db")
    ledger_url: SecretStr = SecretStr("sqlite:///trim_bot_ledger.db")
    anchor_url: str = ""
    """`file:PATH`, where the head of the ledger is kept outside it; empty for the file that `anchor_file` names."""
    help_file: str = ""
    """Where a site's own help numbers are kept for `/help-now`; empty for the file beside the database's."""
    trim_bot_keyring: str = Field(default="", repr=False)
    """`file:PATH`, `env:NAME` or the address of a key service."""
    trim_bot_env: str = "production"
    trim_bot_clock: str = "real"
    """`real`, or `manual` for practice."""
    public_url: str = ""
    """The address people's browsers use, without a slash at its end; empty if there is none yet."""
    slack_signing_secret: SecretStr = _NONE
    slack_bot_token: SecretStr = _NONE
    slack_client_id: str = ""
    slack_client_secret: SecretStr = _NONE
    slack_app_token: SecretStr = _NONE
    slack_api_url: str = "https://slack.com/api/"
    """Ends in a slash."""
    teams_app_id: str = ""
    teams_app_password: SecretStr = _NONE
    teams_tenant_id: str = ""
    """Its id, in small letters; requests of Teams never name a tenant by its domain."""
    teams_openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    teams_service_hosts: Annotated[tuple[str, ...], NoDecode] = ("smba.trafficmanager.net",)
    """Hosts a token may be sent to, lower case, with a port only in tests; commas between them."""
    entra_authority: str = "https://login.microsoftonline.com"
    graph_url: str = "https://graph.microsoft.com"
    metrics_token: SecretStr = _NONE

    @field_validator("database_url", "keystore_url", "ledger_url")
    @classmethod
    def _with_driver(cls, url: SecretStr) -> SecretStr:
        return SecretStr(with_driver(url.get_secret_value()))

    @field_validator("public_url", "entra_authority", "graph_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("teams_tenant_id")
    @classmethod
    def _tenant(cls, id: str) -> str:
        return id.strip().lower()

    @field_validator("slack_api_url")
    @classmethod
    def _with_slash(cls, url: str) -> str:
        return url.rstrip("/") + "/"

    @field_validator("teams_service_hosts", mode="before")
    @classmethod
    def _hosts(cls, hosts: object) -> object:
        return tuple(filter(None, map(_host, hosts.split(",")))) if isinstance(hosts, str) else hosts

    @model_validator(mode="after")
    def _check(self) -> Settings:
        production = self.trim_bot_env not in (Mode.DEMO.value, Mode.TEST.value)
        checks = (_mode_faults, _store_faults, _platform_faults, _pair_faults)
        if faults := tuple(fault for check in checks for fault in check(self, production=production)):
            raise SettingsErrors(faults)
        return self

    @property
    def mode(self) -> Mode:
        """What the deployment is for."""
        return Mode(self.trim_bot_env)

    @property
    def manual_clock(self) -> bool:
        """Whether business time is moved by hand; never in production."""
        return self.trim_bot_clock == "manual"

    @property
    def is_sqlite(self) -> bool:
        """Whether records are kept in a SQLite file, so that one process does everything."""
        return store_kind(self.database_url.get_secret_value()) == "sqlite"

    @property
    def anchor_file(self) -> Path:
        """Where the head of the ledger is kept: as `ANCHOR_URL` says, else beside the keyring's file."""
        if self.anchor_url:
            return Path(self.anchor_url.removeprefix("file:").removeprefix("//"))
        kind, _, place = self.trim_bot_keyring.partition(":")
        if kind == "file" and place:
            return Path(f"{place}.anchor")
        return Path("trim_bot_ledger.anchor")

    @property
    def slack_installs(self) -> bool:
        """Whether Slack workspaces are added through the install page."""
        return bool(self.slack_client_id and self.slack_client_secret)

    @property
    def slack_configured(self) -> bool:
        """Whether Slack can be served: a way in (signed requests or a socket) and a way out (a token)."""
        reached = bool(self.slack_signing_secret or self.slack_app_token)
        return reached and bool(self.slack_bot_token or self.slack_installs)

    @property
    def teams_configured(self) -> bool:
        """Whether Teams can be served."""
        return bool(self.teams_app_id and self.teams_app_password)


def with_driver(url: str) -> str:
    """The address of a store with the driver that PostgreSQL is spoken to by; any other as it is."""
    scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if mark and scheme in ("postgres", "postgresql") else url


def load_settings() -> Settings:
    """The settings of this process. Raises `SettingsErrors` with every fault at once."""
    return Settings()


def _host(entry: str) -> str:
    return entry.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")


def _mode_faults(settings: Settings, *, production: bool) -> list[SettingFault]:
    faults: list[SettingFault] = []
    if settings.trim_bot_env not in {mode.value for mode in Mode}:
        faults.append(SettingFault("TRIM_BOT_ENV", "must be production, demo or test"))
    if settings.trim_bot_clock not in ("real", "manual"):
        faults.append(SettingFault("TRIM_BOT_CLOCK", "must be real or manual"))
    if production and settings.trim_bot_clock == "manual":
        faults.append(SettingFault("TRIM_BOT_CLOCK", "may be manual only in demo and test"))
    if production and not settings.trim_bot_keyring:
        faults.append(SettingFault("TRIM_BOT_KEYRING", "is missing; trim-bot keys new makes one"))
    if settings.trim_bot_keyring and not settings.trim_bot_keyring.partition(":")[2]:
        faults.append(
            SettingFault("TRIM_BOT_KEYRING", "must read file:PATH, env:NAME or a key service's address")
        )
    if is_transit(settings.trim_bot_keyring) and (
        text := address_fault(service_of(settings.trim_bot_keyring), production=production)
    ):
        faults.append(SettingFault("TRIM_BOT_KEYRING", text))
    if production and settings.metrics_token and len(settings.metrics_token) < _SHORTEST_TOKEN:
        faults.append(SettingFault("METRICS_TOKEN", f"must have {_SHORTEST_TOKEN} characters or more"))
    return faults


def _store_faults(settings: Settings, *, production: bool) -> list[SettingFault]:
    stores = {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "KEYSTORE_URL": settings.keystore_url.get_secret_value(),
        "LEDGER_URL": settings.ledger_url.get_secret_value(),
    }
    faults = [
        SettingFault(name, text)
        for name, url in stores.items()
        if (text := store_fault(url, production=production))
    ]
    if [store_kind(url) for url in stores.values()][:2] == ["postgresql", "sqlite"]:
        faults.append(SettingFault("KEYSTORE_URL", "must be PostgreSQL when DATABASE_URL is"))
    seen: dict[str, str] = {}
    for name, url in stores.items():
        place = store_place(url)
        if place and place in seen:
            faults.append(SettingFault(name, f"names the same place as {seen[place]}; they are kept apart"))
        seen.setdefault(place, name)
    return [*faults, *_anchor_faults(settings, seen)]


def _anchor_faults(settings: Settings, stores: Mapping[str, str]) -> list[SettingFault]:
    """Only a file is supported, on this machine or on a disk it reaches; never one of the stores."""
    kind = _SCHEME.match(settings.anchor_url)
    if kind is not None and kind[1] != "file":
        return [SettingFault("ANCHOR_URL", "must read file:PATH; no other place is supported")]
    place = str(settings.anchor_file.resolve())
    if place in stores:
        return [SettingFault("ANCHOR_URL", f"names the same place as {stores[place]}; they are kept apart")]
    return []


def _platform_faults(settings: Settings, *, production: bool) -> list[SettingFault]:
    addresses = [
        ("SLACK_API_URL", settings.slack_api_url),
        ("TEAMS_OPENID_URL", settings.teams_openid_url),
        ("ENTRA_AUTHORITY", settings.entra_authority),
        ("GRAPH_URL", settings.graph_url),
        *(("TEAMS_SERVICE_HOSTS", f"https://{host}") for host in settings.teams_service_hosts),
    ]
    faults = [
        SettingFault(name, text)
        for name, url in addresses
        if (text := address_fault(url, production=production))
    ]
    if production and settings.teams_tenant_id and not _TENANT.fullmatch(settings.teams_tenant_id):
        faults.append(
            SettingFault("TEAMS_TENANT_ID", "is not the id of a tenant; its domain name does not serve")
        )
    if settings.public_url and (text := public_fault(settings.public_url, production=production)):
        faults.append(SettingFault("PUBLIC_URL", text))
    return faults


def _pair_faults(settings: Settings, *, production: bool) -> list[SettingFault]:
    slack_out = bool(settings.slack_bot_token or settings.slack_client_id or settings.slack_client_secret)
    slack_in = bool(settings.slack_signing_secret or settings.slack_app_token)
    teams = bool(settings.teams_app_id or settings.teams_app_password)
    missing = {
        "SLACK_SIGNING_SECRET": slack_out and not slack_in,
        "SLACK_BOT_TOKEN": slack_in and not slack_out,
        "SLACK_CLIENT_ID": bool(settings.slack_client_secret) and not settings.slack_client_id,
        "SLACK_CLIENT_SECRET": bool(settings.slack_client_id) and not settings.slack_client_secret,
        "TEAMS_APP_ID": teams and not settings.teams_app_id,
        "TEAMS_APP_PASSWORD": teams and not settings.teams_app_password,
        "PUBLIC_URL": production and (slack_in or slack_out or teams) and not settings.public_url,
    }
    return [SettingFault(name, "is missing; other settings need it") for name, gap in missing.items() if gap]


def settings_for_serving() -> Settings:
    """The settings, even when a missing keyring is all that is wrong: the desk then starts closed.

    Raises SettingsErrors.
    """
    try:
        return load_settings()
    except SettingsErrors as errors:
        if errors.names != {KEYRING}:
            raise
    return Settings(trim_bot_keyring=NO_KEYRING)
