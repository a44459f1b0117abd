"""Takes a backup of a running town, and brings it back later, the ledger kept."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from tests.simulator.driver import Life
from tests.simulator.findings import Rule
from tests.simulator.killing import Killed
from tests.simulator.place import settings_of
from tests.simulator.world_time import JumpingLoop, WorldTime
from trim_bot.bootstrap.deployment import keyring_of
from trim_bot.bootstrap.for_commands import replay
from trim_bot.bootstrap.store_opening import masters_of
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.backup import restore as restores
from trim_bot.storage.backup import taking_backup as backups
from trim_bot.storage.journal_anchor import JournalAnchor
from trim_bot.storage.ledger.anchor import FileAnchor

T = TypeVar("T")
DOWN = timedelta(minutes=30)


async def backup(life: Life) -> None:
    """Write a backup while the desk runs, and remember what the town was promised then."""
    folder = life.place.folder / "backup"
    shutil.rmtree(folder, ignore_errors=True)
    settings = settings_of(life.place)
    keyed = Pseudonyms(keyring_of(settings))
    backups.backup(places_of(settings), folder, keyed, now=life.time.shown, erase_days=30)
    life.backed_up = (folder, life.model.kept.copy(), life.time.true)
    life.tally.counted["backup"] += 1


async def restore(life: Life) -> None:
    """The data and keys are lost; the newest backup comes back."""
    if life.backed_up is None:
        return
    folder, kept, at = life.backed_up
    life.desk.close()
    life.forget_engines()
    # Into a database that answers nobody nothing can be brought back: it is refused rightly, and done again, into
    # empty databases, once there is an answer. Nothing else may refuse it.
    shaken = life.shaken
    try:
        try:
            done = _although_it_ends(life, folder)
        except StoreUnavailable:
            if not shaken:
                raise
            life.note("restore has to wait")
            life.wait_for_database()
            done = _although_it_ends(life, folder)
    except SafeError as refused:
        life.fail(Rule.CLOSED, f"restore is refused: {refused}")
        return
    if done.faults:
        life.fail(Rule.JOURNAL, "a restored journal does not hold")
    life.tally.counted["restore"] += 1
    life.model.kept = life.model.kept.restored(deepcopy(kept))
    for person in life.town.people:
        person.changed_at = life.time.true
    life.came_back(at)
    life.time.true += DOWN
    life.trouble(DOWN)
    await life.boot()
    life.check_keys()


def _although_it_ends(life: Life, folder: Path) -> restores.Restored:
    """Bring a backup back; where the process that does it ends, by another one, into empty stores again."""
    try:
        return _bring_back(life, folder)
    except Killed:
        # The desk is closed meanwhile: what ended is the restoring alone, and of the desk nothing is to be begun.
        life.note(f"restore killed at {life.killer.where[-1]}")
        life.tally.counted["kills"] += 1
        life.tally.counted["kill at a restore"] += 1
        life.killer.dead = False
        return _bring_back(life, folder)


def _bring_back(life: Life, folder: Path) -> restores.Restored:
    """Bring a backup into empty stores, as the command does."""
    life.place.empty("data", "keys")
    settings = settings_of(life.place)
    keyring = keyring_of(settings)
    return restores.restore(
        folder,
        places_of(settings),
        Pseudonyms(keyring),
        journals=JournalAnchor(settings.anchor_file),
        now=life.time.shown,
        keyring=keyring.fingerprint,
        masters=masters_of(keyring),
        anchor=FileAnchor(settings.anchor_file),
        replay=lambda ledger, after: _at_once(
            life.time, replay(settings, keyring, ledger, after, life.time.shown)
        ),
    )


def _at_once(time: WorldTime, call: Coroutine[Any, Any, T]) -> T:
    """The outcome of a call, in a loop of its own, as the command has one, while the loop that runs stands still."""
    outer = asyncio.get_running_loop()
    inner = JumpingLoop(time)
    asyncio.events._set_running_loop(None)
    try:
        return inner.run_until_complete(call)
    finally:
        asyncio.events._set_running_loop(outer)
        inner.close()
