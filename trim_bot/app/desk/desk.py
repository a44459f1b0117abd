"""The one door: a gesture is carried out in one transaction, and answered: one file, as every refusal ends here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import assert_never

from trim_bot.app.desk.clean_gestures import clean_gesture
from trim_bot.app.desk.leading_on import WayOn, carried_out_in, undone
from trim_bot.app.desk.reader_language import LastLanguages, read_by
from trim_bot.app.desk.routes import (
    OF_ONESELF,
    RECORD_RULES,
    STEPS,
    URGENT,
    WITHOUT_TOKEN,
    WORDS,
    followed,
)
from trim_bot.app.desk.way_through import Call, UnknownWords, known_words, meet, read, refuse
from trim_bot.app.people.asked_roles import note_lead
from trim_bot.app.people.eligible import SERVES
from trim_bot.app.people.meeting import is_at_home, member_at, who_is
from trim_bot.app.seam.gestures import Actor, Gesture, Invoke, Press, Submit
from trim_bot.app.seam.in_language import language_of
from trim_bot.app.seam.languages import EnglishAlone, Language, Languages
from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.seam.page_again import PageAgain, PageKey
from trim_bot.app.seam.ports import Clock, Directories, Holidays, Messengers, PhoneNumbers, Store, Tokens, Tx
from trim_bot.app.seam.reading import hidden, revealed
from trim_bot.app.seam.route import Signer
from trim_bot.app.seam.views import View
from trim_bot.app.seam.work import Asker, Definitions, Undo, UnitOfWork, Who, asked_by
from trim_bot.app.words import common_answers as answers
from trim_bot.app.words.adapter_words import WORK, Names
from trim_bot.app.words.common_answers import with_way_to_help
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import (
    JournalInDoubt,
    NotOpen,
    NotSettled,
    NotThere,
    OrganisationChanged,
    RecordAltered,
    SafeError,
    StoreUnavailable,
    TryLater,
)
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.key_openings import KeysHeldBack
from trim_bot.domain.key_use import KeyUse, asked_by_holder_of, keys_for
from trim_bot.domain.people import Address, Platform, Profile, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.site import CrisisNumber, Organisation, Site, as_seen_from

LOOK_UPS_AT_ONCE = 5
_FIRST = frozenset({"open", *WITHOUT_TOKEN})
"""What the buttons of messages and of the first card open."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything the desk reaches, wired by `bootstrap`."""

    store: Store
    clock: Clock
    tokens: Tokens
    messengers: Messengers
    directories: Directories
    holidays: Holidays
    phones: PhoneNumbers
    definitions: Definitions
    link: str
    """Address of the browser pages, without a slash at its end."""
    shipped_numbers: Callable[[str], tuple[CrisisNumber, ...]] = lambda country: ()
    """The numbers to ring of a country that come with the desk."""
    queued: Callable[[], None] = lambda: None
    """Called after a commit that queued a message."""
    tell: Tell = lambda event, error=None, about="": ""
    """Told of a fault of our own."""
    names: Callable[[Address], Names] = lambda address: Names()
    """What the commands are called where somebody is, as far as that is known without asking the store."""
    languages: Languages = field(default_factory=EnglishAlone)
    """Those that the desk can be read in."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a committed transaction hands out."""

    view: View
    language: Language
    queued: bool
    """Whether a message was queued in it."""
    by_name: bool
    """Whether whoever asked is somebody the desk knows by name."""


class _Refused(NotOpen):
    """A transaction of which nothing is kept, since nothing was open; `unknown` says that nobody was known there."""

    def __init__(self, reason: str, language: Language, *, unknown: bool) -> None:
        super().__init__(reason)
        self.language = language
        self.unknown = unknown


