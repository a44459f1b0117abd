"""What somebody does with a page: which button they press and what they fill in, drawn from the seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never

from trim_bot.app.events.check_screens import CHECK_TITLE
from trim_bot.app.seam.gestures import Gesture, Press, Submit, Value
from trim_bot.app.seam.text_kinds import OTHER_DAY
from trim_bot.app.seam.views import (
    Button,
    Choice,
    Choices,
    DateInput,
    FieldErrors,
    Form,
    Input,
    PeopleInput,
    PersonInput,
    TextInput,
    TimeInput,
    Toggle,
    View,
)

LIKED: Mapping[str, float] = {
    "take_case": 6, "take_request": 6, "interview": 6, "safety_have": 8, "offer_yes": 12, "contact": 5,
    "request_taken": 4, "assign": 3, "case": 4, "offer": 12, "open": 4, "request": 4, "take": 5,
    "offer_no": 0.8, "offer_later": 0.8, "offer_other": 0.5, "skip": 0.15, "pass_case": 0.2,
    "pass_request": 0.2, "hand_over_all": 0.04, "safety_call": 0.3, "withdraw": 0.12, "erase": 0.01,
    "withdraw_request": 0.15, "someone_else": 0.15, "stop": 0.05, "start": 5, "switch": 0.05, "close": 0.3,
    "back": 0.1, "send_monthly": 0.03, "home": 0.05, "me": 0.02, "readers": 0.02, "status": 0.05, "roster": 0.05,
    "stop_request": 0.05, "stop_or_change": 0.27, "written": 0.1, "private": 0.02,
    "log": 0.6, "support": 0.03, "safety": 0.3, "safety_ask": 0.1, "safety_mistake": 0.3,
    "profile": 0, "unlink_chat": 0, "browser": 0, "chats": 0, "chat_code": 0, "serving": 0, "person": 0,
    "end_role": 0,
}  # fmt: skip
"""How readily a button is pressed, where 1 is usual; a button that is not named here is usual.

What would change the model's own knowledge of somebody, such as their hours, is done on purpose or not at all.
"""
SEND = 0.9
KINDS = 6


def next_gesture(view: View, chance: random.Random, now: datetime, addresses: list[str]) -> Gesture | None:
    """What somebody does next with what they see, or None when there is nothing to do."""
    form = view.form if isinstance(view, FieldErrors) else view if isinstance(view, Form) else None
    blocks = form.blocks if form is not None else getattr(view, "blocks", ())
    pressable = [block for block in blocks if isinstance(block, Button)]
    buttons = [one for one in pressable if LIKED.get(one.action, 1.0) > 0]
    if form is not None and form.submit and chance.random() < SEND:
        values = {block.name: filled(block, chance, now, addresses) for block in form.inputs()}
        if form.title == CHECK_TITLE:
            values = {block.name: block.value for block in form.inputs()}
        return Submit(form.name, form.token, values)
    if not buttons:
        return None
    [button] = chance.choices(buttons, [LIKED.get(one.action, 1.0) for one in buttons])
    return Press(button.action, button.token)


def filled(block: Input, chance: random.Random, now: datetime, addresses: list[str]) -> Value:
    """Something that can stand in a field."""
    match block:
        case TextInput():
            return _text(block, chance)
        case Choice():
            if block.name == "then" and any(one.value == "done" for one in block.options):
                return chance.choice(("done", chance.choice(block.options).value))
            if block.fills:
                return OTHER_DAY
            return chance.choice(block.options).value if block.options else ""
        case Choices():
            return tuple(one.value for one in block.options if chance.random() < 0.08)
        case DateInput():
            days = (-1, -1, -2, -4, -20) if "ended" in block.name else (2, 5, 9, 20)
            return (now + timedelta(days=chance.choice(days))).date().isoformat()
        case TimeInput():
            return chance.choice(("08:00", "13:30", "01:30", "16:00"))
        case PersonInput():
            return chance.choice(addresses)
        case PeopleInput():
            few = chance.choice((5, 15, 30, 45)) if block.name == "direct" else chance.choice((0, 0, 1))
            return tuple(chance.sample(addresses, min(few, len(addresses))))
        case Toggle():
            return block.required or chance.random() < 0.6
        case _:
            assert_never(block)


def _text(block: TextInput, chance: random.Random) -> str:
    if block.name == "unlisted":
        number = chance.randrange(KINDS)
        return f"Visitor {number}, 0151 496 0{number}00" if chance.random() < 0.3 else ""
    if block.name in ("hours", "zone", "code", "phone"):
        return block.value
    return "some words" if block.required or chance.random() < 0.5 else ""
