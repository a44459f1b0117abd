"""Sees that nobody works with the stores while they are brought back from a backup, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from trim_bot.bootstrap.single_process import the_only_desk
from trim_bot.settings import Settings
from trim_bot.settings.store_addresses import places_of, sqlite_path
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.usage_lock import UsageLock


class Users:
    """The locks of one process that works with the stores. They lie where a restore looks for them.

    The ledger stays as it is when data and keys are emptied for a restore, so its lock is never emptied with them.
    """

    def __init__(self, places: Places, *, alone: bool = False) -> None:
        held = [places.ledger]
        if alone or sqlite_path(places.data) is None:
            held.append(places.data)
        self._presences = [UsageLock(url, alone=alone) for url in held]

    def take(self) -> None:
        """Take all, or none. Raises InUse, StoreUnavailable."""
        try:
            for one in self._presences:
                one.take()
        except BaseException:
            self.close()
            raise

    def renew(self) -> None:
        """Take again what a server let go of. Raises InUse, StoreUnavailable."""
        for one in self._presences:
            one.renew()

    def close(self) -> None:
        """Let go of all."""
        for one in self._presences:
            one.close()


@contextmanager
def nobody_else(settings: Settings) -> Iterator[None]:
    """Have the stores of these settings to oneself. Raises AnotherDesk, InUse, StoreUnavailable, OSError."""
    with ExitStack() as held:
        held.enter_context(the_only_desk(settings))
        users = Users(places_of(settings), alone=True)
        users.take()
        held.callback(users.close)
        yield
