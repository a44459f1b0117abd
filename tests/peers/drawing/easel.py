"""One open page of Chromium on which a view is drawn twice, side by side."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from integrations.slack.render import render_message, render_view
from integrations.teams.render import card_of, message_card, title_of
from tests.peers.parts import MODULES, node
from tests.pictures.camera import chromium
from trim_bot.app.seam.views import Message, View

HERE = Path(__file__).parent
TENANT = "22222222-bbbb-4bbb-8bbb-222222222222"
BUNDLE_SECONDS = 120


NO_CHOICES = "An Input.ChoiceSet must have at least one choice defined."
"""What the library says of a field that Teams itself fills with people; Microsoft's own examples have none."""


def _looked_up(card: Mapping[str, Any]) -> int:
    return sum("choices.data" in one and not one["choices"] for one in card["body"])


def bundle(folder: Path) -> Path:
    """Both libraries with our page's script in one file, and their style beside it."""
    command = [
        node(), str(MODULES / "esbuild" / "bin" / "esbuild"),
        "--bundle", "--format=iife", "--define:process.env.NODE_ENV=\"production\"", "--log-level=error",
        "--sourcefile=paper.js", f"--outfile={folder / 'paper.js'}",
    ]  # fmt: skip
    source = (HERE / "paper.js").read_bytes()
    subprocess.run(command, cwd=MODULES.parent, input=source, check=True, timeout=BUNDLE_SECONDS)
    return folder / "paper.js"


def as_slack(view: View) -> Mapping[str, Any]:
    """The view as Slack gets it."""
    if isinstance(view, Message):
        return {"type": "message", "blocks": render_message(view).blocks}
    drawn = render_view(view)
    assert drawn is not None
    return drawn


def as_teams(view: View) -> tuple[Mapping[str, Any], str]:
    """The view as Teams gets it, with the title of its dialog; a card in a chat has none."""
    if isinstance(view, Message):
        return message_card(view), ""
    drawn = card_of(view, TENANT)
    assert drawn is not None
    return drawn, title_of(view)


class Easel:
    """The page. `heard` is what its console said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda said: self.heard.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.heard.append(error.message))
        page.on("request", lambda request: self.asked.append(request.url))

    def draw(self, view: View) -> list[str]:
        """Draw a view, and say what is wrong with how it looks."""
        card, title = as_teams(view)
        self.heard.clear()
        issues: list[str] = self.page.evaluate(
            "([view, card, title]) => window.draw(view, card, title)",
            [json.loads(json.dumps(as_slack(view))), json.loads(json.dumps(card)), title],
        )
        issues = (
            issues[_looked_up(card) :]
            if issues[: _looked_up(card)] == [NO_CHOICES] * _looked_up(card)
            else issues
        )
        faults: list[str] = self.page.evaluate((HERE / "faults.js").read_text(encoding="utf-8"))
        return [*(f"adaptivecards: {issue}" for issue in issues), *faults, *self.heard]

    def words(self, side: str) -> str:
        """Everything that can be read on one side, fields included, in order."""
        return str(self.page.evaluate(READ, side))

    def keep(self, file: Path) -> None:
        """A picture of both."""
        self.page.locator("#both").screenshot(path=file)


READ = """side => {
  const found = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) found.push(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE && node.checkVisibility()) {
      if (["INPUT", "TEXTAREA"].includes(node.tagName) && node.value) found.push(node.value);
      node.childNodes.forEach(walk);
    }
  };
  walk(document.getElementById(side));
  return found.join(" ");
}"""


@contextmanager
def easel(folder: Path) -> Iterator[Easel]:
    """An easel, with nothing on it yet."""
    script = bundle(folder)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1180, "height": 900})
        style = script.with_suffix(".css").read_text(encoding="utf-8") + (HERE / "paper.css").read_text(
            "utf-8"
        )
        page.set_content(
            f"<!doctype html><meta charset=utf-8><style>{style}</style>"
            "<div id=both><div id=slack></div><div id=teams></div></div>"
        )
        page.add_script_tag(content=script.read_text(encoding="utf-8"))
        yield Easel(page)
