"""Whether an organisation holds anything that somebody did, and all of it taken out where it does not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select

from trim_bot.app.seam.work import COMMAND_LINE, RESTORE
from trim_bot.domain.errors import SafeError
from trim_bot.domain.people import Role
from trim_bot.domain.records import Measure
from trim_bot.storage import tables as t
from trim_bot.storage.journal import BY_ITSELF
from trim_bot.storage.row_security import must_own

BY_NOBODY = ("", BY_ITSELF, COMMAND_LINE, RESTORE)
"""Who stands in the journal where no member did anything."""
MADE_BY_THE_START = frozenset(
    {
        *(table for table in t.metadata.sorted_tables if table.name in ("founding", "grant_request")),
        t.organisations, t.workspaces, t.meta, t.journal, t.takings_back, t.sites, t.members, t.accounts, t.greetings,
        t.reporting_lines, t.grants, t.outgoing, t.notes_sent, t.beginnings, t.counting_since, t.counts, t.weeks,
        t.sessions, t.looks,
    }
)  # fmt: skip
"""Tables that the founding, a site file, the command line, a list of staff and the clock fill by themselves."""
_ALSO_ASKED: dict[Table, ColumnElement[bool]] = {
    t.journal: t.journal.c.actor.not_in(BY_NOBODY),
    t.sessions: t.sessions.c.purpose != "link",
    t.counts: t.counts.c.measure != Measure.UNDERSTAFFED.value,
    t.grants: t.grants.c.role != Role.SUSPENDED_LEAD.value,
}
"""Rows of those that come of a member's own doing all the same."""
_WORDS = {
    t.grants: "somebody holds a role",
    t.journal: "somebody used it",
    t.sessions: "somebody is signed in",
    t.installations: "the app is installed in its workspace",
    t.bulletins: "figures were published",
}


class OrganisationInUse(SafeError):
    """It holds something that somebody did, or that was published."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was removed: {why}. Only an empty organisation can be removed")


def use_of(connection: Connection, organisation: str) -> str:
    """Why an organisation is in use, in words that tell of no case; empty where nothing there was anybody's doing.

    The transaction must see the organisation.
    """
    for table in t.metadata.sorted_tables:
        condition = _ALSO_ASKED.get(table)
        if table in MADE_BY_THE_START and condition is None:
            continue
        query = select(table.c.organisation).where(table.c.organisation == organisation).limit(1)
        if condition is not None:
            query = query.where(condition)
        if connection.execute(query).first() is not None:
            return _WORDS.get(table, "it was used")
    return ""


def made_at(connection: Connection, organisation: str) -> datetime | None:
    """When it was founded (UTC), by the first row of its journal."""
    query = select(func.min(t.journal.c.at)).where(t.journal.c.organisation == organisation)
    found: datetime | None = connection.scalar(query)
    return found


def keys_of_empty(connection: Connection, organisation: str) -> list[str]:
    """Every key of an organisation that nobody used. Raises OrganisationInUse, NotTheOwner."""
    must_own(connection)
    if why := use_of(connection, organisation):
        raise OrganisationInUse(why)
    return keys_of(connection, organisation)


def keys_of(connection: Connection, organisation: str) -> list[str]:
    """Every key of an organisation, by its id."""
    found: set[str] = set()
    for table in _tables():
        if "key_id" in table.columns:
            query = select(table.c.key_id).where(table.c.organisation == organisation)
            found.update(connection.scalars(query))
    return sorted(found)


def delete_all(connection: Connection, organisation: str) -> None:
    """Delete every row of an organisation, its journal and itself. Done again, it does nothing."""
    for table in _tables():
        connection.execute(delete(table).where(table.c.organisation == organisation))


def _tables() -> list[Table]:
    """Every table; the organisation itself last, without which the others could not be found."""
    return sorted(t.metadata.sorted_tables, key=lambda table: table is t.organisations)
