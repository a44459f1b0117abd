"""What a talk is called on screens, where a published programme calls it otherwise and may not be changed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trim_bot.app.seam.sentences import ours

_CALLED: Mapping[str, str] = MappingProxyType(
    {"First conversation": "First talk", "One month conversation": "Month talk"}
)
"""Labels of the programmes that come with the desk, from before screens had one word for a talk."""


def talk_name(label: str) -> str:
    """The name of a talk for the label of its stage; a site's own label stays as the site wrote it."""
    return ours(_CALLED.get(label, label))
