"""One-time codes that show two chat accounts to be one person's: short-lived, used once, kept only as digests."""

from __future__ import annotations

from datetime import timedelta

from trim_bot.app.ports import Tx
from trim_bot.app.reply_codes import ALPHABET
from trim_bot.app.work import Work
from trim_bot.domain.ids import MemberId, new_code, new_id
from trim_bot.domain.people import Member
from trim_bot.domain.records import Session

CODE, GUESS = "code", "guess"
"""What a record of a session is kept for, beside links and sessions."""
CODE_LASTS = timedelta(minutes=10)
GROUPS, SIZE = 2, 4
"""About 40 bits: enough, since few guesses are allowed in the short time it lasts."""
MOST_GUESSES = 5
GUESSES_LAST = timedelta(hours=1)


def make_code(work: Work, member: Member) -> str:
    """A fresh code of a member, such as `k7mt-2p9x`; one they had before is good no more."""
    for old in work.tx.find(Session, member_id=member.id, purpose=CODE):
        work.tx.drop(Session, old.id)
    code = new_code(GROUPS, SIZE)
    work.tx.add(Session(_digest(work.tx, code), member.id, CODE, work.real + CODE_LASTS))
    return code


def find_code(work: Work, typed: str) -> Session | None:
    """What is kept of a code that somebody typed, however they spaced it; None when there is no such code now."""
    letters = "".join(letter for letter in typed.casefold() if letter.isalnum())
    if len(letters) != GROUPS * SIZE or not set(letters) <= set(ALPHABET):
        return None
    code = "-".join(letters[start : start + SIZE] for start in range(0, len(letters), SIZE))
    return kept_code(work, _digest(work.tx, code))


def kept_code(work: Work, id: str) -> Session | None:
    """The same, by its digest."""
    kept = work.tx.get(Session, id)
    return kept if kept is not None and kept.purpose == CODE and kept.expires_at > work.real else None


def may_guess(work: Work, id: MemberId) -> bool:
    """Whether somebody has typed few enough wrong codes in the last hour."""
    guesses = work.tx.find(Session, member_id=id, purpose=GUESS)
    return sum(guess.expires_at > work.real for guess in guesses) < MOST_GUESSES


def note_guess(work: Work, id: MemberId) -> None:
    """Somebody typed a code that is not there."""
    work.tx.add(Session(new_id(), id, GUESS, work.real + GUESSES_LAST))


def _digest(tx: Tx, code: str) -> str:
    return tx.keyed("chat_code", code)
