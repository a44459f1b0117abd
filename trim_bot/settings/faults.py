"""What can be wrong with the environment, said without repeating any value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one variable; `text` goes on from its name."""

    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name} {self.text}."


class SettingsErrors(Exception):
    """Everything wrong with the environment at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))

    @property
    def names(self) -> frozenset[str]:
        """The variables at fault; exactly `TRIM_BOT_KEYRING` when a missing key is all that is wrong."""
        return frozenset(fault.name for fault in self.faults)
