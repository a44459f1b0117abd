"""Which organisations there are, and which chat workspaces belong to each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, delete, insert, select

from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import KeyId, new_id
from trim_bot.domain.looks import AT_ONCE, ClockLook
from trim_bot.domain.site import Organisation
from trim_bot.storage.engine import lock
from trim_bot.storage.errors import WorkspaceTaken
from trim_bot.storage.records.rows import storable
from trim_bot.storage.row_security import of, see
from trim_bot.storage.tables import looks, organisations, workspaces

# Built once: every gesture begins with one of them.
_SOUGHT: BindParameter[str] = bindparam("sought")
EVERY = (
    select(organisations, workspaces.c.workspace)
    .join(workspaces, workspaces.c.organisation == organisations.c.organisation, isouter=True)
    .order_by(organisations.c.slug, workspaces.c.workspace)
)
_CALLED = EVERY.where(organisations.c.slug == _SOUGHT)
_OWNER = workspaces.alias("owner")
_AT_WORKSPACE = EVERY.where(
    organisations.c.organisation
    == select(_OWNER.c.organisation).where(_OWNER.c.workspace == _SOUGHT).scalar_subquery()
)


_BY_ID = EVERY.where(organisations.c.organisation == _SOUGHT)


def every(connection: Connection) -> list[Organisation]:
    """Every organisation of the deployment, in order of slug."""
    return _those(connection, EVERY)


def at_workspace(connection: Connection, workspace: ChatWorkspace) -> Organisation | None:
    """The organisation of a chat workspace, or None."""
    if not storable(workspace.text):
        return None
    return next(iter(_those(connection, _AT_WORKSPACE, workspace.text)), None)


def called(connection: Connection, slug: str) -> Organisation | None:
    """The organisation with this slug, or None."""
    if not storable(slug):
        return None
    return next(iter(_those(connection, _CALLED, slug)), None)


def by_id(connection: Connection, id: str) -> Organisation | None:
    """The organisation with this id as it stands now, or None."""
    return next(iter(_those(connection, _BY_ID, id)), None)


def disconnect(connection: Connection, workspace: ChatWorkspace) -> None:
    """Forget whose workspace this is."""
    owner = at_workspace(connection, workspace)
    if owner is not None:
        see(connection, of(owner.id))
        connection.execute(delete(workspaces).where(workspaces.c.workspace == workspace.text))


def found(
    connection: Connection, slug: str, workspace: ChatWorkspace | None, new_key: Callable[[], KeyId]
) -> Organisation:
    """Make an organisation, or add the workspace to the one with this slug. Raises WorkspaceTaken."""
    lock(connection, "organisations")
    one = called(connection, slug)
    if one is None:
        one = Organisation(new_id(), slug, new_key())
        see(connection, of(one.id))
        row = {"organisation": one.id, "slug": slug, "key_id": one.key_id}
        connection.execute(insert(organisations), row)
        begun = [{"organisation": one.id, "id": look.value, "due_at": AT_ONCE} for look in ClockLook]
        connection.execute(insert(looks), begun)
    if workspace is not None and workspace not in one.workspaces:
        if at_workspace(connection, workspace) is not None:
            raise WorkspaceTaken
        see(connection, of(one.id))
        connection.execute(insert(workspaces), {"workspace": workspace.text, "organisation": one.id})
    return called(connection, slug) or one


def _those(connection: Connection, query: Select[Any], sought: str = "") -> list[Organisation]:
    return those(connection.execute(query, {"sought": sought}))


def those(rows: Iterable[Row[Any]]) -> list[Organisation]:
    """The organisations of the rows that `EVERY`, narrowed, has given."""
    named: dict[str, Organisation] = {}
    places: dict[str, list[ChatWorkspace]] = {}
    for row in rows:
        named.setdefault(row.organisation, Organisation(row.organisation, row.slug, row.key_id))
        found = [ChatWorkspace.parse(row.workspace)] if row.workspace else []
        places.setdefault(row.organisation, []).extend(found)
    return [Organisation(one.id, one.slug, one.key_id, tuple(places[one.id])) for one in named.values()]
