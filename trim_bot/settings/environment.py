"""What the deployment says through its environment, in one file since it is read once, checked whole, and frozen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from integrations.alerts.addresses import AlertAddress, read_addresses
from trim_bot.crypto.transit_address import is_transit, service_of
from trim_bot.settings.alert_settings import BACKUP_DAYS, alert_faults
from trim_bot.settings.checks import (
    SettingFault,
    SettingsErrors,
    address_fault,
    store_kind,
    store_place,
)
from trim_bot.settings.clouds import (
    MICROSOFT,
    SlackCloud,
    TeamsCloud,
    addresses,
    slack_home,
    teams_cloud,
)
from trim_bot.settings.place_checks import USUAL, file_fault, store_faults
from trim_bot.settings.platform_faults import PROOFS, cloud_faults, pair_faults, platform_faults, values
from trim_bot.settings.value_shapes import pasted_fault

KEYRING = "TRIM_BOT_KEYRING"
LINK = "http://127.0.0.1:8000"
"""Where the pages are when PUBLIC_URL says nothing."""
NO_KEYRING = "none:set"
"""Stands for a keyring nobody named, where settings ask for an address."""
_NONE = SecretStr("")
_SHORTEST_TOKEN = 16
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")


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
    """Where a site's own help numbers are kept for `/help-now`; empty for the place that `help_path` names."""
    trim_bot_keyring: str = Field(default="", repr=False)
    """`file:PATH`, `env:NAME` or the address of a key service."""
    trim_bot_env: str = "production"
    trim_bot_clock: str = "real"
    """`real`, or `manual` for practice."""
    public_url: str = ""
    """The address people's browsers use, without a slash at its end; empty if there is none yet."""
    slack_signing_secret: SecretStr = _NONE
    """One, or while it is replaced the new one and the old one with a comma between them."""
    slack_bot_token: SecretStr = _NONE
    slack_client_id: str = ""
    slack_client_secret: SecretStr = _NONE
    slack_app_token: SecretStr = _NONE
    slack_api_url: str = "https://slack.com/api/"
    """Ends in a slash."""
    slack_cloud: str = SlackCloud.PUBLIC.value
    """Names the addresses of Slack together; one that is set beside it counts."""
    teams_cloud: str = TeamsCloud.PUBLIC.value
    """Names the addresses of Microsoft together, and its tokens' issuer and scope; an address beside it counts."""
    teams_app_id: str = ""
    teams_app_password: SecretStr = _NONE
    teams_app_certificate: str = ""
    """A PEM file with the app's private key and certificate, in place of a password."""
    teams_app_token_file: str = ""
    """A file that whoever runs the desk keeps fresh with a token that Microsoft takes, in place of a password."""
    teams_app_identity: str = ""
    """The client id of a managed identity that the app trusts, in place of a password."""
    teams_app_password_ends: str = ""
    """The day on which the password ends, as Microsoft showed it when it was made: `YYYY-MM-DD`."""
    teams_tenant_id: str = ""
    """Its id, in small letters; requests of Teams never name a tenant by its domain."""
    teams_openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    teams_service_hosts: Annotated[tuple[str, ...], NoDecode] = ("smba.trafficmanager.net",)
    """Hosts a token may be sent to, lower case, with a port only in tests; commas between them."""
    entra_authority: str = "https://login.microsoftonline.com"
    graph_url: str = "https://graph.microsoft.com"
    metrics_token: SecretStr = _NONE
    alert_urls: SecretStr = _NONE
    """Where the administrator is told of what is wrong; commas between the addresses."""
    backup_max_days: str = ""
    """How old the newest backup may be; 0 for not watched, empty for what the mode says."""

    @model_validator(mode="before")
    @classmethod
    def _addresses_of_clouds(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        public = TeamsCloud.PUBLIC.value
        teams, slack = str(given.get("teams_cloud", public)), str(given.get("slack_cloud", public))
        # What is public stands in the fields already, and counts as not set.
        return addresses(teams if teams != public else "", slack if slack != public else "") | given

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
        return id.lower()

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
        checks = (
            _mode_faults,
            _store_faults,
            _file_faults,
            cloud_faults,
            platform_faults,
            pair_faults,
            _alert_faults,
        )
        # A value that was pasted with something around it says nothing else of itself.
        pasted = _pasted_faults(self)
        names = {fault.name for fault in pasted}
        faults = [fault for check in checks for fault in check(self, production=production)]
        if faults := [*pasted, *(fault for fault in faults if fault.name not in names)]:
            raise SettingsErrors(tuple(faults))
        return self

    @property
    def slack_home(self) -> str:
        """Where a browser is led on to a conversation in Slack."""
        return slack_home(self.slack_cloud)

    @property
    def faults(self) -> tuple[SettingFault, ...]:
        """What is wrong with it; nothing, but where a desk starts closed so that help is shown."""
        return ()

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
    def keyring_file(self) -> Path | None:
        """The keyring's file; None where it is in a variable or with a service."""
        kind, _, place = self.trim_bot_keyring.partition(":")
        return Path(place) if kind == "file" and place else None

    @property
    def anchor_file(self) -> Path:
        """Where the head of the ledger is kept: as `ANCHOR_URL` says, else beside the keyring's file."""
        if self.anchor_url:
            return Path(self.anchor_url.removeprefix("file:").removeprefix("//"))
        keyring = self.keyring_file
        return Path(f"{keyring}.anchor") if keyring is not None else Path("trim_bot_ledger.anchor")

    @property
    def help_is_nowhere(self) -> bool:
        """Whether nothing says where the help numbers go; never while the keyring itself is missing."""
        served = store_kind(self.database_url.get_secret_value()) == "postgresql"
        kind, _, place = self.trim_bot_keyring.partition(":")
        return (
            served
            and not self.help_file
            and bool(place)
            and kind not in ("file", NO_KEYRING.partition(":")[0])
        )

    @property
    def alert_addresses(self) -> tuple[AlertAddress, ...]:
        """The ways in which the administrator is told."""
        return read_addresses(self.alert_urls.get_secret_value())

    @property
    def oldest_backup(self) -> timedelta:
        """How old the newest backup may be; nothing where it is not watched."""
        usual = BACKUP_DAYS if self.mode is Mode.PRODUCTION else 0
        return timedelta(days=int(self.backup_max_days or usual))

    @property
    def teams_password_ends(self) -> date | None:
        """The day on which Teams' password ends, where it is known."""
        return date.fromisoformat(self.teams_app_password_ends) if self.teams_app_password_ends else None

    @property
    def slack_signing_secrets(self) -> tuple[str, ...]:
        """What a request of Slack may be signed with: one, or two while one takes the place of the other."""
        return tuple(filter(None, map(str.strip, self.slack_signing_secret.get_secret_value().split(","))))

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
        return bool(self.teams_app_id and len(self.proofs) == 1)

    @property
    def microsoft_names(self) -> tuple[str, str, str]:
        """By what names tokens go in its cloud: issuer, scope, and where an app of many tenants asks."""
        cloud = MICROSOFT[teams_cloud(self.teams_cloud) or TeamsCloud.PUBLIC]
        return cloud.issuer, cloud.connector_scope, cloud.every_tenant

    @property
    def proofs(self) -> list[str]:
        """The variables that say how the app proves who it is."""
        return [name.upper() for name in PROOFS if bool(getattr(self, name))]

    @property
    def teams_app_proof(self) -> tuple[str, str, str, str]:
        """How the app proves who it is to Microsoft: one of password, certificate, token file and identity."""
        password = self.teams_app_password.get_secret_value()
        return password, self.teams_app_certificate, self.teams_app_token_file, self.teams_app_identity


def with_driver(url: str) -> str:
    """The address of a store with the driver that PostgreSQL is spoken to by; any other as it is."""
    scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if mark and scheme in ("postgres", "postgresql") else url


def load_settings() -> Settings:
    """The settings of this process. Raises `SettingsErrors` with every fault at once."""
    return Settings()


def _pasted_faults(settings: Settings) -> list[SettingFault]:
    found = {name: text for name, value in values(settings) if (text := pasted_fault(value))}
    return [
        SettingFault(name.upper(), found[name.upper()])
        for name in Settings.model_fields
        if name.upper() in found
    ]


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
    named = frozenset(name.upper() for name in settings.model_fields_set)
    stores = _stores(settings)
    faults = store_faults(stores, named, production=production)
    if not faults:
        places = {store_place(url): name for name, url in stores.items()}
        faults += _anchor_faults(settings, places)
    return faults


def _stores(settings: Settings) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "KEYSTORE_URL": settings.keystore_url.get_secret_value(),
        "LEDGER_URL": settings.ledger_url.get_secret_value(),
    }


