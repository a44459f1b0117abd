"""Signs what a desk of an earlier version kept, once and never again, and binds the head of the ledger as it grows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.records import Action
from trim_bot.storage.bound_register import BoundRegister
from trim_bot.storage.erasure.eraser import bound_of, connection_of
from trim_bot.storage.errors import OtherLedger
from trim_bot.storage.journal import BY_ITSELF, MORE_SIGNED, SIGNED, Head, SqlJournal, head
from trim_bot.storage.journal_check import LEDGER, ChainFault, ChainFaultKind, Heads, read_register
from trim_bot.storage.kept_roles import roles_of
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.keys.key_tables import key_store_facts
from trim_bot.storage.ledger.anchor import ChainPoint, LedgerHead
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.records.bound_columns import BOUND
from trim_bot.storage.records.bound_rows import id_of, table_of, tag, written
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
TO_CONFIRM, CONFIRMED = "to_confirm", "confirmed"
_DEPLOYMENT = OrganisationId("")
_AT_ONCE = 500


def was_signed(key_store: SqlKeyStore, ledger: ErasureLedger) -> bool:
    """Whether either of the two says so; who has the data alone cannot make them forget. Raises StoreUnavailable."""
    return _marked(key_store) is not None or ledger.fact(MARK) is not None


def to_confirm(key_store: SqlKeyStore) -> bool:
    """Whether nobody has said yet that the roles are right that were signed as they stood."""
    return _marked(key_store) == TO_CONFIRM


def mark_signed(key_store: SqlKeyStore, ledger: ErasureLedger, state: str) -> None:
    """Note that all was signed, and whether somebody is to look at the roles. Raises StoreUnavailable."""
    with write_transaction(key_store.engine) as connection:
        wait_for_other_writers(connection)
        connection.execute(delete(key_store_facts).where(key_store_facts.c.name == MARK))
        connection.execute(insert(key_store_facts).values(name=MARK, value=state))
    if ledger.fact(MARK) is None:
        ledger.note_fact(MARK, "yes")


async def sign_everything(store: SqlStore, keyed: Pseudonyms, now: datetime) -> int:
    """Sign what each organisation keeps, where that was not done before; returns how many roles were signed.

    `now` is business time. Raises StoreUnavailable.
    """
    roles = 0
    for organisation in await store.organisations():
        id = OrganisationId(organisation.id)
        roles += await store.write(id, lambda tx: _signed(connection_of(tx), keyed, tx.organisation, now))
    return roles


def _signed(connection: Connection, keyed: Pseudonyms, organisation: str, now: datetime) -> int:
    if read_register(connection, keyed, organisation).is_signed:
        return 0
    sign_organisation(connection, keyed, organisation, now)
    return len(roles_of(connection, organisation))


def sign_organisation(
    connection: Connection,
    keyed: Pseudonyms,
    organisation: str,
    now: datetime,
    only: Mapping[str, str] | None = None,
) -> None:
    """Write rows of the journal that bind all there is, in the caller's transaction; with `only`, what fits that alone.

    Whatever was bound before counts no more.
    """
    register, found = BoundRegister(organisation, keyed), dict[str, str]()
    for name in BOUND:
        table = table_of(name)
        for row in connection.execute(select(table).where(table.c.organisation == organisation)).mappings():
            place, held = register.ref(table, id_of(table, row)), tag(keyed, organisation, table, row)
            if only is None or only.get(place) == held:
                found[place] = held
    chain, names = SqlJournal(connection, organisation, keyed), sorted(found)
    for start in range(0, max(1, len(names)), _AT_ONCE):
        chain.write(BY_ITSELF, Action.CHANGED, MORE_SIGNED if start else SIGNED, "", now)
        chain.finish(written({name: found[name] for name in names[start : start + _AT_ONCE]}))


async def bind_ledger(store: SqlStore, ledger: ErasureLedger) -> None:
    """Have the deployment's own chain bind the head of the ledger, where it has grown. Raises StoreUnavailable."""
    text = _told(ledger.head())
    if await store.read(_DEPLOYMENT, lambda tx: bound_of(tx).held(LEDGER)) != text:
        await store.write(_DEPLOYMENT, lambda tx: bound_of(tx).note(LEDGER, text))


def ledger_faults(url: str, keyed: Pseudonyms, ledger: ErasureLedger) -> list[ChainFault]:
    """The fault of a ledger that is not whole, or never went through the head that is bound last.

    Raises NoStore, StoreUnavailable.
    """
    engine = durable_engine(url, create=False)
    try:
        with snapshot(engine) as connection:
            see(connection, of(""))
            register = read_register(connection, keyed, "")
    finally:
        engine.dispose()
    held = register.tags.get(LEDGER)
    try:
        ledger.must_be_whole()
        if held is not None:
            ledger.must_pass(_read(held))
    except OtherLedger:
        return [ChainFault("", register.at.seq, ChainFaultKind.LEDGER)]
    return []


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
    register.sync(connection, head(connection, organisation), register.floor)
    if register.broken_at is None and register.is_signed:
        return 0
    sign_organisation(connection, keyed, organisation, now)
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


def _marked(key_store: SqlKeyStore) -> str | None:
    with read_transaction(key_store.engine) as connection:
        return connection.scalar(select(key_store_facts.c.value).where(key_store_facts.c.name == MARK))
