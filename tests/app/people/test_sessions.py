"""Browser sessions and links end by the real clock, with their owner, and all at once on request."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import Town
from trim_bot.app.people.sessions import SESSION, Sessions, make_secret
from trim_bot.domain.errors import NotThere
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Address, Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action, Session

pytestmark = pytest.mark.anyio
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sessions(town: Town) -> Sessions:
    return Sessions(town.store, town.clock)


def of(town: Town, name: str) -> Address:
    return town.actor(name).address


async def test_a_session_ends_after_its_hours_however_it_is_used(town: Town, sessions: Sessions) -> None:
    secret = await sessions.open("acme", of(town, "nurse"))
    town.clock.move_real(POLICY.session_lasts - MINUTE)
    assert await sessions.who(secret) is not None
    town.clock.move_real(MINUTE)
    assert await sessions.who(secret) is None
    assert timedelta(hours=12) == POLICY.session_lasts


async def test_a_link_that_nobody_used_ends_after_half_an_hour(town: Town, sessions: Sessions) -> None:
    secret = await sessions.link("acme", of(town, "nurse"))
    town.clock.move_real(POLICY.link_lasts)
    assert await sessions.redeem(secret) is None
    assert timedelta(minutes=30) == POLICY.link_lasts


async def test_a_sign_in_that_fails_is_journalled_once_an_hour(town: Town, sessions: Sessions) -> None:
    secret = await sessions.link("acme", of(town, "nurse"))
    assert await sessions.redeem(secret) is not None
    for wrong in (secret, secret, make_secret("acme")):
        assert await sessions.redeem(wrong) is None
    town.clock.move_real(POLICY.link_lasts)
    rows = await town.write(lambda tx: tx.journal.about([""], 50))
    assert [(row.action, row.what, row.actor) for row in rows] == [(Action.REFUSED, "sign_in", "signed-out")]


async def test_a_link_is_no_session_and_a_session_is_no_link(town: Town, sessions: Sessions) -> None:
    link = await sessions.link("acme", of(town, "nurse"))
    assert await sessions.who(link) is None
    session = await sessions.open("acme", of(town, "nurse"))
    assert await sessions.redeem(session) is None


async def test_whoever_left_has_no_session(town: Town, sessions: Sessions) -> None:
    secret = await sessions.open("acme", of(town, "nurse"))
    [nurse] = await town.all(Member, id=MemberId(town.ids["nurse"]))
    await town.write(lambda tx: tx.save(replace(nurse, left=True)))
    assert await sessions.who(secret) is None


async def test_all_of_somebodys_sessions_and_links_end_at_once_and_nobody_elses(
    town: Town, sessions: Sessions
) -> None:
    first, second = [await sessions.open("acme", of(town, "nurse")) for _ in range(2)]
    link, other = (
        await sessions.link("acme", of(town, "nurse")),
        await sessions.open("acme", of(town, "priya")),
    )
    assert await sessions.sign_out_everywhere("acme", of(town, "nurse")) == 3
    assert [await sessions.who(one) for one in (first, second)] == [None, None]
    assert await sessions.redeem(link) is None
    assert await sessions.who(other) is not None
    with pytest.raises(NotThere):
        await sessions.sign_out_everywhere("acme", Address.parse("web:nobody@example.org"))


async def test_no_two_secrets_are_alike_and_only_digests_are_kept(town: Town, sessions: Sessions) -> None:
    secrets = [await sessions.open("acme", of(town, "nurse")) for _ in range(20)]
    assert len(set(secrets)) == 20
    kept = await town.all(Session, purpose=SESSION)
    assert not {one.id for one in kept} & set(secrets)
    # 32 letters of six bits each behind the slug.
    assert {len(make_secret("acme").partition(".")[2]) for _ in range(20)} == {32}
