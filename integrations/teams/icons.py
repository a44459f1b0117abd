"""The two icons of the app, drawn beforehand: two overlapping circles, so that no picture of anybody else's is kept."""

from __future__ import annotations

from importlib.resources import files

COLOUR_SIDE = 192
OUTLINE_SIDE = 32
_FOLDER = files("integrations.teams") / "static"


def colour_icon() -> bytes:
    """The icon for tiles, 192 by 192: white on teal, within the middle half that no mask cuts off."""
    return (_FOLDER / "color.png").read_bytes()


def outline_icon() -> bytes:
    """The icon for the side bar, 32 by 32: white on nothing, which Teams tints by itself."""
    return (_FOLDER / "outline.png").read_bytes()
