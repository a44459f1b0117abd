"""What Slack's ids look like, so that nothing else is taken for one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from integrations.ground.untrusted_json import matched

SLACK_ID = re.compile(r"[A-Za-z0-9]{1,40}")


def slack_id(payload: Mapping[str, object], key: str) -> str:
    """The team or user id at a key; Malformed when there is none."""
    return checked_id(payload.get(key))


def checked_id(value: object) -> str:
    """The same value if it is a team or user id; Malformed otherwise."""
    return matched(value, SLACK_ID)
