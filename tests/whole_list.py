"""Reads a platform's list to its end, for tests that do not care for its pages."""

from __future__ import annotations

from trim_bot.app.seam.ports import Directory
from trim_bot.domain.people import Profile


async def whole_list(directory: Directory, workspace: str) -> list[Profile]:
    """Every account that a list tells of, page after page."""
    found: list[Profile] = []
    cursor = ""
    while True:
        page = await directory.page(workspace, cursor)
        found += page.profiles
        cursor = page.further
        if not cursor:
            return found
