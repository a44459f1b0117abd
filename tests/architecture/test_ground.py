"""The ground of the adapters knows no platform: none is named in it, and no vendor of one is spoken there."""

from __future__ import annotations

import re

from tests.architecture.tree import ROOT, name

PLATFORM = re.compile(r"slack|teams\b|entra|microsoft|msal|graph\b|jinja|aiohttp|httpx", re.IGNORECASE)


def named(text: str) -> list[str]:
    """The platforms and vendors a text speaks of."""
    return PLATFORM.findall(text)


def test_no_platform_is_named_in_the_ground() -> None:
    ground = sorted((ROOT / "integrations" / "ground").rglob("*.py"))
    assert ground
    assert {name(path): found for path in ground if (found := named(path.read_text()))} == {}


def test_a_platform_is_found() -> None:
    assert named("# As Slack does, and Microsoft Teams") == ["Slack", "Microsoft", "Teams"]
    assert named("import httpx\nfrom msal import x") == ["httpx", "msal"]
    assert named("a way out to some workspace or tenant") == []
