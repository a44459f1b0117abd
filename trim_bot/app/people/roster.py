"""The people who serve, for those who keep the roster: one file, since a coordinator's overview has this way to
records and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from trim_bot.app.people import asked_roles, note_days, work_moves
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.people.meeting import meet, member_at
from trim_bot.app.people.roster_records import Asked, Serving, Taught
from trim_bot.app.people.work_moves import ComingMove
from trim_bot.app.seam.ports import Counts, Tx
from trim_bot.app.seam.work import Who
from trim_bot.domain.calendar import NeverOpen, WorkCalendar, add_working_days
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.grants import COMING, OPEN_CASES, GrantRequest, GrantRequestId, GrantState
from trim_bot.domain.ids import KeyId, MemberId, new_id
from trim_bot.domain.people import Address, Grant, Member, Profile, Role, Training
from trim_bot.domain.records import NoteSent
from trim_bot.domain.site import Site
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind


def _working_days_on(site: Site | None, at: datetime, days: int) -> datetime:
    try:
        if site is not None:
            own = frozenset(site.extra_holidays)
            return add_working_days(WorkCalendar(site.hours, holidays=own), at, days)
    except NeverOpen:
        pass
    return at + timedelta(days=days)


TAKE_WORK = (Role.PRACTITIONER, Role.LEAD, Role.DEPUTY)
"""Roles that take work."""


class Roster:
    """A narrow view of one transaction: members with a role, or about to have one. It opens no other record."""

    def __init__(
        self,
        tx: Tx,
        changed: Callable[[MemberId], None] = lambda id: None,
        fewer: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is told whose place a change was about, for the journal; `fewer` that a role was taken."""
        self.__tx = tx
        self.__changed = changed
        self.__fewer = fewer

    def names(self) -> list[tuple[MemberId, str]]:
        """Everyone who serves, in the order of their names; only these are opened."""
        members = self.__tx.get_many(Member, self._roles())
        return sorted(
            ((one.id, one.name) for one in members.values()), key=lambda one: (one[1].casefold(), one[0])
        )

    def some(self, ids: Sequence[MemberId]) -> list[Serving]:
        """Those of these members who serve, in the order given, at the cost of one."""
        roles, members = self._roles(), self.__tx.get_many(Member, ids)
        trained = self._newest_training(ids)
        moves = work_moves.coming_moves(self.__tx, ids)
        next_ones = self.__tx.get_many(Member, [move.to for move in moves.values() if move.to is not None])
        names = {id: member.name for id, member in next_ones.items()}
        return [
            _serving(members[id], roles[id], trained.get(id), moves.get(id), names)
            for id in ids
            if id in members and id in roles
        ]

    def all(self) -> list[Serving]:
        """Everyone who serves, by name."""
        return self.some([id for id, _ in self.names()])

    def one(self, id: MemberId) -> Serving | None:
        """One person who serves, or for whom a role is asked; None for anybody else."""
        held = {grant.role for grant in self.__tx.find(Grant, member_id=id)}
        member = self.__tx.get_many(Member, [id]).get(id)
        if member is None or (not held and not asked_roles.coming(self.__tx, id)):
            return None
        move = work_moves.coming_move(self.__tx, id)
        names = {} if move is None or move.to is None else {move.to: self._name(move.to)}
        return _serving(member, held, self._newest_training([id]).get(id), move, names)

    def member_for(self, address: Address, profile: Profile | None, now: datetime) -> MemberId | None:
        """The member with this address, met now if a platform tells of them; None if unknown or gone."""
        if profile is not None and profile.left:
            return None
        member = member_at(self.__tx, address)
        if member is None and profile is not None:
            member = meet(self.__tx, profile, now)
        return member.id if member is not None and not member.left else None

    def ask_role(self, id: MemberId, role: Role, by: MemberId, at: datetime, until: datetime) -> bool:
        """Ask for a role, which lapses at `until` where a second yes is needed; True where it is given at once."""
        self.__changed(id)
        if self.__tx.find(Grant, member_id=id, role=role):
            return True
        request = GrantRequest(
            GrantRequestId(new_id()), self._key(id), id, by, None, role, GrantState.WAITING, at, until
        )
        if asked_roles.needs_second_yes(self.__tx, role):
            asked_roles.ask(self.__tx, request)
            return False
        self.__tx.add(replace(request, state=GrantState.GIVEN, until=at))
        self.grant(id, role, at)
        return True

    def ask_training(
        self, id: MemberId, training: Taught, by: MemberId, at: datetime, until: datetime, today: date
    ) -> bool:
        """Record a training; True where it is recorded at once.

        Where it alone makes somebody eligible who serves and whose training is not in date `today`, it needs a second
        yes, and lapses at `until`.
        """
        if not self._makes_eligible(id, training, today):
            self.train(id, training.provider, training.trained_on, training.expires_on)
            return True
        self.__changed(id)
        asked_roles.ask(
            self.__tx,
            GrantRequest(
                GrantRequestId(new_id()), self._key(id), id, by, None, None, GrantState.WAITING, at, until,
                training.provider, training.trained_on, training.expires_on,
            ),
        )  # fmt: skip
        return False

    def requests(self) -> list[tuple[GrantRequest, str]]:
        """What was asked lately, with the name it is about: what may still begin first, by name what was asked at one
        moment."""
        requests = self.__tx.find(GrantRequest, order_by="-asked_at")
        members = self.__tx.get_many(Member, [one.member_id for one in requests])
        # One that was altered or does not open has no name here, and the list of the others goes on.
        found = [(one, members[one.member_id].name if one.member_id in members else "") for one in requests]
        found.sort(key=lambda one: one[1].casefold())
        found.sort(key=lambda one: one[0].asked_at, reverse=True)
        return sorted(found, key=lambda one: one[0].state not in COMING)

    def asked(self, viewer: MemberId, requests: Sequence[GrantRequest]) -> list[Asked]:
        """Some of what was asked, in the order given; `viewer` is whoever looks."""
        trained = self._newest_training([one.member_id for one in requests])
        return [self._asked(one, viewer, trained.get(one.member_id)) for one in requests]

    def asked_one(self, id: GrantRequestId, viewer: MemberId) -> Asked | None:
        """One thing that was asked, or None."""
        request = self.__tx.get(GrantRequest, id)
        return self.asked(viewer, [request])[0] if request is not None else None

    def agree(self, asked: Asked, by: MemberId, begins: datetime, now: datetime) -> None:
        """Say the second yes; it begins at `begins` (UTC). Raises NotOpen for whoever may not, or too late."""
        self.__changed(asked.request.member_id)
        asked_roles.agree(self.__tx, asked.request, by, begins, now)
        asked_roles.tell_leads(self.__tx, now, but=by)

    def refuse(self, asked: Asked, now: datetime) -> None:
        """Say no, or take back what has not begun; nothing happens to what has."""
        if asked.request.state in COMING:
            self.__changed(asked.request.member_id)
            asked_roles.end(self.__tx, asked.request, GrantState.REFUSED, now)

    def seen(self, by: MemberId, now: datetime) -> None:
        """A lead has seen who was given a role."""
        asked_roles.seen(self.__tx, by, now)

    def grant_at_once(self, id: MemberId, role: Role, now: datetime) -> None:
        """Give a role from the command line, which is also the second yes to what was asked; the leads are told."""
        asked = [one for one in asked_roles.coming(self.__tx, id) if one.role is role]
        for one in asked:
            asked_roles.end(self.__tx, one, GrantState.GIVEN, now)
        if not asked:
            self.__tx.add(
                GrantRequest(
                    GrantRequestId(new_id()), self._key(id), id, None, None, role, GrantState.GIVEN, now, now
                )
            )
        if asked_roles.needs_second_yes(self.__tx, role):
            asked_roles.tell_leads(self.__tx, now, but=id)
        self.grant(id, role, now)

    def begin(self, request: GrantRequest, now: datetime) -> None:
        """Put what was agreed into force."""
        if request.role is not None:
            self.grant(request.member_id, request.role, now)
        elif request.trained_on is not None and request.expires_on is not None:
            self.train(request.member_id, request.provider, request.trained_on, request.expires_on)
        asked_roles.end(self.__tx, request, GrantState.GIVEN, now)

    def grant(self, id: MemberId, role: Role, at: datetime) -> None:
        """Give a role; nothing happens if it is held already."""
        self.__changed(id)
        if not self.__tx.find(Grant, member_id=id, role=role):
            self.__tx.add(Grant(new_id(), id, role, at))
        if role is Role.LEAD:
            for rests in self.__tx.find(Grant, member_id=id, role=Role.SUSPENDED_LEAD):
                self.__tx.drop(Grant, rests.id)

    def leads_alone(self, id: MemberId, role: Role) -> bool:
        """Whether ending this role would leave nobody who leads: of a lead no other lead, of a deputy nobody at all."""
        leads = self.__tx.find(Grant, role=Role.LEAD)
        match role:
            case Role.LEAD | Role.SUSPENDED_LEAD:
                return all(grant.member_id == id for grant in leads)
            case Role.DEPUTY:
                deputies = self.__tx.find(Grant, role=Role.DEPUTY)
                return not leads and all(grant.member_id == id for grant in deputies)
            case _:
                return False

    def suspend(self, id: MemberId, at: datetime) -> None:
        """Let a lead do nothing as one, until the role is given again; what they own passes on as if it had ended."""
        if self.__tx.find(Grant, member_id=id, role=Role.LEAD):
            self.revoke(id, Role.LEAD, at)
            self.__tx.add(Grant(new_id(), id, Role.SUSPENDED_LEAD, at))

    def revoke(self, id: MemberId, role: Role, at: datetime) -> None:
        """End a role. With the last role that takes work, what they own is passed on at the ladder's pace.

        Not before the next working day, and within a rung's days: whoever ends a role must not be able to send a
        case at once to somebody of their choice, nor see by what follows that there was one. A call for safety cannot
        wait.
        """
        self.__changed(id)
        for grant in self.__tx.find(Grant, member_id=id, role=role):
            self.__tx.drop(Grant, grant.id)
        # Whose suspension ends with the role does not lead again by what was asked before.
        ended = (role, Role.LEAD) if role is Role.SUSPENDED_LEAD else (role,)
        for one in asked_roles.coming(self.__tx, id):
            if one.role in ended:
                asked_roles.end(self.__tx, one, GrantState.REFUSED, at)
        asked_roles.has_no_say(self.__tx, id, at)
        self.__fewer()
        if self.__tx.find(Grant, member_id=id, role=TAKE_WORK):
            return
        for step in self.__tx.find(Step, holder=id, state=OPEN_STATES):
            if step.rung is not Rung.PERSON:
                self.__tx.save(replace(step, due_at=self._passes_on(step, at)))

    def move_work(
        self, id: MemberId, to: MemberId | None, begins: datetime, lapses: datetime, at: datetime
    ) -> bool:
        """From `begins` (UTC) on all their work goes to somebody, or a lead gives it on; whether without a lead's yes.
        What there is of it, if anything, is not looked at here."""
        self.__changed(id)
        return work_moves.ask_move(self.__tx, id, to, begins, lapses, at)

    def move_at_once(self, id: MemberId, to: MemberId | None, begins: datetime, at: datetime) -> None:
        """The same from the command line, which is also the second yes."""
        self.__changed(id)
        work_moves.leave_work(self.__tx, id, at)
        work_moves.plan_move(self.__tx, id, to, begins)

    def can_move(self, id: MemberId, to: MemberId) -> bool:
        """Whether all work of one could go to another by name: a lead would have to be there to say yes."""
        return work_moves.can_begin(self.__tx, id, to)

    def may_agree_to_move(self, id: MemberId, viewer: MemberId) -> bool:
        """Whether somebody could say yes to where all work of a member is to go."""
        move = work_moves.coming_move(self.__tx, id)
        return move is not None and viewer in work_moves.who_could_agree(self.__tx, id, move.to)

    def agree_to_move(self, id: MemberId, by: MemberId, begins: datetime, at: datetime) -> None:
        """Say yes to it; it begins at `begins` (UTC). Raises NotOpen for whoever may not, or too late."""
        self.__changed(id)
        work_moves.agree_move(self.__tx, id, by, begins, at)

    def leave_work(self, id: MemberId, at: datetime) -> None:
        """Their work stays where it is: what was asked and has not begun is taken back."""
        self.__changed(id)
        work_moves.leave_work(self.__tx, id, at)

    def _passes_on(self, step: Step, at: datetime) -> datetime:
        """When (UTC) the clock looks at a step whose owner no longer serves from `at` on."""
        if step.kind is StepKind.SAFETY:
            return min(step.due_at, at)
        site = self.__tx.get_many(Site, ["site"]).get("site")
        first = site is not None and step.kind is StepKind.FIRST_CONTACT
        days = 2 if site is None else site.contact_working_days if first else site.rung_working_days
        soonest, latest = (_working_days_on(site, at, one) for one in (1, days))
        return min(max(step.due_at, soonest), latest)

    def train(self, id: MemberId, provider: str, trained_on: date, expires_on: date) -> None:
        """Record a training attestation; one for the same day is put right by it."""
        for same in self.__tx.find(Training, member_id=id, trained_on=trained_on):
            self.__tx.drop(Training, same.id)
        self.__changed(id)
        member = self.__tx.get(Member, id)
        if member is not None:
            self.__tx.add(Training(new_id(), member.key_id, id, provider, trained_on, expires_on))

    def note_to_all(self, at: datetime) -> None:
        """Send the note to every member who has not left, behind all that waits for anyone, from `at` (UTC) on.

        Each has a day of their own in four weeks, the same every time; those who serve hear daily, and get no other
        (`trim_bot.app.waiting.delivery`).
        """
        note_days.begin_note(self.__tx, at)

    def last_note(self, kind: str) -> datetime | None:
        """When a note of this kind was last sent to everybody (UTC), or None."""
        note = self.__tx.get(NoteSent, kind)
        return note.sent_at if note is not None else None

    def _key(self, id: MemberId) -> KeyId:
        member = self.__tx.get(Member, id)
        if member is None:
            raise NotOpen("member")
        return member.key_id

    def _makes_eligible(self, id: MemberId, training: Taught, today: date) -> bool:
        if not asked_roles.is_founded(self.__tx) or training.expires_on < today:
            return False
        if not self.__tx.find(Grant, member_id=id, role=tuple(OPEN_CASES)):
            return False
        newest = self.__tx.find(Training, member_id=id, order_by="-trained_on", limit=1)
        return not newest or newest[0].expires_on < today

    def _asked(self, request: GrantRequest, viewer: MemberId, newest: Training | None) -> Asked:
        return Asked(
            request,
            self._name(request.member_id),
            self._name(request.asked_by),
            self._name(request.agreed_by),
            newest,
            asked_roles.who_could_agree(self.__tx, request),
            asked_roles.may_agree(self.__tx, request, viewer),
        )

    def _name(self, id: MemberId | None) -> str:
        # One that was altered or does not open has no name here, and the list of the others goes on.
        member = self.__tx.get_many(Member, [id]).get(id) if id is not None else None
        return member.name if member is not None else ""

    def _roles(self) -> dict[MemberId, set[Role]]:
        roles: dict[MemberId, set[Role]] = {}
        for grant in self.__tx.find(Grant):
            roles.setdefault(grant.member_id, set()).add(grant.role)
        return roles

    def _newest_training(self, ids: Sequence[MemberId]) -> dict[MemberId, Training]:
        """The newest training of each, by when it was held."""
        found = self.__tx.find(Training, member_id=tuple(ids), order_by="-trained_on") if ids else []
        return {one.member_id: one for one in reversed(found)}


def _serving(
    member: Member,
    held: Iterable[Role],
    trained: Training | None,
    move: ComingMove | None,
    names: Mapping[MemberId, str],
) -> Serving:
    return Serving(
        member.id,
        member.name,
        frozenset(held),
        member.availability,
        trained,
        member.away_until,
        member.away_from,
        names.get(move.to, "") if move is not None and move.to is not None else "",
        move.at if move is not None else None,
        move is not None and not move.agreed,
    )


@dataclass(slots=True)
class Overview:
    """What a coordinator's handler is given: kept figures and the roster, with no way to any case."""

    counts: Counts
    roster: Roster
    who: Who
    site: Site
    now: datetime
    calendar: WorkCalendar
    """The calendar of the site, in which a note finds its day."""
    profiles: Mapping[str, Profile]
    bulletins: Bulletins
    of_all_places: Callable[[], Site]
    """The settings as they are kept, whatever place whoever looks is at. Raises NotSettled."""
    nonce: str = ""
    link: str = ""
    """Address of the browser pages, without a slash at its end."""
