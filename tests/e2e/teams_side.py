"""Somebody at Teams: opens dialogs, fills cards by what is drawn in them, presses, sends, as its client does."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from tests.adapters.teams_app import person as wire
from tests.adapters.teams_app.rules import DIALOG, MESSAGE, WIRE, faults, strict_faults
from tests.e2e.screens import Filling
from tests.e2e.tenancy import TENANT, Tenancy
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT

NEUTRAL = frozenset({words.OPENING_TITLE, words.STILL_SAVING_TITLE})
Card = dict[str, Any]


def object_id(name: str) -> str:
    """The Entra object id of somebody called so."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.acme.example"))


class TeamsSide:
    """The Bot Connector as the app meets it: activities with good tokens, from anybody of the tenant."""

    def __init__(self, http: httpx.AsyncClient, place: Tenancy) -> None:
        self.http = http
        self.place = place
        self.shown: list[Card] = []
        """Every card of every dialog, as it was drawn."""

    async def post(self, activity: Mapping[str, Any], **headers: str) -> httpx.Response:
        """An activity with a good token."""
        body = json.dumps(activity).encode()
        return await self.http.post("/api/messages", content=body, headers=self.place.headers() | headers)


class TeamsPerson:
    """One account."""

    def __init__(self, side: TeamsSide, name: str) -> None:
        self.name = name
        self.user = object_id(name)
        self.side = side

    @property
    def ref(self) -> str:
        """What a people picker gives."""
        return self.user

    @property
    def address(self) -> str:
        """As on the command line."""
        return f"teams:{TENANT}:{self.user}"

    def activity(self, make: Any, what: Any, **more: Any) -> dict[str, Any]:
        """Something this person does, as an activity."""
        activity: dict[str, Any] = make(what, self.side.place.service_url, person=self.user, **more)
        return activity

    async def say(self, *said: str) -> Dialog:
        """Choose a command, which opens its dialog at once; with verbs, type it to the app and press its card."""
        if len(said) == 1:
            return await self.shown_for(self.activity(wire.command, said[0]), by_command=True)
        card = await self.typed(" ".join(said))
        return await self.press_in(card)

    async def typed(self, text: str) -> Card:
        """Type something to the app, and get the one card it answers with."""
        before = len(self.replies())
        answer = await self.side.post(self.activity(wire.typed, text))
        assert (answer.status_code, answer.content) == (200, b"")
        place = self.side.place
        return await place.until(lambda: self.replies()[before] if len(self.replies()) > before else None)

    async def told(self) -> int:
        """How many messages they have had."""
        return len(self.messages())

    async def open_newest(self) -> Dialog:
        """Press Open on the newest message; without one, look at what waits and open the first."""
        cards = [card for card in self.messages() if MESSAGE_TEXT in read(card)]
        if not cards:
            return await (await self.say("peer", "due")).press("open")
        return await self.press_in(cards[-1], "open")

    async def press_in(self, card: Card, action: str | None = None) -> Dialog:
        """Press a button of a card in the chat, which opens a dialog."""
        assert faults(card, MESSAGE) == []
        chosen = next(one for one in presses(card) if action is None or one["data"].get("action") == action)
        assert chosen["data"]["msteams"] == {"type": "task/fetch"}
        return await self.shown_for(self.activity(wire.opened, chosen["data"]))

    async def stop_in(self, card: Card) -> dict[str, Any]:
        """Press the button of a card in the chat whose answer takes the card's place."""
        chosen = next(one for one in presses(card) if one["type"] == "Action.Execute")
        answer = await self.side.post(self.activity(wire.pressed, chosen["data"]))
        assert answer.status_code == 200
        return dict(answer.json())

    async def shown_for(self, activity: Mapping[str, Any], *, by_command: bool = False) -> Dialog:
        """The dialog that something is answered with."""
        answer = await self.side.post(activity)
        assert answer.status_code == 200, answer.status_code
        dialog = Dialog(self, by_command=by_command)
        dialog.take(answer.json())
        return await dialog.settled()

    def cards(self) -> list[Card]:
        """Every card in their chat with the app, oldest first."""
        return self.side.place.cards_to(self.user)

    def messages(self) -> list[Card]:
        """Those of them that are messages: one can be stopped, and a way in cannot."""
        return [card for card in self.cards() if _can_be_stopped(card)]

    def replies(self) -> list[Card]:
        """Those of them that answer what they typed."""
        return [card for card in self.cards() if not _can_be_stopped(card)]


