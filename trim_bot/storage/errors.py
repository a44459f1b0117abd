"""What the store says when a record cannot be kept; never a value from the record."""

from __future__ import annotations

from trim_bot.domain.errors import SafeError


class RecordExists(SafeError):
    """Something with this id, or this place in the chain, is already kept."""

    def __init__(self) -> None:
        super().__init__("This is already kept")


class NoSuchRecord(SafeError):
    """There is nothing with this id to replace."""

    def __init__(self) -> None:
        super().__init__("There is nothing here to replace")


class NotStorable(SafeError):
    """A record does not have the shape that its type promises, or a stored one cannot be read."""

    def __init__(self) -> None:
        super().__init__("This record does not have the right shape")


class NotSearchable(SafeError):
    """A search named a field that is sealed or does not exist. Field names are ours, so they may be shown."""

    def __init__(self, field: str) -> None:
        super().__init__(f"Records cannot be found by {field}")


class WorkspaceTaken(SafeError):
    """The chat workspace already belongs to another organisation."""

    def __init__(self) -> None:
        super().__init__("This workspace belongs to another organisation")
