"""Draws Block Kit as plain HTML, near enough to see what somebody in Slack would see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from integrations.slack.render import render_message, render_view
from trim_bot.app.seam.views import Message, View

Json = Mapping[str, Any]
STYLE = (Path(__file__).parent / "slack.css").read_text(encoding="utf-8")


def paper(view: View) -> str:
    """A whole page that shows one view in a modal, or a message in a channel."""
    if isinstance(view, Message):
        inside = f'<div class="said"><b>Peer Support</b> {_blocks(render_message(view).blocks)}</div>'
    else:
        drawn = render_view(view)
        inside = _modal(drawn) if drawn is not None else '<div class="said">Nothing is shown.</div>'
    return _page(inside)


def paper_of(modal: Json) -> str:
    """A whole page that shows a modal as Slack was given it."""
    return _page(_modal(modal))


def _page(inside: str) -> str:
    return (
        f"<!doctype html><html lang=en><title>Slack</title><style>{STYLE}</style><body>{inside}</body></html>"
    )


def _modal(view: Json) -> str:
    submit = f'<button class="primary">{_text(view["submit"])}</button>' if "submit" in view else ""
    foot = f'<div class="foot"><button>{_text(view["close"])}</button>{submit}</div>'
    head = f'<div class="top">{_text(view["title"])}</div>'
    return f'<div class="modal">{head}<div class="body">{_blocks(view["blocks"])}</div>{foot}</div>'


def _blocks(blocks: Sequence[Json]) -> str:
    return "".join(_block(block) for block in blocks)


def _block(block: Json) -> str:
    match block["type"]:
        case "header":
            return f"<h2>{_text(block['text'])}</h2>"
        case "section" if "fields" in block:
            return (
                f'<div class="fields">{"".join(f"<div>{_text(one)}</div>" for one in block["fields"])}</div>'
            )
        case "section":
            return f"<div>{_text(block['text'])}</div>"
        case "context":
            return "".join(f'<div class="context">{_text(one)}</div>' for one in block["elements"])
        case "actions":
            return f'<div class="row">{"".join(_button(one) for one in block["elements"])}</div>'
        case "input":
            return _input(block)
        case other:
            raise ValueError(f"no picture is known of {other}")


def _input(block: Json) -> str:
    optional = ' <span class="hint">(optional)</span>' if block.get("optional") else ""
    hint = f'<div class="hint">{_text(block["hint"])}</div>' if "hint" in block else ""
    label = f'<div class="label">{_text(block["label"])}{optional}</div>'
    return f"<div>{label}{_element(block['element'])}{hint}</div>"


def _element(element: Json) -> str:
    match element["type"]:
        case "plain_text_input":
            area = " area" if element.get("multiline") else ""
            return f'<div class="box{area}">{escape(element.get("initial_value", ""))}</div>'
        case "radio_buttons" | "checkboxes":
            return "".join(_option(element, one) for one in element["options"])
        case "static_select" | "multi_static_select":
            chosen = (
                [element["initial_option"]]
                if "initial_option" in element
                else element.get("initial_options", [])
            )
            shown = ", ".join(_text(one["text"]) for one in chosen) or _text(element["placeholder"])
            return f'<div class="box">{shown} ▾</div>'
        case "datepicker" | "timepicker":
            known = element.get("initial_date", element.get("initial_time", "Choose"))
            return f'<div class="box">{escape(known)} ▾</div>'
        case "users_select" | "multi_users_select":
            return '<div class="box">Choose people ▾</div>'
        case other:
            raise ValueError(f"no picture is known of {other}")


def _option(element: Json, option: Json) -> str:
    chosen = element.get(
        "initial_options", [element["initial_option"]] if "initial_option" in element else []
    )
    kind = "radio" if element["type"] == "radio_buttons" else "checkbox"
    ticked = " checked" if any(one["value"] == option["value"] for one in chosen) else ""
    return f'<label class="option"><input type="{kind}"{ticked}> {_text(option["text"])}</label>'


def _button(element: Json) -> str:
    style = ' class="primary"' if element.get("style") == "primary" else ""
    return f"<button{style}>{_text(element['text'])}</button>"


def _text(text: Json) -> str:
    return escape(str(text["text"]))
