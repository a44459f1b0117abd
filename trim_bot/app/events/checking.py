"""Shows whom an event would make an offer to, before many go out: how many, who, when, and whom no chat reaches."""

from __future__ import annotations

from collections.abc import Iterator

from trim_bot.app.events import check_screens, screens
from trim_bot.app.events.commands import LogIncident
from trim_bot.app.people.eligible import room_to_offer
from trim_bot.app.people.meeting import member_at
from trim_bot.app.people.other_chats import Elsewhere, elsewhere
from trim_bot.app.seam.sentences import phrase
from trim_bot.app.seam.unsigned import Form
from trim_bot.app.seam.work import LookFirst, Work
from trim_bot.app.waiting.hours import when_reachable
from trim_bot.app.waiting.read_ahead import read_people
from trim_bot.app.words.clocks import clock_of_site
from trim_bot.domain.listed_rows import read_rows
from trim_bot.domain.people import Account, Address, Member, Platform
from trim_bot.domain.policy import POLICY

PURPOSE = "event.checked"


def check_first(work: Work, command: LogIncident, others: Elsewhere | None) -> None:
    """Raises LookFirst where many offers would go out to people who were not shown yet. Nobody is entered for it."""
    seen = _of_many(work, command)
    if seen and command.checked != seen:
        raise LookFirst(_shown(work, command, others, seen))


def shown_again(work: Work, command: LogIncident) -> Form | None:
    """The page on which somebody looked at whom they name, where it comes back: the same people, or those named now."""
    seen = _of_many(work, command) if command.checked else ""
    if not seen:
        return None
    return _shown(work, command, elsewhere(work), seen)


def _of_many(work: Work, command: LogIncident) -> str:
    """A digest of whom an event names, where they are so many that they are looked at first; else empty."""
    addresses = (*command.direct, *command.peripheral)
    listed = read_rows(command.unlisted).rows
    if len(addresses) + len(command.elsewhere) + len(listed) <= POLICY.offers_at_once:
        return ""
    people = (
        *(one.text for one in addresses),
        *command.elsewhere,
        *(f"{one.name} {one.phone}" for one in listed),
    )
    return work.tx.keyed(PURPOSE, "\n".join(sorted(people)))


def _shown(work: Work, command: LogIncident, others: Elsewhere | None, seen: str) -> Form:
    """What would happen, above all that was typed.

    It tells of people only what whoever logs the event has typed or picked, and when the site works: the hours of a
    colleague are theirs.
    """
    addresses = (*command.direct, *command.peripheral)
    listed = read_rows(command.unlisted).rows
    accounts = work.tx.find(Account, address=tuple(one.text for one in addresses), limit=None)
    read_people(work, (one.member_id for one in accounts))
    known = work.tx.get_many(Member, command.elsewhere)
    reached = check_screens.Reached(
        (
            *_names(work, [one for one in addresses if one.platform is not Platform.WEB]),
            *(known[id].name for id in command.elsewhere if id in known),
        ),
        tuple(_names(work, [one for one in addresses if one.platform is Platform.WEB])),
        tuple(one.name for one in listed),
    )
    room = room_to_offer(work, work.who.id)
    form = screens.log_form(work.site, clock_of_site(work), others, room=room)
    goes = when_reachable(work, None)
    return check_screens.check_form(form, seen, reached, goes, work.now, work.zone)


def _names(work: Work, addresses: list[Address]) -> Iterator[str]:
    for address in addresses:
        member, profile = member_at(work.tx, address), work.profiles.get(address.text)
        yield (
            (member.name if member is not None else "")
            or (profile.name if profile is not None else "")
            or NO_NAME
        )


NO_NAME = phrase("Somebody whose name the chat does not tell")
