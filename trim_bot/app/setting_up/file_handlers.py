"""Takes a site file in, once its differences were looked at, and gives out the settings in force as one."""

from __future__ import annotations

from datetime import timedelta

from trim_bot.app.seam import mending
from trim_bot.app.seam.seen_before import seen_of
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next
from trim_bot.app.setting_up import file_screens as screens
from trim_bot.app.setting_up.commands import (
    ImportFile,
    LookAtFile,
    OpenExport,
    OpenImport,
    OpenSettings,
    OpenTakeIn,
)
from trim_bot.app.setting_up.differences import differences
from trim_bot.app.setting_up.scope import SetUp
from trim_bot.app.site_file.reading import SettingFaults, SiteFile, SiteFileErrors, read_site
from trim_bot.app.site_file.writing import file_of, values_of
from trim_bot.domain.errors import Invalid


def open_export(set_up: SetUp, command: OpenExport) -> Screen:
    """The settings in force as a file."""
    return screens.export_page(file_of(set_up.settings.site()), set_up.overview.link)


def open_import(set_up: SetUp, command: OpenImport) -> Screen:
    """The form that takes a file."""
    return screens.import_form()


def look_at(set_up: SetUp, command: LookAtFile) -> Screen:
    """What a file would change. Raises Invalid with its faults."""
    read = _read(set_up, command.file)
    before, after = set_up.settings.values(), values_of(read.draft)
    return screens.looked_form(seen_of(before, after), command.file, differences(before, after), _aside(read))


def open_take_in(set_up: SetUp, command: OpenTakeIn) -> Screen:
    """The form by which a file is put into force, when it comes back with what is to be mended."""
    return screens.looked_form(command.checked, "", None)


def import_file(set_up: SetUp, command: ImportFile) -> Next:
    """Put a file into force. Raises Invalid with its faults, and where it was not seen what it changes now."""
    settings, read = set_up.settings, _read(set_up, command.file)
    if command.checked != seen_of(settings.values(), values_of(read.draft)):
        raise Invalid(file=mending.LOOK_AGAIN)
    try:
        settings.put(read.draft, "file")
    except SettingFaults as refused:
        raise Invalid(file=refused.faults[0][1]) from None
    return OpenSettings()


def _read(set_up: SetUp, text: str) -> SiteFile:
    settings = set_up.settings
    try:
        return read_site(
            text,
            "file",
            today=set_up.today + timedelta(days=1),
            questionnaires=settings.scored(),
            floors=settings.floors(),
        )
    except SiteFileErrors as errors:
        raise Invalid(file=screens.faults_of_file([(one.line, one.text) for one in errors.errors])) from None


def _aside(read: SiteFile) -> str:
    if not read.reporting_lines and not read.staff:
        return ""
    return screens.left_aside(len(read.reporting_lines), len(read.staff))
