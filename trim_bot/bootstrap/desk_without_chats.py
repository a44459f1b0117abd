"""A desk for work that is done without anybody's asking: it writes to nobody, and looks nobody up."""

from __future__ import annotations

from trim_bot.app.desk.desk import Desk, Outside
from trim_bot.app.seam.ports import Clock, Store, Tokens
from trim_bot.bootstrap.definitions import NOTE, gathered
from trim_bot.locale.phone_numbers import PhoneNumbers
from trim_bot.locale.public_holidays import PublicHolidays
from trim_bot.storage.deployment_notes import Notes


async def desk_without_chats(store: Store, notes: Notes, clock: Clock, tokens: Tokens) -> Desk:
    """A desk with every definition of this deployment. Whatever it queues, the desk that runs sends."""
    library = gathered(await notes.under(NOTE))
    return Desk(
        Outside(
            store=store,
            clock=clock,
            tokens=tokens,
            messengers={},
            directories={},
            holidays=PublicHolidays(),
            phones=PhoneNumbers(),
            definitions=library.definitions(),
            link="",
        )
    )
