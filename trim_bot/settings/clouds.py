"""The clouds of the platforms: whose login, keys, directory and messages belong together, under one name each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import urlsplit


class TeamsCloud(Enum):
    """Which of Microsoft's clouds a tenant is in."""

    PUBLIC = "public"
    """The one of most workplaces."""
    GCC = "gcc"
    """US government, with the public login."""
    GCC_HIGH = "gcc-high"
    """US government, with a login of its own."""
    DOD = "dod"
    """The US Department of Defense."""


class SlackCloud(Enum):
    """Which of Slack's clouds a workspace is in."""

    PUBLIC = "public"
    """The one of most workplaces."""
    GOV = "gov"
    """GovSlack."""


@dataclass(frozen=True, slots=True)
class MicrosoftCloud:
    """Where everything is in one cloud, and by what names its tokens go."""

    openid_url: str
    """Where the keys are told of that sign the Bot Connector's requests."""
    issuer: str
    """Who makes the tokens of those requests."""
    connector_scope: str
    """What a token for the Bot Connector is asked for."""
    every_tenant: str
    """Where an app of many tenants asks for that token."""
    authority: str
    graph_url: str
    service_host: str


_PUBLIC = MicrosoftCloud(
    "https://login.botframework.com/v1/.well-known/openidconfiguration",
    "https://api.botframework.com",
    "https://api.botframework.com/.default",
    "botframework.com",
    "https://login.microsoftonline.com",
    "https://graph.microsoft.com",
    "smba.trafficmanager.net",
)


def _us_government(graph_url: str, service_host: str) -> MicrosoftCloud:
    return MicrosoftCloud(
        "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
        "https://api.botframework.us",
        "https://api.botframework.us/.default",
        "MicrosoftServices.onmicrosoft.us",
        "https://login.microsoftonline.us",
        graph_url,
        service_host,
    )


MICROSOFT: Mapping[TeamsCloud, MicrosoftCloud] = {
    TeamsCloud.PUBLIC: _PUBLIC,
    TeamsCloud.GCC: replace(_PUBLIC, service_host="smba.infra.gcc.teams.microsoft.com"),
    TeamsCloud.GCC_HIGH: _us_government("https://graph.microsoft.us", "smba.infra.gov.teams.microsoft.us"),
    TeamsCloud.DOD: _us_government("https://dod-graph.microsoft.us", "smba.infra.dod.teams.microsoft.us"),
}
SLACK_API: Mapping[SlackCloud, str] = {
    SlackCloud.PUBLIC: "https://slack.com/api/",
    SlackCloud.GOV: "https://slack-gov.com/api/",
}

SLACK_HOME: Mapping[SlackCloud, str] = {
    SlackCloud.PUBLIC: "https://slack.com",
    SlackCloud.GOV: "https://slack-gov.com",
}
"""Where a browser is led on to a conversation."""


def slack_home(name: str) -> str:
    """The address of a cloud of Slack's by its name; of a name that is none, that of most workplaces."""
    known = next((one for one in SlackCloud if one.value == name), SlackCloud.PUBLIC)
    return SLACK_HOME[known]


def teams_cloud(name: str) -> TeamsCloud | None:
    """The cloud of a name; None for no such cloud."""
    return next((one for one in TeamsCloud if one.value == name), None)


def addresses(teams: str, slack: str) -> dict[str, str]:
    """The settings that follow from the names of two clouds; nothing for a name that is none."""
    found: dict[str, str] = {}
    cloud = teams_cloud(teams)
    if cloud is not None:
        where = MICROSOFT[cloud]
        found |= {
            "teams_openid_url": where.openid_url,
            "teams_service_hosts": where.service_host,
            "entra_authority": where.authority,
            "graph_url": where.graph_url,
        }
    if slack in {one.value for one in SlackCloud}:
        found["slack_api_url"] = SLACK_API[SlackCloud(slack)]
    return found


def other_cloud(name: str, address: str, cloud: TeamsCloud) -> TeamsCloud | None:
    """The cloud that an address of a setting belongs to, where that is another than the one that is named."""
    host = urlsplit(address).netloc
    homes = {
        one for one in TeamsCloud if urlsplit(addresses(one.value, "").get(name, "")).netloc == host and host
    }
    return None if cloud in homes or not homes else sorted(homes, key=list(TeamsCloud).index)[0]
