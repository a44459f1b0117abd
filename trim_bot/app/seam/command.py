"""What every use case is: a frozen dataclass that says what somebody wants, in their words; and how a token and a
form carry one, as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from enum import Enum
from types import NoneType
from typing import Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints


class Command:
    """Something somebody wants done. What a button or form carries of it is opaque ids and closed answers."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    """Made by `dataclass`, which every command is; told here for those who read its fields."""


class Opening(Command):
    """A command that only shows something. A change may lead to one, and it is then authorised afresh."""

    __slots__ = ()


C = TypeVar("C", bound=Command)
Read = Callable[[object], object]
"""Makes what a field holds of what came as text; all else is left as it is."""


def made(kind: type[C], refs: Mapping[str, object], typed: Mapping[str, object]) -> C:
    """The command that a token's texts and a form's values make: an answer becomes its enum, "" becomes None.

    Raises TypeError where they are not the fields of the command, each once, and ValueError for an answer that its
    enum does not have.
    """
    make: Callable[..., C] = kind
    return make(**_read(kind, refs), **_read(kind, typed))


def refs_of(command: Command, without: str | None = None) -> dict[str, str]:
    """What a token holds of a command, but for one field; what is as it is by default is left out."""
    return {
        field.name: _text(getattr(command, field.name))
        for field in fields(command)
        if field.name != without and getattr(command, field.name) != field.default
    }


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def _read(kind: type[Command], values: Mapping[str, object]) -> dict[str, object]:
    readers = _readers(kind)
    return {name: readers[name](value) if name in readers else value for name, value in values.items()}


_READERS: dict[type[Command], Mapping[str, Read]] = {}


def _readers(kind: type[Command]) -> Mapping[str, Read]:
    """How each field is read that is no plain text, by name; looked at once for each command."""
    if kind not in _READERS:
        found = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        _READERS[kind] = {name: read for name, read in found.items() if read is not None}
    return _READERS[kind]


def _reader(hint: object) -> Read | None:
    parts = get_args(hint) or (hint,)
    if get_origin(hint) is tuple:
        each = _reader(parts[0])
        return None if each is None else lambda value: _each(each, value)
    answers = tuple(part for part in parts if isinstance(part, type) and issubclass(part, Enum))
    empty = NoneType in parts
    return (lambda value: _one(answers, empty, value)) if answers or empty else None


def _one(answers: tuple[type[Enum], ...], empty: bool, value: object) -> object:
    if not isinstance(value, str):
        return value
    if empty and not value:
        return None
    found = next((one for kind in answers for one in kind if one.value == value), None)
    if answers and found is None:
        raise ValueError("this is none of the answers")
    return found or value


def _each(read: Read, value: object) -> object:
    return tuple(read(one) for one in value) if isinstance(value, tuple) else value
