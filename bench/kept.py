"""Keeps filled organisations between runs, and hands out a copy to measure on: filling a large one takes minutes.

They lie under `build/bench`, or where `BENCH_FOLDER` says, by plan and by what the schema and the filler are; when
either changes they are filled anew, and what is there of before may be deleted.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from bench import population
from bench.databases import Kind
from bench.population import KNOWN, NOW, Plan, fill, small_ones
from bench.serving import ROOT
from tests.builders import Town
from tests.fakes import FakeClock
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.crypto.tokens import SealedTokens
from trim_bot.crypto.vault import Vault
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Profile
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.migrate import migrate
from trim_bot.storage.schema_version import head
from trim_bot.storage.store import SqlStore


def kept_folder() -> Path:
    """Where filled organisations are kept."""
    return Path(os.environ.get("BENCH_FOLDER", "") or ROOT / "build" / "bench")


@dataclass(frozen=True, slots=True)
class Place:
    """A filled organisation: its two databases, its keyring, and who is who in it."""

    data: str
    keys: str
    note: Path


@dataclass(frozen=True, slots=True)
class Opened:
    """A copy that is opened with nothing in memory."""

    place: Place
    store: SqlStore
    town: Town


def _name(plan: Plan) -> str:
    filler = Path(population.__file__).read_bytes()
    told = json.dumps([asdict(plan), head(), hashlib.sha256(filler).hexdigest()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@asynccontextmanager
async def copy_of(plan: Plan, kind: Kind) -> AsyncIterator[Place]:
    """A copy of a filled organisation, which goes after the block; it is filled first where it is not kept."""
    folder = kept_folder()
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / f"{_name(plan)}-{kind.name.lower()}.json"
    if kind.server:
        async with _on_server(plan, kind, note) as place:
            yield place
        return
    kept = Place(f"sqlite:///{note.with_suffix('.data')}", f"sqlite:///{note.with_suffix('.keys')}", note)
    if not note.exists():
        for url in (kept.data, kept.keys):
            Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
        await _filled(plan, kept)
    copies = [kind.new(), kind.new()]
    for source, copy in zip((kept.data, kept.keys), copies, strict=True):
        shutil.copyfile(source.removeprefix("sqlite:///"), copy.removeprefix("sqlite:///"))
    try:
        yield Place(copies[0], copies[1], note)
    finally:
        for copy in copies:
            for ending in ("", "-wal", "-shm", ".opening"):
                Path(copy.removeprefix("sqlite:///") + ending).unlink(missing_ok=True)


@asynccontextmanager
async def _on_server(plan: Plan, kind: Kind, note: Path) -> AsyncIterator[Place]:
    """On PostgreSQL a copy is a database made after another one."""
    name = note.stem.replace("-", "_")
    names = [f"{name}_data", f"{name}_keys"]
    with _administrator(kind.server) as run:
        if not note.exists() or not all(run.known(one) for one in names):
            for one in names:
                run.drop(one)
                run.make(one)
            data, keys = (_at(kind.server, one) for one in names)
            await _filled(plan, Place(data, keys, note))
        copies = [f"{one}_{os.getpid()}" for one in names]
        for source, copy in zip(names, copies, strict=True):
            run.make(copy, after=source)
        try:
            yield Place(_at(kind.server, copies[0]), _at(kind.server, copies[1]), note)
        finally:
            for copy in copies:
                run.drop(copy)


async def _filled(plan: Plan, place: Place) -> None:
    keyring = Keyring.new()
    migrate(place.data)
    with _stores(place, keyring) as store:
        town = Town(store=store, tokens=SealedTokens(keyring), clock=FakeClock(NOW))
        await town.found()
        await fill(town, store, plan)
        await small_ones(store, plan.others)
    _settled(place.data)
    # Last, so that what was cut short is filled anew.
    place.note.write_text(
        json.dumps({"keyring": keyring.as_text(), "ids": town.ids, "people": plan.people}), encoding="utf-8"
    )


@contextmanager
def _stores(place: Place, keyring: Keyring) -> Iterator[SqlStore]:
    keys = SqlKeyStore(place.keys)
    store = SqlStore(place.data, Vault(keyring, keys), Pseudonyms(keyring))
    try:
        yield store
    finally:
        store.close()
        keys.close()


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[Opened]:
    """The desk on a copy, as a process has it that has just begun: no key and no answer in memory."""
    note = json.loads(place.note.read_text(encoding="utf-8"))
    os.environ["BENCH_KEYRING"] = note["keyring"]
    keyring = Keyring.load("env:BENCH_KEYRING")
    with _stores(place, keyring) as store:
        town = Town(store=store, tokens=SealedTokens(keyring), clock=FakeClock(NOW))
        town.ids = {name: MemberId(id) for name, id in note["ids"].items()}
        for name in (*town.ids, *(f"person{number}" for number in range(min(note["people"], KNOWN)))):
            address = town.actor(name).address
            town.directory.profiles[address.text] = Profile(address, name.title())
        organisation = await store.organisation_called("acme")
        assert organisation is not None
        town.organisation = organisation
        yield Opened(place, store, town)


def _settled(url: str) -> None:
    from bench.filling import settled

    settled(url)


class _Administrator:
    """Makes and drops databases."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def known(self, name: str) -> bool:
        return bool(
            self._connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        )

    def make(self, name: str, *, after: str = "template0") -> None:
        self._connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(after))
        )

    def drop(self, name: str) -> None:
        self._connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


@contextmanager
def _administrator(server: str) -> Iterator[_Administrator]:
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield _Administrator(connection)


def _at(server: str, name: str) -> str:
    address = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return address.render_as_string(hide_password=False)
