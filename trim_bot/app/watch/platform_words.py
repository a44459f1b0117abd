"""What an administrator reads of a platform that is out of order: the cause and the next step."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.domain.outages import Outage, OutagePart, PlatformCause

_NAMES: Mapping[OutagePart, str] = {
    OutagePart.SLACK: "Slack",
    OutagePart.SLACK_SOCKET: "Slack's Socket Mode",
    OutagePart.TEAMS: "Microsoft's Bot Connector",
    OutagePart.TEAMS_KEYS: "The service with Microsoft's login keys",
    OutagePart.SIGN_IN: "Microsoft's login",
    OutagePart.GRAPH: "Microsoft Graph",
}
_CAUSES = {cause.value: cause for cause in PlatformCause}


def platform_words(outage: Outage) -> str | None:
    """One or two sentences; None for an outage of no platform. Nothing in them is about a person."""
    platform, cause = _NAMES.get(outage.part), _CAUSES.get(outage.cause)
    if platform is None or cause is None:
        return None
    return _platform(platform, cause, outage.look_at)


def _platform(name: str, cause: PlatformCause, look_at: str) -> str:
    match cause:
        case PlatformCause.REFUSED:
            if ":" in look_at:
                return f"{name} does not take the app in {look_at}. Add it there again, at /slack/install."
            return f"{name} does not take the app. Look at {look_at}."
        case PlatformCause.WHOLE_ENTERPRISE:
            return (
                f"{look_at} is a token for a whole enterprise. The desk serves one workspace at a time: install the "
                f"app in the workspace it is for, copy that workspace's bot token, and put it in {look_at}."
            )
        case PlatformCause.UNREACHABLE:
            return f"{name} cannot be reached at {look_at}. Look at the network, the firewall and the proxy."
        case PlatformCause.FAILING:
            return f"{name} at {look_at} answers that it is not well. It is tried again; see its status page."
        case PlatformCause.SLOW:
            return f"{name} at {look_at} answers too late. Look at the network and the proxy."
        case PlatformCause.ASKED_TO_WAIT:
            return f"{name} at {look_at} asks for fewer calls. What waits goes out later, by itself."
