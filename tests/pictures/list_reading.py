"""Reads one page of a list, as Slack's modal, Teams' card or the browser's page shows it: rows, and the ways on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from integrations.slack.wire import LINK_ACTION
from tests.e2e.teams_side import parts
from trim_bot.app.seam.paging import FROM_THE_FIRST, NEXT

Json = Mapping[str, Any]
IN_BROWSER = """() => [...document.querySelectorAll(
  "main h1, main h2, main h3, main p, main dl > div, main .button")].filter(
  (one) => one.checkVisibility()).map((one) => [one.innerText.trim(), one.getAttribute("aria-label") || "",
    one.matches(".button") ? one.value || one.getAttribute("href") || "-" : ""])"""


@dataclass(frozen=True, slots=True)
class Part:
    """Something on a page: words, or a button with what it asks for."""

    text: str
    action: str = ""
    token: str = ""
    spoken: str = ""
    """What is read out in its place, where that is something else."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its button, what stands above it back to the row before, and what the button asks for."""

    label: str
    spoken: str
    above: str
    action: str
    token: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list."""

    parts: Sequence[Part]

    def rows(self, actions: Collection[str]) -> list[Row]:
        """The rows whose buttons ask for one of these; without any, each name with what is so of it."""
        found: list[Row] = []
        above: list[str] = []
        for part in self.parts:
            if not actions and "\n" in part.text:
                found.append(Row(part.text.partition("\n")[0], "", part.text, "", ""))
            if part.action in actions and part.text not in (NEXT, FROM_THE_FIRST):
                found.append(Row(part.text, part.spoken, "\n".join(above), part.action, part.token))
            above = [] if part.action and part.action != LINK_ACTION else [*above, part.text]
        return found

    @property
    def text(self) -> str:
        """All its words."""
        return "\n".join(part.text for part in self.parts)

    def nth(self, label: str) -> tuple[str, int] | None:
        """The action of the button called so, and which of those with this action it is; None where there is none."""
        for at, part in enumerate(self.parts):
            if part.action and part.text == label:
                return part.action, sum(one.action == part.action for one in self.parts[:at])
        return None


def slack_leaf(view: Json) -> Leaf:
    """A modal."""
    return Leaf(tuple(_of_slack(view["blocks"])))


def _of_slack(blocks: Sequence[Json]) -> Iterator[Part]:
    for block in blocks:
        match block["type"]:
            case "actions":
                for one in block["elements"]:
                    said, value = one.get("accessibility_label", ""), one.get("value", one.get("url", ""))
                    yield Part(one["text"]["text"], one["action_id"], value, said)
            case "section" if "fields" in block:
                yield from (Part(one["text"]) for one in block["fields"])
            case "context":
                yield from (Part(one["text"]) for one in block["elements"])
            case "input":
                yield Part(block["label"]["text"])
            case _:
                yield Part(block["text"]["text"])


def teams_leaf(card: dict[str, Any]) -> Leaf:
    """A dialog's card; a line that stands close below another is one with it, as a value is with its name."""
    found: list[Part] = []
    for one in parts(card):
        if one["type"] in ("Action.Submit", "Action.Execute"):
            data = one["data"]
            action = data.get("action", data.get("form", ""))
            found.append(Part(one["title"], action, data.get("t", ""), one.get("tooltip", "")))
            continue
        runs = one.get("inlines", [])
        text = "".join(run["text"] for run in runs) or str(one.get("text", one.get("label", "")))
        text = text.replace("\u2060", "")
        if runs and one.get("spacing") == "None" and found and not found[-1].action:
            found[-1] = Part(f"{found[-1].text}\n{text}")
        else:
            found.append(Part(text))
    return Leaf(tuple(found))


def browser_leaf(page: Page) -> Leaf:
    """The page that stands in Chromium. A link asks for the page whose name ends its address."""
    found: list[list[str]] = page.evaluate(IN_BROWSER)
    return Leaf(tuple(Part(text, _asked(value), value, said) for text, said, value in found))


def _asked(value: str) -> str:
    if value.startswith("/"):
        return value.partition("?")[0].rsplit("/", 1)[-1]
    return value.partition(" ")[0]
