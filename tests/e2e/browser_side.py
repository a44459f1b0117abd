"""Somebody at a browser without scripts: reads the real pages, fills their forms and presses their buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

import httpx

from tests.adapters.web.reading_html import read
from tests.e2e.screens import Filling
from trim_bot.app.words.page_words import ERROR_MARK

FORM = "application/x-www-form-urlencoded"


@dataclass
class Control:
    """One control of a form."""

    name: str
    kind: str
    value: str
    on: bool = True
    options: list[str] = field(default_factory=list)


@dataclass
class HtmlForm:
    """One form of a page, with its controls in order."""

    action: str
    controls: list[Control] = field(default_factory=list)
    presses: list[str] = field(default_factory=list)
    plain_submit: bool = False


def way_in(href: str) -> list[tuple[str, str]]:
    """What a link shows and its address, where it leads to a form or page of the desk."""
    path = urlsplit(href).path.split("/")
    return [(path[-1], href)] if path[1:2] in (["f"], ["o"]) else []


class _Forms(HTMLParser):
    """Reads the forms, the title, the words and the errors inside <main>."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[HtmlForm] = []
        self.links: list[str] = []
        self.ways: list[tuple[str, str]] = []
        self.title = ""
        self.text: list[str] = []
        self.errors: dict[str, str] = {}
        self._main = False
        self._form: HtmlForm | None = None
        self._control: Control | None = None
        self._heading = self._label = ""
        self._error = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._main = True
        if not self._main:
            return
        match tag:
            case "form":
                self._form = HtmlForm(found["action"])
                self.forms.append(self._form)
            case "a":
                self.links.append(found.get("href", ""))
                self.ways += way_in(found.get("href", ""))
            case "h1":
                self._heading = "h1"
            case "p" if found.get("class") == "error":
                self._error = found["id"]
            case _ if self._form is not None:
                self._inside(tag, found, self._form)

    def _inside(self, tag: str, found: dict[str, str], form: HtmlForm) -> None:
        match tag:
            case "input":
                kind = found.get("type", "text")
                on = "checked" in found if kind in ("radio", "checkbox") else True
                form.controls.append(Control(found.get("name", ""), kind, found.get("value", ""), on))
            case "textarea":
                self._control = Control(found["name"], "textarea", "")
                form.controls.append(self._control)
            case "select":
                self._control = Control(found["name"], "select", "")
                form.controls.append(self._control)
            case "option" if self._control is not None and self._control.kind == "select":
                self._control.options.append(found["value"])
                if "selected" in found:
                    self._control.value = found["value"]
            case "button" if found.get("name") == "press":
                form.presses.append(found["value"])
            case "button":
                form.plain_submit = True

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "main":
                self._main = False
            case "form":
                self._form = None
            case "textarea" | "select":
                if self._control is not None and tag == "textarea":
                    self._control.value = self._control.value.removeprefix("\n")
                self._control = None
            case "h1":
                self._heading = ""
            case "p":
                self._error = ""

    def handle_data(self, data: str) -> None:
        if not self._main:
            return
        self.text.append(data)
        if self._control is not None and self._control.kind == "textarea":
            self._control.value += data
        if self._heading:
            self.title += data
        if self._error:
            self.errors[self._error] = self.errors.get(self._error, "") + data


