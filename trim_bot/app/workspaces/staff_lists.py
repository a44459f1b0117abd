"""Reads the platforms' own lists page by page, so that everyone is met and knowing of somebody tells nothing; each
list keeps its place and waits by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import SystemRandom

from trim_bot.app.desk.desk import Outside
from trim_bot.app.seam.ports import Directory, ListPage
from trim_bot.app.workspaces.list_places import ListPlaces, NotesInMemory, PlaceNotes
from trim_bot.app.workspaces.listed_people import enter_listed, news_of
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import EachInTurn, PlaceUnknown, Trouble, TryLater
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Profile
from trim_bot.domain.staff_lists import LONGEST_WAIT, ListPlace

AT_ONCE = 50
"""Entered in one transaction, so that nobody waits long behind it."""
ASKED_AT_ONCE = 500
"""Compared with what is kept in one look."""
MOST_HELD = 4_000
"""Held before they are entered: they go in in no order, which a database would keep, and the more the better."""
MOST_PAGES = 2_000
"""Taken in one go; what is still longer goes on later, and what goes round in a circle is told by its age."""
AGAIN_AFTER = timedelta(minutes=10)
"""When a list is asked for again that could not be read, where the platform does not say when."""
_SHUFFLED = SystemRandom()


class Staff:
    """Enters staff from the platforms' own lists, with the welcome that everybody gets, and notes who has left.

    Only what a list says of somebody counts: that a name is missing in it, or in the part that was read, says nothing.
    """

    def __init__(self, outside: Outside, notes: PlaceNotes | None = None) -> None:
        """`notes` keep where each list stands; without them this object alone knows."""
        self._outside = outside
        self._places = ListPlaces(notes or NotesInMemory(), outside.tokens)
        self._turn = asyncio.Lock()
        self._waiting: dict[ChatWorkspace, tuple[OrganisationId, datetime]] = {}

    async def meet_everyone(self, only: ChatWorkspace | None = None) -> int:
        """Read the list of every workspace, or of one; returns how many were met or changed.

        A list whose platform asks to wait, or is away, goes on when `go_on` is called later. One workspace in which
        something fails stops none behind it; its failure is raised when all had their turn.
        """
        asked = [
            (OrganisationId(organisation.id), workspace)
            for organisation in await self._outside.store.organisations()
            for workspace in organisation.workspaces
            if only in (None, workspace)
        ]
        return await self._meet(asked)

    async def go_on(self) -> int:
        """Go on with the lists whose wait is over; nothing is asked of anybody while there is none."""
        real = self._outside.clock.real()
        due = [
            (id, workspace)
            for workspace, (id, at) in self._waiting.items()
            if not real < at <= real + LONGEST_WAIT
        ]
        return await self._meet(due) if due else 0

    async def _meet(self, asked: Sequence[tuple[OrganisationId, ChatWorkspace]]) -> int:
        changed, each = 0, EachInTurn()
        async with self._turn:
            places = await self._places.all()
            for organisation, workspace in asked:
                if (directory := self._outside.directories.get(workspace.platform.value)) is not None:
                    kept = places.get(workspace, ListPlace(workspace))
                    reading = _Reading(self._outside, self._places, directory, organisation, workspace, kept)
                    # Where it fails it is tried again as soon as one that could not be read.
                    self._waiting[workspace] = organisation, self._outside.clock.real() + AGAIN_AFTER
                    with each.turn():
                        if (again := await reading.read()) is not None:
                            self._waiting[workspace] = organisation, again
                        else:
                            del self._waiting[workspace]
                    changed += reading.changed
        if changed:
            self._outside.queued()
        each.tell()
        return changed


class _Reading:
    """One list, read from where it stood for as long as its platform lets it be."""

    def __init__(
        self,
        outside: Outside,
        places: ListPlaces,
        directory: Directory,
        organisation: OrganisationId,
        workspace: ChatWorkspace,
        kept: ListPlace,
    ) -> None:
        self._outside = outside
        self._places = places
        self._directory = directory
        self._organisation = organisation
        self._workspace = workspace
        self._kept = places.opened(organisation, kept) if kept.cursor else kept
        self._held: list[Profile] = []
        self.changed = 0
        """How many were met or changed by it."""

    async def read(self) -> datetime | None:
        """Read on; when it is to be called again (real time, UTC), or None at the end of the list."""
        real = self._outside.clock.real
        if (waits := self._kept.waits_until(real())) is not None:
            return waits
        place = self._kept.begun(real())
        for _ in range(MOST_PAGES):
            try:
                page, place = await self._page(place)
            except TryLater as later:
                return await self._wait(place, later)
            self._held += await self._news(page.profiles)
            place = place.past(len(page.profiles), page.further, real())
            if not page.further:
                await self._enter()
                await self._keep(place.ended())
                return None
            if len(self._held) >= MOST_HELD:
                await self._enter()
                await self._keep(place)
        return await self._wait(place, TryLater())

    async def _page(self, place: ListPlace) -> tuple[ListPage, ListPlace]:
        """The page at a place, and the place where it begins. Raises TryLater."""
        try:
            page = await self._directory.page(self._workspace.name, place.cursor)
        except PlaceUnknown:
            # A platform that knows not even the beginning is one that cannot be asked.
            if not place.cursor:
                raise TryLater from None
            place = place.at_beginning()
            try:
                page = await self._directory.page(self._workspace.name)
            except PlaceUnknown:
                raise TryLater from None
        if page.further and page.further == place.cursor:
            # It would go round in a circle.
            raise TryLater(trouble=Trouble.FAILING)
        return page, place

    async def _news(self, profiles: Sequence[Profile]) -> list[Profile]:
        found: list[Profile] = []
        for start in range(0, len(profiles), ASKED_AT_ONCE):
            some = profiles[start : start + ASKED_AT_ONCE]
            found += await self._outside.store.read(self._organisation, partial(news_of, profiles=some))
        return found

    async def _enter(self) -> None:
        """Enter those that are held, a few at a time and in no order."""
        held, self._held = _SHUFFLED.sample(self._held, len(self._held)), []
        for start in range(0, len(held), AT_ONCE):
            some, now = held[start : start + AT_ONCE], self._outside.clock.now()
            enter = partial(enter_listed, profiles=some, now=now)
            self.changed += await self._outside.store.write(self._organisation, enter)

    async def _wait(self, place: ListPlace, later: TryLater) -> datetime:
        await self._enter()
        asked = later.trouble is Trouble.ASKED_TO_WAIT and later.after_seconds is not None
        seconds = min(later.after_seconds or 0.0, LONGEST_WAIT.total_seconds())
        again = self._outside.clock.real() + (timedelta(seconds=seconds) if asked else AGAIN_AFTER)
        await self._keep(replace(place, again_at=again) if asked else place)
        return again

    async def _keep(self, place: ListPlace) -> None:
        """Keep a place where that is news: a list that is read in one go and has as many as before leaves no trace."""
        if place != self._kept:
            await self._places.keep(self._organisation, place)
            self._kept = place
