"""One example of every form, page and message, in each state that matters, made by the screens themselves.

It serves `describe`, the goldens and the pictures. Names are `form/state`, such as `offer/waiting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from trim_bot.app.cases import examples as cases
from trim_bot.app.desk import spoken_examples as spoken
from trim_bot.app.desk.signing import signed
from trim_bot.app.events import call_sheet_examples as calls
from trim_bot.app.events import examples as events
from trim_bot.app.examples.sample import FIRST, SECOND, SIGN, Example, Mended, Sample
from trim_bot.app.handover import examples as planning
from trim_bot.app.interviews import examples as talks
from trim_bot.app.oversight import examples as oversight
from trim_bot.app.own import examples as own
from trim_bot.app.referrals import examples as referrals
from trim_bot.app.requests import examples as asking
from trim_bot.app.safety import examples as caring
from trim_bot.app.seam import unsigned
from trim_bot.app.seam.views import Done, FieldErrors, Form, Message, Nothing, View

__all__ = ["FIRST", "SECOND", "Sample", "catalogue"]

_PARTS = (events, calls, cases, planning, talks, caring, referrals, asking, own, oversight, spoken)


def catalogue(sample: Sample = FIRST) -> Mapping[str, View]:
    """Every example by name, the same at every call. `SECOND` has other people, services and settings."""
    found: dict[str, View] = {}
    for part in _PARTS:
        for name, view in part.views(sample).items():
            if name in found:
                raise ValueError(f"two examples are called {name}")
            found[name] = _view(view)
    return found


def _view(example: Example) -> View:
    """The example as it leaves the desk."""
    match example:
        case Mended(drawn, errors, typed):
            form = signed(drawn, SIGN)
            if not isinstance(form, Form):
                raise TypeError("only a form is mended")
            return FieldErrors(form.filled(typed), errors)
        case unsigned.Form() | unsigned.Page() | Done():
            return signed(example, SIGN)
        case Form() | FieldErrors() | Message() | Nothing():
            return example
        case _:
            assert_never(example)
