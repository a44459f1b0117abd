"""One-time codes that show two chat accounts to be one person's: short-lived, used once, kept only as digests."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.domain import ids
from trim_bot.domain.ids import MemberId, SessionId, new_code, new_id
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import CODE, Session

GUESS = "guess"
TYPED, TYPIST = "code_typed", "code_typist"
"""What a record of a session is kept for, beside links and sessions. Of a typed code there are two: whose, by whom."""
GROUPS, SIZE = 2, 4
"""About 40 bits: enough, since few guesses are allowed in the short time it lasts."""


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code that waits for the yes of whoever made it."""

    code: SessionId
    """Its digest."""
    by: MemberId
    """Who typed it."""


def make_code(work: Work, member: Member) -> str:
    """A fresh code of a member, such as `k7mt-2p9x`; one they had before is good no more."""
    end_codes(work, member.id)
    code = new_code(GROUPS, SIZE)
    work.tx.add(Session(_digest(work.tx, code), member.id, CODE, work.real + POLICY.code_lasts))
    return code


def find_code(work: Work, typed: str) -> Session | None:
    """What is kept of a code that somebody typed, however they spaced it; None when there is no such code now."""
    code = ids.typed_code(typed, GROUPS, SIZE)
    return kept_code(work, _digest(work.tx, code)) if code is not None else None


def kept_code(work: UnitOfWork, id: SessionId) -> Session | None:
    """The code with this digest, if it still works."""
    kept = work.tx.get(Session, id)
    return kept if kept is not None and kept.purpose == CODE and kept.expires_at > work.real else None


def note_typed(work: Work, code: Session, typist: MemberId) -> None:
    """Somebody typed a code and said that its maker is them; the maker has ten minutes to say the same."""
    ends = work.real + POLICY.code_lasts
    work.tx.save(replace(code, purpose=TYPED, expires_at=ends))
    work.tx.add(Session(_typist_key(work.tx, code.id), typist, TYPIST, ends))


def typed_code(work: Work, maker: MemberId) -> TypedCode | None:
    """The code of this maker that somebody typed, as long as it waits for the maker's yes."""
    for code in work.tx.find(Session, member_id=maker, purpose=TYPED):
        by = work.tx.get(Session, _typist_key(work.tx, code.id))
        if code.expires_at > work.real and by is not None and by.member_id != maker:
            return TypedCode(code.id, by.member_id)
    return None


def end_codes(work: Work, maker: MemberId) -> None:
    """No code of this maker is good any more, typed or not."""
    for code in work.tx.find(Session, member_id=maker, purpose=(CODE, TYPED)):
        work.tx.drop(Session, code.id)
        work.tx.drop(Session, _typist_key(work.tx, code.id))


def may_guess(work: Work, id: MemberId) -> bool:
    """Whether somebody has typed few enough wrong codes in the last hour."""
    guesses = work.tx.find(Session, member_id=id, purpose=GUESS)
    return sum(guess.expires_at > work.real for guess in guesses) < POLICY.code_guesses


def note_guess(work: Work, id: MemberId) -> None:
    """Somebody typed a code that is not there."""
    work.tx.add(Session(SessionId(new_id()), id, GUESS, work.real + POLICY.code_guesses_last))


def _typist_key(tx: Tx, code: SessionId) -> SessionId:
    return SessionId(tx.keyed("chat_code_typist", code))


def _digest(tx: Tx, code: str) -> SessionId:
    return SessionId(tx.keyed("chat_code", code))
