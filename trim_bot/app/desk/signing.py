"""Signs what was drawn: each button and form carries its command until here, and a token from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from trim_bot.app.desk.routes import ROUTES
from trim_bot.app.seam import unsigned, views
from trim_bot.app.seam.command import Command, Opening
from trim_bot.app.seam.route import Route, refs_of
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.views import Done, Form
from trim_bot.app.seam.work import Sign


def _carries(route: Route) -> type | None:
    """The command a button of this route carries: what opens it, else what pressing it does."""
    return route.shows if route.shows is not None else route.does


_ROUTES: Mapping[type, tuple[Route, ...]] = {
    kind: tuple(route for route in ROUTES.values() if _carries(route) is kind)
    for kind in {_carries(route) for route in ROUTES.values()}
    if kind is not None
}


def reference(command: Command) -> tuple[str, dict[str, str]]:
    """The name of a command's route, and the ids it carries; what is as it is by default is left out.

    Raises LookupError for what no button can carry.
    """
    for route in _ROUTES.get(type(command), ()):
        if all(getattr(command, name) == value for name, value in route.when.items()):
            return route.name, refs_of(command, route.gather)
    raise LookupError(type(command).__name__)


def signed(screen: Screen, sign: Sign) -> Form | Done:
    """The view that goes out. A form's token carries what shows it, so that sending it does it for the same."""
    match screen:
        case Done():
            return screen
        case unsigned.Page(name, title, blocks, answer, files):
            return Done(name, title, _blocks(blocks, sign), answer, files)
        case unsigned.Form():
            name, refs = reference(screen.shown_by)
            return Form(
                name,
                screen.title,
                _blocks(screen.blocks, sign),
                token=sign.form(name, **refs),
                submit=screen.submit,
                step=screen.step,
                revision=screen.revision,
                back=_button(screen.back, sign) if screen.back is not None else None,
            )
        case _:
            assert_never(screen)


def _blocks(blocks: tuple[unsigned.Block, ...], sign: Sign) -> tuple[views.Block, ...]:
    return tuple(_button(one, sign) if isinstance(one, unsigned.Button) else one for one in blocks)


def _button(button: unsigned.Button, sign: Sign) -> views.Button:
    name, refs = reference(button.command)
    token = "" if button.to_all else sign.press(name, **refs)
    goes = isinstance(button.command, Opening)
    return views.Button(name, token, button.label, button.weight, goes=goes, about=button.about)
