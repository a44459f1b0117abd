"""Where a direct message could be written to somebody, in the cloud of Slack that is set up."""

from __future__ import annotations

from urllib.parse import quote

from trim_bot.domain.clean_text import cleaned
from trim_bot.domain.people import Address, Platform

SLACK_HOME = "https://slack.com"
"""Where a browser is led on to a conversation, for most workplaces."""


def chat_url(chat: Address | None, slack_home: str = SLACK_HOME) -> str:
    """Where a direct message could be written; only Slack has such an address for an account id."""
    if chat is None or chat.platform is not Platform.SLACK:
        return ""
    team, channel = (quote(cleaned(part), safe="") for part in (chat.workspace, chat.user))
    return f"{slack_home}/app_redirect?team={team}&channel={channel}"
