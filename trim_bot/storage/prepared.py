"""Runs the statements that every gesture makes on the driver's own cursor, each prepared once for its kind of database.

SQLAlchemy writes the statement and knows its types; what it does at each execution beside that costs more than the
database's own work. Whatever is not understood here goes its usual way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Executable
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.selectable import CompoundSelect, Select
from sqlalchemy.types import TypeEngine

Row = Mapping[str, Any] | RowMapping
"""One row by the names of its columns."""
_Way = Callable[[Any], Any]
_MOST = 2000
"""More statements than there are; beyond it the memory begins anew."""
_KNOWN = Select, CompoundSelect, Insert, Update, Delete


@dataclass(frozen=True, slots=True)
class _Value:
    """One value that goes in: the name it is given by, what stands where none is given, and how it is kept."""

    place: str
    name: str
    otherwise: object
    is_needed: bool
    way: _Way | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it."""

    statement: Executable
    """Kept so that no other can be taken for it."""
    sql: str
    values: tuple[_Value, ...]
    by_place: bool
    """Whether the driver takes values in order, not by name."""
    columns: tuple[str, ...]
    ways: tuple[tuple[int, _Way], ...]
    """How the values of some columns come out."""


_prepared: dict[tuple[object, ...], _Prepared | None] = {}


def rows(connection: Connection, statement: Executable, values: Mapping[str, object]) -> Sequence[Row]:
    """All rows of a statement that is built once and kept; raises as SQLAlchemy does."""
    found = _of(connection, statement, values)
    if found is None:
        return [dict(row) for row in connection.execute(statement, values).mappings()]
    return _run(connection, found, values)[0]


def first(connection: Connection, statement: Executable, values: Mapping[str, object]) -> Row | None:
    """The first row of it, or None."""
    return next(iter(rows(connection, statement, values)), None)


def change(connection: Connection, statement: Executable, values: Mapping[str, object]) -> int:
    """How many rows it changed."""
    found = _of(connection, statement, values)
    if found is None:
        return connection.execute(statement, values).rowcount
    return _run(connection, found, values)[1]


def change_all(connection: Connection, statement: Executable, every: Sequence[Mapping[str, object]]) -> int:
    """How many rows it changed, run once with each of these values, all of the same names, in one go."""
    if len(every) == 1:
        return change(connection, statement, every[0])
    found = _of(connection, statement, every[0])
    if found is None:
        return connection.execute(statement, list(every)).rowcount
    return _run(connection, found, every)[1]


def _run(
    connection: Connection, prepared: _Prepared, values: Mapping[str, object] | Sequence[Mapping[str, object]]
) -> tuple[list[dict[str, object]], int]:
    dialect = connection.dialect
    is_one = isinstance(values, Mapping)
    asked = (
        _asked(prepared, values) if isinstance(values, Mapping) else [_asked(prepared, one) for one in values]
    )
    # Asking whoever watches would cost as much as the statement, where nobody does.
    is_watched = connection._has_events or connection.engine._has_events
    cursor = connection.connection.cursor()
    try:
        if is_watched:
            _tell(connection, "before_cursor_execute", cursor, prepared.sql, asked, many=not is_one)
        try:
            (cursor.execute if is_one else cursor.executemany)(prepared.sql, asked)
            found = cursor.fetchall() if prepared.columns else []
        except dialect.loaded_dbapi.Error as error:
            raise _as_told_by_sqlalchemy(connection, prepared.sql, error, cursor) from None
        if is_watched:
            _tell(connection, "after_cursor_execute", cursor, prepared.sql, asked, many=not is_one)
        count: int = cursor.rowcount
    finally:
        cursor.close()
    return [_row(prepared, one) for one in found], count


def _asked(prepared: _Prepared, values: Mapping[str, object]) -> Any:
    """One set of values as the driver takes them."""
    given = _kept(prepared, values)
    if prepared.by_place:
        return given
    return dict(zip((one.place for one in prepared.values), given, strict=True))


