"""Shows the set-up list, and sends the test message that one of its lines asks for."""

from __future__ import annotations

from collections import Counter

from trim_bot.app.seam.links import OpenSetUp
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Outcome
from trim_bot.app.setting_up import checklist_screens
from trim_bot.app.setting_up.checklist import SetUpFacts, standings
from trim_bot.app.setting_up.commands import SendTestMessage
from trim_bot.app.setting_up.scope import SetUp


def open_set_up(set_up: SetUp, command: OpenSetUp) -> Screen:
    """The list, as things stand now."""
    overview, site = set_up.overview, set_up.settings.site()
    today = set_up.today
    facts = SetUpFacts(
        site=site,
        today=today,
        roles=Counter(role for one in overview.roster.all() for role in one.roles),
        in_date=overview.counts.staffing(today).in_date,
        chats=set_up.messages.chats(),
    )
    return checklist_screens.checklist_page(facts, standings(facts))


def send_test_message(set_up: SetUp, command: SendTestMessage) -> Outcome:
    """Send it. Raises NotOpen for whoever that chat does not reach."""
    set_up.messages.send(command.chat)
    return Outcome("test_sent")
