"""Builds what we drew a second time with an independent model of Block Kit, which knows its limits."""

from __future__ import annotations

import slackblocks as sb


def build_view(view: dict) -> object:
    """The same view in the other model; raises its own error for what it refuses."""
    blocks = [_block(block) for block in view["blocks"]]
    if view["type"] == "home":
        return sb.HomeTabView(blocks=blocks)
    return sb.ModalView(
        title=_text(view["title"]),
        blocks=blocks,
        close=_text(view["close"]),
        submit=_text(view["submit"]) if "submit" in view else None,
        private_metadata=view.get("private_metadata"),
        callback_id=view.get("callback_id"),
    )


def build_message(text: str, blocks: list[dict]) -> object:
    """The same message in the other model."""
    return sb.Message(channel="C1", text=text, blocks=[_block(block) for block in blocks])


def _text(text: dict) -> sb.Text:
    kind = sb.TextType.PLAINTEXT if text["type"] == "plain_text" else sb.TextType.MARKDOWN
    return sb.Text(text["text"], type_=kind)


def _maybe(holder: dict, key: str) -> sb.Text | None:
    return _text(holder[key]) if key in holder else None


def _option(option: dict) -> sb.Option:
    return sb.Option(_text(option["text"]), option["value"], _maybe(option, "description"))


def _block(block: dict) -> sb.Block:
    match block["type"]:
        case "header":
            return sb.HeaderBlock(_text(block["text"]))
        case "section":
            return sb.SectionBlock(
                text=_maybe(block, "text"), fields=[_text(field) for field in block.get("fields", [])] or None
            )
        case "context":
            return sb.ContextBlock([_text(element) for element in block["elements"]])
        case "actions":
            return sb.ActionsBlock([_button(element) for element in block["elements"]])
        case "input":
            return sb.InputBlock(
                label=_text(block["label"]),
                element=_element(block["element"]),
                block_id=block["block_id"],
                hint=_maybe(block, "hint"),
                optional=block["optional"],
            )
        case kind:
            raise AssertionError(kind)


def _button(element: dict) -> sb.Button:
    return sb.Button(
        _text(element["text"]),
        element["action_id"],
        url=element.get("url"),
        value=element.get("value"),
        style=element.get("style"),
    )


def _element(element: dict) -> sb.Element:
    action = element["action_id"]
    options = [_option(option) for option in element.get("options", [])]
    chosen = _option(element["initial_option"]) if "initial_option" in element else None
    several = [_option(option) for option in element.get("initial_options", [])] or None
    match element["type"]:
        case "plain_text_input":
            return sb.PlainTextInput(
                action,
                initial_value=element.get("initial_value"),
                multiline=element["multiline"],
                max_length=element["max_length"],
            )
        case "radio_buttons":
            return sb.RadioButtonGroup(action, options, chosen)
        case "static_select":
            return sb.StaticSelectMenu(
                action, options, None, chosen, placeholder=_text(element["placeholder"])
            )
        case "checkboxes":
            return sb.CheckboxGroup(action, options, several)
        case "multi_static_select":
            return sb.StaticMultiSelectMenu(
                action, options, None, several, placeholder=_text(element["placeholder"])
            )
        case "datepicker":
            return sb.DatePicker(action, element.get("initial_date"))
        case "timepicker":
            return sb.TimePicker(action, element.get("initial_time"))
        case "users_select":
            return sb.UserSelectMenu(action, element.get("initial_user"))
        case "multi_users_select":
            return sb.UserMultiSelectMenu(action, element.get("initial_users"))
        case kind:
            raise AssertionError(kind)