def _kept(prepared: _Prepared, values: Mapping[str, object]) -> list[object]:
    try:
        return [
            held if one.way is None else one.way(held)
            for one in prepared.values
            for held in (values[one.name] if one.is_needed else values.get(one.name, one.otherwise),)
        ]
    except Exception:  # noqa: BLE001, S110 (whatever it is, SQLAlchemy calls it so, and it may quote a value)
        pass
    raise StatementError("a value cannot be kept", prepared.sql, None, None, hide_parameters=True)


def _row(prepared: _Prepared, found: Sequence[object]) -> dict[str, object]:
    row = dict(zip(prepared.columns, found, strict=True))
    for place, way in prepared.ways:
        name = prepared.columns[place]
        row[name] = way(row[name])
    return row


def _tell(connection: Connection, event: str, cursor: object, sql: str, asked: object, *, many: bool) -> None:
    """Whoever watches the statements of an engine hears of these as well."""
    for listener in getattr(connection.dispatch, event):
        listener(connection, cursor, sql, asked, None, many)


def _as_told_by_sqlalchemy(connection: Connection, sql: str, error: Exception, cursor: Any) -> BaseException:
    """The same error as SQLAlchemy would raise, without a word of what was to be kept."""
    dialect = connection.dialect
    is_gone = dialect.is_disconnect(error, connection.connection.driver_connection, cursor)  # type: ignore[arg-type]
    told = DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_gone,
        dialect=dialect,
    )
    if is_gone:
        connection.invalidate(error)
    return told


def _of(connection: Connection, statement: Executable, values: Mapping[str, object]) -> _Prepared | None:
    if not connection.in_transaction():
        # SQLAlchemy begins one; the driver would commit at once.
        return None
    dialect = connection.dialect
    names = tuple(values) if isinstance(statement, Insert | Update) else ()
    key = (id(statement), names, type(dialect), dialect.paramstyle, dialect.server_version_info)
    try:
        return _prepared[key]
    except KeyError:
        if len(_prepared) >= _MOST:
            _prepared.clear()
        found = _prepared[key] = _prepare(statement, dialect, names)
        return found


def _prepare(statement: Executable, dialect: Dialect, names: Sequence[str]) -> _Prepared | None:
    """The statement as the driver takes it; None where SQLAlchemy does more than that at each execution."""
    if not isinstance(statement, _KNOWN):
        return None
    keys = list(names) if isinstance(statement, Insert | Update) else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    if not isinstance(compiled, SQLCompiler) or _is_more(compiled):
        return None
    places = compiled.positiontup if compiled.positional else list(compiled.binds)
    values = tuple(_value(place, compiled.binds[place], dialect) for place in places or ())
    columns = _columns(statement)
    ways = ((at, _way_out(kind, dialect)) for at, (_, kind) in enumerate(columns))
    return _Prepared(
        statement,
        compiled.string,
        values,
        compiled.positional,
        tuple(name for name, _ in columns),
        tuple((at, way) for at, way in ways if way is not None),
    )


def _is_more(compiled: SQLCompiler) -> bool:
    """Whether lists are written out, or values made, at each execution."""
    return bool(
        compiled.escaped_bind_names
        or compiled.literal_execute_params
        or compiled.post_compile_params
        or compiled.insert_prefetch
        or compiled.update_prefetch
    )


def _columns(statement: Any) -> list[tuple[str, TypeEngine[Any]]]:
    is_read = isinstance(statement, Select | CompoundSelect)
    held = statement.selected_columns if is_read else statement.exported_columns
    return [(str(column.key), column.type) for column in held]


def _value(place: str, bind: BindParameter[Any], dialect: Dialect) -> _Value:
    way = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return _Value(place, bind.key, bind.value, bind.required, way)


def _way_out(kind: TypeEngine[Any], dialect: Dialect) -> _Way | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
