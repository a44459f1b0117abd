"""Somebody at Slack: types commands, fills modals by what is drawn in them, presses, sends, as its client does."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from tests.adapters.slack_app import person as wire
from tests.e2e.screens import Filling
from tests.e2e.workplace import TEAM, Workplace
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT

SECRET = "loopback-signing-secret"
NEUTRAL = frozenset({words.OPENING_TITLE, words.STILL_SAVING_TITLE})
_triggers = (f"{number}.trigger" for number in itertools.count(1))


def signed(body: bytes, *, age: int = 0, secret: str = SECRET) -> dict[str, str]:
    """The headers Slack sends with a body, `age` seconds ago."""
    stamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
        "content-type": wire.FORM,
    }


class SlackSide:
    """Slack's servers as the app meets them: signed requests, from anybody of the workplace."""

    def __init__(self, http: httpx.AsyncClient, workplace: Workplace) -> None:
        self.http = http
        self.workplace = workplace

    async def post(self, body: bytes, **headers: str) -> httpx.Response:
        """A signed request; more headers as `x_slack_retry_num="1"`."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.post("/slack/events", content=body, headers=signed(body) | more)

    async def event(self, kind: str, **more: Any) -> httpx.Response:
        """A signed event."""
        body = wire.event(kind, **more)
        headers = signed(body) | {"content-type": "application/json"}
        return await self.http.post("/slack/events", content=body, headers=headers)

    async def trigger(self, user: str) -> str:
        """What lets the app open a view for somebody, once and soon."""
        return next(_triggers)


class SlackPerson:
    """One account."""

    def __init__(self, side: SlackSide, name: str) -> None:
        self.name = name
        self.user = f"U{name.upper()}"
        self.side = side

    @property
    def ref(self) -> str:
        """What a people picker gives."""
        return self.user

    @property
    def address(self) -> str:
        """As on the command line."""
        return f"slack:{TEAM}:{self.user}"

    async def say(self, *said: str) -> Modal:
        """Type a command."""
        return await self.command(f"/{said[0]}", " ".join(said[1:]))

    async def command(self, name: str, text: str = "") -> Modal:
        """Type a command, and see the modal that opens."""
        trigger = await self.side.trigger(self.user)
        body = wire.command(name, text, trigger=trigger, user=self.user)
        answer = await self.side.post(body)
        assert (answer.status_code, answer.content) == (200, b"")
        return await self._opened(trigger)

    async def told(self) -> int:
        """How many messages they have had."""
        return len(self.side.workplace.messages(self.user))

    async def open_newest(self) -> Modal:
        """Press Open on the newest message; without one, look at what waits and open the first."""
        messages = self.side.workplace.messages(self.user)
        assert all(one["text"] == MESSAGE_TEXT for one in messages)
        if not messages:
            return await (await self.say("peer", "due")).press("open")
        return await self.press_in(messages[-1]["blocks"], "open")

    async def press_in(self, blocks: list[dict[str, Any]], action: str) -> Modal:
        """Press a button of a message or of Home, which opens a modal."""
        button = buttons(blocks, action)[0]
        trigger = await self.side.trigger(self.user)
        payload = wire.press(action, button.get("value"), trigger=trigger, user=self.user)
        answer = await self.side.post(wire.interaction(payload))
        assert (answer.status_code, answer.content) == (200, b"")
        return await self._opened(trigger)

    async def _opened(self, trigger: str) -> Modal:
        shown = await self.side.workplace.shown_for(trigger)
        modal = Modal(self, shown)
        return await modal.settled()


class Modal:
    """One modal on a screen. It keeps what was typed as Slack does: as long as the block's name stays."""

    def __init__(self, person: SlackPerson, shown: dict[str, Any]) -> None:
        self.person = person
        self.errors: Mapping[str, str] = {}
        self._typed: dict[str, dict[str, Any]] = {}
        self.shown = shown
        self._place(shown)

    def _place(self, shown: dict[str, Any]) -> None:
        self.shown = shown
        begun = wire.on_screen(shown)["state"]["values"]
        self._typed = {name: self._typed.get(name, state["v"]) for name, state in begun.items()}

    @property
    def title(self) -> str:
        """The title, cut as Slack shows it."""
        return str(self.shown["title"]["text"])

    @property
    def text(self) -> str:
        """Everything that can be read on it."""
        return " ".join(_texts(self.shown))

    @property
    def form(self) -> str:
        """The form's name, or empty."""
        return str(self.shown.get("callback_id", ""))

    @property
    def token(self) -> str:
        """What the form carries unseen."""
        return str(self.shown.get("private_metadata", ""))

    def fields(self) -> Sequence[str]:
        """Names of the fields, in order."""
        return [block["block_id"].partition("~")[0] for block in self._inputs()]

    def choices(self, field: str) -> Sequence[str]:
        """The values a field offers."""
        return [option["value"] for option in self._block(field)["element"].get("options", [])]

    def standing(self, field: str) -> Filling:
        """What stands in a field."""
        state = self._typed[self._block(field)["block_id"]]
        match state["type"]:
            case "plain_text_input":
                return state["value"] or ""
            case "datepicker":
                return state["selected_date"] or ""
            case "timepicker":
                return state["selected_time"] or ""
            case "radio_buttons" | "static_select":
                return str((state["selected_option"] or {}).get("value", ""))
            case "checkboxes" | "multi_static_select":
                return [option["value"] for option in state["selected_options"]]
            case "users_select":
                return state["selected_user"] or ""
            case _:
                return list(state["selected_users"])

    def has(self, action: str) -> bool:
        """Whether there is such a button."""
        return bool(buttons(self.shown["blocks"], action))

    def links(self) -> Sequence[str]:
        """Where the buttons lead that open a page."""
        rows = [block["elements"] for block in self.shown["blocks"] if block["type"] == "actions"]
        return [button["url"] for row in rows for button in row if "url" in button]

    def fill(self, **values: Filling) -> None:
        """Type or choose."""
        for field, value in values.items():
            block = self._block(field)
            self._typed[block["block_id"]] |= _state(block["element"], value)

    def view(self) -> dict[str, Any]:
        """The view as Slack reports it with a press or a submission."""
        return wire.on_screen(self.shown, self._typed, id=self.shown["id"]) | {"hash": self.shown["hash"]}

    def body(self) -> bytes:
        """The submission as it stands."""
        return wire.interaction(wire.submission(self.view(), user=self.person.user))

    async def submit(self, *, even_unfilled: bool = False, **headers: str) -> Modal:
        """Send it. Slack itself refuses to send a form with an empty field that is not optional."""
        unfilled = [] if even_unfilled else self._unfilled()
        assert unfilled == [], f"Slack would not send this: {unfilled}"
        count = len(self.person.side.workplace.views[self.shown["id"]])
        answer = await self.person.side.post(self.body(), **headers)
        assert answer.status_code == 200, answer.status_code
        return await self.answered(answer.json(), count)

    async def answered(self, answer: dict[str, Any], count: int) -> Modal:
        """The screen after an answer to a submission."""
        match answer["response_action"]:
            case "errors":
                names = {block["block_id"] for block in self._inputs()}
                assert answer["errors"].keys() <= names, "an error at a field that is not there"
                self.errors = {name.partition("~")[0]: text for name, text in answer["errors"].items()}
                return self
            case "update":
                placed = self.person.side.workplace.put(self.shown["id"], answer["view"])
                self.errors = {}
                self._place(placed)
                return await self.settled(count + 1)
            case other:
                raise AssertionError(other)

    async def press(self, action: str, nth: int = 0) -> Modal:
        """Press a button in the modal, which changes it in place."""
        button = buttons(self.shown["blocks"], action)[nth]
        workplace = self.person.side.workplace
        count = len(workplace.views[self.shown["id"]])
        trigger = await self.person.side.trigger(self.person.user)
        payload = wire.press(
            action, button.get("value"), view=self.view(), trigger=trigger, user=self.person.user
        )
        answer = await self.person.side.post(wire.interaction(payload))
        assert (answer.status_code, answer.content) == (200, b"")
        self._place(await workplace.shown_after(self.shown["id"], count))
        self.errors = {}
        return self

    async def settled(self, count: int = 1) -> Modal:
        """Past a neutral page that stands until the answer is ready."""
        if self.title in NEUTRAL:
            self._place(await self.person.side.workplace.shown_after(self.shown["id"], count))
        return self

    def _inputs(self) -> list[dict[str, Any]]:
        return [block for block in self.shown["blocks"] if block["type"] == "input"]

    def _block(self, field: str) -> dict[str, Any]:
        return next(block for block in self._inputs() if block["block_id"].partition("~")[0] == field)

    def _unfilled(self) -> list[str]:
        return [
            block["block_id"]
            for block in self._inputs()
            if not block["optional"] and not self.standing(block["block_id"].partition("~")[0])
        ]


