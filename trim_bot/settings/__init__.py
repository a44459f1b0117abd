"""The deployment's settings: the environment, checked whole before anything starts."""

from trim_bot.settings.checks import SettingsErrors, beyond_this_machine
from trim_bot.settings.environment import Mode, Settings, load_settings

__all__ = ["Mode", "Settings", "SettingsErrors", "beyond_this_machine", "load_settings"]
