"""Rows of a call sheet given to a colleague: whose manager somebody is shows in nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.events.test_call_sheets import cards, people, sheet
from tests.app.waiting.test_steady import change
from tests.builders import Town, log_values
from tests.reading import all_blocks, buttons, form_of, words_of
from trim_bot.app.people.eligible import line_key
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import View
from trim_bot.domain.ids import MemberId, new_id
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Member, ReportingLine, Role
from trim_bot.domain.records import Action, JournalEntry

pytestmark = pytest.mark.anyio


async def manages_member(town: Town, manager: str, person: MemberId) -> None:
    """Somebody without an account is below a colleague in the lines all the same."""

    def body(tx: Tx) -> None:
        below = line_key(tx, f"web:{person}")
        member = tx.get(Member, person)
        assert member is not None
        tx.save(replace(member, lines=(below,)))
        tx.add(ReportingLine(new_id(), below, line_key(tx, town.actor(manager).address.text)))

    await town.write(body)


def read_aloud(view: View) -> list[str]:
    """All that is read, without what buttons carry."""
    blocks = all_blocks(view)
    return [str(getattr(one, "label", getattr(one, "text", getattr(one, "items", "")))) for one in blocks]


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("many", ["1", "all"])
async def test_whoever_gives_cannot_tell_whose_manager_somebody_is(many: str, alone: bool) -> None:
    """One of three is managed by whom they go to, or nobody is: the answer and the sheet after it are the same.

    So they are where there is nobody else who could have that one.
    """
    seen = []
    for manager in (None, "paul"):
        other = Town()
        await other.found()
        for name, role in (("priya", Role.PRACTITIONER), ("paul", Role.PRACTITIONER), ("lena", Role.LEAD)):
            await other.add(name, role)
        form = await other.say("priya", "peer", "log")
        await other.send("priya", form, **log_values(unlisted=people(3)))
        await other.clockwork.drain()
        if manager is not None:
            [first, *_] = await other.all(Offer, order_by="made_at")
            await manages_member(other, manager, first.member_id)
        if alone:
            await change(other, "priya", messages_stopped=True)
        give = form_of(await other.press("lena", await sheet(other, "lena"), "call_give"))
        done = await other.send("lena", give, holder=other.ids["paul"], many=many)
        seen.append((read_aloud(done), read_aloud(await sheet(other, "lena"))))
        if manager is not None:
            assert first.member_id not in await whom_they_see(other, "paul")
        if manager is not None and alone:
            await other.pass_time(days=1, hours=1)
            assert "Nobody has taken: " in words_of(await sheet(other, "lena")), "it is not lost"
    assert seen[0] == seen[1]


async def whom_they_see(town: Town, name: str) -> set[MemberId]:
    """Of whom somebody has name and number on the sheet."""
    due = await town.say(name, "peer", "due")
    found = buttons(due, "call_sheet")
    if not found:
        return set()
    view = await town.press(name, due, "call_sheet")
    seen = {card.name.split(". ", 1)[1] for card in cards(view)}
    members = await town.all(Member)
    return {one.id for one in members if one.name in seen}


@pytest.mark.parametrize("alone", [False, True])
async def test_each_row_given_or_held_back_has_a_row_of_the_journal(town: Town, alone: bool) -> None:
    """Where nobody may ring somebody, their row says so by ids alone; whoever was to ring did not see their name."""
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(unlisted=people(3)))
    await town.clockwork.drain()
    offers = await town.write(lambda tx: tx.find(Offer, order_by="made_at"))
    await manages_member(town, "paul", offers[0].member_id)
    if alone:
        for name in ("priya", "dev"):
            await change(town, name, messages_stopped=True)
    give = form_of(await town.press("lena", await sheet(town, "lena"), "call_give"))
    await town.send("lena", give, holder=town.ids["paul"], many="all")

    def about(tx: Tx) -> list[list[JournalEntry]]:
        return [tx.journal.about([tx.pseudonym(it.key_id, it.id)], 5) for it in offers]

    rows = await town.write(about)
    held = "call_hold_back" if alone else "call_give"
    assert [[(row.action, row.what) for row in of_one] for of_one in rows] == [
        [(Action.ASSIGNED, what)] for what in (held, "call_give", "call_give")
    ]
    assert {row.actor for of_one in rows for row in of_one} == {rows[1][0].actor}
