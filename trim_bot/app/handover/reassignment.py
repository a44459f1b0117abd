"""Moves work on from somebody who is away, leaves, or may no longer hold it once reporting lines have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from trim_bot.app.cases.entitled import REQUESTED
from trim_bot.app.cases.hands import give, release
from trim_bot.app.cases.replanning import recheck
from trim_bot.app.cases.state import LapseStep, lapse_ends, request_has_lapsed, told_of_lapse
from trim_bot.app.cases.supervision import ask_lead
from trim_bot.app.events.offers import ANSWERABLE
from trim_bot.app.people.eligible import (
    SERVING,
    lapsed_on,
    manages,
    who_may_take,
    with_role,
)
from trim_bot.app.requests.hands import give_back
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.app.seam.work import Concerned, Subject, UnitOfWork, WorkOf
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.app.waiting.ladder import by_load, manages_concerned, next_owner
from trim_bot.app.waiting.read_ahead import read_people, read_steps
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.ids import MemberId, OrganisationId, RequestId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.records import Action
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState
from workflows.engine import Reason

PAUSE_SECONDS = 0.02
"""Between two short writes, so that a running desk gets its turn."""


@dataclass(frozen=True, slots=True)
class HeldWork:
    """Something in the hands of somebody who manages the person: a case, an offer, a request, or a wait."""

    kind: type[Case] | type[Offer] | type[SupportRequest] | type[Step]
    id: str


def wrongly_held(work: UnitOfWork) -> list[HeldWork]:
    """All that has to move on, by the lines as they are now; cases come first, since their waits go with them."""
    return list(_wrongly_held(work))


def let_go(work: UnitOfWork, held: HeldWork) -> None:
    """Move one of them on, as far as it is still in wrong hands. Nobody is told why."""
    record = work.tx.get(held.kind, held.id)
    match record:
        case Case() if _case(work, record):
            recheck(work, record)
        case Offer() if _offer(work, record):
            work.tx.save(replace(record, proposed=None))
        case SupportRequest() if _request(work, record):
            give_back(work, record)
        case Step() if _step(work, record):
            to_next_in_line(work, record)
        case _:
            return


def _wrongly_held(work: UnitOfWork) -> Iterator[HeldWork]:
    cases, offers = work.tx.find(Case, state=CaseState.OPEN), work.tx.find(Offer, state=ANSWERABLE)
    requests = work.tx.find(SupportRequest, state=RequestState.TAKEN)
    steps = read_steps(work, waits.open_steps(work))
    hands = [(one.holder, one.cover, *one.called) for one in cases]
    hands += [(one.proposed,) for one in offers] + [(one.taken_by,) for one in requests]
    people = [one.member_id for one in cases] + [one.member_id for one in offers]
    read_people(work, (*people, *(one.member_id for one in requests), *(one.holder for one in steps)))
    read_people(work, (id for ids in hands for id in ids))
    for case in cases:
        if _case(work, case):
            yield HeldWork(Case, case.id)
    for offer in offers:
        if _offer(work, offer):
            yield HeldWork(Offer, offer.id)
    for request in requests:
        if _request(work, request):
            yield HeldWork(SupportRequest, request.id)
    for step in steps:
        if _step(work, step):
            yield HeldWork(Step, step.id)


def _case(work: UnitOfWork, case: Case) -> bool:
    """Whether its holder, its cover, or somebody called in for safety manages the person."""
    hands = (case.holder, case.cover, *case.called)
    return case.state is CaseState.OPEN and any(_managed(work, id, case.member_id) for id in hands)


def _offer(work: UnitOfWork, offer: Offer) -> bool:
    return offer.state in ANSWERABLE and _managed(work, offer.proposed, offer.member_id)


def _request(work: UnitOfWork, request: SupportRequest) -> bool:
    return request.state is RequestState.TAKEN and _managed(work, request.taken_by, request.member_id)


def _step(work: UnitOfWork, step: Step) -> bool:
    return (
        step.state in OPEN_STATES
        and step.rung is not Rung.PERSON
        and step.holder is not None
        and manages_concerned(work, step.holder, step)
    )


def _managed(work: UnitOfWork, id: MemberId | None, person: MemberId | None) -> bool:
    return id is not None and person is not None and manages(work, id, person)


OWNED = (Rung.ASSIGNED, Rung.COVER, Rung.LEAD, Rung.DEPUTY)


def move_on(work: UnitOfWork, id: MemberId, back_at: datetime | None) -> None:
    """Give what a member owns to whoever is next on the ladder; a request they took goes back to the pool.

    With `back_at` (UTC), what opens only after they are back stays with them. Safety calls go to several
    people together and pay no heed to leave, so the clock alone moves those.
    """
    read_steps(work, waits.open_steps(work, holder=id))
    for step in still_open(work, id):
        later = back_at is not None and step.opens_at >= back_at
        if step.rung not in OWNED or step.kind is StepKind.SAFETY or later:
            continue
        about_request = step.kind in REQUESTED and step.case_id is None
        request = work.tx.get(SupportRequest, RequestId(step.subject)) if about_request else None
        if request is not None and (request.taken_by == id or step.rung is Rung.ASSIGNED):
            give_back(work, request)
        else:
            climb(work, step)


def still_open(work: UnitOfWork, id: MemberId) -> Iterator[Step]:
    """What they own, each read again: moving one on may have ended another."""
    for step in waits.open_steps(work, holder=id):
        now = work.tx.get(Step, step.id)
        if now is not None and now.state in OPEN_STATES and now.holder == id:
            yield now


def pass_on_lapsed(work: UnitOfWork) -> None:
    """Cases and requests of those whose training has run out: they are told first, and after a time it is handed on.

    Of a case the lead is told as well.
    """
    for step in waits.open_steps(work, kind=LapseStep.REQUEST_PASSES_ON):
        if not work.steps[step.kind].still_wanted(work, step):
            work.tx.save(waits.ended(work, step, StepState.CANCELLED))
    for id in with_role(work, *SERVING):
        if lapsed_on(work, id) is None:
            continue
        for case in work.tx.find(Case, holder=id, state=CaseState.OPEN):
            ends = lapse_ends(work, case)
            if ends is None:
                ask_lead(work, replace(case, lapse_told_at=work.now), Reason.TRAINING)
                waits.tell(work, id, None)
            elif work.now >= ends:
                _hand_on(work, case)
        for request in work.tx.find(SupportRequest, taken_by=id, state=RequestState.TAKEN):
            if told_of_lapse(work, request) is None:
                waits.begin(work, LapseStep.REQUEST_PASSES_ON, request.id, Rung.PERSON, id)
            elif request_has_lapsed(work, request):
                work.journal(Action.CLIMBED, "training", Subject(request.key_id, request.id))
                give_back(work, request)


def _hand_on(work: UnitOfWork, case: Case) -> None:
    """Straight to a colleague, the named cover first; where none can take it, to whoever leads, to give it to one."""
    asked = [case.cover] if case.cover is not None else []
    asked += [id for id in by_load(work) if id != case.cover]
    unwanted = (*case.refused, *case.passed)
    able = who_may_take(work, asked, Concerned(case.member_id, case.incidents, unwanted))
    work.journal(Action.CLIMBED, "training", Subject(case.key_id, case.id))
    if able:
        give(work, case, able[0])
        return
    release(work, case)
    for step in waits.open_steps(work, kind=StepKind.ASSIGN, case_id=case.id):
        rung, lead = next_owner(work, replace(step, rung=Rung.COVER))
        if lead is not None:
            waits.pass_to(work, step, rung, lead)


def to_next_in_line(work: UnitOfWork, step: Step) -> None:
    """To whoever is next; what waited for one colleague to take it, to those who may."""
    if step.kind is StepKind.REQUEST and step.rung is Rung.ASSIGNED:
        waits.pass_to(work, step, Rung.POOL, None)
    else:
        climb(work, step)


async def let_go_of_managed(store: Store, work: WorkOf, organisation: Organisation) -> None:
    """Nobody keeps a case, a request or a wait about somebody they manage; how many moved is told to nobody.

    The desk that runs tells the next owners at its next beat. Done again, it changes nothing more.
    Raises StoreUnavailable.
    """
    id = OrganisationId(organisation.id)
    # Looking takes no turn from a running desk; only what must move is written.
    for held in await store.read(id, lambda tx: wrongly_held(work(tx, organisation))):

        def body(tx: Tx, held: HeldWork = held) -> None:
            let_go(work(tx, organisation), held)

        await store.write(id, body)
        await asyncio.sleep(PAUSE_SECONDS)
