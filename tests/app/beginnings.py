"""Places to start a story from: a case that is already open, and ways to look at what waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.builders import MONDAY, Town
from tests.reading import buttons
from trim_bot.app.cases.hands import give
from trim_bot.app.cases.opening import open_case
from trim_bot.app.seam.views import Answer, Done, View
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import Case
from trim_bot.domain.steps import OPEN_STATES, Step


async def open_case_for(
    town: Town, person: str, *, holder: str = "", cover: str = "", refused: tuple[str, ...] = ()
) -> Case:
    """An open case after a hard event that ended now; in the pool unless somebody holds it."""

    def body(work: UnitOfWork) -> Case:
        case = open_case(
            work, member_id=town.ids[person], programme="trim_style_v1", holder=None, exposure_ended=MONDAY,
            refused=tuple(town.ids[name] for name in refused),
        )  # fmt: skip
        if not holder:
            return case
        return give(work, case, town.ids[holder], town.ids[cover] if cover else None)

    return await town.work(body)


async def step_of(town: Town, **where: object) -> list[Step]:
    """Open steps by any of their fields."""
    return await town.all(Step, order_by="due_at", state=OPEN_STATES, **where)


async def change_case(town: Town, case: Case, **changes: Any) -> Case:
    """The case with some fields changed."""
    changed = replace(case, **changes)
    await town.write(lambda tx: tx.save(changed))
    return changed


def nothing_waits(view: View) -> bool:
    """Whether a view is the neutral page that says that nothing waits."""
    return isinstance(view, Done) and view.name == "waiting" and not buttons(view, "open")


def refused(view: View) -> bool:
    """Whether a view says that this is not open to whoever asked."""
    return isinstance(view, Done) and view.answer is Answer.REFUSED
