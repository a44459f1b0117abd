"""What every use case is: a frozen dataclass that says what somebody wants, in their words."""

from __future__ import annotations


class Command:
    """Something somebody wants done. The fields that a button or form carries are opaque ids, as text."""

    __slots__ = ()


class Opening(Command):
    """A command that only shows something. A change may lead to one, and it is then authorised afresh."""

    __slots__ = ()
