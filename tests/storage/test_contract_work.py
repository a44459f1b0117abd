"""Every store hands out due work once, keeps figures and the journal, and knows its organisations."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from tests.storage.conftest import DeskStore, Rig
from tests.storage.running import NOW, ORG, OTHER, run, step
from trim_bot.app.desk.routes import MEASURES
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import MemberId, StepId
from trim_bot.domain.people import Availability, Grant, Member, Role, Training
from trim_bot.domain.records import Action, Beginning, Measure, SchemeStatus, WeekSays, WeekStatus
from trim_bot.domain.steps import OutboxState, Outgoing, Priority, Rung, Step, StepState
from trim_bot.storage.errors import WorkspaceTaken

_TODAY = date(2026, 11, 22)


def _claimed(store: Store, limit: int = 10, later: timedelta = timedelta(0)) -> list[str]:
    return [one.id for _, one in run(store.claim_steps(NOW, NOW + later, 60, limit))]


def test_due_steps_are_claimed_once_until_the_lease_ends(desk_store: DeskStore) -> None:
    store = desk_store.store
    minute = timedelta(minutes=1)

    def body(tx: Tx) -> None:
        tx.add(step("late", due_at=NOW - minute))
        tx.add(step("now", state=StepState.TOLD))
        tx.add(step("soon", due_at=NOW + minute))
        tx.add(step("done", state=StepState.DONE))

    run(store.write(ORG, body))
    run(store.write(OTHER, lambda tx: tx.add(step("other", due_at=NOW - 2 * minute))))
    assert _claimed(store, limit=2) == ["other", "late"]
    assert _claimed(store) == ["now"]
    assert _claimed(store) == []
    assert _claimed(store, later=timedelta(seconds=60)) == ["other", "late", "now"]
    kept = run(store.read(ORG, lambda tx: tx.get(Step, StepId("now"))))
    assert kept == step("now", state=StepState.TOLD, lease_until=NOW + 2 * minute)
    run(store.write(ORG, lambda tx: tx.save(step("now", state=StepState.TOLD))))
    assert _claimed(store) == ["now"]


def test_queued_messages_are_claimed_once(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> None:
        for id, state in (("a", OutboxState.QUEUED), ("b", OutboxState.SENT), ("c", OutboxState.DEAD)):
            tx.add(Outgoing(id, "waiting", MemberId("m"), None, state, NOW))

    run(desk_store.store.write(ORG, body))
    claimed = run(desk_store.store.claim_outgoing(NOW, NOW, 60, 10))
    assert [(org, one.id, one.lease_until) for org, one in claimed] == [
        (ORG, "a", NOW + timedelta(minutes=1))
    ]
    assert run(desk_store.store.claim_outgoing(NOW, NOW, 60, 10)) == []


def test_safety_goes_first_and_notes_to_everybody_last(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> None:
        for id, priority, earlier in (
            ("note", Priority.NOTE, 3),
            ("step", Priority.STEP, 2),
            ("old", Priority.STEP, 4),
            ("safety", Priority.SAFETY, 0),
        ):
            due = NOW - timedelta(minutes=earlier)
            tx.add(Outgoing(id, "waiting", MemberId("m"), None, OutboxState.QUEUED, due, priority=priority))

    run(desk_store.store.write(ORG, body))
    rounds = [run(desk_store.store.claim_outgoing(NOW, NOW, 60, 2)) for _ in range(2)]
    assert [[one.id for _, one in claimed] for claimed in rounds] == [["safety", "old"], ["step", "note"]]


def test_two_processes_never_claim_the_same_step(rig: Rig) -> None:
    def body(tx: Tx) -> None:
        for number in range(60):
            tx.add(step(f"s{number:02}"))

    run(rig.store.write(ORG, body))
    other = rig.again()

    async def both() -> list[str]:
        taken: list[str] = []

        async def worker(store: Store) -> None:
            while batch := await store.claim_steps(NOW, NOW, 60, 7):
                taken.extend(one.id for _, one in batch)

        await asyncio.gather(worker(rig.store), worker(other))
        return taken

    taken = run(both())
    assert sorted(taken) == [f"s{number:02}" for number in range(60)]


def test_figures_are_kept_by_week_and_quarter(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> None:
        tx.count(Measure.REQUESTS, _TODAY)
        tx.count(Measure.REQUESTS, date(2026, 11, 23), 2)
        tx.count(Measure.REQUESTS, date(2027, 1, 1))

    run(desk_store.store.write(ORG, body))

    def totals(tx: Tx) -> list[int]:
        periods = ("2026-W47", "2026-W48", "2026-W53", "2026-Q4", "2027-Q1")
        return [tx.counts.totals(period)[Measure.REQUESTS] for period in periods]

    assert run(desk_store.store.read(ORG, totals)) == [1, 2, 1, 3, 1]
    assert run(desk_store.store.read(OTHER, totals)) == [0] * 5
    all_totals = run(desk_store.store.read(ORG, lambda tx: tx.counts.totals("2026-Q4")))
    assert set(all_totals) == set(MEASURES)


def test_work_without_an_owner_changes_nothing_of_the_status(desk_store: DeskStore) -> None:
    seen = []
    for state in (StepState.WAITING, StepState.DONE):
        run(desk_store.store.write(ORG, partial(_replace_step, state=state)))
        seen.append(run(desk_store.store.read(ORG, _standing)))
    assert seen[0] == seen[1]


def _standing(tx: Tx) -> SchemeStatus:
    return tx.counts.standing(("2026-W47", "2026-W46"), _TODAY)


def _replace_step(tx: Tx, state: StepState) -> None:
    tx.drop(Step, StepId("s"))
    tx.add(step("s", rung=Rung.NOBODY, holder=None, state=state))


def test_a_week_is_read_from_the_figures(desk_store: DeskStore) -> None:
    week = WeekStatus("2026-W47", WeekSays.NOT_ON_TRACK, NOW)
    run(desk_store.store.write(ORG, lambda tx: tx.add(week)))
    run(desk_store.store.write(ORG, lambda tx: tx.add(replace(week, id="2026-W45"))))
    assert run(desk_store.store.read(ORG, _standing)).weeks == {"2026-W47": WeekSays.NOT_ON_TRACK}
    assert run(desk_store.store.read(OTHER, _standing)).weeks == {}


def test_the_day_a_desk_began_is_read_with_it(desk_store: DeskStore) -> None:
    run(desk_store.store.write(ORG, lambda tx: tx.add(Beginning("desk", date(2026, 11, 3)))))
    assert run(desk_store.store.read(ORG, _standing)).began_on == date(2026, 11, 3)
    assert run(desk_store.store.read(OTHER, _standing)).began_on is None


def test_staffing_counts_practitioners_in_date(desk_store: DeskStore) -> None:
    people = {
        "ready": (Availability.ROOM, [Role.PRACTITIONER, Role.LEAD], 400, False),
        "full": (Availability.FULL, [Role.PRACTITIONER], 60, False),
        "away": (Availability.AWAY, [Role.PRACTITIONER], 61, False),
        "on leave": (Availability.ROOM, [Role.PRACTITIONER], 61, False),
        "lapsed": (Availability.ROOM, [Role.PRACTITIONER], -1, False),
        "left": (Availability.ROOM, [Role.PRACTITIONER, Role.DEPUTY], 400, True),
        "clerk": (Availability.ROOM, [Role.COORDINATOR], 400, False),
    }

    def body(tx: Tx) -> None:
        for id, (room, roles, days, left) in people.items():
            key = tx.new_key()
            tx.add(Member(MemberId(id), key, id, availability=room, left=left, on_leave=id == "on leave"))
            for role in roles:
                tx.add(Grant(f"{id}-{role.value}", MemberId(id), role, NOW))
            old = Training(f"{id}-1", key, MemberId(id), "Provider", date(2024, 1, 1), date(2030, 1, 1))
            tx.add(old)
            end = _TODAY + timedelta(days=days)
            tx.add(Training(f"{id}-2", key, MemberId(id), "Provider", date(2025, 1, 1), end))
        tx.add(Grant("new", MemberId("clerk"), Role.PRACTITIONER, NOW))
        tx.drop(Grant, "new")

    run(desk_store.store.write(ORG, body))
    staffing = run(desk_store.store.read(ORG, _standing)).staffing
    assert run(desk_store.store.read(ORG, lambda tx: tx.counts.staffing(_TODAY))) == staffing
    assert (staffing.in_date, staffing.with_room, staffing.full, staffing.away) == (4, 1, 1, 2)
    assert (staffing.training_ends_soon, staffing.leads, staffing.deputies) == (2, 1, 0)
    assert staffing.as_of == _TODAY


def test_the_journal_leaves_out_repeated_readings_and_refusals_only(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> None:
        for minutes in (0, 30, 59, 60, 90):
            at = NOW + timedelta(minutes=minutes)
            tx.journal.write("actor", Action.SHOWED, "case", "subject", at)
        tx.journal.write("actor", Action.SHOWED, "case", "another", NOW)
        tx.journal.write("actor", Action.REFUSED, "case", "subject", NOW)
        tx.journal.write("actor", Action.REFUSED, "case", "subject", NOW + timedelta(minutes=59))
        tx.journal.write("actor", Action.REFUSED, "role", "subject", NOW)
        tx.journal.write("actor", Action.CHANGED, "case", "subject", NOW)
        tx.journal.write("actor", Action.CHANGED, "case", "subject", NOW)

    run(desk_store.store.write(ORG, body))
    entries = run(desk_store.store.read(ORG, lambda tx: tx.journal.about(["subject"], 10)))
    shown = [(one.seq, one.action, one.at - NOW) for one in entries]
    assert shown == [
        (7, Action.CHANGED, timedelta(0)),
        (6, Action.CHANGED, timedelta(0)),
        (5, Action.REFUSED, timedelta(0)),
        (4, Action.REFUSED, timedelta(0)),
        (2, Action.SHOWED, timedelta(minutes=60)),
        (1, Action.SHOWED, timedelta(0)),
    ]
    assert len({one.digest for one in entries}) == 6
    both = run(desk_store.store.read(ORG, lambda tx: tx.journal.about(["subject", "another"], 3)))
    assert [one.seq for one in both] == [7, 6, 5]
    assert run(desk_store.store.read(OTHER, lambda tx: tx.journal.about(["subject"], 10))) == []


def test_organisations_are_found_by_workspace_and_slug(desk_store: DeskStore) -> None:
    store = desk_store.store
    first = run(store.found("fire", ChatWorkspace.parse("slack:T1")))
    assert run(store.found("fire", ChatWorkspace.parse("slack:T1"))) == first
    both = run(store.found("fire", ChatWorkspace.parse("teams:T2")))
    assert (both.id, both.key_id, [place.text for place in both.workspaces]) == (
        first.id, first.key_id, ["slack:T1", "teams:T2"],
    )  # fmt: skip
    second = run(store.found("ambulance", None))
    assert second.id != first.id
    with pytest.raises(WorkspaceTaken):
        run(store.found("ambulance", ChatWorkspace.parse("slack:T1")))
    with pytest.raises(WorkspaceTaken):
        run(store.found("third", ChatWorkspace.parse("slack:T1")))
    assert run(store.organisations()) == [second, both]
    assert run(store.organisation_at(ChatWorkspace.parse("teams:T2"))) == both
    assert run(store.organisation_called("ambulance")) == second
    run(store.disconnect(ChatWorkspace.parse("slack:T1")))
    assert run(store.organisation_at(ChatWorkspace.parse("slack:T1"))) is None
    assert run(store.organisation_called("third")) is None
    assert run(store.organisation_called("\0")) is None
