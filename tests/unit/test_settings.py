"""The environment is read whole: every fault at once, and no value ever shown."""

import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from trim_bot.settings.checks import SettingsErrors
from trim_bot.settings.environment import Mode, Settings, load_settings

STORES = {
    "DATABASE_URL": "sqlite:////var/lib/peer/data.db",
    "KEYSTORE_URL": "sqlite:////var/lib/peer/keys.db",
    "LEDGER_URL": "sqlite:////var/lib/ledger/ledger.db",
}
GOOD = {
    **STORES,
    "TRIM_BOT_KEYRING": "file:/var/lib/peer/keyring.json",
    "PUBLIC_URL": "https://peer.example.org/",
    "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2,
    "SLACK_BOT_TOKEN": "xoxb-bot-token",
    "TEAMS_APP_ID": "11111111-aaaa-4aaa-8aaa-111111111111",
    "TEAMS_APP_PASSWORD": "app-password",
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def _load(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    for name, value in {**GOOD, **changes}.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def _names(monkeypatch: pytest.MonkeyPatch, **changes: str) -> list[str]:
    with pytest.raises(SettingsErrors) as caught:
        _load(monkeypatch, **changes)
    return [fault.name for fault in caught.value.faults]


def test_production_is_assumed_and_good_settings_load(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(monkeypatch)
    assert settings.mode is Mode.PRODUCTION
    assert settings.is_sqlite
    assert settings.slack_configured
    assert settings.teams_configured
    assert not settings.slack_installs
    assert not settings.manual_clock
    assert settings.public_url == "https://peer.example.org"
    assert settings.database_url.get_secret_value() == STORES["DATABASE_URL"]


def test_elsewhere_stores_have_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(monkeypatch, TRIM_BOT_ENV="test", **dict.fromkeys(STORES, ""))
    assert settings.database_url.get_secret_value() == "sqlite:///trim_bot.db"


def test_a_missing_key_alone_can_be_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in STORES.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsErrors) as caught:
        load_settings()
    assert caught.value.names == {"TRIM_BOT_KEYRING"}


def test_every_fault_comes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _names(
        monkeypatch,
        TRIM_BOT_ENV="staging",
        TRIM_BOT_CLOCK="manual",
        TRIM_BOT_KEYRING="secret-key-pasted-here",
        DATABASE_URL="mysql://root:hunter2@db/desk",
        PUBLIC_URL="http://peer.example.org",
        SLACK_API_URL="http://127.0.0.1:9000/api/",
        TEAMS_SERVICE_HOSTS="smba.trafficmanager.net, localhost:3978",
        GRAPH_URL="https://[::1]/v1.0",
        METRICS_TOKEN="short",
        SLACK_CLIENT_ID="1.2",
    )
    assert sorted(found) == [
        "DATABASE_URL",
        "GRAPH_URL",
        "METRICS_TOKEN",
        "PUBLIC_URL",
        "SLACK_API_URL",
        "SLACK_CLIENT_SECRET",
        "TEAMS_SERVICE_HOSTS",
        "TRIM_BOT_CLOCK",
        "TRIM_BOT_ENV",
        "TRIM_BOT_KEYRING",
    ]


@pytest.mark.parametrize("name", ["SLACK_API_URL", "TEAMS_OPENID_URL", "ENTRA_AUTHORITY", "GRAPH_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.org",
        "https://localhost/api",
        "https://api.localhost",
        "https://127.1:8443",
        "https://0.0.0.0",
        "https://[::ffff:127.0.0.1]",
        "https://name:word@api.example.org",
        "ftp://api.example.org",
        "https://api.example.org:port",
    ],
)
def test_production_refuses_this_machine_and_plain_http(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    assert _names(monkeypatch, **{name: url}) == [name]


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_practice_may_use_this_machine_and_a_clock_by_hand(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    settings = _load(
        monkeypatch,
        TRIM_BOT_ENV=mode,
        TRIM_BOT_CLOCK="manual",
        SLACK_API_URL="http://127.0.0.1:9000/api",
        ENTRA_AUTHORITY="http://localhost:9001/",
        TEAMS_SERVICE_HOSTS="http://127.0.0.1:9002/, SMBA.trafficmanager.net",
        PUBLIC_URL="http://127.0.0.1:8000",
    )
    assert settings.manual_clock
    assert settings.slack_api_url == "http://127.0.0.1:9000/api/"
    assert settings.entra_authority == "http://localhost:9001"
    assert settings.teams_service_hosts == ("127.0.0.1:9002", "smba.trafficmanager.net")


def test_practice_still_refuses_plain_http_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _names(monkeypatch, TRIM_BOT_ENV="test", GRAPH_URL="http://graph.example.org") == ["GRAPH_URL"]


def test_postgresql_records_need_postgresql_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _names(monkeypatch, DATABASE_URL="postgresql://desk@db/desk") == ["KEYSTORE_URL"]


def test_both_stores_in_postgresql_with_the_ledger_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(
        monkeypatch, DATABASE_URL="postgres://desk@db/desk", KEYSTORE_URL="postgresql://keys@db/k"
    )
    assert not settings.is_sqlite
    assert settings.database_url.get_secret_value() == "postgresql+psycopg://desk@db/desk"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("KEYSTORE_URL", {"DATABASE_URL": "sqlite:////x/./a.db", "KEYSTORE_URL": "sqlite:////x/a.db"}),
        ("LEDGER_URL", {"LEDGER_URL": STORES["DATABASE_URL"]}),
        ("KEYSTORE_URL", {"DATABASE_URL": "postgresql://a@db/d", "KEYSTORE_URL": "postgresql://b@db:5432/d"}),
        ("DATABASE_URL", {"DATABASE_URL": "sqlite://"}),
        ("DATABASE_URL", {"DATABASE_URL": "desk.db"}),
    ],
)
def test_stores_are_files_or_databases_kept_apart(
    monkeypatch: pytest.MonkeyPatch, name: str, changes: dict[str, str]
) -> None:
    assert _names(monkeypatch, **changes) == [name]


def test_half_a_platform_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _names(monkeypatch, SLACK_SIGNING_SECRET="", TEAMS_APP_PASSWORD="", PUBLIC_URL="") == [
        "SLACK_SIGNING_SECRET",
        "TEAMS_APP_PASSWORD",
        "PUBLIC_URL",
    ]


def test_a_tenant_is_named_by_its_id_whatever_its_case(monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = "22222222-BBBB-4bbb-8bbb-222222222222"
    assert _load(monkeypatch, TEAMS_TENANT_ID=tenant).teams_tenant_id == tenant.lower()
    for name in ("example.onmicrosoft.com", "common", tenant[:-1]):
        assert _names(monkeypatch, TEAMS_TENANT_ID=name) == ["TEAMS_TENANT_ID"]


def test_an_env_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TRIM_BOT_ENV=test\n")
    with pytest.raises(SettingsErrors, match="TRIM_BOT_KEYRING"):
        load_settings()


def test_settings_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(monkeypatch)
    with pytest.raises(ValidationError):
        settings.trim_bot_env = "test"


_SECRET_FIELDS = (
    "slack_signing_secret",
    "slack_bot_token",
    "slack_client_secret",
    "slack_app_token",
    "teams_app_password",
    "metrics_token",
    "alert_urls",
)


def test_no_secret_is_in_the_printed_form() -> None:
    planted = {
        **{name: f"planted-{name}" for name in _SECRET_FIELDS},
        "alert_urls": "https://hooks.example.org/planted",
        "database_url": "postgresql://desk:planted-db@db/d",
        "keystore_url": "postgresql://k:planted-k@db/k",
        "ledger_url": "postgresql://l:planted-l@elsewhere/l",
        "trim_bot_env": "test",
        "trim_bot_keyring": "env:planted-keyring",
    }
    rest = {"slack_client_id": "client", "teams_app_id": "app", "public_url": "https://peer.example.org"}
    shown = Settings.model_validate({**planted, **rest})
    assert "planted" not in repr(shown) + str(shown) + str(shown.model_dump(exclude={"trim_bot_keyring"}))


@given(st.sets(st.sampled_from(sorted(set(Settings.model_fields) - {"trim_bot_keyring"})), min_size=1))
def test_no_fault_repeats_a_value(planted: set[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in planted:
            patch.setenv(name.upper(), "zq9-planted:value")
        with pytest.raises(SettingsErrors) as caught:
            load_settings()
    assert "zq9" not in "".join(traceback.format_exception(caught.value))


def test_the_faults_are_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsErrors) as caught:
        _load(monkeypatch, TRIM_BOT_ENV="x", TRIM_BOT_CLOCK="y")
    lines = str(caught.value).splitlines()
    assert [line.split()[0] for line in lines] == ["TRIM_BOT_ENV", "TRIM_BOT_CLOCK"]
    assert all(line.endswith(".") for line in lines)


@pytest.mark.parametrize("host", ["localhost.", "LOCALHOST.", "desk.localhost.", "127.0.0.1."])
def test_a_dot_at_its_end_hides_no_loopback_address(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    assert _names(monkeypatch, SLACK_API_URL=f"https://{host}/api") == ["SLACK_API_URL"]


def test_two_signing_secrets_are_taken_while_one_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "0123456789abcdef" * 2, "fedcba9876543210" * 2
    for text, secrets in ((f"{new},{old}", (new, old)), (f"{new}, {old}", (new, old)), (old, (old,))):
        assert _load(monkeypatch, SLACK_SIGNING_SECRET=text).slack_signing_secrets == secrets


@pytest.mark.parametrize("mode", ["production", "demo", "test"])
def test_the_address_of_the_pages_has_no_path_in_any_mode(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    assert "PUBLIC_URL" in _names(monkeypatch, TRIM_BOT_ENV=mode, PUBLIC_URL="https://peer.example.org/desk")
    settings = _load(monkeypatch, TRIM_BOT_ENV=mode, PUBLIC_URL="https://peer.example.org/")
    assert settings.public_url == "https://peer.example.org"
