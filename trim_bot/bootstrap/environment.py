"""Reads the environment so that a desk without its keyring can still show where help is."""

from __future__ import annotations

from trim_bot.bootstrap.deployment import NO_KEYRING
from trim_bot.settings import Settings, SettingsErrors, load_settings

KEYRING = "TRIM_BOT_KEYRING"


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
