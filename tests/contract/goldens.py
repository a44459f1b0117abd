"""Writes down what every renderer draws, one line a block, so that a change shows as the lines it changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from integrations.slack.render import render_home, render_message
from integrations.teams.render import home_card, message_card, neutral_card, opening_card, title_of
from tests.contract.outline import PLATFORMS, TEAMS, WEB
from tests.contract.screens import drawn, screens
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.examples.sample import LINK
from trim_bot.app.own.home_screens import home_view
from trim_bot.app.seam.views import Message, View
from trim_bot.app.words import adapter_words as words

FOLDER = Path(__file__).parent / "goldens"
MOST_BYTES = 2_400_000
MESSAGE = Message("lasting.open", "lasting.stop")


def path(platform: str) -> Path:
    """Where the drawings of a platform are kept."""
    return FOLDER / f"{platform}.txt"


def golden(platform: str) -> str:
    """Every screen of a platform, and what it puts into a chat."""
    return "".join(f"{line}\n" for line in _lines(platform))


def _lines(platform: str) -> Iterator[str]:
    for name in sorted(catalogue()):
        yield f"=== {name}"
        yield from _screen(platform, screens()[name])
    for name, card in in_chat(platform).items():
        yield f"=== in chat: {name}"
        yield from _parts(card)


def in_chat(platform: str) -> dict[str, dict[str, Any]]:
    """What stays in a chat, or in the first page of one."""
    match platform:
        case "slack":
            posted = render_message(MESSAGE)
            return {
                "message": {"text": posted.text, "blocks": posted.blocks},
                "home": render_home(home_view(LINK)),
            }
        case "teams":
            also = {"words": opening_card(("peer", "log")), "line": neutral_card(words.CLOSE_THIS)}
            return {"message": message_card(MESSAGE), "home": home_card(LINK), **also}
        case _:
            return {}


def _screen(platform: str, view: View) -> Iterator[str]:
    found = drawn(platform, view)
    if platform == WEB:
        yield from (line.rstrip() for line in re.sub(r"\n\s*\n+", "\n", found).strip().splitlines())
        return
    if platform == TEAMS:
        yield f"title: {title_of(view)}"
    yield from _parts(found)


def _parts(found: dict[str, Any]) -> Iterator[str]:
    """First what surrounds the blocks, then each on a line of its own."""
    listed = ("blocks", "body", "actions")
    yield _json({key: value for key, value in found.items() if key not in listed})
    for key in listed:
        yield from (f"{key}: {_json(one)}" for one in found.get(key, ()))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def write() -> None:
    """Draw everything anew and keep it."""
    for platform in PLATFORMS:
        path(platform).write_text(golden(platform), "utf-8")
