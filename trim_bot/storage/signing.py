"""Signs what a desk of an earlier version kept, once and never again, and binds the head of the ledger as it grows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.records import Action
from trim_bot.storage.bound_register import BoundRegister
from trim_bot.storage.erasure.eraser import bound_of, connection_of
from trim_bot.storage.errors import OtherLedger
from trim_bot.storage.journal import BOUND as BOUND_ROW
from trim_bot.storage.journal import (
    BY_ITSELF,
    MORE_SIGNED,
    PLAIN_LENGTH,
    SIGNED,
    Head,
    SqlJournal,
    digest_at,
    head,
)
from trim_bot.storage.journal_check import LEDGER, RESTORES, ChainFault, ChainFaultKind, Heads, read_register
from trim_bot.storage.kept_roles import accepted_roles
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.keys.key_tables import key_store_facts
from trim_bot.storage.ledger.anchor import ChainPoint, LedgerHead
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.records.bound_columns import BOUND
from trim_bot.storage.records.bound_rows import GONE, id_of, table_of, tag, written
from trim_bot.storage.records.sealing import Pseudonyms
from trim_bot.storage.row_security import of, see
from trim_bot.storage.small_stores import (
    durable_engine,
    read_transaction,
    snapshot,
    wait_for_other_writers,
    write_transaction,
)
from trim_bot.storage.store import SqlStore

MARK = "journal_signed"
"""The fact, in key store and ledger, that all was signed once: whatever is not bound since then never counts."""
_TO_CONFIRM = "confirm:"
"""How a fact of the key store begins that names an organisation whose roles nobody has confirmed yet."""
_DEPLOYMENT = OrganisationId("")
_AT_ONCE = 500


def was_signed(key_store: SqlKeyStore, ledger: ErasureLedger, known: Heads | None) -> bool:
    """Whether key store, ledger or `known`, the anchor, says so; who has the data alone cannot make them forget.

    Raises StoreUnavailable.
    """
    if any(head.seq and len(head.digest) != PLAIN_LENGTH for head in (known or {}).values()):
        return True
    return MARK in _facts(key_store) or ledger.fact(MARK) is not None


def to_confirm(key_store: SqlKeyStore) -> set[str]:
    """The organisations whose roles were signed as they stood, and nobody has said yet that they are right."""
    return {name.removeprefix(_TO_CONFIRM) for name in _facts(key_store) if name.startswith(_TO_CONFIRM)}


def mark_signed(key_store: SqlKeyStore, ledger: ErasureLedger) -> None:
    """Note that all was signed. Raises StoreUnavailable."""
    _note(key_store, MARK)
    if ledger.fact(MARK) is None:
        ledger.note_fact(MARK, "yes")


def ask_to_confirm(key_store: SqlKeyStore, organisation: str) -> None:
    """Note that somebody is to look at the roles of an organisation. Raises StoreUnavailable."""
    _note(key_store, _TO_CONFIRM + organisation)


def confirm_roles(key_store: SqlKeyStore, organisation: str) -> None:
    """Note that somebody has said that they are right. Raises StoreUnavailable."""
    with write_transaction(key_store.engine) as connection:
        connection.execute(
            delete(key_store_facts).where(key_store_facts.c.name == _TO_CONFIRM + organisation)
        )


async def sign_everything(store: SqlStore, key_store: SqlKeyStore, keyed: Pseudonyms, now: datetime) -> int:
    """Sign what each organisation keeps, where that was not done before; returns how many roles stand in all.

    That somebody is to look at them is noted first, so that it is not lost where this is cut short. `now` is
    business time. Raises StoreUnavailable.
    """
    roles = await accepted_roles(store)
    for organisation in {role.organisation_id for role in roles}:
        await asyncio.to_thread(ask_to_confirm, key_store, organisation)
    for one in await store.organisations():
        await store.write(
            OrganisationId(one.id), lambda tx: _sign(connection_of(tx), keyed, tx.organisation, now)
        )
    return len(roles)


def _sign(connection: Connection, keyed: Pseudonyms, organisation: str, now: datetime) -> None:
    if not read_register(connection, keyed, organisation).is_signed:
        sign_organisation(connection, keyed, organisation, now)


def sign_organisation(
    connection: Connection,
    keyed: Pseudonyms,
    organisation: str,
    now: datetime,
    only: Mapping[str, str] | None = None,
    after: int = 0,
) -> None:
    """Write rows of the journal that bind all there is, in the caller's transaction; with `only`, what fits that alone.

    Whatever was bound before counts no more. After rows that are missing, up to the number `after`, a gap stays.
    """
    register, found = BoundRegister(organisation, keyed), dict[str, str]()
    for name in BOUND:
        table = table_of(name)
        for row in connection.execute(select(table).where(table.c.organisation == organisation)).mappings():
            place, held = register.ref(table, id_of(table, row)), tag(keyed, organisation, table, row)
            if only is None or only.get(place) == held:
                found[place] = held
    chain, names = SqlJournal(connection, organisation, keyed), sorted(found)
    if after:
        chain.miss(after)
        # What follows the gap does not fit; the row that signs everything fits this one.
        chain.write(BY_ITSELF, Action.CHANGED, BOUND_ROW, "", now)
    for start in range(0, max(1, len(names)), _AT_ONCE):
        chain.write(BY_ITSELF, Action.CHANGED, MORE_SIGNED if start else SIGNED, "", now)
        chain.finish(written({name: found[name] for name in names[start : start + _AT_ONCE]}))


async def bind_ledger(store: SqlStore, ledger: ErasureLedger) -> None:
    """Have the deployment's own chain bind the head of the ledger, where it has grown. Raises StoreUnavailable."""
    text = _told(ledger.head())
    if await store.read(_DEPLOYMENT, lambda tx: bound_of(tx).held(LEDGER)) != text:
        await store.write(_DEPLOYMENT, lambda tx: bound_of(tx).note(LEDGER, text))


