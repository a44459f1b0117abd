"""One example of every form, page and message, in each state that matters, made by the screens themselves.

It serves `describe`, the goldens and the pictures. Names are `form/state`, such as `offer/waiting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import assert_never

from trim_bot.app.desk import spoken_examples as spoken
from trim_bot.app.desk.routes import SUBJECTS
from trim_bot.app.desk.signing import signed
from trim_bot.app.examples.sample import FIRST, SECOND, SIGN, Example, Mended, Sample
from trim_bot.app.seam import unsigned
from trim_bot.app.seam.views import Done, FieldErrors, Form, Message, Nothing, View

__all__ = ["FIRST", "SECOND", "Sample", "catalogue"]


def catalogue(sample: Sample = FIRST) -> Mapping[str, View]:
    """Every example by name, the same at every call. `SECOND` has other people, services and settings."""
    found: dict[str, View] = {}
    for views in (*_examples(), spoken.views):
        for name, view in views(sample).items():
            if name in found:
                raise ValueError(f"two examples are called {name}")
            found[name] = _view(view)
    return found


def _examples() -> Iterator[Callable[[Sample], dict[str, Example]]]:
    """What each subject shows of itself: the `examples` beside its routes, where it has any."""
    for subject in SUBJECTS:
        name = f"{subject.__name__.rpartition('.')[0]}.examples"
        if find_spec(name) is not None:
            yield import_module(name).views


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
