"""What an administrator can ask of the set-up pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.app.setting_up.settings_shape import SettingGroup, SettingList
from trim_bot.domain.ids import MAIN_PLACE, PlaceId


@dataclass(frozen=True, slots=True)
class SendTestMessage(Command):
    """Send whoever asks the one message there is in one chat, by its digest, to see that it comes."""

    chat: str


@dataclass(frozen=True, slots=True)
class OpenSettings(Opening):
    """List all settings by group, with the ways to the file."""


@dataclass(frozen=True, slots=True)
class OpenSettingGroup(Opening):
    """Show the form for one group of settings; `seen` is a digest of how they stood."""

    group: SettingGroup
    seen: str = ""


@dataclass(frozen=True, slots=True)
class SaveSettingGroup(Command):
    """Put one group of settings into force."""

    group: SettingGroup
    seen: str = ""
    answers: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class OpenSettingList(Opening):
    """Show the rows of one list, from a place on; of a place beside the main one, where `of` has its id."""

    rows: SettingList
    of: PlaceId = MAIN_PLACE
    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenSettingRow(Opening):
    """Show the form for one row of a list, by what it is called; without that, for a new row."""

    rows: SettingList
    of: PlaceId = MAIN_PLACE
    row: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class SaveSettingRow(Command):
    """Put one row into force."""

    rows: SettingList
    of: PlaceId = MAIN_PLACE
    row: str = ""
    seen: str = ""
    answers: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class OneRow:
    """A row of a list that something is done to at a press, by what it is called; `seen` is a digest of the list."""

    rows: SettingList
    of: PlaceId = MAIN_PLACE
    row: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class TakeOutRow(OneRow, Command):
    """Take one row out of a list."""


@dataclass(frozen=True, slots=True)
class PutRowFirst(OneRow, Command):
    """Put one row before all others."""


@dataclass(frozen=True, slots=True)
class RangNumber(OneRow, Command):
    """Say that a number was rung today and somebody answered."""


@dataclass(frozen=True, slots=True)
class OpenExport(Opening):
    """Show the settings in force as a file."""


@dataclass(frozen=True, slots=True)
class OpenImport(Opening):
    """Show the form that takes the text of a file."""


@dataclass(frozen=True, slots=True)
class LookAtFile(Command):
    """Show what a file would change; nothing is kept."""

    file: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenTakeIn(Opening):
    """Show the form that puts a file into force; `checked` is a digest of what was shown to differ."""

    checked: str = ""


@dataclass(frozen=True, slots=True)
class ImportFile(Command):
    """Put a file into force, once its differences were shown."""

    checked: str = ""
    file: str = field(default="", repr=False)