class Dialog:
    """One dialog on a screen. Each answer draws it anew, from nothing but the answer."""

    def __init__(self, person: TeamsPerson, *, by_command: bool) -> None:
        self.person = person
        self.errors: Mapping[str, str] = {}
        self.title = ""
        self.card: Card = {"body": []}
        self.line = ""
        """The line it ended with, where it has ended."""
        self._by_command = by_command
        self._typed: dict[str, str] = {}

    def take(self, answer: Mapping[str, Any]) -> None:
        """Show what an invoke was answered with."""
        task = answer["task"]
        if task["type"] == "message":
            self.line = task["value"]
            self.title, self.card = self.line.partition("\n\n")[0], {"body": []}
        else:
            value = task["value"]
            self.title, self.card, self.line = value["title"], value["card"]["content"], ""
            # A page whose button asks again carries what was typed, as no other card may.
            carries = any(one["data"].keys() - WIRE for one in presses(self.card))
            assert (strict_faults(self.card) if carries else faults(self.card, DIALOG)) == []
            self.person.side.shown.append(self.card)
        self._typed = {one["id"]: one.get("value", "") for one in inputs(self.card)}
        self.errors = dict(_faults(self.card))

    @property
    def text(self) -> str:
        """Everything that can be read on it."""
        return self.line or " ".join([self.title, read(self.card)])

    @property
    def form(self) -> str:
        """The form's name, or empty."""
        return str(self._sent().get("form", ""))

    @property
    def token(self) -> str:
        """What the form carries unseen."""
        return str(self._sent().get("t", ""))

    def fields(self) -> Sequence[str]:
        """Names of the fields, in order."""
        return [str(one["id"]) for one in inputs(self.card)]

    def choices(self, field: str) -> Sequence[str]:
        """The values a field offers."""
        return [parted(one["value"])[0] for one in self._input(field).get("choices", [])]

    def standing(self, field: str) -> Filling:
        """What stands in a field."""
        value, one = self._typed[field], self._input(field)
        if one["type"] == "Input.Toggle":
            return bool(value == one["valueOn"])
        return list(parted(value)) if one.get("isMultiSelect") else value

    def has(self, action: str) -> bool:
        """Whether there is such a button."""
        return any(one["data"].get("action") == action for one in presses(self.card))

    def links(self) -> Sequence[str]:
        """Where the buttons lead that open a page."""
        return [str(one["url"]) for one in parts(self.card) if one["type"] == "Action.OpenUrl"]

    def fill(self, **values: Filling) -> None:
        """Type or choose."""
        for field, value in values.items():
            self._typed[field] = _state(self._input(field), value)

    def data(self) -> dict[str, Any]:
        """What is sent with the form as it stands."""
        return self._sent() | self._typed

    def activity(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Something sent from this dialog."""
        return self.person.activity(wire.sent, dict(data), by_command=self._by_command)

    async def submit(self, *, even_unfilled: bool = False) -> Dialog:
        """Send it. Teams itself refuses to send a card with an empty field that it may check."""
        unfilled = [
            one["id"] for one in inputs(self.card) if one.get("isRequired") and not self._typed[one["id"]]
        ]
        assert even_unfilled or unfilled == [], f"Teams would not send this: {unfilled}"
        return await self._send(self.data())

    async def press(self, action: str, nth: int = 0) -> Dialog:
        """Press a button in the dialog, which changes it in place."""
        chosen = [one for one in presses(self.card) if one["data"].get("action") == action][nth]
        beside = {} if chosen.get("associatedInputs") == "none" else self._typed
        return await self._send(chosen["data"] | beside)

    async def settled(self) -> Dialog:
        """Past a neutral page, whose button asks again."""
        while self.title in NEUTRAL:
            await self._once(presses(self.card)[-1]["data"])
        return self

    async def _send(self, data: Mapping[str, Any]) -> Dialog:
        await self._once(data)
        return await self.settled()

    async def _once(self, data: Mapping[str, Any]) -> None:
        answer = await self.person.side.post(self.activity(data))
        assert answer.status_code == 200, answer.status_code
        self.take(answer.json())

    def _sent(self) -> dict[str, Any]:
        return dict(next((one["data"] for one in presses(self.card) if "form" in one["data"]), {}))

    def _input(self, field: str) -> Card:
        return next(one for one in inputs(self.card) if one["id"] == field)


def _can_be_stopped(card: Card) -> bool:
    return any(one["type"] == "Action.Execute" for one in presses(card))


def parts(card: Card) -> Iterator[Card]:
    """Every element of a card, inside containers too, in order, and its actions last."""
    waiting = [*card["body"], *card.get("actions", [])]
    while waiting:
        one = waiting.pop(0)
        yield one
        waiting[:0] = [*one.get("items", []), *one.get("actions", [])]


def inputs(card: Card) -> list[Card]:
    """The fields of a card."""
    return [one for one in parts(card) if one["type"].startswith("Input.")]


def presses(card: Card) -> list[Card]:
    """The buttons of a card that send something."""
    return [one for one in parts(card) if one["type"] in ("Action.Submit", "Action.Execute")]


def parted(value: str) -> tuple[str, ...]:
    """Several values out of one text, as they are joined on the wire."""
    return tuple(one.replace("%2C", ",").replace("%25", "%") for one in value.split(",")) if value else ()


def _joined(values: Sequence[str]) -> str:
    return ",".join(one.replace("%", "%25").replace(",", "%2C") for one in values)


def _state(one: Card, value: Filling) -> str:
    if one["type"] == "Input.Toggle":
        assert isinstance(value, bool)
        return str(one["valueOn"] if value else one["valueOff"])
    if one.get("isMultiSelect"):
        assert not isinstance(value, str | bool)
        return _joined(value)
    assert isinstance(value, str)
    offered = [choice["value"] for choice in one.get("choices", [])]
    assert not offered or "choices.data" in one or value in ("", *offered), "a value that is not offered"
    return value


def _words(one: Card) -> list[str]:
    runs = [run["text"] for run in one.get("inlines", [])]
    labels = [choice["title"] for choice in one.get("choices", [])]
    own = [str(one[name]) for name in ("text", "title", "label", "placeholder", "value") if name in one]
    return [*own, *runs, *labels]


def read(card: Card) -> str:
    """Everything that can be read on a card; what stops Teams from reading marks in it shows nothing."""
    text = " ".join(word for one in parts(card) for word in _words(one))
    return text.replace("\u2060", "").replace("\\", "")


def _faults(card: Card) -> Iterator[tuple[str, str]]:
    """What has to be mended, by the field it stands above."""
    said = ""
    for one in parts(card):
        if one["type"].startswith("Input."):
            if said:
                yield one["id"], said
            said = ""
        elif one["type"] == "RichTextBlock":
            text = "".join(run["text"] for run in one["inlines"])
            red = any(run.get("color") == "Attention" for run in one["inlines"])
            if text.startswith(words.TO_MEND):
                said = text.removeprefix(words.TO_MEND).strip()
            elif said and red:
                said = f"{said}\n{text}"
