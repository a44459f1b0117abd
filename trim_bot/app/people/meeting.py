"""Tells who is making a gesture, and enters members: people a platform tells of, and people without any
account, once each.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from trim_bot.app.people.welcome_hold import welcome_waits
from trim_bot.app.seam import mending
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import CLOCK, Asker, UnitOfWork, Who
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.clean_text import normalised_name
from trim_bot.domain.errors import Invalid
from trim_bot.domain.ids import AccountId, MemberId, new_id
from trim_bot.domain.listed_rows import PersonRow, filled_lines, read_rows
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Account, Address, Grant, Member, Platform, Profile, Reach
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Greeting
from trim_bot.domain.steps import OutboxState, Outgoing, Priority

DEFAULT_LANGUAGE = "en"


def member_at(tx: Tx, address: Address) -> Member | None:
    """The member with this address, or None."""
    account = account_at(tx, address)
    return tx.get(Member, account.member_id) if account is not None else None


def account_at(tx: Tx, address: Address) -> Account | None:
    """The account with this address, or None."""
    accounts = tx.find(Account, address=address.text, limit=1)
    return accounts[0] if accounts else None


LISTED_AS = "account.listed_as"
"""The purpose of the digests of what lists tell."""


def meet(
    tx: Tx,
    profile: Profile,
    now: datetime,
    *,
    listed: bool = False,
    welcomed: bool = True,
    listed_as: str = "",
) -> Member:
    """Enter a member from what a platform tells, with the welcome that everybody gets.

    `listed_as` is the digest of how its list tells of them, where they are met by that.
    """
    before = tx.get(Greeting, greeting_id(tx, profile.address.text))
    member = Member(
        MemberId(new_id()), tx.new_key(), profile.name, zone=profile.zone, hours=profile.hours, listed=listed,
        language=profile.language or DEFAULT_LANGUAGE, messages_stopped=before is not None and before.stopped,
    )  # fmt: skip
    tx.add(member)
    add_account(tx, member, profile.address, listed_as, profile.place)
    if welcomed and before is None:
        welcome(tx, member, now)
    return member


def welcome(tx: Tx, member: Member, now: datetime) -> None:
    """Queue the welcome that everybody gets, unless nobody is welcomed yet."""
    if welcome_waits(tx):
        return
    kind = MessageKind.WELCOME.value
    tx.add(Outgoing(new_id(), kind, member.id, None, OutboxState.QUEUED, now, priority=Priority.NOTE))


def welcomes_queued(tx: Tx, id: MemberId) -> list[Outgoing]:
    """The welcome that waits to be sent to a member."""
    kind = MessageKind.WELCOME.value
    return tx.find(Outgoing, member_id=id, kind=kind, state=OutboxState.QUEUED, limit=1)


ADDRESSES = "account.address"
"""The purpose of the digests of accounts; a greeting is kept under the same one, and so tells nothing more."""


def greeting_id(tx: Tx, address: str) -> str:
    """Under what it is kept that the account with this address was welcomed."""
    return tx.keyed(ADDRESSES, address)


def was_welcomed(tx: Tx, id: MemberId) -> bool:
    """Whether a welcome has reached any account of a member."""
    mine = [greeting_id(tx, account.address) for account in tx.find(Account, member_id=id)]
    return bool(tx.get_many(Greeting, mine))


def note_welcomed(tx: Tx, id: MemberId) -> None:
    """Keep that a member was welcomed, by whichever account."""
    for account in tx.find(Account, member_id=id):
        greet(tx, account.address, stopped=None)


def greet(tx: Tx, address: str, *, stopped: bool | None) -> None:
    """Keep that an account was welcomed, and whether its owner had `stopped` messages; None leaves that as it is."""
    id = greeting_id(tx, address)
    held = tx.get(Greeting, id)
    if held is None:
        tx.add(Greeting(id, bool(stopped)))
    elif stopped is not None and held.stopped is not stopped:
        tx.save(Greeting(id, stopped))


def with_told(member: Member, profile: Profile) -> Member:
    """A member with the zone, hours and language a platform tells, where they have set none: own > platform > site."""
    hours = profile.hours
    if hours is not None and member.zone:
        hours = replace(hours, zone=member.zone)
    told = profile.language if member.language == DEFAULT_LANGUAGE and not member.asked else ""
    return replace(
        member,
        zone=member.zone or profile.zone,
        hours=member.hours or hours,
        language=told or member.language,
    )


def name_of(member: Member, profile: Profile) -> str:
    """The name to keep: the member's own, unless they were entered without one or by what gestures call them."""
    known = member.name and member.name != profile.handle
    return member.name if known else profile.name or member.name


