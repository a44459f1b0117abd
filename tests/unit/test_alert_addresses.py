"""Every address in ALERT_URLS is read whole, and a fault names its place and nothing that it holds."""

from __future__ import annotations

import pytest

from integrations.alerts.addresses import AddressFault, MailAddress, Security, WebhookAddress, read_addresses
from trim_bot.settings.checks import SettingsErrors
from trim_bot.settings.environment import Settings

ENDS = "?to=ops@example.org&from=desk@example.org"
GOOD = {
    "trim_bot_keyring": "file:/k",
    "database_url": "sqlite:////d/data.db",
    "keystore_url": "sqlite:////d/keys.db",
    "ledger_url": "sqlite:////d/ledger.db",
    "trim_bot_env": "production",
}


def test_several_ways_are_read_in_order_and_named_apart() -> None:
    found = read_addresses(
        f"https://hooks.example.org/a, https://hooks.example.org/b,smtps://desk:p%40ss@mail.example.org{ENDS}"
    )
    assert [one.name for one in found] == [
        "https hooks.example.org",
        "https hooks.example.org 2",
        "smtps mail.example.org",
    ]
    mail = found[2]
    assert isinstance(mail, MailAddress)
    assert (mail.port, mail.user, mail.password, mail.security) == (465, "desk", "p@ss", Security.TLS)
    assert isinstance(found[0], WebhookAddress)
    assert "/a" not in repr(found)
    assert "p@ss" not in repr(found)


@pytest.mark.parametrize(
    ("address", "port", "security"),
    [
        (f"smtp://mail.example.org{ENDS}", 587, Security.STARTTLS),
        (f"smtp://mail.example.org:25{ENDS}&starttls=no", 25, Security.PLAIN),
        (f"smtp://127.0.0.1{ENDS}", 25, Security.PLAIN),
        (f"smtp://localhost:2525{ENDS}&starttls=yes", 2525, Security.STARTTLS),
    ],
)
def test_mail_is_encrypted_unless_it_stays_here_or_says_otherwise(
    address: str, port: int, security: Security
) -> None:
    [mail] = read_addresses(address)
    assert isinstance(mail, MailAddress)
    assert (mail.port, mail.security) == (port, security)


@pytest.mark.parametrize(
    "address",
    [
        "planted",
        "ftp://planted.example.org",
        "https:///planted",
        "https://host:planted/",
        "smtp://planted.example.org",
        "smtp://mail.example.org?to=planted@example.org",
        "smtp://mail.example.org?to=planted@example.org%0d%0aBcc:x@y.org&from=a@example.org",
        f"smtp://a:planted@mail.example.org{ENDS}&starttls=no",
        ",".join(["https://planted.example.org"] * 11),
    ],
)
def test_a_fault_quotes_nothing(address: str) -> None:
    with pytest.raises(AddressFault) as caught:
        read_addresses(address)
    assert "planted" not in str(caught.value)
    with pytest.raises(SettingsErrors) as errors:
        Settings.model_validate({**GOOD, "alert_urls": address})
    assert [fault.name for fault in errors.value.faults] == ["ALERT_URLS"]


@pytest.mark.parametrize(
    ("mode", "address", "fine"),
    [
        ("production", "http://hooks.example.org/a", False),
        ("production", "http://127.0.0.1:9/a", False),
        ("production", f"smtp://127.0.0.1{ENDS}", True),
        ("test", "http://127.0.0.1:9/a", True),
        ("test", "http://hooks.example.org/a", False),
        ("production", "https://name:word@hooks.example.org/a", False),
    ],
)
def test_a_webhook_is_https_but_for_this_machine_in_tests(mode: str, address: str, fine: bool) -> None:
    settings = {**GOOD, "trim_bot_env": mode, "alert_urls": address}
    if fine:
        assert Settings.model_validate(settings).alert_addresses
    else:
        with pytest.raises(SettingsErrors):
            Settings.model_validate(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("teams_app_password_ends", "soon"),
        ("teams_app_password_ends", "20261201"),
        ("teams_app_password_ends", "2026-02-30"),
        ("backup_max_days", "-1"),
        ("backup_max_days", "weekly"),
    ],
)
def test_days_that_are_none_are_faults(name: str, value: str) -> None:
    with pytest.raises(SettingsErrors) as caught:
        Settings.model_validate({**GOOD, name: value})
    assert [fault.name for fault in caught.value.faults] == [name.upper()]


def test_backups_are_watched_in_production_unless_it_says_otherwise() -> None:
    assert Settings.model_validate(GOOD).oldest_backup.days == 8
    assert not Settings.model_validate({**GOOD, "backup_max_days": "0"}).oldest_backup
    assert not Settings.model_validate({**GOOD, "trim_bot_env": "test"}).oldest_backup
    assert Settings.model_validate({**GOOD, "backup_max_days": "2"}).oldest_backup.days == 2
