"""Setting up: the list, and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.seam.links import OpenSetUp
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import StepRule
from trim_bot.app.setting_up import checklist_handlers, checklist_screens, file_handlers, settings_handlers
from trim_bot.app.setting_up.commands import (
    ImportFile,
    LookAtFile,
    OpenExport,
    OpenImport,
    OpenSettingGroup,
    OpenSettingList,
    OpenSettingRow,
    OpenSettings,
    OpenTakeIn,
    PutRowFirst,
    RangNumber,
    SaveSettingGroup,
    SaveSettingRow,
    SendTestMessage,
    TakeOutRow,
)
from trim_bot.app.setting_up.scope import SETS_UP
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page("set_up", OpenSetUp, checklist_handlers.open_set_up, allow=SETS_UP, to_all=True),
    button("send_test", SendTestMessage, checklist_handlers.send_test_message, Action.CHANGED, allow=SETS_UP),
    page("settings", OpenSettings, settings_handlers.open_settings, allow=SETS_UP, to_all=True),
    form(
        "setting_group",
        OpenSettingGroup,
        settings_handlers.open_group,
        SaveSettingGroup,
        settings_handlers.save_group,
        Action.CHANGED,
        allow=SETS_UP,
        gather="answers",
    ),
    page("setting_list", OpenSettingList, settings_handlers.open_list, allow=SETS_UP),
    form(
        "setting_row",
        OpenSettingRow,
        settings_handlers.open_row,
        SaveSettingRow,
        settings_handlers.save_row,
        Action.CHANGED,
        allow=SETS_UP,
        gather="answers",
    ),
    button("row_out", TakeOutRow, settings_handlers.take_out, Action.CHANGED, allow=SETS_UP),
    button("row_first", PutRowFirst, settings_handlers.put_first, Action.CHANGED, allow=SETS_UP),
    button("rang", RangNumber, settings_handlers.rang, Action.CHANGED, allow=SETS_UP),
    page("site_file", OpenExport, file_handlers.open_export, allow=SETS_UP, to_all=True),
    form(
        "site_import",
        OpenImport,
        file_handlers.open_import,
        LookAtFile,
        file_handlers.look_at,
        Action.SHOWED,
        allow=SETS_UP,
    ),
    form(
        "site_apply",
        OpenTakeIn,
        file_handlers.open_take_in,
        ImportFile,
        file_handlers.import_file,
        Action.CHANGED,
        allow=SETS_UP,
    ),
)
OUTCOMES: Mapping[str, OutcomeScreen] = {"test_sent": checklist_screens.message_on_its_way}
STEPS: tuple[StepRule, ...] = ()
RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
