"""What Entra's ids look like, so that nothing else is taken for one."""

from __future__ import annotations

import re

from integrations.ground.untrusted_json import matched

ENTRA_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
"""A tenant or a person of Entra; in practice 36 letters, digits and hyphens."""


def entra_id(value: object) -> str:
    """The same tenant or person in small letters, since Entra's ids ignore case; Malformed otherwise."""
    return matched(value, ENTRA_ID).lower()
