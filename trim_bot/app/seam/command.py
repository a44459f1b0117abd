"""What every use case is: a frozen dataclass that says what somebody wants, in their words."""

from __future__ import annotations

from dataclasses import Field
from typing import Any, ClassVar, NewType

ListPlace = NewType("ListPlace", str)
"""A place in a list, after which a page of it begins (`paging.py`)."""
FIRST = ListPlace("")
"""The place before the first row."""


class Command:
    """Something somebody wants done. What a button or form carries of it is opaque ids and closed answers."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    """Made by `dataclass`, which every command is; told here for those who read its fields."""


class Opening(Command):
    """A command that only shows something. A change may lead to one, and it is then authorised afresh."""

    __slots__ = ()
