"""One record of each kind that can be taken back, and what takes each back: for the tests of a restore."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState, CloseReason
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.ids import (
    AccountId,
    CaseId,
    CheckInId,
    ExposureId,
    IncidentId,
    MemberId,
    OfferId,
    ReferralId,
    RequestId,
    ServiceId,
    StepId,
)
from trim_bot.domain.incidents import Directness, Exposure, Offer, OfferState
from trim_bot.domain.people import GONE, Account, Availability, Member, Platform, Reach, Role, Training
from trim_bot.domain.records import Erasure
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState


def fill(ids: dict[str, MemberId], now: datetime) -> Callable[[Tx], None]:
    """One record of each kind that can be taken back, as it was given."""

    def body(tx: Tx) -> None:
        nurse, driver, priya, paul, lena = (
            ids[name] for name in ("nurse", "driver", "priya", "paul", "lena")
        )
        key = tx.new_key()
        closes = now + timedelta(days=20)

        def case(id: str, **more: Any) -> Case:
            held = Case(CaseId(id), key, nurse, "trim_style_v1", CaseState.OPEN, now, holder=priya)
            return replace(held, **more)

        for one in (
            case("ended"),
            case("unwanted"),
            case("passed"),
            case("given_on", cover=paul, called=(lena,)),
            case("conflict"),
        ):
            tx.add(one)
            for stage in ("first", "month"):
                check_in = CheckIn(
                    CheckInId(f"{one.id}-{stage}"),
                    one.id,
                    stage,
                    CheckInState.PLANNED,
                    now,
                    closes,
                    closes,
                )
                tx.add(check_in)
                tx.add(
                    Step(
                        StepId(f"step-{check_in.id}"),
                        StepKind.CHECK_IN,
                        check_in.id,
                        one.id,
                        StepState.WAITING,
                        Rung.ASSIGNED,
                        priya,
                        closes,
                        closes,
                    )
                )
        tx.add(
            Referral(
                ReferralId("referral"),
                key,
                CaseId("passed"),
                ServiceId("gp"),
                ReferralState.ACCEPTED,
                now,
                now,
            )
        )
        tx.add(
            Step(
                StepId("call"),
                StepKind.SAFETY,
                "passed",
                CaseId("passed"),
                StepState.WAITING,
                Rung.ASSIGNED,
                lena,
                now,
                now,
            )
        )
        for id, state in (("waiting", RequestState.WAITING), ("taken", RequestState.TAKEN)):
            taker = priya if state is RequestState.TAKEN else None
            tx.add(
                SupportRequest(RequestId(id), key, driver, True, state, now, "en", "words", taken_by=taker)
            )
            rung = Rung.POOL if taker is None else Rung.ASSIGNED
            tx.add(
                Step(
                    StepId(f"step-{id}"),
                    StepKind.REQUEST,
                    id,
                    None,
                    StepState.TOLD,
                    rung,
                    taker,
                    now,
                    closes,
                )
            )
        for id in ("declined", "named"):
            tx.add(
                Offer(
                    OfferId(id),
                    key,
                    IncidentId("event"),
                    driver,
                    "trim_style_v1",
                    OfferState.WAITING,
                    now,
                    closes,
                    proposed=paul,
                )
            )
            tx.add(
                Step(
                    StepId(f"step-{id}"),
                    StepKind.OFFER,
                    id,
                    None,
                    StepState.TOLD,
                    Rung.PERSON,
                    driver,
                    now,
                    closes,
                )
            )
        tx.add(Exposure(ExposureId("exposure"), key, IncidentId("event"), driver, Directness.DIRECT))
        tx.add(Installation("slack:T1", tx.new_key(), "xoxb-token"))
        member = tx.get(Member, driver)
        assert member is not None
        tx.save(replace(member, phone="07700 900123", told_of_changes=True))
        tx.add(Account(AccountId("second"), member.key_id, driver, Platform.TEAMS, "teams:tenant:driver"))

    return body


def save(tx: Tx, kind: type, id: str, **changes: object) -> None:
    record = tx.get(kind, id)
    assert record is not None
    tx.save(replace(record, **changes))


def take_all(ids: dict[str, MemberId], now: datetime) -> Callable[[Tx], None]:
    """Take back one of each kind; whatever hangs on it is left as it was, for the restore to see to."""

    def body(tx: Tx) -> None:
        nurse, driver, porter, priya, paul, dev = (
            ids[name] for name in ("nurse", "driver", "porter", "priya", "paul", "dev")
        )
        save(tx, Member, porter, left=True)
        save(
            tx,
            Member,
            driver,
            messages_stopped=True,
            told_of_changes=False,
            reach=Reach.BROWSER,
            phone="",
            away_until=now + timedelta(days=9),
        )
        save(tx, Member, paul, availability=Availability.AWAY)
        tx.add(Erasure("asked", nurse, now))
        tx.drop(Account, AccountId("second"))
        [account] = tx.find(Account, member_id=nurse)
        save(tx, Account, account.id, route=GONE)
        Roster(tx).revoke(dev, Role.DEPUTY, now)
        [training] = tx.find(Training, member_id=dev)
        tx.drop(Training, training.id)
        tx.drop(Installation, "slack:T1")
        save(tx, Exposure, "exposure", directness=Directness.MISTAKEN)
        save(tx, Offer, "declined", state=OfferState.DECLINED)
        save(tx, Offer, "named", proposed=None)
        save(tx, SupportRequest, "waiting", state=RequestState.WITHDRAWN, text="", passed_by=(paul,))
        save(tx, SupportRequest, "taken", state=RequestState.WAITING, taken_by=None)
        save(tx, Case, "ended", state=CaseState.CLOSED, close_reason=CloseReason.WITHDRAWN, closed_at=now)
        save(tx, Case, "unwanted", holder=None, refused=(priya,))
        save(tx, Case, "passed", holder=None, passed=(priya,))
        save(tx, Case, "given_on", holder=paul, cover=None, called=())
        save(tx, Case, "conflict", holder=None)
        save(tx, CheckIn, "unwanted-month", state=CheckInState.DECLINED)
        save(tx, Referral, "referral", state=ReferralState.CLOSED)
        save(tx, Step, "call", state=StepState.CANCELLED)

    return body
