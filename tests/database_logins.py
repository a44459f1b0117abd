"""Three databases on the throw-away PostgreSQL, and a login for each part of the desk, as the command prints them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from sqlalchemy import URL, make_url

from trim_bot.bootstrap.store_opening import settle_rights
from trim_bot.settings.environment import Settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.database_roles import DatabaseRole, StoreKind, names_of, sql_for_administrator
from trim_bot.storage.migrate import migrate

PREFIX = "desk"
"""Logins belong to the whole server; what each may do belongs to a database."""


@dataclass(frozen=True, slots=True)
class Logins:
    """The three databases as the administrator reaches them."""

    data: str
    keys: str
    ledger: str

    @staticmethod
    def made(new_database: Callable[[], str]) -> Logins:
        """Three empty databases, and the logins."""
        made = Logins(new_database(), new_database(), new_database())
        for kind, url in zip(StoreKind, (made.data, made.keys, made.ledger), strict=True):
            run_as_administrator(url, sql_for_administrator(kind, str(make_url(url).database), PREFIX))
        return made

    def places(self, role: DatabaseRole) -> Places:
        """The three addresses of one login."""
        return Places(*(as_login(url, role) for url in (self.data, self.keys, self.ledger)))

    def environment(self, role: DatabaseRole) -> dict[str, str]:
        """What one process is told of where everything is kept."""
        places = self.places(role)
        return {"DATABASE_URL": places.data, "KEYSTORE_URL": places.keys, "LEDGER_URL": places.ledger}


def as_login(url: str, role: DatabaseRole) -> str:
    """The address of a database with another login."""
    return make_url(url).set(username=names_of(PREFIX)[role]).render_as_string(hide_password=False)


def bring_up(settings: Settings) -> None:
    """What the owner does before anybody serves, where the process of these settings has a login that is bound."""
    places = places_of(settings)
    if not settings.is_sqlite and make_url(places.data).username in names_of(PREFIX).values():
        owner = Places(
            *(as_login(url, DatabaseRole.OWNER) for url in (places.data, places.keys, places.ledger))
        )
        migrate(owner.data)
        settle_rights(owner)


def run_as_administrator(url: str, printed: str) -> None:
    """Run what the command printed as psql does, which is told by its first line where to connect to."""
    first, _, rest = printed.partition("\n")
    name = first.removeprefix("\\connect ").strip('"')
    plain: URL = make_url(url).set(drivername="postgresql", database=name)
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(rest.encode())
