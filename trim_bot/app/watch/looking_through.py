"""What the look through all that is bound has found: it is told as what a reader met, and calls off what is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

MISSING = "missing"
"""Stands for the table where rows are there no more: nothing tells any more of which they were."""

Rows = Mapping[tuple[str, str], int]
"""By organisation and table: how many rows are not as they were written."""


class LookThrough:
    """Keeps what the last look that ended has found. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.rows: Rows = {}
        self.journals: frozenset[str] = frozenset()
        """Organisations whose journal is not whole."""
        self._monotonic = monotonic
        self._began: float | None = None

    def begin(self) -> float:
        """When a look begins, to be given back when it has ended."""
        return self._monotonic()

    def found(self, began: float, rows: Rows, journals: Collection[str]) -> None:
        """A look that began then has gone through everything."""
        self.rows, self.journals = dict(rows), frozenset(journals)
        self._began = None if rows or journals else began

    @property
    def well_since(self) -> float | None:
        """Seconds since the last look began, if it found nothing; else, or before the first, None."""
        return None if self._began is None else self._monotonic() - self._began

    @property
    def tables(self) -> frozenset[str]:
        """Of which tables rows are not as they were written."""
        return frozenset(table for _, table in self.rows)

    def altered(self, met: Collection[tuple[str, str, str]], in_doubt: Collection[str]) -> int:
        """How many records are not as they were written, with those that readers `met`; each journal is one.

        A look finds what readers meet as well, so of each organisation the larger number counts.
        """
        owners = {organisation for organisation, _ in self.rows} | {one for one, _, _ in met}
        every = ((self._rows_of(one), sum(other == one for other, _, _ in met)) for one in owners)
        return sum(map(max, every)) + len(self.journals | set(in_doubt))

    def _rows_of(self, organisation: str) -> int:
        return sum(count for (one, _), count in self.rows.items() if one == organisation)