def _anchor_faults(settings: Settings, stores: Mapping[str, str]) -> list[SettingFault]:
    """Only a file is supported, on this machine or on a disk it reaches; never one of the stores."""
    kind = _SCHEME.match(settings.anchor_url)
    if kind is not None and kind[1] != "file":
        return [SettingFault("ANCHOR_URL", "must read file:PATH; no other place is supported")]
    place = str(settings.anchor_file.resolve())
    if place in stores:
        return [SettingFault("ANCHOR_URL", f"names the same place as {stores[place]}; they are kept apart")]
    return []


def _file_faults(settings: Settings, *, production: bool) -> list[SettingFault]:
    """Of files beside the stores; in production a place must not depend on the folder a command runs in."""
    files = {
        "HELP_FILE": settings.help_file,
        "TEAMS_APP_CERTIFICATE": settings.teams_app_certificate,
        "TEAMS_APP_TOKEN_FILE": settings.teams_app_token_file,
    }
    if settings.anchor_url and not _anchor_faults(settings, {}):
        files["ANCHOR_URL"] = str(settings.anchor_file)
    faults = [
        SettingFault(name, text)
        for name, path in files.items()
        if (text := file_fault(path, whole=production))
    ]
    if settings.keyring_file is not None and (text := file_fault(str(settings.keyring_file), whole=False)):
        faults.append(SettingFault(KEYRING, text))
    if production and settings.help_is_nowhere:
        faults.append(
            SettingFault(
                "HELP_FILE",
                "is missing; where neither keyring nor database is a file, name one for the help numbers, "
                f"such as {USUAL}/trim_bot_help.json in a folder that the desk may write in",
            )
        )
    return faults


def _alert_faults(settings: Settings, *, production: bool) -> list[SettingFault]:
    urls = settings.alert_urls.get_secret_value()
    days, ends = settings.backup_max_days, settings.teams_app_password_ends
    return alert_faults(urls, ends, days, production=production)
