"""Only the one a case is assigned to can pass it on."""

from __future__ import annotations

import pytest

from tests.app.beginnings import open_case_for, refused
from tests.builders import Town
from tests.reading import buttons
from trim_bot.app.seam.gestures import Press
from trim_bot.app.seam.views import Done, View
from trim_bot.domain.cases import Case

pytestmark = pytest.mark.anyio


async def pressed(town: Town, name: str, case: Case, action: str) -> View:
    token = town.tokens.sign(town.organisation.id, action, {"case": case.id}, nonce=name, expires_at=None)
    return await town.desk.receive(town.actor(name), Press(action, token))


async def holder_of(town: Town, case: Case) -> str | None:
    kept = await town.write(lambda tx: tx.get(Case, case.id))
    assert kept is not None
    return kept.holder


async def test_whoever_is_called_in_can_open_a_case_and_not_pass_it_on(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    asked = await town.press("priya", await pressed(town, "priya", case, "case"), "safety")
    await town.press("priya", asked, "safety_call")
    await town.clockwork.drain()
    view = await pressed(town, "dev", case, "case")
    assert isinstance(view, Done)
    assert view.name == "case"
    assert not buttons(view, "pass_case")
    assert refused(await pressed(town, "dev", case, "pass_case"))
    assert await holder_of(town, case) == town.ids["priya"]


async def test_the_holder_passes_it_on(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya")
    done = await town.press("priya", await pressed(town, "priya", case, "case"), "pass_case")
    assert isinstance(done, Done)
    assert done.name == "case_passed"
    assert await holder_of(town, case) is None
    assert refused(await pressed(town, "priya", case, "take"))
