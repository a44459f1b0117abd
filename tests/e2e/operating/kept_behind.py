"""Reads and changes the stores of a place behind the desk, as somebody with the database and no key does."""

from __future__ import annotations

from sqlalchemy import Executable, Select

from tests.e2e.operating.conftest import Place
from trim_bot.storage.row_security import see_all_rows
from trim_bot.storage.small_stores import durable_engine, write_transaction


def change(place: Place, statement: Executable, *, store: str = "data") -> None:
    """Change `data` or `keys` with one statement."""
    settings = place.settings()
    url = settings.database_url if store == "data" else settings.keystore_url
    engine = durable_engine(url.get_secret_value())
    with write_transaction(engine) as connection:
        if store == "data":
            see_all_rows(connection)
        connection.execute(statement)
    engine.dispose()


def value_of(place: Place, query: Select[tuple[str]]) -> str:
    """The first value that a question to the data finds; `None` as text where there is none."""
    engine = durable_engine(place.settings().database_url.get_secret_value())
    with write_transaction(engine) as connection:
        see_all_rows(connection)
        found = str(connection.scalar(query.limit(1)))
    engine.dispose()
    return found
