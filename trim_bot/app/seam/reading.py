"""Reads what was typed into a form: one file, the only place where fields are checked, for every platform."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta
from typing import assert_never

from trim_bot.app.seam import mending
from trim_bot.app.seam.gestures import Gesture, Invoke, Value, Values
from trim_bot.app.seam.ports import Tokens
from trim_bot.app.seam.text_kinds import OTHER_DAY
from trim_bot.app.seam.views import (
    Block,
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
from trim_bot.domain.as_typed import ClockTime, NotRead, read_clock, read_day
from trim_bot.domain.people import Address
from trim_bot.domain.policy import POLICY

Typed = str | bool | tuple[str, ...] | date | time | ClockTime | Address | tuple[Address, ...] | None
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Beyond these a time in another zone may fall outside the calendar."""


class FieldFault(Exception):
    """One field cannot be read; the text says how to mend it and repeats nothing that was typed."""


_REFERENCE = re.compile(r"[a-hjkmnp-z2-9]{26}|(?:slack|teams|web):.+")
"""A record's id, or somebody's address, as it stands in the value of an option."""


def hidden(view: View, tokens: Tokens, organisation: str) -> View:
    """The view as it goes out: no option has a value in which anybody could read, or join, what it stands for."""
    match view:
        case Form():
            return replace(view, blocks=tuple(_hidden(block, tokens, organisation) for block in view.blocks))
        case FieldErrors(form, errors):
            blocks = tuple(_hidden(block, tokens, organisation) for block in form.blocks)
            return FieldErrors(replace(form, blocks=blocks), errors)
        case _:
            return view


def revealed(gesture: Gesture, tokens: Tokens, organisation: str) -> Gesture:
    """The gesture with what was chosen in plain, as handlers know it."""

    def plain(value: Value) -> Value:
        if isinstance(value, str):
            return tokens.reveal(organisation, value)
        return tuple(tokens.reveal(organisation, one) for one in value) if isinstance(value, tuple) else value

    if isinstance(gesture, Invoke):
        return gesture
    return replace(gesture, values={name: plain(value) for name, value in gesture.values.items()})


def _hidden(block: Block, tokens: Tokens, organisation: str) -> Block:
    if not isinstance(block, Choice | Choices):
        return block
    told = {
        one.value: tokens.hide(organisation, one.value)
        for one in block.options
        if _REFERENCE.fullmatch(one.value)
    }
    if not told:
        return block
    options = tuple(replace(one, value=told.get(one.value, one.value)) for one in block.options)
    if isinstance(block, Choice):
        return replace(block, options=options, value=told.get(block.value, block.value))
    return replace(block, options=options, value=tuple(told.get(one, one) for one in block.value))


def read_form(form: Form, values: Values) -> tuple[dict[str, Typed], dict[str, str]]:
    """Typed values and faults, both keyed by field. Names the form does not have are ignored.

    Dates become `date`, times `time`, people `Address`; an empty optional field becomes None, "" or ().
    """
    typed: dict[str, Typed] = {}
    faults: dict[str, str] = {}
    for block in form.inputs():
        try:
            typed[block.name] = _read(block, values.get(block.name))
        except FieldFault as fault:
            faults[block.name] = str(fault)
    for block in form.inputs():
        if isinstance(block, Choice) and block.fills:
            _fill_day(block, typed, faults)
    for block in form.inputs():
        if isinstance(block, TimeInput) and isinstance(at := typed.get(block.name), ClockTime):
            typed[block.name] = _at(block, at, typed, faults)
    return typed, faults


def _fill_day(block: Choice, typed: dict[str, Typed], faults: dict[str, str]) -> None:
    """The day that a choice of near days stands for. One that is given beside it alone is taken as it is."""
    near = typed.pop(block.name, "")
    day = typed.get(block.fills)
    if block.name in faults or block.fills in faults:
        return
    if near in ("", OTHER_DAY):
        if day is None and (block.required or near):
            faults[block.fills] = mending.GIVE_DAY
        return
    chosen = date.fromisoformat(str(near))
    if day not in (None, chosen):
        faults[block.fills] = mending.ONE_DAY
    typed[block.fills] = chosen


