"""Slack's limits and habits as rules of our own, for what no library checks: names, rows, drafts."""

from __future__ import annotations

from collections.abc import Iterator


def faults_of_view(view: dict) -> list[str]:
    """What Slack would refuse in a modal or a Home tab, or what would go wrong with it."""
    faults = list(_blocks(view["blocks"]))
    if view["type"] == "modal":
        faults += _modal(view)
    elif any(block["type"] == "input" for block in view["blocks"]):
        faults.append("Home holds an input")
    return faults


def faults_of_message(blocks: list[dict]) -> list[str]:
    """What Slack would refuse in a message."""
    faults = list(_blocks(blocks))
    if len(blocks) > 50:
        faults.append("more than 50 blocks in a message")
    return faults


def _modal(view: dict) -> Iterator[str]:
    for key in ("title", "close", "submit"):
        if key in view:
            yield from _text(view[key], 24, key)
            if view[key]["type"] != "plain_text":
                yield f"{key} is not plain text"
    if not 1 <= len(view.get("private_metadata", "x")) <= 3000:
        yield "private_metadata 1 to 3000"
    if not 1 <= len(view.get("callback_id", "x")) <= 255:
        yield "callback_id 1 to 255"
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        yield "inputs without submit"
    names = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    if len(set(names)) < len(names):
        yield "the same block_id twice"


def _blocks(blocks: list[dict]) -> Iterator[str]:
    if not 1 <= len(blocks) <= 100:
        yield "1 to 100 blocks"
    for block in blocks:
        match block["type"]:
            case "header":
                yield from _text(block["text"], 150, "header")
            case "section":
                yield from _section(block)
            case "context":
                if not 1 <= len(block["elements"]) <= 10:
                    yield "1 to 10 elements in a context"
                for element in block["elements"]:
                    yield from _text(element, 2000, "context")
            case "actions":
                yield from _actions(block)
            case "input":
                yield from _input(block)
            case _:
                yield "an unknown kind of block"


def _section(block: dict) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "an empty section"
    if "text" in block:
        yield from _text(block["text"], 3000, "section")
    if "fields" in block:
        if not 1 <= len(block["fields"]) <= 10:
            yield "1 to 10 fields"
        for field in block["fields"]:
            yield from _text(field, 2000, "field")


def _actions(block: dict) -> Iterator[str]:
    elements = block["elements"]
    if not 1 <= len(elements) <= 25:
        yield "1 to 25 buttons in a row"
    actions = [element["action_id"] for element in elements]
    if len(set(actions)) < len(actions):
        yield "an action twice in a row"
    for element in elements:
        yield from _text(element["text"], 75, "button")
        if not 1 <= len(element["action_id"]) <= 255:
            yield "action_id 1 to 255"
        if "value" in element and not 1 <= len(element["value"]) <= 2000:
            yield "button value 1 to 2000"
        if len(element.get("url", "")) > 3000:
            yield "url over 3000"


def _input(block: dict) -> Iterator[str]:
    yield from _text(block["label"], 2000, "label")
    if "hint" in block:
        yield from _text(block["hint"], 2000, "hint")
    if not 1 <= len(block["block_id"]) <= 255:
        yield "block_id 1 to 255"
    element = block["element"]
    if element["action_id"] != "v":
        yield "an input whose action is not v"
    kind = element["type"]
    if kind in ("radio_buttons", "checkboxes") and not 1 <= len(element["options"]) <= 10:
        yield "1 to 10 options in buttons"
    if kind in ("static_select", "multi_static_select") and not 1 <= len(element["options"]) <= 100:
        yield "1 to 100 options in a list"
    options = element.get("options", [])
    for option in options:
        yield from _text(option["text"], 75, "option")
        if "description" in option:
            yield from _text(option["description"], 75, "description")
        if not 1 <= len(option["value"]) <= 150:
            yield "option value 1 to 150"
    first = element.get("initial_options", [element["initial_option"]] if "initial_option" in element else [])
    if any(option not in options for option in first) or ("initial_options" in element and not first):
        yield "an initial option that is none of the options"
    if kind == "plain_text_input":
        if not 1 <= element["max_length"] <= 3000:
            yield "max_length 1 to 3000"
        if len(element.get("initial_value", "")) > element["max_length"]:
            yield "an initial value over max_length"


def _text(text: dict, most: int, where: str) -> Iterator[str]:
    if not 1 <= len(text["text"]) <= most or not text["text"].strip():
        yield f"{where}: 1 to {most} characters"
    if text["type"] not in ("plain_text", "mrkdwn"):
        yield f"{where}: a strange text object"
    if text["type"] == "mrkdwn" and "emoji" in text:
        yield f"{where}: emoji belongs to plain text"
    if text["type"] == "plain_text" and "verbatim" in text:
        yield f"{where}: verbatim belongs to mark-up"
