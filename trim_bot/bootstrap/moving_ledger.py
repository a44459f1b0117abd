"""Copies and moves the ledger of a deployment, once it is shown to be the whole and newest one of this data."""

from __future__ import annotations

from trim_bot.app.watch.not_ready import NotReady
from trim_bot.bootstrap.readiness import Closed
from trim_bot.bootstrap.store_opening import exclusive_use, remembered_ledger
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.settings.environment import Settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.deployment_notes import is_new_database
from trim_bot.storage.errors import OtherLedger
from trim_bot.storage.ledger.anchor import AnchorUnreadable, FileAnchor
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.ledger_copies import CopiedLedger, copy_ledger, move_ledger
from trim_bot.storage.signing import ledger_faults
from trim_bot.storage.usage_lock import UsageLock


def copy_of_ledger(settings: Settings, target: str) -> tuple[CopiedLedger, bool]:
    """Write a copy to the address `target`; whether an anchor showed that it is the newest.

    Raises what `copy_ledger` and `ErasureLedger.anchored` do.
    """
    place = places_of(settings).ledger
    held = ErasureLedger(place, create=False, anchor=FileAnchor(settings.anchor_file))
    user = UsageLock(place)
    try:
        # While it is moved or restored from, it is nobody else's.
        user.take()
        anchored = held.anchored() is not None
        return copy_ledger(place, target), anchored
    finally:
        user.close()
        held.close()


def move_whole_ledger(settings: Settings, keyring: Keyring, target: str) -> CopiedLedger:
    """Move the ledger to the address `target`; nobody works with any of the stores meanwhile.

    Raises AnotherDesk, InUse, Closed where nothing was ever kept, OtherLedger where it is not the one that data,
    journal and anchor tell of, AnchorUnreadable, and what `move_ledger` does.
    """
    places = places_of(settings)
    # Before any lock, which leaves a file.
    if is_new_database(places.data) or (known := remembered_ledger(places.data)) is None:
        raise Closed(NotReady.NOTHING_KEPT)
    with exclusive_use(settings):
        held = ErasureLedger(places.ledger, create=False, anchor=FileAnchor(settings.anchor_file))
        try:
            held.must_be(known.id, known.lines)
            if ledger_faults(places.data, Pseudonyms(keyring), held):
                raise OtherLedger
            held.keep_anchor()
            if held.anchor_behind:
                raise AnchorUnreadable
            return move_ledger(held, places.ledger, target)
        finally:
            held.close()
