"""What is wrong with a file that a person wrote, each fault where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DefinitionError:
    """One fault in one definition; `line` counts from 1."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class DefinitionErrors(Exception):
    """Every fault found, in order of file and line."""

    def __init__(self, errors: list[DefinitionError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.file, error.line)))
        super().__init__("\n".join(str(error) for error in self.errors))
