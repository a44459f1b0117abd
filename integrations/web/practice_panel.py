"""What surrounds every page in practice: the clock bar, the people one can be, and their chat."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request

from integrations.web.browser_session import Visitor, form_proof
from integrations.web.ports import Practice, PracticePerson, PracticeStep, SignedIn, Web
from integrations.web.render import OPEN_ACTION, STOP_ACTION
from integrations.web.template_environment import moment, recent
from trim_bot.app.seam.in_language import here
from trim_bot.app.words.adapter_words import MESSAGE_TEXT
from trim_bot.domain.people import Address, Role

SHOWN = 2
"""How many of the newest messages the chat shows."""

_SERVING = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY})
_SUPERVISING = frozenset({Role.LEAD, Role.DEPUTY})
_COORDINATING = frozenset({Role.COORDINATOR})
_ARRANGING = _SUPERVISING | _COORDINATING
_COMMANDS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("/support", "/f/support", frozenset()),
    ("/peer log", "/f/log", _SERVING),
    ("/peer cases", "/f/cases", _SERVING),
    ("/peer cover", "/f/cover", _SUPERVISING),
    ("/peer team", "/f/team", _ARRANGING),
    ("/peer status", "/status", _COORDINATING),
)


@dataclass(frozen=True, slots=True)
class Jump:
    """A time to move to, ISO 8601, under a short label."""

    label: str
    to: str


@dataclass(frozen=True, slots=True)
class Said:
    """One chat message as drawn; `open` is where its link leads, `stop` what its button sends."""

    at: str
    text: str
    open: str = field(repr=False)
    stop: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything around a page in practice."""

    csrf: str = field(repr=False)
    path: str = field(repr=False)
    """Where to come back to after moving the clock."""
    talks: int | None
    """How many talks came due when the clock was just moved; None where it was not."""
    spoken: str
    jumps: tuple[Jump, ...]
    choosing: bool
    me: PracticePerson | None
    people: tuple[PracticePerson, ...]
    messages: tuple[Said, ...]
    earlier: int
    commands: tuple[tuple[str, str], ...]
    tour: tuple[PracticeStep, ...]
    step: int | None
    """The first step that is not done, from 0; None at the end of the tour, or without one."""


def surroundings(web: Web, request: Request, visit: Visitor) -> Surroundings | None:
    """What to draw around a page, or None outside practice."""
    practice = web.practice
    if practice is None:
        return None
    me = present(practice, visit.who)
    said = tuple(practice.messages(me.address)) if me else ()
    zone = practice.zone()
    talks = request.query_params.get("talks", "")
    tour = tuple(replace(one, text=here(one.text)) for one in practice.tour())
    return Surroundings(
        csrf=form_proof(web.secret, visit.binding),
        path=_here(request),
        talks=int(talks) if talks.isascii() and talks.isdecimal() and len(talks) < 6 else None,
        spoken=moment(practice.now(), zone),
        jumps=tuple(
            Jump(here(label), when.isoformat()) for label, when in practice.jumps() if when > practice.now()
        ),
        choosing=me is None,
        me=me,
        people=tuple(practice.people()),
        messages=tuple(
            Said(
                recent(one.at, practice.now(), zone),
                here(MESSAGE_TEXT),
                f"/f/{OPEN_ACTION}?t={quote(one.message.open_token, safe='')}",
                f"{STOP_ACTION} {one.message.stop_token}",
            )
            for one in said[-SHOWN:]
        ),
        earlier=max(0, len(said) - SHOWN),
        commands=_commands(visit.who),
        tour=tour,
        step=next((number for number, one in enumerate(tour) if not one.done), None),
    )


def present(practice: Practice, who: SignedIn | None) -> PracticePerson | None:
    """The sample member whose session this is."""
    if who is None:
        return None
    known = person_at(practice, who.actor.address.text)
    return known or PracticePerson(who.actor.address, who.name, "")


def person_at(practice: Practice, text: str) -> PracticePerson | None:
    """The sample member with this `Address.text`."""
    return next((person for person in practice.people() if person.address.text == text), None)


def address_of(practice: Practice, text: str) -> Address | None:
    """The address written as `text`, with the workspace of the sample member who has it; None if not one."""
    known = person_at(practice, text)
    if known:
        return known.address
    try:
        return Address.parse(text)
    except ValueError:
        return None


def _here(request: Request) -> str:
    if request.method != "GET":
        return "/"
    rest = [(name, value) for name, value in parse_qsl(request.url.query) if name != "talks"]
    return request.url.path + (f"?{urlencode(rest)}" if rest else "")


def _commands(who: SignedIn | None) -> tuple[tuple[str, str], ...]:
    roles = who.roles if who else frozenset[Role]()
    return tuple((label, path) for label, path, needs in _COMMANDS if not needs or needs & roles)
