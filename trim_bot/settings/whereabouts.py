"""Where each platform is by the settings, so that an outage names the host or the variable to look at."""

from __future__ import annotations

from urllib.parse import urlsplit

from trim_bot.app.watch.platforms import Whereabouts
from trim_bot.domain.outages import OutagePart
from trim_bot.settings.environment import Settings


def whereabouts(settings: Settings) -> Whereabouts:
    """Where each platform is by the settings, and which variable has Slack's one token."""
    slack, services = urlsplit(settings.slack_api_url).netloc, [*settings.teams_service_hosts, ""]
    hosts = {
        OutagePart.SLACK: slack,
        OutagePart.SLACK_SOCKET: slack,
        OutagePart.TEAMS: services[0],
        OutagePart.TEAMS_KEYS: urlsplit(settings.teams_openid_url).netloc,
        OutagePart.SIGN_IN: urlsplit(settings.entra_authority).netloc,
        OutagePart.GRAPH: urlsplit(settings.graph_url).netloc,
    }
    return Whereabouts(hosts, "" if settings.slack_installs else "SLACK_BOT_TOKEN", *settings.proofs[:1])
