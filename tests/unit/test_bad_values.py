"""Each variable with each wrong value: the fault names the variable and says what is wrong, never the value."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.test_settings import GOOD
from trim_bot.settings.checks import SettingsErrors
from trim_bot.settings.environment import Settings, load_settings
from trim_bot.settings.platform_faults import PROOFS
from trim_bot.settings.unknown_variables import unknown_variables

HEX = "0123456789abcdef" * 2
UUID = "22222222-bbbb-4bbb-8bbb-222222222222"
PG = "postgresql://desk:pw@db/desk"
MISSING = "is missing; in production every store is named, such as sqlite:////"
WHOLE = "name the whole path"
HOSTS = "must name hosts alone"
BAD = [
    ("DATABASE_URL", "", MISSING),
    ("KEYSTORE_URL", "", MISSING),
    ("LEDGER_URL", "", MISSING),
    ("DATABASE_URL", "sqlite:///trim_bot.db", WHOLE),
    ("KEYSTORE_URL", "sqlite:///var/lib/peer/keys.db", WHOLE),
    ("LEDGER_URL", "sqlite://var/lib/peer/ledger.db", WHOLE),
    ("DATABASE_URL", "sqlite:////usr", "names a folder"),
    ("DATABASE_URL", "mysql://db/desk", "must read sqlite:///FILE or postgresql://USER@HOST/DATABASE"),
    ("ANCHOR_URL", "file:ledger.anchor", WHOLE),
    ("ANCHOR_URL", "file:/usr", "names a folder"),
    ("ANCHOR_URL", "s3://bucket/anchor", "must read file:PATH"),
    ("HELP_FILE", "help.json", WHOLE),
    ("HELP_FILE", "/usr", "names a folder"),
    ("TRIM_BOT_KEYRING", "file:/usr", "names a folder"),
    ("TRIM_BOT_KEYRING", "/var/lib/peer/keyring.json", "must read file:PATH"),
    ("TRIM_BOT_KEYRING", '"file:/var/lib/peer/keyring.json"', "stands in quotation marks"),
    ("TRIM_BOT_ENV", "prod", "must be production, demo or test"),
    ("TRIM_BOT_CLOCK", "fast", "must be real or manual"),
    ("PUBLIC_URL", "http://peer.example.org", "must be https"),
    ("PUBLIC_URL", "peer.example.org", "must be an https address"),
    ("PUBLIC_URL", "https://peer.example.org/desk", "must end after the host"),
    ("PUBLIC_URL", "https://localhost", "names this machine"),
    ("PUBLIC_URL", "https://127.0.0.1:8000", "names this machine"),
    ("PUBLIC_URL", "https://10.0.0.5", "must be a name"),
    ("PUBLIC_URL", "https://10.5", "must be a name"),
    ("PUBLIC_URL", "https://[2001:db8::1]", "must be a name"),
    ("PUBLIC_URL", "https://peer.example.org:80", "names port 80"),
    ("PUBLIC_URL", "https://peer.example.org?a=b", "must be a plain address"),
    ("PUBLIC_URL", "'https://peer.example.org'", "stands in quotation marks"),
    ("PUBLIC_URL", "https://peer.example.org ", "has a space or a line break at its start or end"),
    ("SLACK_BOT_TOKEN", "garbage", "which begins with xoxb-"),
    ("SLACK_BOT_TOKEN", "xoxp-1-2-3", "which begins with xoxb-"),
    ("SLACK_BOT_TOKEN", '"xoxb-1-2-3"', "stands in quotation marks"),
    ("SLACK_BOT_TOKEN", "xoxb-1-2-3\n", "has a space or a line break"),
    ("SLACK_APP_TOKEN", "xoxb-1-2-3", "which begins with xapp-"),
    ("SLACK_SIGNING_SECRET", "garbage", "is not a signing secret"),
    ("SLACK_SIGNING_SECRET", HEX[:-1], "is not a signing secret"),
    ("SLACK_SIGNING_SECRET", f"{HEX},", "is not a signing secret"),
    ("SLACK_SIGNING_SECRET", f"{HEX},{HEX},{HEX}", "nor two with a comma between"),
    ("SLACK_CLIENT_ID", "A0123456789", "is not a client id"),
    ("SLACK_CLIENT_SECRET", "garbage", "is not a client secret"),
    ("SLACK_API_URL", "http://slack.com/api/", "must be an https address"),
    ("TEAMS_APP_ID", "peer-support", "is not the id of an application"),
    ("TEAMS_APP_PASSWORD", UUID, "take its value"),
    ("SLACK_CLOUD", "moon", "must be public or gov"),
    ("TEAMS_CLOUD", "moon", "must be public, gcc, gcc-high or dod"),
    ("TEAMS_APP_CERTIFICATE", "app.pem", "must begin with a slash"),
    ("TEAMS_APP_TOKEN_FILE", "token", "must begin with a slash"),
    ("TEAMS_APP_IDENTITY", "peer", "is not the client id of a managed identity"),
    ("TEAMS_TENANT_ID", "example.onmicrosoft.com", "is not the id of a tenant"),
    ("TEAMS_TENANT_ID", f" {UUID}", "has a space or a line break at its start or end"),
    ("TEAMS_SERVICE_HOSTS", "https://smba.trafficmanager.net/emea", HOSTS),
    ("TEAMS_SERVICE_HOSTS", "smba.trafficmanager.net smba.example.org", HOSTS),
    ("TEAMS_SERVICE_HOSTS", "ftp://smba.trafficmanager.net", HOSTS),
    ("TEAMS_OPENID_URL", "login.botframework.com", "must be an https address"),
    ("ENTRA_AUTHORITY", "https://localhost", "may not point to this machine"),
    ("GRAPH_URL", "https://name:word@graph.example.org", "must carry no name or password"),
    ("METRICS_TOKEN", "sixteen letters or more", "no space"),
    ("METRICS_TOKEN", "sechzehn-bücher-und-mehr", "signs of a plain keyboard"),
    ("METRICS_TOKEN", "short", "must have 16 characters"),
    ("ALERT_URLS", "someone@example.org", "at place 1"),
    ("ALERT_URLS", "https://localhost/hook", "may not point to this machine"),
    ("TEAMS_APP_PASSWORD_ENDS", "31.12.2027", "must read YYYY-MM-DD"),
    ("BACKUP_MAX_DAYS", "a week", "must be a number of days"),
]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


def _faults() -> dict[str, str]:
    with pytest.raises(SettingsErrors) as caught:
        load_settings()
    return {fault.name: fault.text for fault in caught.value.faults}


@pytest.mark.parametrize(("name", "value", "said"), BAD)
def test_a_wrong_value_is_named_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    if name.lower() in PROOFS:
        # The app has one proof, and this is to be it.
        monkeypatch.delenv("TEAMS_APP_PASSWORD", raising=name == "TEAMS_APP_PASSWORD")
        monkeypatch.setenv(name, value)
    faults = _faults()
    assert said in faults[name]
    # Of a pair the other half may be missing.
    assert set(faults) <= {name, "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}


@pytest.mark.parametrize("name", sorted(set(map(str.upper, Settings.model_fields)) - {"TEAMS_SERVICE_HOSTS"}))
def test_quotes_around_any_value_are_all_that_is_said_of_it(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, f'"{GOOD.get(name, "anything")}"')
    assert "quotation marks" in _faults()[name]


def test_every_variable_stands_in_the_table() -> None:
    assert {name for name, *_ in BAD} == set(map(str.upper, Settings.model_fields))


def test_what_platforms_give_out_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxe.xoxb-1-Mi0yLTM",
        "SLACK_APP_TOKEN": "xapp-1-A012-345-abc",
        "SLACK_CLIENT_ID": "123456.7890",
        "SLACK_CLIENT_SECRET": HEX,
        "TEAMS_TENANT_ID": UUID.upper(),
        "TEAMS_APP_PASSWORD": "x8Q~aB.c-d_e",
        "TEAMS_SERVICE_HOSTS": "https://smba.trafficmanager.net/, smba.infra.gcc.teams.microsoft.com",
    }.items():
        monkeypatch.setenv(name, value)
    assert load_settings().slack_configured


def test_the_file_that_is_there_is_the_example(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So that whoever ran a desk on the files of a folder reads what to set."""
    (tmp_path / "trim_bot.db").touch()
    monkeypatch.delenv("DATABASE_URL")
    assert f"such as sqlite:///{tmp_path / 'trim_bot.db'} for a file" in _faults()["DATABASE_URL"]


