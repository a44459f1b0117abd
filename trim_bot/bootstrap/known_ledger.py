"""Remembers beside the data which erasure ledger belongs to it, so that a lost one is never made anew."""

from __future__ import annotations

import asyncio
import json

from trim_bot.bootstrap.readiness import Closed, NotReady
from trim_bot.bootstrap.reporting import report
from trim_bot.storage.consistency.stored_identity import IDENTITY
from trim_bot.storage.deployment_notes import Notes
from trim_bot.storage.ledger.anchor import LedgerAnchor
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger, OtherLedger
from trim_bot.storage.small_stores import NoStore

NOTE = "erasure_ledger"
"""The name under which the data keeps the ledger's id and how many lines it was seen to have."""


async def open_ledger(url: str, anchor: LedgerAnchor, notes: Notes, *, changes: bool = True) -> ErasureLedger:
    """The ledger of this data; made only where the data has never had one, and never without `changes`.

    An anchor that is behind by a crash, or was never written, is brought up to it. Raises Closed when the ledger is
    not at this address, OtherLedger when another is or lines are missing, OlderLedger when the anchor knows more
    lines, AnchorUnreadable, StoreUnavailable.
    """
    held = await notes.get(NOTE)
    try:
        ledger = ErasureLedger(url, create=held is None and changes, anchor=anchor, changes=changes)
    except NoStore:
        raise Closed(NotReady.LEDGER_MISSING) from None
    try:
        if held is not None:
            known = json.loads(held)
            ledger.must_be(str(known["id"]), int(known["lines"]))
        elif ledger.fact(IDENTITY) not in (None, await notes.get(IDENTITY)):
            # Another desk's: this data must not remember it as its own.
            raise OtherLedger
        if changes:
            await asyncio.to_thread(ledger.keep_anchor)
            await note_lines(ledger, notes)
        else:
            await asyncio.to_thread(ledger.anchored)
    except BaseException:
        ledger.close()
        raise
    return ledger


async def note_lines(ledger: ErasureLedger, notes: Notes) -> None:
    """Keep how many lines the ledger has now, if they have grown, and mend its anchor, or say that it stays behind.

    Raises StoreUnavailable, and what `ErasureLedger.anchored` raises.
    """
    if ledger.anchor_behind:
        await asyncio.to_thread(ledger.keep_anchor)
        if ledger.anchor_behind:
            report("anchor of the ledger not written")
    lines = await asyncio.to_thread(ledger.lines)
    held = await notes.get(NOTE)
    if held is None or int(json.loads(held)["lines"]) < lines:
        await notes.put(NOTE, json.dumps({"id": ledger.id, "lines": lines}))
