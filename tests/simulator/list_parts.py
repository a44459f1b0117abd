"""Reads a list that is shown a part at a time to its end, so that it can be judged as a whole."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tests.simulator.driver import Life
from trim_bot.app.seam.gestures import Actor, Press
from trim_bot.app.seam.paging import FROM_THE_FIRST, NEXT
from trim_bot.app.seam.views import Button, Done, Form, View


async def whole(life: Life, actor: Actor, view: View) -> View | None:
    """A view with all that its further parts show; None of a later part, or where the next one did not come."""
    if not isinstance(view, Form | Done):
        return view
    if _button(view, FROM_THE_FIRST) is not None:
        return None
    part, blocks = view, list(view.blocks)
    while (way := _button(part, NEXT)) is not None:
        further = await life.alive(partial(life.desk.desk.receive, actor, Press(way.action, way.token)))
        if not isinstance(further, Form | Done) or further.name != view.name:
            return None
        part = further
        blocks += part.blocks
    return replace(view, blocks=tuple(blocks))


def _button(view: Form | Done, label: str) -> Button | None:
    return next((one for one in view.blocks if isinstance(one, Button) and one.label == label), None)