def test_without_any_file_the_help_numbers_need_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in (("DATABASE_URL", 1), ("KEYSTORE_URL", 2), ("LEDGER_URL", 3)):
        monkeypatch.setenv(name, f"{PG}{number}")
    load_settings()
    monkeypatch.setenv("TRIM_BOT_KEYRING", "env:KEY")
    assert "name one for the help numbers" in _faults()["HELP_FILE"]
    monkeypatch.setenv("TRIM_BOT_KEYRING", "")
    assert set(_faults()) == {"TRIM_BOT_KEYRING"}, "a missing keyring alone still leads to help"
    monkeypatch.setenv("TRIM_BOT_KEYRING", "env:KEY")
    monkeypatch.setenv("HELP_FILE", "/var/lib/peer/help.json")
    load_settings()


KNOWN = {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TRIM_BOT_KEYRNG", "TRIM_BOT_KEYRING"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("PUBLIC_ULR", "PUBLIC_URL"),
        ("SLACK_SINGING_SECRET", "SLACK_SIGNING_SECRET"),
        ("METRIC_TOKENS", "METRICS_TOKEN"),
        ("Teams_App_Pasword", "TEAMS_APP_PASSWORD"),
        ("SLACK_WEBHOOK_URL", ""),
        ("TRIM_BOT_COLOUR", ""),
    ],
)
def test_a_variable_that_is_nearly_ours_is_found(name: str, meant: str) -> None:
    [found] = unknown_variables([name, "PATH", "HOME"], KNOWN)
    assert (found.name, found.meant) == (name, meant)


@pytest.mark.parametrize(
    "name",
    [
        "database_url", "TEST_DATABASE_URL", "GRAPHQL_URL", "MY_HELP", "PATH", "URL", "TRIM_BOT_\x1b[31m",
        "TRIM_BOT_SERVICE_HOST", "TRIM_BOT_SERVICE_PORT_HTTP", "TRIM_BOT_PORT", "TRIM_BOT_PORT_8000_TCP_ADDR",
    ],
)  # fmt: skip
def test_variables_of_others_are_left_alone(name: str) -> None:
    assert unknown_variables([name], KNOWN) == ()
