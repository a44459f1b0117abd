"""Looks at the three stores: whether each takes a write and is whole, belongs to the others, and is anchored."""

from __future__ import annotations

import asyncio

from trim_bot.app.clock.clocks import real_now
from trim_bot.app.watch.not_ready_words import STORE_NAMES, trouble_words
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.readiness import words_of
from trim_bot.diagnosis.findings import Finding, fail, ok, warn
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.consistency.check import open_one_of_each
from trim_bot.storage.database_state import check_integrity, try_writing
from trim_bot.storage.journal_check import look_through, still_kept
from trim_bot.storage.kept_roles import accepted_roles
from trim_bot.storage.row_security import LoginStanding, standing_of, unprotected
from trim_bot.storage.signing import to_confirm, was_signed
from trim_bot.storage.small_stores import durable_engine, read_transaction


async def store_findings(deployment: Deployment) -> list[Finding]:
    """One line for each store."""
    places = places_of(deployment.settings)
    urls = {"data": places.data, "keys": places.keys, "ledger": places.ledger}
    return [await asyncio.to_thread(_look, name, url) for name, url in urls.items()]


def _look(name: str, url: str) -> Finding:
    try:
        check_integrity(url)
        try_writing(url)
    except StoreUnavailable as error:
        return fail("stores", trouble_words(error.trouble, name))
    except SafeError as error:
        return fail("stores", f"{STORE_NAMES[name]}: {words_of(error)}")
    return ok("stores", f"The {STORE_NAMES[name]} is whole and takes a write.")


def login_findings(deployment: Deployment) -> list[Finding]:
    """On PostgreSQL, whether the rows of organisations are kept apart, and from this login too."""
    places = places_of(deployment.settings)
    if deployment.settings.is_sqlite:
        return []
    engine = durable_engine(places.data)
    try:
        with read_transaction(engine) as connection:
            bare, standing = unprotected(connection), standing_of(connection)
    finally:
        engine.dispose()
    if bare:
        return [
            fail("logins", f"{len(bare)} table(s) show rows of every organisation. Run trim-bot migrate.")
        ]
    match standing:
        case LoginStanding.ABOVE:
            said = (
                "This login passes over row-level security: an error of the desk could mix up organisations."
            )
        case LoginStanding.OWNER:
            said = "This login owns the tables: whoever has it can change the journal and lift every bound."
        case LoginStanding.BOUND:
            return [ok("logins", "This login sees one organisation at a time, and owns nothing.")]
    return [warn("logins", f"{said} See trim-bot database roles.")]


def erasure_finding(deployment: Deployment) -> Finding:
    """Whether every erasure that was begun has ended."""
    unfinished = len(deployment.ledger.unfinished())
    if unfinished:
        return warn(
            "ledger", f"{unfinished} erasure(s) have not been carried through. Run trim-bot retention run."
        )
    return ok("ledger", "Every erasure that was begun has been carried through.")


def anchor_finding(deployment: Deployment) -> Finding:
    """Whether the head of the ledger is kept outside it; one that is ahead has been refused before."""
    place = deployment.settings.anchor_file
    kept = deployment.ledger.anchored()
    if kept is None:
        return warn(
            "anchor",
            f"The head of the ledger is not kept at {place} (ANCHOR_URL). Can that file be written? "
            "The desk tries at its start.",
        )
    if kept != deployment.ledger.head():
        return warn(
            "anchor", f"The head kept at {place} (ANCHOR_URL) is behind the ledger. Can that file be written?"
        )
    return ok("anchor", f"The head of the ledger is kept at {place}, after {kept.erasures.n} line(s).")


async def journal_findings(deployment: Deployment) -> list[Finding]:
    """Whether the journal and all that it binds is as it was written, and whether somebody has looked at the roles."""
    known = deployment.journals.newest()
    signed = was_signed(deployment.key_store, deployment.ledger, known)
    data = places_of(deployment.settings).data
    known = still_kept(known, deployment.ledger.removed_organisations())
    faults = await asyncio.to_thread(look_through, data, deployment.keyed, anchor=known, signed=signed)
    found = [fail("journal", "Run trim-bot journal verify: it is not as it was written.")] if faults else []
    if not faults and deployment.doubts.noted():
        found.append(
            fail("journal", "It was not whole once. Run trim-bot journal verify: it says what to do.")
        )
    if not signed:
        return [*found, warn("journal", "It is signed at the next start of the desk.")]
    open_still = to_confirm(deployment.key_store)
    roles = [one for one in await accepted_roles(deployment.store) if one.organisation_id in open_still]
    if roles:
        said = ", ".join(f"{one.member} {one.role}" for one in roles)
        found.append(
            warn(
                "roles",
                f"{len(roles)} roles were signed as they stood at the upgrade: {said}. "
                "Look whether each is right, and run trim-bot members list --confirm.",
            )
        )
    if not faults and known is None:
        found.append(warn("journal", "It has no anchor yet; the desk writes one as it runs."))
    return found or [ok("journal", "It is whole, and so is all that it binds.")]


async def record_finding(deployment: Deployment) -> Finding:
    """Whether data and keys belong together, shown by opening some of it."""
    opened = await open_one_of_each(deployment.store, deployment.key_store, deployment.ledger)
    if opened.shut:
        kinds = ", ".join(opened.shut)
        return fail(
            "records", f"Records that should open do not: {kinds}. Bring back the key store from a backup."
        )
    if opened.missing:
        return fail(
            "records", f"{opened.missing} key(s) of records are not in the key store. Those stay unreadable."
        )
    return ok("records", f"One record of each kind opens, {opened.kinds} in all.")


async def key_sweep_finding(deployment: Deployment) -> Finding:
    """What the next look at unused keys would do, and when the last one was."""
    found = await deployment.key_sweep.run(real_now(), dry_run=True)
    if found.refused:
        return warn(
            "unused-keys",
            f"{found.refused} of {found.of} keys have no record, which is too many at once, so all of them stay. "
            "If DATABASE_URL is right, run trim-bot retention run --accept-unused.",
        )
    last = deployment.key_store.swept_at()
    when = "never looked for yet" if last is None else f"last looked for at {last:%Y-%m-%d %H:%M} UTC"
    return ok("unused-keys", f"{found.quarantined} of {found.of} in quarantine; {when}.")
