"""A coordinator who acts to find something out learns nothing of any one person; each planted leak is found."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import pytest
from starlette.responses import Response

from integrations.web import pages
from tests.app.oversight.active_coordinator import Act, play_group, some_acts, told_apart
from tests.app.oversight.over_http import PAGES, coordinators_browser
from tests.app.oversight.worlds import Part, beginning, some_part
from tests.fakes.figures import FakeCounts
from trim_bot.app.desk import browser_front
from trim_bot.app.oversight import handlers
from trim_bot.app.oversight.handlers import employer_screen
from trim_bot.app.people.roster import Overview, Roster
from trim_bot.app.people.roster_records import Serving
from trim_bot.app.requests import support
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Done, Text
from trim_bot.domain.cases import Case
from trim_bot.domain.disclosure import Band, Cell, Trail
from trim_bot.domain.ids import MemberId, new_id
from trim_bot.domain.people import Availability, Grant, Role
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import OutboxState, Outgoing

pytestmark = pytest.mark.anyio
GROUPS, SIZE = 4, 9


async def test_no_two_worlds_of_a_group_can_be_told_apart() -> None:
    """The fixed share of what `python -m tests.app.oversight.active_coordinator` plays."""
    town = await beginning()
    chance = random.Random(8)  # noqa: S311 - worlds that can be played again, nothing secret
    groups = [await play_group(town, chance, SIZE) for _ in range(GROUPS)]
    assert [one for group in groups for one in group.differing] == []
    assert sum(group.acted for group in groups) >= GROUPS * SIZE
    assert sum(group.stood for group in groups) > GROUPS


def test_parts_and_acts_are_of_every_kind() -> None:
    chance = random.Random(8)  # noqa: S311
    parts = [some_part(chance) for _ in range(200)]
    for name in Part.__dataclass_fields__:
        assert len({getattr(one, name) for one in parts}) > 1, name
    acts = {act.kind for _ in range(100) for act in some_acts(chance)}
    assert acts == {"grant", "end", "train", "monthly", "wait", "away", "door", "move"}


async def test_the_pages_that_are_compared_are_the_coordinators() -> None:
    town = await beginning()
    async with coordinators_browser(town) as browser:
        told = dict(zip(PAGES, await browser.look(), strict=True))
    theirs = {
        "/",
        "/status",
        "/me",
        "/bulletins",
        "/f/team",
        "/f/waiting",
        "/f/profile",
    }
    assert {path for path in theirs if not told[path].startswith("200\n")} == set()
    assert told["/nowhere"].startswith("404\n")
    assert "Serving today" in told["/status"] and "content-length" in told["/status"]
    assert "Priya" in told["/f/team"]


Plant = Callable[[pytest.MonkeyPatch], None]
YES, ASKS = Part(answers="yes"), Part(asks="named")


def _within(roster: Roster) -> Tx:
    """What no handler gets at: only a leak would."""
    return cast(Tx, vars(roster)["_Roster__tx"])


def _exact(patch: pytest.MonkeyPatch) -> None:
    def tell(self: Trail, figures: Mapping[Cell, int]) -> tuple[dict[Cell, Band], Trail]:
        return {cell: Band(n, n) for cell, n in figures.items()}, self

    patch.setattr(Trail, "tell", tell)


def _one_statement_less(patch: pytest.MonkeyPatch) -> None:
    real = FakeCounts.standing

    def standing(self: FakeCounts, *asked: Any) -> Any:
        told = real(self, *asked)
        return replace(told, weeks={}) if any(self._state.each(Case)) else told

    patch.setattr(FakeCounts, "standing", standing)


def _full_with_a_case(patch: pytest.MonkeyPatch) -> None:
    real = Roster.some

    def some(self: Roster, ids: Any) -> list[Serving]:
        busy = {case.holder for case in _within(self).find(Case)}
        full = Availability.FULL
        return [replace(one, availability=full) if one.id in busy else one for one in real(self, ids)]

    patch.setattr(Roster, "some", some)


def _ordered_by_load(patch: pytest.MonkeyPatch) -> None:
    real = Roster.names

    def names(self: Roster) -> list[tuple[MemberId, str]]:
        tx = _within(self)
        return sorted(real(self), key=lambda one: -len(tx.find(Case, holder=one[0])))

    patch.setattr(Roster, "names", names)


def _told_of_each_request(patch: pytest.MonkeyPatch) -> None:
    real = support._keep

    def keep(work: Any, request: SupportRequest) -> None:
        real(work, request)
        for grant in work.tx.find(Grant, role=Role.COORDINATOR):
            work.tx.add(Outgoing(new_id(), "steady", grant.member_id, None, OutboxState.QUEUED, work.now))

    patch.setattr(support, "_keep", keep)


def _refused_a_role(patch: pytest.MonkeyPatch) -> None:
    real = Roster.member_for

    def member_for(self: Roster, *asked: Any) -> Any:
        id = real(self, *asked)
        return None if _within(self).find(SupportRequest, member_id=id) else id

    patch.setattr(Roster, "member_for", member_for)


def _longer_for_everybody(patch: pytest.MonkeyPatch) -> None:
    real = employer_screen

    def employer(counts: FakeCounts, *more: Any) -> Done:
        page = real(counts, *more)
        return replace(page, blocks=(*page.blocks, *(Text("") for _ in counts._state.each(SupportRequest))))

    patch.setattr(browser_front, "employer_screen", employer)


def _listed_by_work(patch: pytest.MonkeyPatch) -> None:
    real = handlers._next_holders

    def next_holders(overview: Overview, one: Serving) -> list[Serving]:
        return real(overview, one)[1 if _within(overview.roster).find(Case, holder=one.id) else 0 :]

    patch.setattr(handlers, "_next_holders", next_holders)


def _in_every_answer(patch: pytest.MonkeyPatch, change: Callable[[Response], None]) -> None:
    """Change what goes over the wire while there is a case: no word of any page tells of it."""
    real = pages._answered

    async def answered(web: Any, request: Any, page: Any) -> Response:
        response = await real(web, request, page)
        if any(any(state.each(Case)) for state in web.desk._store.states.values()):
            change(response)
        return response

    patch.setattr(pages, "_answered", answered)


def _one_header_more(patch: pytest.MonkeyPatch) -> None:
    _in_every_answer(patch, lambda response: response.headers.append("vary", "cookie"))


def _headers_in_another_order(patch: pytest.MonkeyPatch) -> None:
    _in_every_answer(patch, lambda response: response.raw_headers.reverse())


def _longer_by_a_space(patch: pytest.MonkeyPatch) -> None:
    def longer(response: Response) -> None:
        response.body = bytes(response.body) + b" "
        response.headers["content-length"] = str(len(response.body))

    _in_every_answer(patch, longer)


PLANTS: dict[str, tuple[Plant, Part, tuple[Act, ...]]] = {
    "figures as they are": (_exact, YES, ()),
    "one statement less while there is a case": (_one_statement_less, YES, ()),
    "full for whoever holds a case": (_full_with_a_case, YES, ()),
    "ordered by who holds most": (_ordered_by_load, YES, ()),
    "a message more when somebody asks": (_told_of_each_request, ASKS, ()),
    "a role refused to whoever asked": (_refused_a_role, ASKS, (Act("grant", "pat", "practitioner"),)),
    "fewer colleagues to choose from for whoever has work": (
        _listed_by_work,
        YES,
        (Act("move", "priya", "lena"),),
    ),
    "one header more while there is a case": (_one_header_more, YES, ()),
    "headers in another order while there is a case": (_headers_in_another_order, YES, ()),
    "an answer longer by a space while there is a case": (_longer_by_a_space, YES, ()),
    "a longer page for everybody": (_longer_for_everybody, ASKS, ()),
}


@pytest.mark.parametrize("name", PLANTS)
async def test_a_planted_leak_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, part, acts = PLANTS[name]
    town = await beginning()
    assert not await told_apart(town, part, acts)
    plant(monkeypatch)
    assert await told_apart(town, part, acts)
