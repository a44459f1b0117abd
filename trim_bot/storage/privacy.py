"""Says of every column who could read it in the database file: anybody, nobody, or only by guessing right."""

from __future__ import annotations

from enum import Enum

PRIVACY = "privacy"
"""Where a column keeps its mark, in `Column.info`."""
FIELDS = "fields"
"""Which fields of the record a sealed or keyed column stands for, in `Column.info`."""


class Privacy(Enum):
    """What a column gives away to somebody who has the database but no key."""

    OPEN = "open"
    """Readable: ids, states, roles and the times the clock needs. Never a person's own words."""
    KEYED = "keyed"
    """A keyed digest: equal texts can be found, none can be read back."""
    SEALED = "sealed"
    """Ciphertext under the record's own data key, padded; lost for good once that key is destroyed."""
