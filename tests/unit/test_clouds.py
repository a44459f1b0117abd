"""One name for a cloud sets login, keys, issuer, scope, directory and messages together; a mixture is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from trim_bot.settings.checks import SettingsErrors
from trim_bot.settings.clouds import TeamsCloud
from trim_bot.settings.environment import Settings

GOOD = {
    "DATABASE_URL": "sqlite:////var/lib/peer/data.db",
    "KEYSTORE_URL": "sqlite:////var/lib/peer/keys.db",
    "LEDGER_URL": "sqlite:////var/lib/ledger/ledger.db",
    "TRIM_BOT_KEYRING": "file:/var/lib/peer/keyring.json",
    "PUBLIC_URL": "https://peer.example.org",
    "TEAMS_APP_ID": "11111111-aaaa-4aaa-8aaa-111111111111",
}
PASSWORD = {"TEAMS_APP_PASSWORD": "app-password"}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, **more: str) -> Settings:
    for name, value in {**GOOD, **more}.items():
        monkeypatch.setenv(name, value)
    return Settings()


def faults(monkeypatch: pytest.MonkeyPatch, **more: str) -> dict[str, str]:
    with pytest.raises(SettingsErrors) as refused:
        load(monkeypatch, **more)
    return {one.name: one.text for one in refused.value.faults}


WHERE = {
    TeamsCloud.PUBLIC: ("login.microsoftonline.com", "graph.microsoft.com", "smba.trafficmanager.net", "com"),
    TeamsCloud.GCC: (
        "login.microsoftonline.com", "graph.microsoft.com", "smba.infra.gcc.teams.microsoft.com", "com",
    ),
    TeamsCloud.GCC_HIGH: (
        "login.microsoftonline.us", "graph.microsoft.us", "smba.infra.gov.teams.microsoft.us", "us",
    ),
    TeamsCloud.DOD: (
        "login.microsoftonline.us", "dod-graph.microsoft.us", "smba.infra.dod.teams.microsoft.us", "us",
    ),
}  # fmt: skip


@pytest.mark.parametrize("cloud", list(TeamsCloud))
def test_everything_of_a_cloud_goes_together(monkeypatch: pytest.MonkeyPatch, cloud: TeamsCloud) -> None:
    found = load(monkeypatch, TEAMS_CLOUD=cloud.value, **PASSWORD)
    login, graph, service, end = WHERE[cloud]
    assert found.entra_authority == f"https://{login}"
    assert found.graph_url == f"https://{graph}"
    assert found.teams_service_hosts == (service,)
    issuer, scope, _ = found.microsoft_names
    assert (issuer, scope) == (f"https://api.botframework.{end}", f"https://api.botframework.{end}/.default")
    keys = "login.botframework.com" if end == "com" else "login.botframework.azure.us"
    assert found.teams_openid_url == f"https://{keys}/v1/.well-known/openidconfiguration"


def test_an_address_beside_it_counts_unless_it_is_another_cloud_s(monkeypatch: pytest.MonkeyPatch) -> None:
    own = load(monkeypatch, TEAMS_CLOUD="dod", GRAPH_URL="https://graph.example.org", **PASSWORD)
    assert own.graph_url == "https://graph.example.org"
    mixed = faults(monkeypatch, TEAMS_CLOUD="public", GRAPH_URL="https://graph.microsoft.us", **PASSWORD)
    assert "TEAMS_CLOUD=gcc-high" in mixed["GRAPH_URL"]


def test_a_cloud_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    said = faults(monkeypatch, TEAMS_CLOUD="moon", SLACK_CLOUD="moon", **PASSWORD)
    assert set(said) == {"TEAMS_CLOUD", "SLACK_CLOUD"}


def test_govslack_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, SLACK_CLOUD="gov", **PASSWORD).slack_api_url == "https://slack-gov.com/api/"
    assert load(monkeypatch, SLACK_CLOUD="public", **PASSWORD).slack_api_url == "https://slack.com/api/"


@pytest.mark.parametrize(
    "proof",
    [
        {"TEAMS_APP_CERTIFICATE": "/etc/trim-bot/app.pem"},
        {"TEAMS_APP_TOKEN_FILE": "/var/run/token"},
        {"TEAMS_APP_IDENTITY": "22222222-bbbb-4bbb-8bbb-222222222222"},
        PASSWORD,
    ],
)
def test_the_app_has_one_proof(monkeypatch: pytest.MonkeyPatch, proof: dict[str, str]) -> None:
    found = load(monkeypatch, **proof)
    assert found.teams_configured
    assert found.proofs == list(proof)


def test_two_proofs_or_none_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "TEAMS_APP_PASSWORD" in faults(monkeypatch)
    two = faults(monkeypatch, TEAMS_APP_TOKEN_FILE="/var/run/token", **PASSWORD)
    assert two == {"TEAMS_APP_TOKEN_FILE": "stands beside TEAMS_APP_PASSWORD; the app has one proof"}
