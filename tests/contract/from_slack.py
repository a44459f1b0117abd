"""Reads a modal of Slack as somebody meets it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from tests.contract.outline import Item, Outline, Part, lines

STEP = re.compile(r"Step \d+ of \d+")
LINKED = re.compile(r"<([^|>]+)\|([^>]+)>")
FIELDS = {
    "plain_text_input": "text",
    "datepicker": "date",
    "timepicker": "time",
    "radio_buttons": "choice",
    "static_select": "choice",
    "checkboxes": "choices",
    "multi_static_select": "choices",
    "users_select": "person",
    "multi_users_select": "people",
}


def outline(view: dict[str, Any], faults: Collection[str] = ()) -> Outline:
    """Everything in a modal. `faults` are the texts of what is to mend."""
    body = [item for block in view["blocks"] for item in _block(block)]
    title, body = whole_title(view["title"]["text"], body)
    step = [Item(Part.STEP, item.text) for item in body[:1] if STEP.fullmatch(item.text)]
    sent = view["callback_id"] if "submit" in view else ""
    found = [Item(Part.TITLE, title, name=sent), *step]
    found += [_fault(item, faults) for item in body[len(step) :]]
    if "submit" in view:
        token = view.get("private_metadata", "")
        found.append(Item(Part.SUBMIT, view["submit"]["text"], token=token, main=True))
    return found


def whole_title(shown: str, body: Outline) -> tuple[str, Outline]:
    """The title in full: where the platform cuts it, or shows nothing else, it is said on the screen again."""
    start = shown.removesuffix("…")
    for at, item in enumerate(body):
        repeated = shown.endswith("…") and item.text.startswith(start)
        if item.part in (Part.LINE, Part.HEADING) and (repeated or (item.text == shown and len(body) == 1)):
            return item.text, body[:at] + body[at + 1 :]
    assert not shown.endswith("…"), "a cut title is nowhere said in full"
    return shown, body


def blocks(found: list[dict[str, Any]]) -> Outline:
    """Everything in some blocks, as of a message or the Home tab."""
    return [item for block in found for item in _block(block)]


def _fault(item: Item, faults: Collection[str]) -> Item:
    is_fault = item.part is Part.LINE and item.text.startswith("Please note: ")
    if is_fault and any(item.text.endswith(text) for text in faults):
        return Item(Part.FAULT, item.text.removeprefix("Please note: "))
    return item


def _block(block: dict[str, Any]) -> Outline:
    match block["type"]:
        case "header":
            return [Item(Part.HEADING, block["text"]["text"])]
        case "section":
            texts = [block["text"]] if "text" in block else block["fields"]
            return [item for text in texts for item in _text(text)]
        case "context":
            return [item for text in block["elements"] for item in _text(text)]
        case "actions":
            return [_button(element) for element in block["elements"]]
        case "input":
            return [_field(block)]
        case kind:
            raise AssertionError(f"nobody reads {kind}")


def _text(text: dict[str, Any]) -> Outline:
    linked = LINKED.fullmatch(text["text"]) if text["type"] == "mrkdwn" else None
    return [Item(Part.LINK, linked[2], name=linked[1])] if linked else lines(text["text"])


def _button(element: dict[str, Any]) -> Item:
    label = element["text"]["text"]
    if "url" in element:
        return Item(Part.LINK, label, name=element["url"])
    main = element.get("style") == "primary"
    return Item(Part.BUTTON, label, name=element["action_id"], token=element.get("value", ""), main=main)


def _field(block: dict[str, Any]) -> Item:
    element = block["element"]
    choices = tuple((option["value"], _label(option)) for option in element.get("options", ()))
    item = Item(
        Part.FIELD,
        block["label"]["text"],
        name=block["block_id"].partition("~")[0],
        kind=FIELDS[element["type"]],
        required=not block["optional"],
        multiline=element.get("multiline", False),
        choices=choices,
        value=_value(element),
        hints=tuple(line.text for line in lines(block.get("hint", {}).get("text", ""))),
    )
    if item.kind == "choices" and element["type"] == "checkboxes" and [one for one, _ in choices] == ["yes"]:
        return replace(item, kind="toggle", choices=())
    return item


def _label(option: dict[str, Any]) -> str:
    more = option.get("description", {}).get("text", "")
    return f"{option['text']['text']} {more}".strip()


def _value(element: dict[str, Any]) -> tuple[str, ...]:
    one = [
        element[key]
        for key in ("initial_value", "initial_date", "initial_time", "initial_user")
        if key in element
    ]
    one += element.get("initial_users", [])
    chosen = (
        [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    )
    return tuple(one + [option["value"] for option in chosen])
