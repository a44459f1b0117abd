"""By what names tokens of the Bot Connector go in one of Microsoft's clouds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CloudNames:
    """Those of the public cloud, unless others are given."""

    issuer: str = "https://api.botframework.com"
    """Who makes the tokens of its requests."""
    connector_scope: str = "https://api.botframework.com/.default"
    """What a token for it is asked for."""
    every_tenant: str = "botframework.com"
    """Where an app of many tenants asks for that token."""


PUBLIC = CloudNames()