def meet_unlisted(tx: Tx, name: str, phone: str, known_as: str = "") -> Member:
    """Enter somebody who has no account: a name, and a phone number if there is one.

    `known_as` is name and number in one form, by whose digest alone they are found again.
    """
    reach = Reach.PHONE if phone else Reach.IN_PERSON
    member = Member(MemberId(new_id()), tx.new_key(), name, phone=phone, reach=reach, known_as=known_as)
    tx.add(member)
    return member


def add_account(tx: Tx, member: Member, address: Address, listed_as: str = "", place: str = "") -> None:
    """Give a member one more address, with the place that its platform tells of."""
    id, key = AccountId(new_id()), member.key_id
    tx.add(Account(id, key, member.id, address.platform, address.text, listed_as=listed_as, place=place))


def as_if_changed(tx: Tx) -> str:
    """A digest of no list: the next reading looks at the account again, and nobody else can tell it from any other."""
    return tx.keyed(LISTED_AS, new_id())


def look_again_at_list(tx: Tx, id: MemberId) -> None:
    """What a member said of themself may leave room for what the list tells: let its next reading look again."""
    for account in tx.find(Account, member_id=id):
        if account.listed_as:
            tx.save(replace(account, listed_as=as_if_changed(tx)))


def is_at_home(address: Address, workspaces: Collection[ChatWorkspace]) -> bool:
    """Whether an address is in one of these chat workspaces, or in the browser."""
    return address.platform is Platform.WEB or ChatWorkspace.of(address) in workspaces


def meet_asker(tx: Tx, address: Address, profile: Profile | None, now: datetime) -> Asker:
    """Enter whoever asks, where the platform vouches for them and they are new, or lacked a name; then who they are."""
    member = member_at(tx, address)
    if member is None and profile is not None and not profile.left:
        member = meet(tx, profile, now)
    if member is not None and not member.name and profile is not None and profile.name:
        tx.save(replace(with_told(member, profile), name=profile.name))
    return who_is(tx, address)


def who_is(tx: Tx, address: Address) -> Asker:
    """Who is asking; whoever is not known counts as signed out, and so does the clock, which has no account."""
    member = member_at(tx, address) if address != CLOCK else None
    if member is None or member.left:
        return Asker(address)
    roles = frozenset(grant.role for grant in tx.find(Grant, member_id=member.id))
    return Who(address, member, roles)


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Somebody without an account, with what was typed of them."""

    member: Member
    typed: PersonRow


def unlisted_people(work: UnitOfWork, text: str) -> list[Unlisted]:
    """The people of a list, as `domain/listed_rows.py` reads it. Raises Invalid, which names the rows to mend.

    Two of one name are two people unless their number is the same too.
    """
    check_list(text)
    listed = read_rows(text)
    found: dict[str, Unlisted] = {}
    every = listed.rows
    if keys := tuple(key for typed in every if (key := known_as(work, typed.name, typed.phone))):
        # Read together; each line then finds its own among them.
        work.tx.find(Member, known_as=keys, left=False)
    work.tx.expect_keys(len(every))
    for typed in every:
        member = _known(work, typed)
        found.setdefault(member.id, Unlisted(member, typed))
    return list(found.values())


def check_list(text: str) -> None:
    """Raises Invalid for a list that is too long, or has rows in which a name and a number cannot be told apart."""
    if len(filled_lines(text)) > POLICY.unlisted_people:
        raise Invalid(unlisted=mending.too_many_people(POLICY.unlisted_people))
    if unread := read_rows(text).unread:
        raise Invalid(unlisted=mending.unlisted_rows(unread))


def known_as(work: UnitOfWork, name: str, phone: str) -> str:
    """Name and number in one form each; empty without a number, since a name alone may be two people's."""
    number = work.phones.one_form(phone, work.site.country)
    form = normalised_name(name)
    return f"{form}\n{number}" if form and number else ""


def _known(work: UnitOfWork, typed: PersonRow) -> Member:
    key = known_as(work, typed.name, typed.phone)
    same = work.tx.find(Member, known_as=key, left=False, limit=1) if key else []
    return same[0] if same else meet_unlisted(work.tx, typed.name, typed.phone, key)
