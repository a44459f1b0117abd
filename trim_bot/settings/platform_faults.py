"""What can be wrong with the settings of the chat platforms: their clouds, their addresses, and what goes together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from pydantic import SecretStr

from trim_bot.settings.checks import SettingFault, address_fault, public_fault
from trim_bot.settings.clouds import SlackCloud, other_cloud, teams_cloud
from trim_bot.settings.value_shapes import host_fault, shape_fault

PROOFS = ("teams_app_password", "teams_app_certificate", "teams_app_token_file", "teams_app_identity")
"""The settings by which the app proves to Microsoft who it is; one of them is set."""


class PlatformSettings(Protocol):
    """What is asked of the settings here; `environment.py` says what each is."""

    slack_cloud: str
    teams_cloud: str
    slack_api_url: str
    teams_openid_url: str
    entra_authority: str
    graph_url: str
    teams_service_hosts: tuple[str, ...]
    public_url: str
    slack_bot_token: SecretStr
    slack_client_id: str
    slack_client_secret: SecretStr
    slack_signing_secret: SecretStr
    slack_app_token: SecretStr
    teams_app_id: str

    @property
    def model_fields_set(self) -> set[str]:
        """The names of those that were set."""
        ...

    @property
    def proofs(self) -> list[str]:
        """The variables that say how the app proves who it is."""
        ...


def values(settings: PlatformSettings) -> Iterator[tuple[str, str]]:
    """Each variable that was set, with its text; a secret one too."""
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield name.upper(), value.get_secret_value()
        elif isinstance(value, str):
            yield name.upper(), value


def cloud_faults(settings: PlatformSettings, *, production: bool) -> list[SettingFault]:
    """A cloud nobody knows, and in production an address that belongs to another than the one that is named."""
    faults: list[SettingFault] = []
    if settings.slack_cloud not in {one.value for one in SlackCloud}:
        faults.append(SettingFault("SLACK_CLOUD", f"must be {' or '.join(one.value for one in SlackCloud)}"))
    cloud = teams_cloud(settings.teams_cloud)
    if cloud is None:
        return [*faults, SettingFault("TEAMS_CLOUD", "must be public, gcc, gcc-high or dod")]
    named = ("teams_openid_url", "entra_authority", "graph_url") if production else ()
    for name in named:
        address = getattr(settings, name)
        # One that cannot be read belongs to no cloud, and is named by what is wrong with it.
        other = None if address_fault(address, production=production) else other_cloud(name, address, cloud)
        if other is not None:
            faults.append(
                SettingFault(name.upper(), f"belongs to TEAMS_CLOUD={other.value}; leave it out and set that")
            )
    return faults


def platform_faults(settings: PlatformSettings, *, production: bool) -> list[SettingFault]:
    """Addresses that no platform has, hosts that are none, and what cannot be what its variable holds."""
    addresses = [
        ("SLACK_API_URL", settings.slack_api_url),
        ("TEAMS_OPENID_URL", settings.teams_openid_url),
        ("ENTRA_AUTHORITY", settings.entra_authority),
        ("GRAPH_URL", settings.graph_url),
        *(
            ("TEAMS_SERVICE_HOSTS", f"https://{host}")
            for host in settings.teams_service_hosts
            if not host_fault(host)
        ),
    ]
    faults = [
        SettingFault(name, text)
        for name, url in addresses
        if (text := address_fault(url, production=production))
    ]
    faults += [
        SettingFault("TEAMS_SERVICE_HOSTS", text)
        for host in settings.teams_service_hosts
        if (text := host_fault(host))
    ][:1]
    if production:
        faults += [
            SettingFault(name, text) for name, value in values(settings) if (text := shape_fault(name, value))
        ]
    if settings.public_url and (text := public_fault(settings.public_url, production=production)):
        faults.append(SettingFault("PUBLIC_URL", text))
    return faults


def pair_faults(settings: PlatformSettings, *, production: bool) -> list[SettingFault]:
    """Settings that need others, and two proofs of one app."""
    slack_out = bool(settings.slack_bot_token or settings.slack_client_id or settings.slack_client_secret)
    slack_in = bool(settings.slack_signing_secret or settings.slack_app_token)
    teams = bool(settings.teams_app_id or settings.proofs)
    missing = {
        "SLACK_SIGNING_SECRET": slack_out and not slack_in,
        "SLACK_BOT_TOKEN": slack_in and not slack_out,
        "SLACK_CLIENT_ID": bool(settings.slack_client_secret) and not settings.slack_client_id,
        "SLACK_CLIENT_SECRET": bool(settings.slack_client_id) and not settings.slack_client_secret,
        "TEAMS_APP_ID": teams and not settings.teams_app_id,
        "TEAMS_APP_PASSWORD": teams and not settings.proofs,
        "PUBLIC_URL": production and (slack_in or slack_out or teams) and not settings.public_url,
    }
    faults = [
        SettingFault(name, "is missing; other settings need it") for name, gap in missing.items() if gap
    ]
    first, *others = settings.proofs or [""]
    return [*faults, *(SettingFault(one, f"stands beside {first}; the app has one proof") for one in others)]
