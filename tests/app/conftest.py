"""The town that use cases are tested in: two practitioners, a lead, a deputy, a coordinator, and staff."""

from __future__ import annotations

import pytest

from tests.builders import Town
from trim_bot.app.waiting import draw
from trim_bot.domain.people import Role


@pytest.fixture(autouse=True)
def everybody_is_told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what waits for anybody all who may take it are told, so that each test has one rule to fail by.

    A module that says `AS_DRAWN = True` keeps the draw as it is: those are the tests of it.
    """
    if not getattr(request.module, "AS_DRAWN", False):
        monkeypatch.setattr(draw, "most_told", lambda work, eligible: eligible)
        monkeypatch.setattr(draw, "most_offered", lambda eligible: eligible)


@pytest.fixture
async def town() -> Town:
    """One organisation with someone in every role; `nurse`, `driver` and `porter` hold none."""
    return await peopled()


async def peopled() -> Town:
    """The same, for a test that plays several."""
    town = Town()
    await town.found()
    await town.add("priya", Role.PRACTITIONER)
    await town.add("paul", Role.PRACTITIONER)
    await town.add("lena", Role.LEAD, Role.PRACTITIONER)
    await town.add("dev", Role.DEPUTY)
    await town.add("cora", Role.COORDINATOR)
    await town.add("adam", Role.ADMINISTRATOR)
    for name in ("nurse", "driver", "porter"):
        await town.add(name)
    return town
