"""What somebody took back since a backup stays taken back after a restore, of every kind there is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.app.asking import ask, ask_unknown, submit_unknown, unknown
from tests.app.events.test_offers import offered
from tests.builders import MONDAY, Town
from tests.fakes import FakeClock
from tests.reading import buttons
from tests.storage.story import KEYRING
from tests.storage.taken import Kept, places_in, settled
from tests.storage.taken_records import fill, take_all
from trim_bot.app.seam.gestures import Invoke, Press
from trim_bot.app.seam.ports import Tx
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.domain.cases import Case, CaseState, CloseReason
from trim_bot.domain.chat_workspaces import ChatWorkspace, Installation
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import AccountId, CaseId, OfferId, RequestId
from trim_bot.domain.incidents import Directness, Exposure, Offer, OfferState
from trim_bot.domain.people import GONE, Account, Availability, Grant, Member, Reach, Training
from trim_bot.domain.records import Erasure
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.revocations import RevocationKind
from trim_bot.domain.steps import OPEN_STATES, Step, StepKind
from trim_bot.domain.zones import at_local
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.journal_check import verify_journal
from trim_bot.storage.ledger.anchor import FileAnchor
from trim_bot.storage.tables import journal, takings_back


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest) -> Callable[[], str] | None:
    """What makes a database on the server, or nothing where files are meant."""
    if request.param == "sqlite":
        return None
    made: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return made


@pytest.fixture
async def kept(make: Callable[[], str] | None, tmp_path: Path) -> AsyncIterator[Kept]:
    clock = FakeClock(MONDAY)
    kept = Kept(places_in(tmp_path / "live", make), FileAnchor(tmp_path / "anchor"), clock)
    yield await settled(kept)
    kept.close()


async def _one(town: Town, kind: type, id: str) -> object:
    return await town.write(lambda tx: tx.get(kind, id))


@pytest.mark.anyio
async def test_whoever_stopped_or_said_no_is_told_of_nothing_more(
    kept: Kept, make: Callable[[], str] | None, tmp_path: Path
) -> None:
    town = kept.town
    await offered(town, "nurse", "driver", mine=True)
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    backup = kept.back_up(tmp_path / "backup")
    mine = await town.say("nurse", "me")
    await town.press("nurse", await town.press("nurse", mine, "stop_or_change"), "withdraw")
    await town.press("driver", await town.open("driver"), "offer_no")
    again, done = await kept.bring_back(backup, places_in(tmp_path / "there", make))
    assert done.again.done == {RevocationKind.OFFER: 1, RevocationKind.TALK: 1}
    assert done.faults == ()
    [case] = await again.town.all(Case)
    assert (case.state, case.close_reason) == (CaseState.CLOSED, CloseReason.WITHDRAWN)
    offers = await again.town.all(Offer)
    assert {one.state for one in offers} == {OfferState.ACCEPTED, OfferState.DECLINED}
    assert not await again.town.all(Step, state=OPEN_STATES)
    await again.town.clockwork.drain()
    await again.town.pass_time(days=7)
    assert not again.town.messages("nurse") and not again.town.messages("driver")
    # Whoever held the case hears no more than anybody else who serves: the steady message of each day.
    assert len(again.town.messages("priya")) == len(again.town.messages("paul"))
    again.close()


@pytest.mark.anyio
async def test_leave_entered_ahead_begins_when_it_was_to_begin(kept: Kept, tmp_path: Path) -> None:
    town, now = kept.town, kept.town.clock.now()
    begins, ends = now + timedelta(days=5), now + timedelta(days=9)

    async def leave(name: str, begins: datetime | None, ends: datetime | None) -> None:
        def change(tx: Tx) -> None:
            member = tx.get(Member, town.ids[name])
            assert member is not None
            tx.save(replace(member, away_from=begins, away_until=ends))

        await town.write(change)

    for name in ("porter", "nurse"):
        await leave(name, begins, ends)
    backup = kept.back_up(tmp_path / "backup")
    await leave("driver", begins, ends)
    await leave("porter", None, None)
    await leave("nurse", None, ends)
    again, done = await kept.bring_back(backup, places_in(tmp_path / "there", None))
    assert (done.again.done, done.again.unread) == ({RevocationKind.LEAVE: 3}, 0)
    members = {one.id: one for one in await again.town.all(Member)}
    found = [members[town.ids[name]] for name in ("driver", "porter", "nurse")]
    assert [one.away_from and one.away_from.date() for one in found] == [begins.date(), None, None]
    assert [one.away_until and one.away_until.date() for one in found] == [ends.date(), None, ends.date()]
    again.close()


@pytest.mark.anyio
@pytest.mark.parametrize(
    "zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"]
)
async def test_leave_ends_at_the_same_moment_after_a_restore(kept: Kept, tmp_path: Path, zone: str) -> None:
    town, today = kept.town, kept.town.clock.now().date()
    begins, ends = (at_local(today + timedelta(days=days), time(), zone) for days in (5, 9))

    def lives_there(tx: Tx) -> None:
        for name in ("driver", "nurse"):
            member = tx.get(Member, town.ids[name])
            assert member is not None
            tx.save(replace(member, zone=zone))

    def goes_away(tx: Tx) -> None:
        for name, first in (("driver", begins), ("nurse", None)):
            member = tx.get(Member, town.ids[name])
            assert member is not None
            tx.save(replace(member, away_from=first, away_until=ends))

    await town.write(lives_there)
    backup = kept.back_up(tmp_path / "backup")
    await town.write(goes_away)
    again, _ = await kept.bring_back(backup, places_in(tmp_path / "there", None))
    members = {one.id: one for one in await again.town.all(Member)}
    found = [members[town.ids[name]] for name in ("driver", "nurse")]
    assert [(one.away_from, one.away_until) for one in found] == [(begins, ends), (None, ends)]
    again.close()


@pytest.mark.anyio
async def test_one_of_each_kind_stays_taken_back(
    kept: Kept, make: Callable[[], str] | None, tmp_path: Path
) -> None:
    town, now = kept.town, kept.town.clock.now()
    await town.write(fill(town.ids, now))
    backup = kept.back_up(tmp_path / "backup")
    installed = await town.write(lambda tx: tx.get(Installation, "slack:T1"))
    await town.write(take_all(town.ids, now))
    await kept.store.disconnect(ChatWorkspace.parse("slack:T1"))
    kept.ledger.must_be_whole()
    again, done = await kept.bring_back(backup, places_in(tmp_path / "there", make))
    assert {kind for kind, number in done.again.done.items() if number} == set(RevocationKind) - {
        RevocationKind.SITE
    }
    assert (done.again.unread, done.again.given_again, done.faults) == (0, 0, ())

    def look(tx: Tx) -> None:
        nurse, driver, porter, priya, paul, dev = (
            ids[name] for name in ("nurse", "driver", "porter", "priya", "paul", "dev")
        )
        members = {one.id: one for one in tx.find(Member)}
        assert members[porter].left and members[driver].messages_stopped
        assert (members[driver].reach, members[driver].phone) == (Reach.BROWSER, "")
        until = members[driver].away_until
        assert until is not None and until.date() == (now + timedelta(days=9)).date()
        assert members[driver].lines and members[paul].availability is Availability.AWAY
        assert [one.member_id for one in tx.find(Erasure)] == [nurse]
        assert tx.get(Account, AccountId("second")) is None
        assert [one.route for one in tx.find(Account, member_id=nurse)] == [GONE]
        assert not tx.find(Grant, member_id=dev) and not tx.find(Training, member_id=dev)
        assert not tx.find(Installation)
        assert [one.directness for one in tx.find(Exposure)] == [Directness.MISTAKEN]
        offers = {one.id: one for one in tx.find(Offer)}
        assert offers[OfferId("declined")].state is OfferState.DECLINED
        assert (offers[OfferId("named")].state, offers[OfferId("named")].proposed) == (
            OfferState.WAITING,
            None,
        )
        requests = {one.id: one for one in tx.find(SupportRequest)}
        assert requests[RequestId("waiting")].state is RequestState.WITHDRAWN
        assert requests[RequestId("waiting")].text == ""
        assert requests[RequestId("taken")].state is RequestState.WAITING
        cases = {one.id: one for one in tx.find(Case)}
        assert cases[CaseId("ended")].close_reason is CloseReason.WITHDRAWN
        assert cases[CaseId("unwanted")].refused == (priya,)
        assert cases[CaseId("passed")].passed == (priya,)
        assert cases[CaseId("given_on")].passed == ()
        assert (cases[CaseId("given_on")].cover, cases[CaseId("given_on")].called) == (None, ())
        assert cases[CaseId("conflict")].passed == (priya,)
        assert {one.holder for one in cases.values() if one.state is CaseState.OPEN} == {None}
        assert [one.state for one in tx.find(Referral)] == [ReferralState.CLOSED]
        steps = tx.find(Step, state=OPEN_STATES)
        waiting = {(one.kind, one.case_id or one.subject) for one in steps}
        for id in ("unwanted", "passed", "given_on", "conflict"):
            assert (StepKind.ASSIGN, id) in waiting
        assert not {"ended", "declined", "waiting", "call"} & {id for _, id in waiting}
        assert not any(one.kind in (StepKind.SAFETY, StepKind.CHECK_IN) for one in steps)

    ids = town.ids
    await again.town.write(look)
    assert installed is not None and installed.key_id not in again.keys.all_ids()
    assert [one.workspaces for one in await again.store.organisations()] == [()]
    assert verify_journal(again.places.data, Pseudonyms(KEYRING)) == []
    again.close()


@pytest.mark.anyio
async def test_a_signed_out_request_that_was_withdrawn_stays_withdrawn(
    kept: Kept, make: Callable[[], str] | None, tmp_path: Path
) -> None:
    town = kept.town
    _, code = await ask_unknown(town)
    backup = kept.back_up(tmp_path / "backup")
    form = await unknown(town, Invoke(("reply",)))
    read = await submit_unknown(town, form, code=code)
    [stop] = buttons(read, "stop_request")
    await unknown(town, Press(stop.action, stop.token))
    again, done = await kept.bring_back(backup, places_in(tmp_path / "there", make))
    assert done.again.done == {RevocationKind.REQUEST: 1}
    [request] = await again.town.all(SupportRequest)
    assert (request.state, request.text) == (RequestState.WITHDRAWN, "")
    again.close()


@pytest.mark.anyio
async def test_a_gesture_that_takes_nothing_back_touches_no_ledger(kept: Kept) -> None:
    await offered(kept.town, "nurse", mine=True)
    await kept.town.press("nurse", await kept.town.open("nurse"), "offer_yes")
    await ask(kept.town, "driver")
    before = kept.ledger.head()
    await kept.town.say("nurse", "me")
    await kept.town.clockwork.drain()
    assert kept.ledger.head() == before
    assert before.revocations.n == 0


@pytest.mark.anyio
async def test_no_id_can_be_read_in_a_line(kept: Kept) -> None:
    town = kept.town
    await offered(town, "nurse")
    await town.press("nurse", await town.open("nurse"), "offer_no")
    [offer] = await town.all(Offer)
    [line] = kept.ledger.revocations.after(0)
    for id in (offer.id, offer.member_id, "declined", "offer"):
        assert id not in (line.subject, line.value, line.token)
    assert len(line.subject) == len(line.value) == 52


@pytest.mark.anyio
async def test_a_line_whose_commit_never_came_counts_for_nothing(
    kept: Kept, make: Callable[[], str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = kept.town
    await offered(town, "nurse")
    backup = kept.back_up(tmp_path / "backup")
    view = await town.open("nurse")
    write = kept.ledger.revocations.write

    def die(*words: Any) -> None:
        write(*words)
        raise StoreUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(kept.ledger.revocations, "write", die)
        with pytest.raises(AssertionError, match="store away"):
            await town.press("nurse", view, "offer_no")
    assert len(kept.ledger.revocations.after(0)) == 1
    assert await kept.settle() == 0
    town.clock.move_real(timedelta(minutes=3))
    assert await kept.settle() == 1
    assert kept.ledger.revocations.after(0) == []
    again, done = await kept.bring_back(backup, places_in(tmp_path / "there", make))
    assert done.again.done == {}
    [offer] = await again.town.all(Offer)
    assert offer.state is OfferState.WAITING
    again.close()


@pytest.mark.anyio
async def test_a_line_whose_commit_came_holds_however_often_it_is_asked(kept: Kept) -> None:
    town = kept.town
    await offered(town, "nurse")
    await town.press("nurse", await town.open("nurse"), "offer_no")
    for _ in range(3):
        assert await kept.settle() == 0
        town.clock.move_real(timedelta(minutes=3))
    assert len(kept.ledger.revocations.after(0)) == 1

    def tokens(tx: Tx) -> int:
        return len(connection_of(tx).execute(select(takings_back)).all())

    assert await town.write(tokens) == 0


@pytest.mark.anyio
async def test_each_thing_done_again_stands_in_the_journal(
    kept: Kept, make: Callable[[], str] | None, tmp_path: Path
) -> None:
    town = kept.town
    await offered(town, "nurse")
    backup = kept.back_up(tmp_path / "backup")
    await town.press("nurse", await town.open("nurse"), "offer_no")
    again, _ = await kept.bring_back(backup, places_in(tmp_path / "there", make))

    def rows(tx: Tx) -> list[tuple[str, str]]:
        query = select(journal.c.actor, journal.c.what).where(journal.c.actor == "restore")
        return [(row.actor, row.what) for row in connection_of(tx).execute(query)]

    assert await again.town.write(rows) == [("restore", "again_offer")]
    again.close()
