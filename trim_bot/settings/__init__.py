"""The deployment's settings: the environment, checked whole before anything starts."""

from trim_bot.settings.checks import SettingFault, SettingsErrors, beyond_this_machine, host_of
from trim_bot.settings.environment import (
    KEYRING,
    NO_KEYRING,
    Mode,
    Settings,
    load_settings,
    settings_for_serving,
)

__all__ = [
    "KEYRING",
    "NO_KEYRING",
    "Mode",
    "SettingFault",
    "Settings",
    "SettingsErrors",
    "beyond_this_machine",
    "host_of",
    "load_settings",
    "settings_for_serving",
]
