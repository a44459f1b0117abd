"""Reads a card of Teams as somebody meets it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from integrations.teams.wire import parted
from tests.contract.from_slack import STEP, whole_title
from tests.contract.outline import Item, Outline, Part, lines
from trim_bot.app.seam.views import LEFT_OPEN
from trim_bot.app.words import adapter_words as words

ESCAPED = re.compile(r"\\([^\w\s])")
FIELDS = {"Input.Text": "text", "Input.Date": "date", "Input.Time": "time", "Input.Toggle": "toggle"}


def outline(card: dict[str, Any], title: str) -> Outline:
    """Everything in the card of a dialog with this title."""
    sent = {action["title"]: action["data"] for action in card.get("actions", [])}
    body, faults = body_of(card), [item for item in body_of(card) if item.part is Part.FAULT]
    body = [item for item in body if item.part is not Part.FAULT]
    step = [Item(Part.STEP, item.text) for item in body[:1] if STEP.fullmatch(item.text)]
    title, body = whole_title(title, body[len(step) :])
    form = next((data["form"] for data in sent.values()), "")
    submits = [Item(Part.SUBMIT, label, token=data["t"], main=True) for label, data in sent.items()]
    _check_kinds(card, body)
    return [Item(Part.TITLE, title, name=form), *step, *faults, *body, *submits]


def body_of(card: dict[str, Any]) -> Outline:
    """Everything in the body of a card, as of one that stays in a chat."""
    found: Outline = []
    error = ""
    for element in card["body"]:
        kind = element["type"]
        if _is_error(element):
            error = _runs(element).removeprefix(f"{words.TO_MEND} ")
        elif kind.startswith("Input."):
            found.append(replace(_field(element), error=error))
            error = ""
        elif _is_hint(element, found):
            last = found.pop()
            found.append(replace(last, hints=(*last.hints, *(line.text for line in lines(_runs(element))))))
        else:
            found += _element(element)
    assert not error, "an error without a field below it"
    return found


def _is_error(element: dict[str, Any]) -> bool:
    return element["type"] == "RichTextBlock" and "color" in element["inlines"][0]


def _is_hint(element: dict[str, Any], found: Outline) -> bool:
    follows = bool(found) and found[-1].part is Part.FIELD and element.get("spacing") == "None"
    return follows and element["type"] == "RichTextBlock" and bool(element["inlines"][0].get("isSubtle"))


def _runs(element: dict[str, Any]) -> str:
    return "".join(run["text"] for run in element["inlines"])


def _element(element: dict[str, Any]) -> Outline:
    match element["type"]:
        case "TextBlock":
            assert element["style"] == "heading"
            text = ESCAPED.sub(r"\1", element["text"]).replace("\u2060", "")
            return [Item(Part.HEADING, text)]
        case "RichTextBlock":
            return lines(_runs(element))
        case "Container":
            inside = [item for one in element["items"] for item in _element(one)]
            is_summary = inside[0].text == words.LOOK_AGAIN
            return [Item(Part.FAULT, item.text) for item in inside] if is_summary else inside
        case "ActionSet":
            return [_button(action) for action in element["actions"]]
        case kind:
            raise AssertionError(f"nobody reads {kind}")


def _button(action: dict[str, Any]) -> Item:
    if action["type"] == "Action.OpenUrl":
        return Item(Part.LINK, action["title"], name=action["url"])
    data = action["data"]
    main = action.get("style") == "positive"
    return Item(Part.BUTTON, action["title"], name=data["action"], token=data["t"], main=main)


def _field(element: dict[str, Any]) -> Item:
    label = element["label"].removesuffix(f" {words.OPTIONAL}")
    several = element.get("isMultiSelect", False)
    value = element.get("value", "")
    choices: tuple[tuple[str, str], ...] = ()
    if "choices.data" in element:
        kind = "people" if several else "person"
    elif element["type"] == "Input.ChoiceSet":
        kind = "choices" if several else "choice"
        choices = tuple((one["value"], one["title"]) for one in element["choices"])
    else:
        kind = FIELDS[element["type"]]
    values = parted(value) if several or kind == "person" else (value,) if value and value != "no" else ()
    return Item(
        Part.FIELD,
        label,
        name=element["id"],
        kind=kind,
        required=label == element["label"] and all(one != LEFT_OPEN for one, _ in choices),
        multiline=element.get("isMultiline", False),
        choices=choices,
        value=values,
    )


def _check_kinds(card: dict[str, Any], body: Outline) -> None:
    """The kinds a button tells are those of the fields that are there."""
    rows = [action for element in card["body"] for action in element.get("actions", [])]
    told = [action["data"].get("k", {}) for action in [*rows, *card.get("actions", [])] if "data" in action]
    shown = {item.name: item.kind for item in body if item.part is Part.FIELD}
    assert all(kinds == shown for kinds in told)
