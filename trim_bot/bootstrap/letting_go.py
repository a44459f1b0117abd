"""Moves work on from those who manage somebody by newly imported reporting lines, in short transactions."""

from __future__ import annotations

import asyncio

from trim_bot.app.handover.reassignment import Held, let_go, wrongly_held
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import CLOCK, Work
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.desk_without_chats import desk_without_chats
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Organisation

PAUSE_SECONDS = 0.02
"""Between two short writes, so that a running desk gets its turn."""


async def let_go_of_managed(deployment: Deployment, organisation: Organisation) -> None:
    """Nobody keeps a case, a request or a wait about somebody they manage; how many moved is told to nobody.

    The desk that runs tells the next owners at its next beat. Done again, it changes nothing more.
    Raises StoreUnavailable.
    """
    desk = await desk_without_chats(deployment.store, deployment.notes, deployment.clock, deployment.tokens)
    id = OrganisationId(organisation.id)

    def work(tx: Tx) -> Work:
        return desk.work(tx, organisation, CLOCK, None, {})

    # Looking takes no turn from a running desk; only what must move is written.
    for held in await deployment.store.read(id, lambda tx: wrongly_held(work(tx))):

        def body(tx: Tx, held: Held = held) -> None:
            let_go(work(tx), held)

        await deployment.store.write(id, body)
        await asyncio.sleep(PAUSE_SECONDS)
