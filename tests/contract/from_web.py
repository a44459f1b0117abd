"""Reads a page of the browser as somebody meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from tests.contract.html_tree import Node, tree
from tests.contract.outline import Item, Outline, Part, lines
from trim_bot.app.seam.views import LEFT_OPEN
from trim_bot.app.words import page_words as words

HEADINGS = ("h1", "h2", "h3", "h4")
CONTROLS = ("input", "textarea", "select")


def outline(html: str) -> Outline:
    """Everything on a page, from its heading to its last button."""
    root = tree(html)
    told = [one.attributes["value"] for one in root.every("input") if one.attributes.get("name") == "shape"]
    shapes = {name: kind for kind, _, name in (text.partition(" ") for text in told)}
    tokens = [one.attributes["value"] for one in root.every("input") if one.attributes.get("name") == "t"]
    found = list(_inside(root, shapes, tokens[0] if tokens else ""))
    actions = [form.attributes["action"].removeprefix("/f/") for form in root.every("form")]
    sends = any(item.part is Part.SUBMIT for item in found)
    title = next(item for item in found if item.part is Part.TITLE)
    rest = [item for item in found if item is not title]
    return [Item(Part.TITLE, title.text, name=actions[0] if sends else ""), *rest]


def _inside(node: Node, shapes: dict[str, str], token: str) -> Iterator[Item]:
    for one in node.inside:
        if isinstance(one, str):
            assert not one.strip(), "text that belongs to nothing"
            continue
        yield from _element(one, shapes, token)


def _element(node: Node, shapes: dict[str, str], token: str) -> Iterator[Item]:
    classes = node.classes
    match node.tag:
        case "h1":
            yield Item(Part.TITLE, _said(node))
        case "h2" | "h3" | "h4":
            yield Item(Part.HEADING, _said(node))
        case "p" if "step" in classes:
            yield Item(Part.STEP, _said(node))
        case "p" if "link" in classes or (not classes and node.nodes and node.nodes[0].tag == "a"):
            link = next(node.every("a"))
            yield Item(Part.LINK, _said(link), name=link.attributes["href"])
        case "p":
            assert "text" in classes, node.attributes
            yield from lines(node.text)
        case "figure" if "figures" in classes:
            table = next(node.every("table"))
            yield from (
                line
                for one in table.every("tbody")
                for cell in one.every("th", "td")
                for line in lines(cell.text)
            )
        case "dl":
            yield from (line for one in node.every("dt", "dd") for line in lines(one.text))
        case "ul":
            yield from (line for one in node.every("li") for line in lines(f"• {one.text}"))
        case "div" if "summary" in classes:
            yield from (Item(Part.FAULT, _said(one)) for one in node.every(*HEADINGS, "p", "li"))
        case "div" if "alert" in classes:
            mark, text = next(node.every("strong")), next(node.every("span"))
            yield from lines(f"{mark.text}: {text.text}")
            yield from (line for one in node.every("li") for line in lines(one.text))
        case "section":
            name, *rest = node.nodes
            assert "person" in classes and (name.tag in HEADINGS or "name" in name.classes)
            yield Item(Part.PERSON, _said(name))
            yield from _inside(Node("section", inside=list(rest)), shapes, token)
        case "div" | "fieldset" if "field" in classes:
            yield _field(node, shapes)
        case "button":
            yield from _button(node, token)
        case "a":
            shows, _, held = node.attributes["href"].removeprefix("/f/").partition("?t=")
            yield Item(Part.BUTTON, _said(node), name=shows, token=unquote(held), main="main" in classes)
        case "div" | "form":
            assert node.tag == "form" or classes <= {"row", "equal", "ends"}, node.attributes
            yield from _inside(node, shapes, token)
        case "input":
            assert node.attributes["type"] == "hidden"
        case kind:
            raise AssertionError(f"nobody reads {kind}")


def _said(node: Node) -> str:
    return " ".join(node.text.split())


def _button(node: Node, token: str) -> Iterator[Item]:
    if "enter" in node.classes:
        return
    if "name" not in node.attributes:
        yield Item(Part.SUBMIT, _said(node), token=token, main="main" in node.classes)
        return
    action, _, carried = node.attributes["value"].partition(" ")
    yield Item(Part.BUTTON, _said(node), name=action, token=carried, main="main" in node.classes)


def _field(node: Node, shapes: dict[str, str]) -> Item:
    named = next(node.every("legend", "label"))
    # Boxes for rows stand beside the lines of a list, which every platform has.
    boxes = re.compile(r"row\d ")
    controls = [one for one in node.every(*CONTROLS) if not boxes.match(one.attributes["name"])]
    name = controls[0].attributes["name"]
    kind = shapes.get(name) or _kind(controls[0])
    label = _said(named)
    listed = kind in ("choice", "choices")
    return Item(
        Part.FIELD,
        label.removesuffix(f" {words.OPTIONAL}"),
        name=name,
        kind=kind,
        required=_is_required(kind, label, controls),
        multiline=controls[0].tag == "textarea",
        choices=tuple(_choices(node)) if listed else (),
        value=tuple(_values(controls)),
        # How lines are typed stands beside the lines, and before what is said of the whole field elsewhere.
        hints=tuple(_said(one) for tag in ("span", "p") for one in node.every(tag) if "hint" in one.classes),
        error=next((_error(one) for one in node.every("p") if "error" in one.classes), ""),
    )


def _error(node: Node) -> str:
    return _said(node).removeprefix(words.ERROR_MARK).strip()


def _kind(control: Node) -> str:
    if control.tag == "select" or control.attributes.get("type") == "radio":
        return "choice"
    return control.attributes["type"] if control.attributes.get("type") in ("date", "time") else "text"


def _is_required(kind: str, label: str, controls: list[Node]) -> bool:
    # A box to tick has no mark of its own, since what is beside it is its label.
    # Neither has an item of an interview, since one of its answers says that it was left open.
    if kind == "toggle" or any(one.attributes.get("value") == LEFT_OPEN for one in controls):
        return "required" in controls[0].attributes
    return not label.endswith(words.OPTIONAL)


def _choices(node: Node) -> Iterator[tuple[str, str]]:
    for one in node.every("option", "label"):
        control = next(one.every("input"), one)
        if control.attributes.get("value"):
            yield control.attributes["value"], _said(one)


def _values(controls: list[Node]) -> Iterator[str]:
    for one in controls:
        value = one.attributes.get("value", "")
        match one.tag, one.attributes.get("type"):
            case "textarea", _:
                value = one.text.removeprefix("\n")
            case "select", _:
                value = next(
                    (o.attributes["value"] for o in one.every("option") if "selected" in o.attributes), ""
                )
            case "input", "radio" | "checkbox":
                value = value if "checked" in one.attributes else ""
        if value:
            yield value