def _at(block: TimeInput, at: ClockTime, typed: dict[str, Typed], faults: dict[str, str]) -> time:
    """The time; 24:00 moves its day on by one, where there is a day to move."""
    day = typed.get(block.day)
    if at.next_day and isinstance(day, date):
        typed[block.day] = day + timedelta(days=1)
    elif at.next_day and block.day not in faults:
        faults[block.name] = mending.TIME_NOT_READ
    return at.at


def _read(block: Input, value: Value | None) -> Typed:
    match block:
        case TextInput():
            return _text(block, value)
        case Choice():
            return _choice(block, value)
        case Choices():
            return _choices(block, value)
        case DateInput():
            return _date(block, value)
        case TimeInput():
            return _time(block, value)
        case PersonInput():
            return _person(block, value)
        case PeopleInput():
            return _people(block, value)
        case Toggle():
            ticked = value is True or value == "yes" or value == ("yes",)
            if block.required and not ticked:
                raise FieldFault(mending.TICK_TO_GO_ON)
            return ticked
        case _:
            assert_never(block)


def _one(value: Value | None) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, tuple):
        return value[0].strip() if len(value) == 1 else ""
    return value.strip()


def _many(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(item.strip() for item in value if item.strip())
    text = _one(value)
    return (text,) if text else ()


def _text(block: TextInput, value: Value | None) -> str:
    text = _one(value)
    if block.required and not text:
        raise FieldFault(mending.FILL_IN)
    if len(text) > block.max_length:
        raise FieldFault(mending.too_long(block.max_length))
    return text


def _choice(block: Choice, value: Value | None) -> str:
    text = _one(value)
    if not text and (not block.required or block.fills):
        return ""
    if text not in {option.value for option in block.options}:
        raise FieldFault(mending.CHOOSE_ONE)
    return text


def _choices(block: Choices, value: Value | None) -> tuple[str, ...]:
    chosen = _many(value)
    known = {option.value for option in block.options}
    if not known.issuperset(chosen):
        raise FieldFault(mending.CHOOSE_FROM_LIST)
    if block.required and not chosen:
        raise FieldFault(mending.CHOOSE_AT_LEAST_ONE)
    return tuple(dict.fromkeys(chosen))


def _date(block: DateInput, value: Value | None) -> date | None:
    text = _one(value)
    if not text:
        if block.required:
            raise FieldFault(mending.GIVE_DATE)
        return None
    try:
        day = read_day(text)
    except NotRead as unread:
        raise FieldFault(mending.of_day(unread.why)) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise FieldFault(mending.CHECK_YEAR)
    return day


def _time(block: TimeInput, value: Value | None) -> ClockTime | None:
    text = _one(value)
    if not text:
        if block.required:
            raise FieldFault(mending.GIVE_TIME)
        return None
    try:
        return read_clock(text)
    except NotRead as unread:
        raise FieldFault(mending.of_time(unread.why)) from None


def _person(block: PersonInput, value: Value | None) -> Address | None:
    text = _one(value)
    if not text:
        if block.required:
            raise FieldFault(mending.CHOOSE_PERSON)
        return None
    return _address(text)


def _people(block: PeopleInput, value: Value | None) -> tuple[Address, ...]:
    texts = _many(value)
    if block.required and not texts:
        raise FieldFault(mending.CHOOSE_PERSON)
    if len(texts) > POLICY.people_in_a_field:
        raise FieldFault(mending.too_many_people(POLICY.people_in_a_field))
    people: list[Address] = []
    unread: list[int] = []
    for row, text in enumerate(texts, 1):
        try:
            people.append(_address(text))
        except FieldFault:
            unread.append(row)
    if unread:
        raise FieldFault(mending.rows_unread(unread) if len(texts) > 1 else mending.PERSON_UNKNOWN)
    if len(set(people)) != len(people):
        raise FieldFault(mending.PERSON_TWICE)
    return tuple(people)


def _address(text: str) -> Address:
    try:
        return Address.parse(text)
    except ValueError:
        raise FieldFault(mending.PERSON_UNKNOWN) from None