class Desk:
    """Receives gestures from every platform and answers with views."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self._met: set[tuple[str, str]] = set()
        self.last_languages = LastLanguages(outside.languages)
        self.language_of = self.last_languages.of

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Answer a gesture. Never raises: a store that is gone, or a fault of our own, gives TRY_AGAIN.

        What was typed is cleaned here. In chat the first page, and numbers to ring, lead to the page of numbers.
        """
        gesture = clean_gesture(gesture)
        view = await self._said(actor, gesture)
        first = isinstance(gesture, Invoke) or (isinstance(gesture, Press) and gesture.action in _FIRST)
        if actor.address.platform is not Platform.WEB:
            return with_way_to_help(view, self.outside.link, first=first)
        return view

    async def lead_on(self, actor: Actor, gesture: Gesture, key: PageKey, sent: PageAgain) -> View:
        """Carry a gesture out for a browser and keep what shows its answer under a key: then `LedOn`.

        `sent` is the form, which comes back with what to mend. What cannot be shown again is the answer itself: a
        refusal, a fault, a secret that is shown once. Never raises.
        """
        return await self._said(actor, clean_gesture(gesture), WayOn(key, self.outside.tokens, sent))

    async def _said(self, actor: Actor, gesture: Gesture, way: WayOn | None = None) -> View:
        return self.last_languages.say(actor, await self._received(actor, gesture, way))

    async def _received(self, actor: Actor, gesture: Gesture, way: WayOn | None = None) -> View:
        if isinstance(gesture, Invoke | Press) and _asks_for_help(gesture):
            return answers.help_screen(self.outside.names(actor.address))
        try:
            try:
                return await self._answered(await self.organisation_of(actor.address), actor, gesture, way)
            except OrganisationChanged:
                # It was remembered, and is another by now: nothing was kept, and it is looked up anew.
                anew = await self.organisation_of(actor.address, anew=True)
                return await self._answered(anew, actor, gesture, way)
        except KeysHeldBack as held:
            reference = self.outside.tell(LogEvent.STORE_AWAY, held)
            return answers.held_back(reference, serves=await self._serves(actor.address))
        except StoreUnavailable as away:
            return answers.try_again(self.outside.tell(LogEvent.STORE_AWAY, away))
        except RecordAltered as fault:
            event = LogEvent.JOURNAL if isinstance(fault, JournalInDoubt) else LogEvent.ALTERED
            reference = self.outside.tell(event, fault)
            return answers.altered(reference, serves=await self._serves(actor.address))
        except Exception as fault:  # noqa: BLE001 (whoever asks gets a calm answer; the text may hold anything)
            return answers.try_again(self.outside.tell(LogEvent.GESTURE, fault))

    async def organisation_of(self, address: Address, *, anew: bool = False) -> Organisation | None:
        """The organisation an address belongs to; a browser address names it by its slug.

        It may be remembered; each transaction that rests on it compares it with what is there (`_asked`).
        """
        store = self.outside.store
        if address.platform is Platform.WEB:
            return await store.known_called(address.workspace, anew=anew)
        return await store.known_at(ChatWorkspace.of(address), anew=anew)

    async def _answered(
        self, organisation: Organisation | None, actor: Actor, gesture: Gesture, way: WayOn | None
    ) -> View:
        if organisation is None:
            return answers.not_open()
        tokens = self.outside.tokens
        with keys_for(_use_of(gesture)):
            view = await self._answer(organisation, actor, revealed(gesture, tokens, organisation.id), way)
        return hidden(view, tokens, organisation.id)

    async def _serves(self, address: Address) -> bool:
        """Whether whoever asks serves, so that a page that is closed leads them to a call for safety."""
        try:
            organisation = await self.organisation_of(address, anew=True)
            if organisation is None:
                return False
            with keys_for(KeyUse.URGENT):
                who = await self.outside.store.read(
                    OrganisationId(organisation.id), lambda tx: who_is(tx, address)
                )
        except SafeError:
            return False
        return isinstance(who, Who) and bool(who.roles & SERVES)

    async def _answer(
        self, organisation: Organisation, actor: Actor, gesture: Gesture, way: WayOn | None
    ) -> View:
        outside = self.outside
        id = OrganisationId(organisation.id)
        own = await self._own_profile(id, actor.address)
        try:
            call = read(gesture, outside.tokens, organisation.id, outside.clock.real())
        except UnknownWords:
            return answers.help_screen(self.outside.names(actor.address))
        except NotOpen as refused:
            reason = refused.reason
            await outside.store.write(
                id, lambda tx: refuse(self._asked(tx, organisation, actor.address, own, {}), reason)
            )
            return answers.not_open()
        profiles = await self._profiles_of(organisation, call)

        def body(tx: Tx) -> _Kept:
            work = self._asked(tx, organisation, actor.address, own, profiles)
            language = read_by(work, actor)
            try:
                view = carried_out_in(language, work, call, way)
            except NotOpen as refused:
                raise _Refused(refused.reason, language, unknown=work.who.member is None) from None
            if Role.LEAD in work.who.roles:
                note_lead(tx, work.now)
            member = work.who.member
            return _Kept(view, language, queued=work.queued, by_name=member is not None and bool(member.name))

        met = (id, actor.address.text)
        try:
            try:
                kept = await outside.store.write(id, body)
            except Undo as undo:
                self.last_languages.note(actor, language_of(undo.view))
                return await self._undone(organisation, actor, own, call, undo, way)
        except _Refused as refused:
            if refused.unknown and met in self._met:
                # Erased since: they are met afresh, like anybody else.
                self._met.discard(met)
                return await self._answer(organisation, actor, gesture, way)
            reason = refused.reason
            self.last_languages.note(actor, refused.language)
            await outside.store.write(
                id, lambda tx: refuse(self._asked(tx, organisation, actor.address, own, {}), reason)
            )
            return answers.not_open()
        self.last_languages.note(actor, kept.language)
        if kept.queued:
            outside.queued()
        if kept.by_name:
            self._met.add(met)
        else:
            self._met.discard(met)
        return kept.view

    async def _undone(
        self,
        organisation: Organisation,
        actor: Actor,
        own: Profile | None,
        call: Call,
        undo: Undo,
        way: WayOn | None,
    ) -> View:
        """The view of a gesture of which nothing was kept; the row about what it shows is committed first."""
        if way is None and not undo.reads:
            return undo.view
        return await self.outside.store.write(
            OrganisationId(organisation.id),
            lambda tx: undone(self._asked(tx, organisation, actor.address, own, {}), call, undo, way),
        )

    def _asked(
        self,
        tx: Tx,
        organisation: Organisation,
        address: Address,
        own: Profile | None,
        profiles: Mapping[str, Profile],
    ) -> UnitOfWork:
        """The unit of work of one gesture, once whoever makes it was met. Raises OrganisationChanged."""
        if not tx.is_still(organisation):
            raise OrganisationChanged
        who = meet(tx, address, own, self.outside.clock.now())
        if who.member is not None:
            asked_by_holder_of(who.member.key_id)
        return self.work(tx, organisation, who, profiles)

    def work(
        self,
        tx: Tx,
        organisation: Organisation,
        who: Asker,
        profiles: Mapping[str, Profile],
        stand_in: Site | None = None,
    ) -> UnitOfWork:
        """The unit of work of whoever asks, who is known by now; nothing is written by making it.

        `stand_in` is taken where the settings were altered or do not open, which raises RecordAltered without it.
        """
        outside = self.outside
        try:
            site = tx.get(Site, "site")
        except RecordAltered:
            if stand_in is None:
                raise
            site = stand_in
        if site is None:
            raise NotSettled
        now, real = outside.clock.now(), outside.clock.real()
        unit = UnitOfWork(
            tx=tx,
            organisation=OrganisationId(organisation.id),
            who=who,
            site=as_seen_from(site, who.member.place) if who.member is not None else site,
            now=now,
            real=real,
            definitions=outside.definitions.as_signed({one.key for one in site.questionnaires}),
            holidays=outside.holidays,
            phones=outside.phones,
            sign=Signer(outside.tokens, organisation.id, real),
            profiles=profiles,
            link=outside.link,
            workspaces=organisation.workspaces,
            steps=STEPS,
            records=RECORD_RULES,
            shipped_numbers=outside.shipped_numbers,
            languages=outside.languages,
        )
        return asked_by(who, unit) if isinstance(who, Who) else unit

    async def _own_profile(self, organisation: OrganisationId, address: Address) -> Profile | None:
        """What the platform tells of somebody the desk has not met; None when it knows them already."""
        directory = self.outside.directories.get(address.platform.value)
        if directory is None or (organisation, address.text) in self._met:
            return None
        if await self.outside.store.read(organisation, lambda tx: _is_known(tx, address)):
            return None
        try:
            return await directory.look_up(address)
        except NotThere:
            # Nobody of this workplace, whoever says so: met no more than somebody who has left it.
            return Profile(address, name="", left=True)
        except TryLater:
            return Profile(address, name="")

    async def _profiles_of(self, organisation: Organisation, call: Call) -> dict[str, Profile]:
        """What the organisation's own workspaces tell of the people named in a form, before the transaction.

        Nobody has been authorised yet: no more are looked up than the form may name, and only a few at a time.
        """
        found: dict[str, Profile] = {}
        most = POLICY.people_in_a_field * len(call.routes[0].people)
        turns = asyncio.Semaphore(LOOK_UPS_AT_ONCE)

        async def one(address: Address) -> None:
            directory = self.outside.directories.get(address.platform.value)
            if directory is None or not is_at_home(address, organisation.workspaces):
                return
            try:
                async with turns:
                    found[address.text] = await directory.look_up(address, hours=False)
            except NotThere:
                found[address.text] = Profile(address, name="", left=True)
            except TryLater:
                return

        await asyncio.gather(*(one(address) for address in islice(dict.fromkeys(call.people()), most)))
        return found


def _is_known(tx: Tx, address: Address) -> bool:
    """Met before, and by name; a name that could not be learnt then is asked for again."""
    member = member_at(tx, address)
    return member is not None and bool(member.name)


def _use_of(gesture: Gesture) -> KeyUse:
    """What its keys are opened for. A token made for anything else than what the gesture names opens nothing."""
    match gesture:
        case Invoke(words):
            names: tuple[str, ...] = WORDS.get(known_words(words), ())
        case Press(name, _, _) | Submit(name, _, _, _):
            once = followed(name)
            names = (name if once is None else once[0].name,)
        case _:
            assert_never(gesture)
    if not names:
        return KeyUse.ORDINARY
    if URGENT.issuperset(names):
        return KeyUse.URGENT
    return KeyUse.OWN if (URGENT | OF_ONESELF).issuperset(names) else KeyUse.ORDINARY


def _asks_for_help(gesture: Invoke | Press) -> bool:
    return isinstance(gesture, Invoke) and gesture.words[:2] == (WORK, "help")