def buttons(blocks: list[dict[str, Any]], action: str) -> list[dict[str, Any]]:
    """The buttons with an action, in order."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [button for row in rows for button in row if button["action_id"] == action]


def _state(element: dict[str, Any], value: Filling) -> dict[str, Any]:
    options = {option["value"]: option for option in element.get("options", [])}
    match element["type"], value:
        case "plain_text_input", str():
            return {"value": value or None}
        case "datepicker", str():
            return {"selected_date": value or None}
        case "timepicker", str():
            return {"selected_time": value or None}
        case "radio_buttons" | "static_select", str():
            return {"selected_option": options[value]}
        case "checkboxes", bool():
            return {"selected_options": [options["yes"]] if value else []}
        case "checkboxes" | "multi_static_select", [*many]:
            return {"selected_options": [options[one] for one in many]}
        case "users_select", str():
            return {"selected_user": value or None}
        case "multi_users_select", [*many]:
            return {"selected_users": many}
        case kind:
            raise AssertionError(kind)


def _texts(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        typed = [part["initial_value"]] if "initial_value" in part else []
        return own + typed + [text for inner in part.values() for text in _texts(inner)]
    if isinstance(part, list):
        return [text for inner in part for text in _texts(inner)]
    return []


def readable(view: dict[str, Any]) -> str:
    """A whole view as JSON."""
    return json.dumps(view, ensure_ascii=False)
