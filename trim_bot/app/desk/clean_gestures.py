"""Cleans what was typed where it comes in, whichever way it came."""

from __future__ import annotations

from typing import assert_never

from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit
from trim_bot.domain.clean_text import cleaned_all


def clean_gesture(gesture: Gesture) -> Gesture:
    """The same gesture with everything typed cleaned. Tokens and names of ours are no text of anybody's."""
    match gesture:
        case Invoke():
            return gesture
        case Press(action, token, values):
            return Press(action, token, cleaned_all(dict(values)))
        case Submit(form, token, values, only_draw):
            return Submit(form, token, cleaned_all(dict(values)), only_draw)
        case _:
            assert_never(gesture)
