"""Whatever is refused leaves a row in the journal: whoever tried has to be found there."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest

from tests.app.beginnings import refused
from tests.builders import Town
from tests.fakes import FakeStore
from trim_bot.app.desk.routes import ROUTES
from trim_bot.app.seam.gestures import Invoke, Press, Submit
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.records import Action, JournalEntry

pytestmark = pytest.mark.anyio
MOST_OF_THEM = 150
"""With fewer refusals than this the sweep tries nothing any more."""


def rows(town: Town) -> list[JournalEntry]:
    return list(cast(FakeStore, town.store).states[OrganisationId(town.organisation.id)].journal)


async def test_every_way_in_that_refuses_somebody_without_a_role_says_so_in_the_journal(town: Town) -> None:
    told = 0
    for name in ROUTES:
        for number, gesture in enumerate((Press, Submit)):
            # The same refusal within an hour is one row.
            town.clock.move(timedelta(hours=2))
            token = town.tokens.sign(town.organisation.id, name, {}, nonce=f"n{number}", expires_at=None)
            before = len(rows(town))
            if refused(await town.desk.receive(town.actor("nurse"), gesture(name, token, {}))):
                assert [row.action for row in rows(town)[before:]] == [Action.REFUSED], name
                told += 1
    assert told > MOST_OF_THEM


async def test_so_does_what_carries_no_token_of_the_desk_and_a_word_for_others(town: Town) -> None:
    for gesture in (Press("roster", "made up"), Invoke(("peer", "team"))):
        town.clock.move(timedelta(hours=2))
        before = len(rows(town))
        assert refused(await town.desk.receive(town.actor("nurse"), gesture))
        assert [row.action for row in rows(town)[before:]] == [Action.REFUSED]
