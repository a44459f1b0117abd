"""Reads a page as strictly as its templates are meant to be written, and tells what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
BLOCKS_IN_P = frozenset({"p", "div", "ul", "ol", "dl", "form", "section", "h1", "h2", "h3", "h4", "fieldset"})
OUR_SCRIPT = "/static/people.js?v="
"""The one that may be there, by its address; what may be inside it is a matter of the policy."""
Attributes = dict[str, str]


@dataclass
class Page:
    """What a page holds, and its faults."""

    elements: list[tuple[str, Attributes]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str, **wanted: str) -> list[Attributes]:
        """Every element of a kind whose attributes are as wanted."""
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]

    def ids(self) -> list[str]:
        """Every id, in order."""
        return [found["id"] for _, found in self.elements if "id" in found]

    def hidden(self, name: str) -> str:
        """The value of the first hidden field of this name."""
        return self.all("input", type="hidden", name=name)[0]["value"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.page.faults.append(f"{tag} has an attribute twice")
        if "p" in self.open and tag in BLOCKS_IN_P:
            self.page.faults.append(f"{tag} inside p")
        if tag == "form" and "form" in self.open:
            self.page.faults.append("a form inside a form")
        self.page.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.page.faults.append(f"stray end of {tag}")

    def handle_data(self, data: str) -> None:
        self.page.text += data


def read(html: str) -> Page:
    """The page, with every fault of nesting, ids, labels, descriptions, names and scripts."""
    reader = _Reader()
    reader.feed(str(html))
    reader.close()
    page = reader.page
    page.faults += [f"{tag} is never closed" for tag in reader.open]
    ids = page.ids()
    page.faults += [f"id {one} is used twice" for one in set(ids) if ids.count(one) > 1]
    page.faults += [f"id {one!r} holds a space" for one in ids if not one or any(c.isspace() for c in one)]
    _check_references(page, set(ids))
    _check_behaviour(page)
    return page


def _check_references(page: Page, ids: set[str]) -> None:
    labelled = {found.get("for") for found in page.all("label")}
    for tag, found in page.elements:
        for attribute in ("for", "aria-describedby", "aria-labelledby", "list"):
            page.faults += [
                f"{attribute} of {tag} leads nowhere"
                for id in found.get(attribute, "").split()
                if id not in ids
            ]
        if found.get("href", "").startswith("#") and found["href"][1:] not in ids:
            page.faults.append(f"a link leads nowhere: {found['href']}")
        is_control = tag in ("select", "textarea") or (tag == "input" and found.get("type") != "hidden")
        if is_control and found.get("id") not in labelled:
            page.faults.append(f"{tag} {found.get('name')} has no label")


def _check_behaviour(page: Page) -> None:
    for tag, found in page.elements:
        if tag == "script" and set(found) == {"src", "defer"} and found["src"].startswith(OUR_SCRIPT):
            continue
        if tag in ("script", "style", "iframe", "object", "embed"):
            page.faults.append(f"{tag} in a page without scripts")
        page.faults += [f"{tag} has {name}" for name in found if name.startswith("on") or name == "style"]
        if found.get("href", "").lower().startswith(("javascript:", "data:")):
            page.faults.append("a link that runs something")
