"""Keeps where the reading of each staff list stands, so that it goes on there after a wait and after a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from trim_bot.app.seam.ports import Tokens
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.staff_lists import ListPlace

NOTE = "staff list "
"""How the names of these notes begin; the workspace follows."""
_AT = "at "
"""Stands before a cursor, so that one which was not opened is not taken for one."""


class PlaceNotes(Protocol):
    """Notes of the deployment by their beginning. Every call raises StoreUnavailable."""

    async def under(self, prefix: str) -> Mapping[str, str]:
        """Every note whose name begins with `prefix`."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Keep a note, in place of an older one; durable when it returns."""
        ...


class NotesInMemory:
    """Implements `PlaceNotes` for as long as the process runs."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def under(self, prefix: str) -> Mapping[str, str]:
        """Every note whose name begins with `prefix`."""
        return {name: value for name, value in self.kept.items() if name.startswith(prefix)}

    async def put(self, name: str, value: str) -> None:
        """Keep a note."""
        self.kept[name] = value


class ListPlaces:
    """The places of all lists. What a platform calls a place may name somebody, so it is kept sealed."""

    def __init__(self, notes: PlaceNotes, tokens: Tokens) -> None:
        self._notes = notes
        self._tokens = tokens

    async def all(self) -> dict[ChatWorkspace, ListPlace]:
        """Every place by its workspace, cursors still sealed: one statement. Raises StoreUnavailable."""
        return await list_places(self._notes)

    async def keep(self, organisation: OrganisationId, place: ListPlace) -> None:
        """Keep a place. Raises StoreUnavailable."""
        cursor = self._tokens.hide(organisation, _AT + place.cursor) if place.cursor else ""
        await self._notes.put(NOTE + place.workspace.text, _written(replace(place, cursor=cursor)))

    def opened(self, organisation: OrganisationId, place: ListPlace) -> ListPlace:
        """A place as it was before it was kept; at the beginning where its cursor opens no more."""
        cursor = self._tokens.reveal(organisation, place.cursor) if place.cursor else ""
        if not cursor.startswith(_AT):
            return place.at_beginning()
        return replace(place, cursor=cursor.removeprefix(_AT))


async def list_places(notes: PlaceNotes) -> dict[ChatWorkspace, ListPlace]:
    """How far each list has been read, by its workspace. Raises StoreUnavailable."""
    kept = await notes.under(NOTE)
    read = (_read(name.removeprefix(NOTE), value) for name, value in kept.items())
    return {place.workspace: place for place in read if place is not None}


def _written(place: ListPlace) -> str:
    times = (place.began_at, place.went_on_at, place.again_at)
    return json.dumps(
        {
            "about": place.about,
            "taken": place.taken,
            "cursor": place.cursor,
            "times": [None if one is None else one.astimezone(UTC).isoformat() for one in times],
        }
    )


def _read(name: str, text: str) -> ListPlace | None:
    """A place as it was kept; None where another version wrote it in a way that this one does not know."""
    try:
        workspace, kept = ChatWorkspace.parse(name), json.loads(text)
        began, went_on, again = (
            None if one is None else datetime.fromisoformat(one) for one in kept["times"]
        )
        return ListPlace(
            workspace, int(kept["about"]), int(kept["taken"]), str(kept["cursor"]), began, went_on, again
        )
    except (ValueError, KeyError, TypeError):
        return None
