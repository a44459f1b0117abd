"""Taking a request for support from the pool, and passing it on."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases import first_contact
from trim_bot.app.cases.first_contact_screens import touch
from trim_bot.app.people.capacity import has_room
from trim_bot.app.people.eligible import conflict_free, could_take
from trim_bot.app.people.screens import REACH
from trim_bot.app.requests import screens
from trim_bot.app.requests.commands import OpenRequest, PassRequest, TakeRequest
from trim_bot.app.requests.hands import colleague_of, give_back, hold, request_of, step_of
from trim_bot.app.seam.links import OpenTaken
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.views import PersonCard
from trim_bot.app.seam.work import Next, Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.app.waiting.ladder import pool
from trim_bot.app.words.clocks import clock_of_site
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Account, Address, Member, Platform, Reach
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung


def open_request(work: Work, command: OpenRequest) -> Screen:
    """How long it has waited and in which language; never a name or a word of it."""
    request = request_of(work, command.request)
    if not conflict_free(work, work.who.id, request.member_id, (), request.passed_by):
        raise NotOpen("conflict")
    able = could_take(work, work.who.id, request.member_id, refused=request.passed_by)
    full = 0 if _has_room(work, request) else work.site.most_open_cases
    waited = work.now - request.asked_at
    return screens.request_page(request.id, waited, request.language, can_take=able, full=full)


def take(work: Work, command: TakeRequest) -> Next:
    """The first to take it has it. Raises NotOpen for a conflict, and when it is no longer to be had."""
    request = request_of(work, command.request)
    if not could_take(work, work.who.id, request.member_id, refused=request.passed_by):
        raise NotOpen("conflict")
    if not _has_room(work, request):
        return OpenRequest(request.id)
    taken = replace(request, state=RequestState.TAKEN, taken_by=work.who.id)
    work.tx.save(taken)
    hold(work, taken)
    first_contact.owe_for(work, taken)
    return OpenTaken(request.id)


def pass_on(work: Work, command: PassRequest) -> Outcome:
    """Not me: before taking it, or after. It goes to the others, and never again to whoever said so."""
    request = request_of(work, command.request)
    passed = replace(request, passed_by=(*request.passed_by, work.who.id))
    if request.taken_by == work.who.id:
        give_back(work, passed)
        return Outcome("request_passed")
    work.tx.save(passed)
    step = step_of(work, request)
    if step is not None:
        mine = step.holder == work.who.id
        nobody_left = step.rung is Rung.POOL and not pool(work, step)
        if mine and step.rung is Rung.ASSIGNED and request.state is RequestState.WAITING:
            # It came to them because they know the person; the others have not seen it yet.
            waits.pass_to(work, step, Rung.POOL, None)
        elif mine or nobody_left:
            climb(work, step)
    return Outcome("request_passed")


def _has_room(work: Work, request: SupportRequest) -> bool:
    """Whether the site's limit leaves room for it; a colleague who has the person's talks already needs none."""
    return has_room(work, work.who.id) or colleague_of(work, request) == work.who.id


def open_taken(work: Work, command: OpenTaken) -> Screen:
    """The request in full, to the practitioner who took it."""
    request = request_of(work, command.request)
    known = colleague_of(work, request) == work.who.id
    owed = first_contact.step_of(work, request.id)
    return screens.taken_form(
        request,
        _person(work, request),
        known=known,
        contact=touch(owed, work.zone),
        clock=clock_of_site(work),
    )


def _person(work: Work, request: SupportRequest) -> PersonCard | None:
    """Who asked, where they gave their name."""
    if not request.named or request.member_id is None:
        return None
    member = work.tx.get(Member, request.member_id)
    if member is None:
        return None
    chat = None if member.reach is Reach.BROWSER else _chat_of(work, member)
    return PersonCard(member.name, member.phone, REACH[member.reach], member.best_time, chat)


def _chat_of(work: Work, member: Member) -> Address | None:
    accounts = work.tx.find(Account, member_id=member.id)
    return next((Address.parse(one.address) for one in accounts if one.platform is not Platform.WEB), None)
