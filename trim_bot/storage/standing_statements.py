"""The statements that ask who serves and what closed weeks say, row by row, so that each row can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Select,
    Text,
    bindparam,
    case,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

from trim_bot.domain.people import Availability
from trim_bot.storage.tables import beginnings, grants, members, trainings, weeks

_WHOSE: BindParameter[str] = bindparam("whose")
_COLUMNS: Mapping[str, TypeEngine[Any]] = {
    **dict.fromkeys(("id", "name", "detail", "member", "more"), Text()),
    "flag": Boolean(),
    **dict.fromkeys(("since", "until"), Date()),
    "at": weeks.c.written_at.type,
}
"""What every part of the status page's one question has, empty where it says nothing of it."""


def _part(name: str, /, **given: ColumnElement[Any]) -> Select[Any]:
    # Words of our own are written into the statement: they are the same for everybody.
    columns = (given.get(one, cast(null(), kind)).label(one) for one, kind in _COLUMNS.items())
    return select(literal_column(f"'{name}'", Text).label("part"), *columns)


_WEEKS = _part(
    "week",
    id=weeks.c.id, name=weeks.c.says, detail=weeks.c.practitioners, more=weeks.c.leads, at=weeks.c.written_at,
).where(weeks.c.organisation == _WHOSE, weeks.c.id.in_((bindparam("newest"), bindparam("before"))))  # fmt: skip
_BEGAN = _part("began", id=beginnings.c.id, since=beginnings.c.began_on).where(
    beginnings.c.organisation == _WHOSE
)
# Leave with a last day leaves what they declared before as it was.
_ROOM = case(
    (members.c.on_leave, literal_column(f"'{Availability.AWAY.value}'", Text)), else_=members.c.availability
)
_OF_GRANT = (members.c.organisation == grants.c.organisation) & (members.c.id == grants.c.member_id)
_GRANTED = (
    _part(
        "grant",
        id=grants.c.id, name=grants.c.role, detail=_ROOM, member=members.c.id, more=members.c.key_id,
        flag=members.c.left,
    )
    .select_from(grants.join(members, _OF_GRANT))
    .where(grants.c.organisation == _WHOSE)
)  # fmt: skip
# One look into the index for each of those who serve.
_TRAINED = _part(
    "training",
    id=trainings.c.id, member=trainings.c.member_id, since=trainings.c.trained_on, until=trainings.c.expires_on,
).where(
    trainings.c.organisation == _WHOSE,
    trainings.c.member_id.in_(select(grants.c.member_id).where(grants.c.organisation == _WHOSE)),
)  # fmt: skip

# Built once: building it anew would cost more than running it.
SERVING = union_all(_GRANTED, _TRAINED)
STANDING = union_all(_WEEKS, _BEGAN, _GRANTED, _TRAINED)
