"""Before a week has closed, all that a coordinator can reach is the same with a case as without, whatever they do."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.app.beginnings import open_case_for
from tests.app.conftest import peopled
from tests.app.oversight.test_roster import person, roles
from tests.builders import Town
from tests.reading import unsigned
from trim_bot.app.oversight.handlers import employer_screen, newest_quarter
from trim_bot.app.oversight.role_grants import listing
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import FieldErrors, View
from trim_bot.domain.people import Role
from trim_bot.domain.site import Site

pytestmark = pytest.mark.anyio
DRAWN = re.compile(r"\b[a-z2-7]{26}\b")
SERVING = {
    "priya": (Role.PRACTITIONER,),
    "paul": (Role.PRACTITIONER,),
    "lena": (Role.PRACTITIONER, Role.LEAD),
    "dev": (Role.DEPUTY,),
}


@dataclass(frozen=True)
class Act:
    """One thing that a coordinator does, or lets happen."""

    what: str
    who: str = ""
    role: Role = Role.PRACTITIONER
    hours: int = 0


HELD = [(name, role) for name, held in SERVING.items() for role in held]
ACTS = st.one_of(
    st.sampled_from(HELD).map(lambda one: Act("end", *one)),
    st.sampled_from(HELD).map(lambda one: Act("give", *one)),
    st.just(Act("suspend", "lena", Role.LEAD)),
    st.sampled_from([*SERVING]).map(lambda name: Act("train", name)),
    st.sampled_from([*SERVING]).map(lambda name: Act("away", name)),
    st.integers(1, 24).map(lambda hours: Act("wait", hours=hours)),
)


async def do(town: Town, act: Act) -> str:
    """Do it; what the coordinator is answered."""
    match act.what:
        case "wait":
            await town.pass_time(hours=act.hours)
            await town.clockwork.sweep()
            return ""
        case "away":
            if not await roles(town, act.who):
                return ""
            await town.press(act.who, await town.say(act.who, "peer", "cover"), "hand_over_all")
            return ""
        case "give":
            form = await town.press("cora", await town.say("cora", "peer", "team"), "serving")
            address = town.actor(act.who).address.text
            return said(await town.send("cora", form, person=address, role=act.role.value))
        case _:
            pass
    if not await roles(town, act.who):
        return "nobody"
    form = await person(town, act.who.title())
    if act.what == "train":
        values = {
            "change": "training",
            "provider": "Us",
            "trained_on": "2026-11-20",
            "expires_on": "2026-11-22",
        }
    else:
        values = {"change": "suspend" if act.what == "suspend" else act.role.value}
    return said(await town.send("cora", form, **values))


def said(view: View) -> str:
    """All of a view but tokens and ids, which are drawn anew in every town."""
    found = str(sorted(view.errors.items()) if isinstance(view, FieldErrors) else unsigned(view))
    return DRAWN.sub("", found)


async def seen(town: Town) -> tuple[str, ...]:
    def kept(tx: Tx) -> tuple[str, str]:
        site = tx.get(Site, "site")
        assert site is not None
        now = town.clock.now()
        return said(employer_screen(tx.counts, newest_quarter(Bulletins(tx)), site, now)), str(
            listing(tx, now)
        )

    pages = [await town.say("cora", *words) for words in (("peer", "status"), ("peer", "team"), ("waiting",))]
    return (*map(said, pages), *await town.write(kept), str(len(town.messages("cora"))))


async def play(acts: list[Act], holder: str | None) -> list[tuple[str, ...]]:
    town = await peopled()
    await town.clockwork.sweep()
    if holder is not None:
        await open_case_for(town, "nurse", holder=holder)
    await town.clockwork.drain()
    found = [await seen(town)]
    for act in acts:
        found.append((await do(town, act), *await seen(town)))
    return found


@settings(max_examples=12)
@given(st.lists(ACTS, min_size=1, max_size=5), st.sampled_from(["", "priya", "paul"]))
def test_with_a_case_and_without_a_coordinator_sees_the_same(acts: list[Act], holder: str) -> None:
    # Five waits of a day from Monday morning end before the week does.
    assert asyncio.run(play(acts, holder)) == asyncio.run(play(acts, None))


async def test_every_role_ended_at_once_tells_nothing() -> None:
    acts = [*(Act("end", *one) for one in HELD), Act("suspend", "lena", Role.LEAD), Act("wait", hours=24)]
    acts += [*acts[-1:] * 3, *(Act("give", *one) for one in HELD)]
    assert await play(acts, "priya") == await play(acts, None)