class Page:
    """One page of a browser, with the form that is its own."""

    def __init__(self, browser: Browser, answer: httpx.Response) -> None:
        assert read(answer.text).faults == []
        self.browser = browser
        self.status = answer.status_code
        self.address = answer.url.path
        self.html = answer.text
        reader = _Forms()
        reader.feed(answer.text)
        self.title = reader.title
        self.forms = reader.forms
        self.links = reader.links
        self.ways = reader.ways
        self._text = " ".join(" ".join(reader.text).split())
        self.errors: Mapping[str, str] = {
            self._field_of(id): " ".join(text.split()).removeprefix(ERROR_MARK).strip()
            for id, text in reader.errors.items()
        }

    @property
    def text(self) -> str:
        """Everything that can be read on it, with what stands in its fields."""
        standing = [control.value for form in self.forms for control in form.controls]
        return " ".join([self._text, *standing])

    @property
    def form(self) -> str:
        """The name of the form that can be sent, or empty."""
        return self._own.action.rsplit("/", 1)[-1] if self._sendable() else ""

    @property
    def token(self) -> str:
        """What the form carries unseen."""
        return next(control.value for control in self._own.controls if control.name == "t")

    def fields(self) -> Sequence[str]:
        """Names of the fields, in order."""
        return list(dict.fromkeys(one.name for one in self._own.controls if one.kind != "hidden"))

    def choices(self, field: str) -> Sequence[str]:
        """The values a field offers."""
        found = self._controls(field)
        if found[0].kind == "select":
            return [option for option in found[0].options if option]
        return [control.value for control in found if control.kind in ("radio", "checkbox")]

    def standing(self, field: str) -> Filling:
        """What stands in a field."""
        found = self._controls(field)
        if found[0].kind in ("radio", "checkbox"):
            chosen = [control.value for control in found if control.on]
            return (chosen[0] if chosen else "") if found[0].kind == "radio" else chosen
        return found[0].value if len(found) == 1 else [control.value for control in found if control.value]

    def has(self, action: str) -> bool:
        """Whether there is such a button, or such a link."""
        return bool(self._presses(action) or self._ways(action))

    def fill(self, **values: Filling) -> None:
        """Type or choose."""
        for name, value in values.items():
            found = self._controls(name)
            match found[0].kind, value:
                case "checkbox", bool():
                    found[0].on = value
                case "radio" | "checkbox", _:
                    assert not isinstance(value, bool), (name, value)
                    wanted = [value] if isinstance(value, str) else list(value)
                    assert set(wanted) <= {one.value for one in found}, (name, wanted)
                    for control in found:
                        control.on = control.value in wanted
                case "select", str():
                    assert value in found[0].options, (name, value)
                    found[0].value = value
                case _, str():
                    found[0].value = value
                case _, [*many]:
                    for control, text in zip(found, many, strict=False):
                        control.value = text
                case _:
                    raise AssertionError(name)

    def body(self, press: str = "", form: HtmlForm | None = None) -> bytes:
        """The form as a browser sends it."""
        controls = (form or self._own).controls
        sent = [(one.name, one.value) for one in controls if one.on and one.name]
        return urlencode(sent + ([("press", press)] if press else [])).encode()

    async def submit(self) -> Page:
        """Send the form."""
        assert self._sendable(), "there is nothing to send on this page"
        return await self.browser.post(self._own.action, self.body())

    async def press(self, action: str, nth: int = 0) -> Page:
        """Press a button, or follow the link that shows this."""
        if ways := self._ways(action):
            return await self.browser.get(ways[nth])
        form, value = self._presses(action)[nth]
        return await self.browser.post(form.action, self.body(value, form))

    @property
    def _own(self) -> HtmlForm:
        sendable = [form for form in self.forms if any(one.name == "t" for one in form.controls)]
        return (sendable or self.forms)[0]

    def _sendable(self) -> bool:
        return any(any(one.name == "t" and one.value for one in form.controls) for form in self.forms)

    def _controls(self, name: str) -> list[Control]:
        found = [one for form in self.forms for one in form.controls if one.name == name]
        assert found, f"there is no field {name}"
        return found

    def _presses(self, action: str) -> list[tuple[HtmlForm, str]]:
        return [
            (form, press)
            for form in self.forms
            for press in form.presses
            if press.partition(" ")[0] == action
        ]

    def _ways(self, name: str) -> list[str]:
        return [way for shows, way in self.ways if shows == name]

    def _field_of(self, id: str) -> str:
        return id.removesuffix("-error").split("-", 1)[-1]


class Browser:
    """One browser with its cookies."""

    def __init__(
        self, http: httpx.AsyncClient, name: str = "", chat: httpx.AsyncClient | None = None
    ) -> None:
        """`chat` is the process that writes to people, where another answers them."""
        self.http, self._chat = http, chat or http
        self.name = name
        self.seen: list[str] = []
        """Every page that was on the screen."""

    @property
    def ref(self) -> str:
        """What stands for them in a field that chooses people."""
        return self.address

    @property
    def address(self) -> str:
        """As on the command line."""
        return f"web:{self.name}@acme.example"

    async def be(self) -> Browser:
        """Sign in, as the practice workspace does."""
        answer = await self.http.post("/practice/as", json={"actor": self.address})
        assert answer.status_code == 200, answer.status_code
        return self

    async def get(self, path: str) -> Page:
        """Open an address."""
        return self._seen(await self.http.get(path, follow_redirects=True))

    async def post(self, path: str, body: bytes) -> Page:
        """Send a form."""
        answer = await self.http.post(
            path, content=body, headers={"content-type": FORM}, follow_redirects=True
        )
        return self._seen(answer)

    def _seen(self, answer: httpx.Response) -> Page:
        self.seen.append(answer.text)
        return Page(self, answer)

    async def say(self, *said: str) -> Page:
        """Open the page that a command stands for."""
        return await self.get(f"/f/{said[-1]}")

    async def messages(self) -> list[dict[str, str]]:
        """Their chat."""
        answer = await self._chat.get("/practice/messages", params={"actor": self.address})
        found: list[dict[str, str]] = answer.json()
        return found

    async def told(self) -> int:
        """How many messages they have had."""
        return len(await self.messages())

    async def open_newest(self) -> Page:
        """Press Open on the newest message; without one, look at what waits and open the first."""
        messages = await self.messages()
        if not messages:
            return await (await self.say("peer", "due")).press("open")
        return await self.get(f"/f/open?t={messages[-1]['open']}")
