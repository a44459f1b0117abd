"""Before many offers go out whoever logs the event sees how many, who, when, and whom no chat reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.builders import Town, log_values
from tests.reading import all_blocks, form_of, name_of, values_of, words_of
from trim_bot.app.seam.gestures import Actor, Value
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import FieldErrors, Form, View
from trim_bot.domain.incidents import Incident, Offer
from trim_bot.domain.people import Member, Profile
from trim_bot.domain.policy import POLICY

pytestmark = pytest.mark.anyio
MOST = POLICY.offers_at_once


def colleagues(town: Town, many: int) -> list[Actor]:
    """So many people whom the chat knows and the desk does not."""
    people = [town.actor(f"new{one:02}") for one in range(many)]
    for at, actor in enumerate(people):
        town.directory.profiles[actor.address.text] = Profile(actor.address, f"Colleague {at:02}")
    return people


async def log(town: Town, people: Sequence[Actor], **more: Value) -> View:
    form = form_of(await town.say("priya", "peer", "log"))
    return await town.send_once("priya", form, **(log_values(*people) | more))


def shown(view: View) -> Form:
    """The form that shows who it would be."""
    assert isinstance(view, Form)
    assert (view.name, view.title) == ("log", "Check, then send")
    return view


async def counts(town: Town) -> tuple[int, int, int]:
    return len(await town.all(Incident)), len(await town.all(Offer)), len(await town.all(Member))


async def test_a_few_go_at_once(town: Town) -> None:
    assert (
        name_of(await log(town, colleagues(town, MOST - 1), unlisted="Sam Reed, 07700 900117"))
        == "incident_logged"
    )


async def test_many_are_shown_first_and_nothing_is_kept_of_it(town: Town) -> None:
    before = await counts(town)
    view = shown(
        await log(town, colleagues(town, MOST), unlisted="Sam Reed, 07700 900117", account="At the gate")
    )
    said = words_of(view)
    assert f"{MOST + 1} people get an offer" in said
    assert "Colleague 00, Colleague 01" in said and "1: Sam Reed" in said
    assert "no chat reaches them" in said and "today, from now" in said
    assert await counts(town) == before
    await town.clockwork.drain()
    assert town.messages("new00") == []
    values = values_of(view)
    assert (values["account"], values["unlisted"]) == ("At the gate", "Sam Reed, 07700 900117")
    done = await town.send_once("priya", view, **values)
    assert name_of(done) == "incident_logged"
    assert len(await town.all(Offer)) == MOST + 1
    await town.clockwork.drain()
    assert len(town.messages("new00")) == 1
    again = await town.send_once("priya", view, **values)
    assert name_of(again) == "incident_logged"
    assert len(await town.all(Incident)) == 1


async def test_other_people_than_were_shown_are_shown_again(town: Town) -> None:
    people = colleagues(town, MOST + 1)
    view = shown(await log(town, people))
    values = values_of(view)
    more = town.actor("driver").address.text
    chosen = values["direct"]
    assert isinstance(chosen, tuple)
    again = shown(await town.send_once("priya", view, **(values | {"direct": (*chosen, more)})))
    assert f"{MOST + 2} people get an offer" in words_of(again)
    assert again.revision != view.revision
    fewer = await town.send_once("priya", again, **(values | {"direct": chosen[:3]}))
    assert name_of(fewer) == "incident_logged"


async def test_what_has_to_be_mended_is_said_before(town: Town) -> None:
    view = await log(town, colleagues(town, MOST + 1), unlisted=", 1")
    assert isinstance(view, FieldErrors)
    view = await log(town, colleagues(town, MOST + 1), ended_on="2030-01-01")
    assert isinstance(view, FieldErrors)


async def test_outside_hours_it_says_from_when(town: Town) -> None:
    await town.pass_time(hours=12)
    view = shown(await log(town, colleagues(town, MOST + 1)))
    assert "from Tuesday 24 November" in words_of(view)


async def test_nothing_of_a_colleague_s_own_hours_or_choices_is_told(town: Town) -> None:
    people = colleagues(town, MOST + 1)
    view = shown(await log(town, [*people, town.actor("nurse")]))

    def stops(tx: Tx) -> None:
        member = tx.get(Member, town.ids["nurse"])
        assert member is not None
        tx.save(replace(member, messages_stopped=True, away_until=datetime(2027, 1, 1, tzinfo=UTC)))

    await town.write(stops)
    after = shown(await log(town, [*people, town.actor("nurse")]))
    assert [one for one in all_blocks(view) if not hasattr(one, "token")] == [
        one for one in all_blocks(after) if not hasattr(one, "token")
    ]
