"""One example of every form, page, message and outcome in each state that matters, made by the screens.

It serves `describe`, the goldens and the pictures. Names are `form/state`, such as `offer/waiting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import assert_never

from trim_bot.app.desk.routes import OUTCOMES, SUBJECTS
from trim_bot.app.desk.signing import signed
from trim_bot.app.examples.sample import FIRST, SIGN, Example, Mended, Sample, shown_work
from trim_bot.app.seam import mending, unsigned
from trim_bot.app.seam.narrowing import narrowed
from trim_bot.app.seam.views import Done, FieldErrors, Form, Message, Nothing, View
from trim_bot.app.words import common_answers
from trim_bot.app.words.adapter_words import Names


def catalogue(sample: Sample = FIRST) -> Mapping[str, View]:
    """Every example by name, the same at every call. `SECOND` has other people, services and settings."""
    found: dict[str, View] = {}
    for views in (*_examples(), spoken):
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
            return narrowed(FieldErrors(form.filled(typed), errors), typed)
        case unsigned.Form() | unsigned.Page() | Done():
            return narrowed(signed(example, SIGN), {})
        case Form() | FieldErrors() | Message() | Nothing():
            return example
        case _:
            assert_never(example)


IDS = {
    "incident": "incident",
    "offer": "offer",
    "case": "case",
    "request": "request",
    "step": "step",
    "moved": "2",
    "unowned": "no",
    "code": "code",
    "sheet": "yes",
    "mine": "2",
    "of": "7",
    "given": "5",
    "until": "2026-12-03",
    "added": "2",
    "out": "1",
    "talks": "3",
    "leaflets": "2",
    "briefings": "4",
    "leader": "asked",
    "told": "no",
}
"""What the screens after a change take, all together: each takes what it needs."""


def spoken(sample: Sample) -> dict[str, Example]:
    """Everything the desk says by itself or afterwards."""
    work = shown_work(sample)
    found: dict[str, Example] = {f"{name}/done": draw(work, IDS) for name, draw in OUTCOMES.items()}
    return found | {
        "message/chat": Message("lasting.open", "lasting.stop"),
        "handed_over/nothing": OUTCOMES["handed_over"](work, IDS | {"moved": "0"}),
        "handed_over/unowned": OUTCOMES["handed_over"](work, IDS | {"moved": "1", "unowned": "yes"}),
        "help/words": common_answers.help_screen(Names()),
        "not_open/refused": common_answers.not_open(),
        "try_again/fault": common_answers.try_again("4f2a9c"),
        "altered/row": common_answers.altered("4f2a9c"),
        "altered/serving": common_answers.altered("4f2a9c", serves=True),
        "held_back/serving": common_answers.held_back("4f2a9c", serves=True),
        "mend/button": common_answers.mend({"": mending.ALREADY_ANSWERED}),
    }
