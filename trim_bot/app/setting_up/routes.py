"""Setting up: the list, and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.seam.links import OpenSetUp
from trim_bot.app.seam.route import OutcomeScreen, Route, button, page
from trim_bot.app.seam.work import StepRule
from trim_bot.app.setting_up import checklist_handlers, checklist_screens
from trim_bot.app.setting_up.commands import SendTestMessage
from trim_bot.app.setting_up.scope import SETS_UP
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page("set_up", OpenSetUp, checklist_handlers.open_set_up, allow=SETS_UP, to_all=True),
    button("send_test", SendTestMessage, checklist_handlers.send_test_message, Action.CHANGED, allow=SETS_UP),
)
OUTCOMES: Mapping[str, OutcomeScreen] = {"test_sent": checklist_screens.message_on_its_way}
STEPS: tuple[StepRule, ...] = ()
RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
