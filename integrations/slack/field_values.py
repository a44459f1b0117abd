"""Reads what stands in the fields of a modal: the `state` of a view into values of the desk."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.ground.untrusted_input import Malformed, items, mapping, own_name, part, text
from integrations.slack import limits
from integrations.slack.wire import INPUT_ACTION, TICKED, checked_id, field_of
from trim_bot.app.seam.gestures import Value
from trim_bot.domain.people import Address, Platform


def wire_names(view: Mapping[str, object]) -> dict[str, str]:
    """The block_id of each field of a view, keyed by field: errors name what is really on the screen."""
    found = [
        text(block, "block_id", limits.IDENTIFIER)
        for block in map(mapping, items(view, "blocks", limits.BLOCKS_IN_VIEW))
        if block.get("type") == "input"
    ]
    found += part(part(view, "state"), "values")
    return {field_of(name): name for name in found}


def typed_values(view: Mapping[str, object], team: str) -> dict[str, Value]:
    """Everything that stands in the fields, keyed by field. People become addresses of the same team."""
    state = part(part(view, "state"), "values")
    if len(state) > limits.BLOCKS_IN_VIEW:
        raise Malformed
    toggles = _toggles(view)
    values: dict[str, Value] = {}
    for name, block in state.items():
        element = mapping(block).get(INPUT_ACTION)
        if element is None:
            continue
        value = _value(mapping(element), team)
        values[field_of(own_name(name, limits.IDENTIFIER))] = value == (TICKED,) if name in toggles else value
    return values


def _toggles(view: Mapping[str, object]) -> set[str]:
    """The block_ids whose only option is the one of a toggle."""
    found: set[str] = set()
    for block in map(mapping, items(view, "blocks", limits.BLOCKS_IN_VIEW)):
        element = part(block, "element")
        if element.get("type") != "checkboxes":
            continue
        options = [
            mapping(option).get("value") for option in items(element, "options", limits.BUTTON_OPTIONS)
        ]
        if options == [TICKED]:
            found.add(text(block, "block_id", limits.IDENTIFIER))
    return found


def _value(element: Mapping[str, object], team: str) -> Value:
    match element.get("type"):
        case "plain_text_input":
            return text(element, "value")
        case "datepicker":
            return text(element, "selected_date", 10)
        case "timepicker":
            return text(element, "selected_time", 5)
        case "radio_buttons" | "static_select":
            return text(part(element, "selected_option"), "value", limits.OPTION_VALUE)
        case "checkboxes" | "multi_static_select":
            options = items(element, "selected_options", limits.SELECT_OPTIONS)
            return tuple(text(mapping(option), "value", limits.OPTION_VALUE) for option in options)
        case "users_select":
            user = element.get("selected_user")
            return _address(user, team) if user else ""
        case "multi_users_select":
            return tuple(_address(user, team) for user in items(element, "selected_users", 1000))
        case _:
            raise Malformed


def _address(user: object, team: str) -> str:
    return Address(Platform.SLACK, team, checked_id(user)).text
