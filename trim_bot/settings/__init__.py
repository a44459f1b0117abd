"""The deployment's settings: the environment, checked whole before anything starts."""

from trim_bot.settings.addresses import beyond_this_machine
from trim_bot.settings.environment import Mode, Settings, load_settings
from trim_bot.settings.faults import Fault, SettingsErrors

__all__ = ["Fault", "Mode", "Settings", "SettingsErrors", "beyond_this_machine", "load_settings"]
