"""Where messages to one person in Teams go: the conversation they have with the app, and the service that holds it."""

from __future__ import annotations

import json
from dataclasses import dataclass

MOST_CONVERSATION = 500


@dataclass(frozen=True, slots=True)
class Route:
    """One 1:1 conversation."""

    service_url: str
    conversation: str

    @property
    def text(self) -> str:
        """As it is kept with the account."""
        return json.dumps({"service_url": self.service_url, "conversation": self.conversation})

    @classmethod
    def parse(cls, text: str) -> Route | None:
        """The route kept in a text, or None when there is none that can be read."""
        try:
            kept = json.loads(text)
            service_url, conversation = kept["service_url"], kept["conversation"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        if not (
            isinstance(service_url, str) and isinstance(conversation, str) and service_url and conversation
        ):
            return None
        return cls(service_url, conversation)