async def restores_of(store: SqlStore) -> int:
    """How often the data was restored, as its journal says. Raises StoreUnavailable."""
    held = await store.read(_DEPLOYMENT, lambda tx: bound_of(tx).held(RESTORES))
    return 0 if held == GONE else int(held)


def restores_in(url: str, keyed: Pseudonyms) -> int:
    """The same of the data at an address. Raises NoStore, StoreUnavailable."""
    return int(_of_deployment(url, keyed).tags.get(RESTORES, 0))


def note_restored(connection: Connection, keyed: Pseudonyms, restores: int) -> None:
    """Have the deployment's own chain bind how often it was restored, in the caller's transaction."""
    chain = SqlJournal(connection, _DEPLOYMENT, keyed)
    chain.finish(written({RESTORES: str(restores)}))


def ledger_faults(url: str, keyed: Pseudonyms, ledger: ErasureLedger) -> list[ChainFault]:
    """The fault of a ledger that is not whole, or never went through the head that is bound last.

    Raises NoStore, StoreUnavailable.
    """
    register = _of_deployment(url, keyed)
    held = register.tags.get(LEDGER)
    try:
        ledger.must_be_whole()
        if held is not None:
            ledger.must_pass(_read(held))
    except OtherLedger:
        return [ChainFault("", register.at.seq, ChainFaultKind.LEDGER)]
    return []


def _of_deployment(url: str, keyed: Pseudonyms) -> BoundRegister:
    engine = durable_engine(url, create=False)
    try:
        with snapshot(engine) as connection:
            see(connection, of(_DEPLOYMENT))
            return read_register(connection, keyed, _DEPLOYMENT)
    finally:
        engine.dispose()


async def accept(store: SqlStore, keyed: Pseudonyms, known: Heads, now: datetime) -> int:
    """Sign everything as it stands, where rows of a journal do not fit or are missing; returns in how many places.

    `known` is what an anchor knows, and `now` business time. Raises StoreUnavailable.
    """
    done = 0
    for organisation in await store.organisations():
        id = OrganisationId(organisation.id)
        done += await store.write(
            id, lambda tx: _accepted(connection_of(tx), keyed, known, tx.organisation, now)
        )
    return done


def _accepted(
    connection: Connection, keyed: Pseudonyms, known: Heads, organisation: str, now: datetime
) -> int:
    register = BoundRegister(organisation, keyed, floor=known.get(organisation, Head(0, "")))
    last = head(connection, organisation)
    register.sync(connection, last, register.floor)
    if register.broken_at is None and register.is_signed:
        return 0
    # Where the anchor was not met, nothing in the chain itself may tell of it.
    met = (
        register.floor.seq == 0
        or digest_at(connection, organisation, register.floor.seq) == register.floor.digest
    )
    lost = 0 if met and last.seq else max(last.seq, register.floor.seq) + 1
    sign_organisation(connection, keyed, organisation, now, after=lost)
    return 1


def _told(head: LedgerHead) -> str:
    return ".".join(
        map(
            str,
            (head.ledger, head.erasures.n, head.erasures.digest, head.revocations.n, head.revocations.digest),
        )
    )


def _read(text: str) -> LedgerHead:
    ledger, erased, first, taken, second = text.split(".")
    return LedgerHead(ledger, ChainPoint(int(erased), first), ChainPoint(int(taken), second))


def _facts(key_store: SqlKeyStore) -> set[str]:
    with read_transaction(key_store.engine) as connection:
        return set(connection.scalars(select(key_store_facts.c.name)))


def _note(key_store: SqlKeyStore, name: str) -> None:
    with write_transaction(key_store.engine) as connection:
        wait_for_other_writers(connection)
        connection.execute(delete(key_store_facts).where(key_store_facts.c.name == name))
        connection.execute(insert(key_store_facts).values(name=name, value="yes"))
