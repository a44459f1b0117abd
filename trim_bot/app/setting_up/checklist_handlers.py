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
from trim_bot.domain.errors import NotOpen


def open_set_up(set_up: SetUp, command: OpenSetUp) -> Screen:
    """The list, as things stand now."""
    overview, site = set_up.overview, set_up.settings.site()
    today = set_up.today
    facts = SetUpFacts(
        site=site,
        today=today,
        roles=Counter(role for one in overview.roster.all() for role in one.roles),
        in_date=overview.counts.staffing(today).in_date,
        chats=set_up.chats,
        message_taken=set_up.messages.one_was_taken(),
    )
    return checklist_screens.checklist_page(
        facts, standings(facts), can_be_written_to=set_up.messages.reach_asker()
    )


def send_test_message(set_up: SetUp, command: SendTestMessage) -> Outcome:
    """Send it. Raises NotOpen for whoever no chat reaches."""
    if not set_up.messages.reach_asker():
        raise NotOpen("chat")
    set_up.messages.send()
    return Outcome("test_sent")
