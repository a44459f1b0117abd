"""The settings that `serve` starts with whatever is wrong with them, so that help is shown and the fault is named."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import PrivateAttr, model_validator

from trim_bot.settings.checks import SettingFault, SettingsErrors
from trim_bot.settings.environment import KEYRING, NO_KEYRING, Settings, load_settings

_LISTENING = frozenset({"TRIM_BOT_ENV"})
"""Without these it is not known how the desk may be served."""
_OF_HELP = frozenset({"DATABASE_URL", KEYRING, "HELP_FILE"})
"""Kept as they are: the file of help numbers is found by them, and nothing else is opened."""


class FaultySettings(Settings):
    """An environment in which something is wrong; what is at fault counts as unset, and no desk is opened with it."""

    _faults: tuple[SettingFault, ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _check(self) -> FaultySettings:
        return self

    @property
    def faults(self) -> tuple[SettingFault, ...]:
        """Everything that is wrong."""
        return self._faults


def settings_for_serving() -> Settings:
    """The settings, also when something is wrong with them: the desk then starts closed, with help.

    Raises SettingsErrors where it is not even known what the deployment is for.
    """
    try:
        return load_settings()
    except SettingsErrors as errors:
        if errors.names & _LISTENING:
            raise
        if errors.names != {KEYRING}:
            return _without(errors.faults)
    return Settings(trim_bot_keyring=NO_KEYRING)


def fault_names(faults: Iterable[SettingFault]) -> str:
    """The variables at fault, each once, with a space between."""
    return " ".join(dict.fromkeys(fault.name for fault in faults))


def _without(faults: tuple[SettingFault, ...]) -> FaultySettings:
    fields = Settings.model_fields
    unset = {
        fault.name.lower(): fields[fault.name.lower()].get_default()
        for fault in faults
        if fault.name not in _OF_HELP
    }
    made = FaultySettings(**unset)
    made._faults = faults
    return made
