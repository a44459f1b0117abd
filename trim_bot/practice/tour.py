"""The tour of the practice workspace: each step is done when the store says so, and leads on to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from integrations.web.ports import PracticeStep
from trim_bot.app.seam.ports import Tx
from trim_bot.app.words import practice_words as words
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.ids import IncidentId, MemberId
from trim_bot.domain.incidents import Incident, Offer, OfferState
from trim_bot.domain.people import Account, Address, Platform, Role
from trim_bot.practice.organisation import CAST, sample

FIRST_TO_BE, FIRST_COLLEAGUE = "maya", "mei"
"""Whom the tour suggests; whoever chooses others is followed to them."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How far somebody has come with one event of theirs."""

    who: str
    """Key of the sample member who logged it, or who holds the talks now."""
    whom: str
    """Key of the colleague it was offered to."""
    unheld: bool = False
    """It was logged, and nobody said that they can hold the talk."""
    logged: bool = False
    accepted: bool = False
    talks: tuple[CheckIn, ...] = ()
    """The talks of the case, the earliest first."""

    def held(self, nth: int) -> bool:
        """Whether this talk was held."""
        return len(self.talks) > nth and self.talks[nth].state is CheckInState.HELD

    def comes(self, nth: int) -> datetime | None:
        """When (UTC) this talk begins to wait for whoever holds it."""
        return self.talks[nth].due_at if len(self.talks) > nth else None

    @property
    def steps(self) -> int:
        """How far it has come; of two events the one that is further is followed."""
        return self.logged + self.accepted + self.held(0) + self.held(1)


def followed(tx: Tx, before: frozenset[IncidentId]) -> Followed:
    """The event that is furthest, of those that were logged since the workspace opened."""
    found = [
        _follow(tx, one) for one in tx.find(Incident, order_by="-logged_at", limit=20) if one.id not in before
    ]
    return max(found, key=lambda one: one.steps, default=Followed(FIRST_TO_BE, FIRST_COLLEAGUE))


def tour_of(
    at: Followed,
    *,
    status_seen: bool,
    now: datetime,
    working: Callable[[datetime], datetime],
    spoken: Callable[[datetime], str],
    newest: Callable[[Address], str],
) -> Sequence[PracticeStep]:
    """The steps in order, each with whom to be and where that leads.

    `working` brings an instant into working time, `spoken` says its day, and `newest` is the token that opens the
    newest message of somebody, empty where they have none.
    """
    who, whom = sample(at.who), sample(at.whom)
    keeps = next(one for one in CAST if Role.COORDINATOR in one.roles)
    steps = [
        _step(
            words.tour_log(who.name, whom.name, unheld=at.unheld),
            at.logged,
            who.address,
            "/f/log#main",
        ),
        _step(words.tour_yes(whom.name), at.accepted, whom.address, _message(newest(whom.address))),
    ]
    for nth, talk in enumerate((words.tour_first, words.tour_month)):
        comes = at.comes(nth)
        to = working(comes) if comes is not None else None
        come = at.held(nth) or (comes is not None and comes <= now)
        moves = (words.tour_day_3, words.tour_one_month)[nth]
        steps.append(PracticeStep(moves(spoken(to) if to is not None else ""), come, "", "/", to))
        steps.append(_step(talk(who.name, whom.name), at.held(nth), who.address, "/#main"))
    steps.append(_step(words.tour_status(keeps.name), status_seen, keeps.address, "/status#main"))
    return steps


def _step(text: str, done: bool, address: Address, path: str) -> PracticeStep:
    return PracticeStep(text, done, address.text, path, None)


def _message(token: str) -> str:
    return f"/f/open?t={quote(token, safe='')}#main" if token else "/#main"


def _follow(tx: Tx, incident: Incident) -> Followed:
    offers = tx.find(Offer, incident_id=incident.id)
    chosen = max(
        offers,
        key=lambda one: (one.state is OfferState.ACCEPTED, one.proposed is not None, one.id),
        default=None,
    )
    logger = _key(tx, incident.logged_by) or FIRST_TO_BE
    whom = _key(tx, chosen.member_id) if chosen is not None else ""
    if chosen is None or not whom:
        return Followed(logger, FIRST_COLLEAGUE)
    held = chosen.proposed is not None or chosen.case_id is not None
    if chosen.case_id is None:
        return Followed(logger, whom, not held, held)
    case = tx.get(Case, chosen.case_id)
    talks = sorted(tx.find(CheckIn, case_id=chosen.case_id), key=lambda one: one.opens_at)
    holder = _key(tx, case.holder) if case is not None and case.holder is not None else ""
    return Followed(holder or logger, whom, False, True, True, tuple(talks))


def _key(tx: Tx, member: MemberId) -> str:
    """Whom of the sample members this is; empty for anybody else."""
    known = {one.address.text: one.key for one in CAST}
    texts = [one.address for one in tx.find(Account, member_id=member) if one.platform is Platform.WEB]
    return next((known[text] for text in texts if text in known), "")
