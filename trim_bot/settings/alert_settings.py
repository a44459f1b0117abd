"""What the environment says about telling the administrator: where, and when a password or a backup is too old."""

from __future__ import annotations

import re
from datetime import date

from integrations.alerts.addresses import AddressFault, WebhookAddress, read_addresses
from trim_bot.settings.checks import SettingFault, address_fault

BACKUP_DAYS = 8
"""How old the newest backup may be in production, unless it says otherwise: once a week, and a day for trouble."""
_DAYS = re.compile(r"[0-9]{1,4}")


def alert_faults(urls: str, password_ends: str, backup_days: str, *, production: bool) -> list[SettingFault]:
    """What is wrong with ALERT_URLS, TEAMS_APP_PASSWORD_ENDS and BACKUP_MAX_DAYS; never with their values."""
    faults: list[SettingFault] = []
    if password_ends and not _is_day(password_ends):
        faults.append(SettingFault("TEAMS_APP_PASSWORD_ENDS", "must read YYYY-MM-DD"))
    if backup_days and not _DAYS.fullmatch(backup_days):
        faults.append(SettingFault("BACKUP_MAX_DAYS", "must be a number of days; 0 watches no backup"))
    try:
        addresses = read_addresses(urls)
    except AddressFault as fault:
        return [*faults, SettingFault("ALERT_URLS", str(fault))]
    hooks = [one.url for one in addresses if isinstance(one, WebhookAddress)]
    said = dict.fromkeys(text for url in hooks if (text := address_fault(url, production=production)))
    return [*faults, *(SettingFault("ALERT_URLS", text) for text in said)]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
