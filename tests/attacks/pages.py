"""A browser of one attacker: reads pages as anybody does, fills their forms and presses their buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx

Values = dict[str, str | list[str]]


@dataclass
class Control:
    """One control of a form."""

    name: str
    kind: str
    value: str
    on: bool = True


@dataclass
class HtmlForm:
    """One form, with its controls in order and the values of its buttons."""

    action: str
    controls: list[Control] = field(default_factory=list)
    presses: list[tuple[str, str]] = field(default_factory=list)
    """What each button sends, and the words on it."""


class _Reader(HTMLParser):
    """Takes forms, words and links out of <main>."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[HtmlForm] = []
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.title = ""
        self._main = self._heading = False
        self._form: HtmlForm | None = None
        self._area: Control | None = None
        self._button = self._link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._main |= tag == "main"
        if not self._main:
            return
        if tag == "h1":
            self._heading = True
        elif tag == "a":
            self._link = True
            self.links.append((found.get("href", ""), ""))
        elif tag == "form":
            self._form = HtmlForm(found["action"])
            self.forms.append(self._form)
        elif self._form is not None:
            self._inside(tag, found, self._form)

    def _inside(self, tag: str, found: dict[str, str], form: HtmlForm) -> None:
        kind = found.get("type", "text")
        if tag == "input":
            on = "checked" in found if kind in ("radio", "checkbox") else True
            form.controls.append(Control(found.get("name", ""), kind, found.get("value", ""), on))
        elif tag in ("textarea", "select"):
            self._area = Control(found["name"], tag, "")
            form.controls.append(self._area)
        elif tag == "option" and self._area is not None and "selected" in found:
            self._area.value = found["value"]
        elif tag == "button" and found.get("name") == "press":
            self._button = True
            form.presses.append((found["value"], ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._main = False
        elif tag == "form":
            self._form = None
        elif tag in ("textarea", "select"):
            self._area = None
        elif tag == "h1":
            self._heading = False
        elif tag == "button":
            self._button = False
        elif tag == "a":
            self._link = False

    def handle_data(self, data: str) -> None:
        if not self._main:
            return
        self.words.append(data)
        if self._area is not None and self._area.kind == "textarea":
            self._area.value += data
        if self._heading:
            self.title += data
        if self._link and self.links:
            href, words = self.links[-1]
            self.links[-1] = (href, words + data)
        if self._button and self._form is not None:
            value, words = self._form.presses[-1]
            self._form.presses[-1] = (value, words + data)


class Page:
    """One page as it came: status, headers, and what can be read and done on it."""

    def __init__(self, browser: Browser, answer: httpx.Response) -> None:
        self._browser = browser
        self.status = answer.status_code
        self.answer = answer
        self.html = answer.text
        reader = _Reader()
        reader.feed(answer.text)
        self.title = reader.title
        self.forms = reader.forms
        self.links = reader.links
        self.text = " ".join(" ".join(reader.words).split())

    def has(self, button: str) -> bool:
        """Whether there is a button or link with these words, or a button for this action."""
        return bool(self._found(button) or self._ways(button))

    def count(self, name: str) -> int:
        """How many buttons or links do or show this."""
        return len(self._found(name)) + len(self._ways(name))

    def press(self, button: str, nth: int = 0) -> Page:
        """Press a button or follow a link, by its words or by what it does or shows."""
        found = self._found(button)
        if not found:
            return self._browser.get(self._ways(button)[nth])
        form, value = found[nth]
        return self._browser.post(form.action, _sent(form, press=value))

    def send(self, **values: str | list[str] | bool) -> Page:
        """Fill the form that can be sent, and send it. A list chooses several, or fills fields of one name."""
        form = next(one for one in self.forms if any(control.name == "t" for control in one.controls))
        names = {control.name for control in form.controls}
        assert values.keys() <= names, f"no such field: {values.keys() - names}"
        return self._browser.post(form.action, _sent(form, values))

    def fields(self) -> list[str]:
        """Names of what can be filled in, in order."""
        return list(
            dict.fromkeys(
                one.name for form in self.forms for one in form.controls if one.kind != "hidden" and one.name
            )
        )

    def choices(self, name: str) -> list[str]:
        """The values that a field of radio buttons or boxes offers."""
        return [one.value for form in self.forms for one in form.controls if one.name == name]

    def _ways(self, button: str) -> list[str]:
        return [
            href
            for href, words in self.links
            if button in (" ".join(words.split()), urlsplit(href).path.rpartition("/")[2])
        ]

    def _found(self, button: str) -> list[tuple[HtmlForm, str]]:
        return [
            (form, value)
            for form in self.forms
            for value, words in form.presses
            if button in (" ".join(words.split()), value.partition(" ")[0])
        ]


def _sent(form: HtmlForm, values: dict[str, str | list[str] | bool] | None = None, press: str = "") -> Values:
    sent: Values = {}
    typed = values or {}
    rest = {name: list(value) for name, value in typed.items() if isinstance(value, list)}
    for one in form.controls:
        value, on = one.value, one.on
        wanted = typed.get(one.name)
        if one.kind in ("radio", "checkbox"):
            if isinstance(wanted, bool):
                on = wanted
            elif wanted is not None:
                on = one.value == wanted if isinstance(wanted, str) else one.value in wanted
        elif isinstance(wanted, str):
            value = wanted
        elif isinstance(wanted, list):
            value = rest[one.name].pop(0) if rest[one.name] else ""
        if on and one.name:
            kept = sent.setdefault(one.name, [])
            assert isinstance(kept, list)
            kept.append(value)
    if press:
        sent["press"] = press
    return sent


class Browser:
    """One browser with its cookies, signed in as somebody or as nobody."""

    def __init__(self, at: str, name: str = "") -> None:
        self._http = httpx.Client(base_url=at, follow_redirects=True, timeout=60)
        self.name = name
        self.address = f"web:{name}@acme.example"
        if name:
            answer = self._http.post("/practice/as", json={"actor": self.address})
            assert answer.status_code == 200, answer.status_code

    def get(self, path: str) -> Page:
        """Open an address."""
        return Page(self, self._http.get(path))

    def form(self, name: str) -> Page:
        """Open one of the desk's own pages, such as `roster` or `status`."""
        return self.get(f"/f/{name}")

    def post(self, path: str, values: Values) -> Page:
        """Send a form."""
        return Page(self, self._http.post(path, data=values))

    def messages(self) -> list[dict[str, str]]:
        """Their chat, as the practice workspace shows it."""
        found: list[dict[str, str]] = self._http.get(
            "/practice/messages", params={"actor": self.address}
        ).json()
        return found

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()
