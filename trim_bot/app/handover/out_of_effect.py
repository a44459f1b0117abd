"""What a restore does about records that were altered or do not open, so that one of them ends no restore, and what
was taken back about it stays so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.chat_workspaces import Installation
from trim_bot.domain.ids import CaseId
from trim_bot.domain.incidents import Exposure, Offer
from trim_bot.domain.people import Account, Grant, Member, Training
from trim_bot.domain.referrals import Referral
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.revocations import RevocationKind
from trim_bot.domain.spoilt_records import SpoiltRecord
from trim_bot.domain.steps import OPEN_STATES, Step, StepState

SetAside = Callable[[Tx, type[object], str], None]
"""Lets the record of a kind with an id count for nothing from now on."""


def _nothing(_tx: Tx, _kind: type[object], _id: str) -> None:
    """No record is spoilt."""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """The records found that count for nothing, and how another is made to."""

    found: Sequence[SpoiltRecord] = ()
    set_aside: SetAside = _nothing
    table_of: Callable[[type[object]], str] = lambda kind: kind.__name__
    """What a kind of record is called where it is kept."""

    def of(self, organisation: str) -> list[SpoiltRecord]:
        """Those of one organisation."""
        return [one for one in self.found if one.organisation == organisation]

    def by_table(self) -> Mapping[str, tuple[str, ...]]:
        """Their ids by table."""
        ids: dict[str, list[str]] = defaultdict(list)
        for one in self.found:
            ids[one.table].append(one.id)
        return {table: tuple(sorted(those)) for table, those in sorted(ids.items())}


NONE_SPOILT = Spoilt()

ENDS: Mapping[type[object], RevocationKind] = {
    Offer: RevocationKind.OFFER,
    SupportRequest: RevocationKind.REQUEST,
    Case: RevocationKind.TALK,
    CheckIn: RevocationKind.CONVERSATION,
    Referral: RevocationKind.REFERRAL,
    Exposure: RevocationKind.EXPOSURE,
    Training: RevocationKind.TRAINING,
    Installation: RevocationKind.INSTALLATION,
}
"""What is said of a record by its id alone when all of it was taken back."""

RECORD_OF: Mapping[RevocationKind, type[object]] = {
    RevocationKind.LEFT: Member,
    RevocationKind.CHAT: Account,
    RevocationKind.ROLE: Grant,
    RevocationKind.TRAINING: Training,
    RevocationKind.INSTALLATION: Installation,
    RevocationKind.EXPOSURE: Exposure,
    RevocationKind.OFFER: Offer,
    RevocationKind.PROPOSED: Offer,
    RevocationKind.PASSED_REQUEST: SupportRequest,
    RevocationKind.TAKER: SupportRequest,
    RevocationKind.REQUEST: SupportRequest,
    RevocationKind.REFUSED: Case,
    RevocationKind.PASSED: Case,
    RevocationKind.CALLED: Case,
    RevocationKind.COVER: Case,
    RevocationKind.HOLDER: Case,
    RevocationKind.TALK: Case,
    RevocationKind.SAFETY: Step,
    RevocationKind.CONVERSATION: CheckIn,
    RevocationKind.REFERRAL: Referral,
}
"""What counts for nothing where the taking back cannot be done again: rather closed to everybody than open to one."""

ALONE = frozenset({RevocationKind.LEFT, RevocationKind.AVAILABILITY, RevocationKind.LEAVE})
"""What can be done again by itself, although the work of a member cannot be moved on: it climbs when its time comes."""


def end_waits(tx: Tx, kind: type[object], id: str) -> None:
    """Nobody waits any more for what was taken back; no record is opened for it but the steps."""
    steps = (
        tx.find(Step, state=OPEN_STATES, case_id=CaseId(id))
        if kind is Case
        else tx.find(Step, state=OPEN_STATES, subject=id)
    )
    for step in steps:
        tx.save(replace(step, state=StepState.CANCELLED, lease_until=None))
