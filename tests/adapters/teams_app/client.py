"""What the Teams client does with a card: it sends a button's data together with what stands in the fields."""

from __future__ import annotations

from typing import Any

from tests.adapters.teams_app.rules import inputs


def pressed(card: dict[str, Any], action: dict[str, Any], **typed: str) -> dict[str, Any]:
    """The `data` that comes in when somebody presses a button, with what they typed into some fields."""
    fields = {element["id"]: element.get("value", "") for element in inputs(card)}
    if action.get("associatedInputs") == "none":
        fields = {}
    data = {key: value for key, value in action.get("data", {}).items() if key != "msteams"}
    return data | fields | {name: text for name, text in typed.items() if name in fields}
