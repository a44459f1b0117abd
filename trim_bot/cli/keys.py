"""`keys new|rotate|status`: the keyring that everything kept is sealed with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from trim_bot.app.clock.clocks import real_now
from trim_bot.bootstrap.deployment import keyring_of
from trim_bot.bootstrap.store_opening import masters_of
from trim_bot.cli.faults import CommandRefused, Json, Misuse, Yes, confirm
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.cli.tables import say_rows
from trim_bot.crypto.data_keys import rewrap_all
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.keyring_places import VariablePlace, keep_keyring, place_at
from trim_bot.settings.environment import load_settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.errors import OtherKeyring, OtherMaster
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.known_backups import known_backups, needing_others, noted_since

DEFAULT_FILE = Path("trim_bot.key")
keys = typer.Typer(no_args_is_help=True, help="Make, rotate and look at the keyring.")


@keys.command()
def new(
    file: Annotated[Path, typer.Argument(help="Where to write it.")] = DEFAULT_FILE,
    show: Annotated[bool, typer.Option("--print", help="Print it for an environment variable.")] = False,
    as_json: Json = False,
) -> None:
    """Make a new keyring. Never over an old one."""
    keyring = Keyring.new()
    if show:
        if as_json:
            say_json({"keyring": keyring.as_text(), "fingerprint": keyring.fingerprint})
        else:
            say(keyring.as_text())
        return
    if file.exists():
        raise CommandRefused(f"{file} is there already; a lost keyring loses every record")
    if not file.parent.is_dir():
        raise Misuse(f"There is no folder {file.parent}")
    keyring.save(file)
    setting = f"TRIM_BOT_KEYRING=file:{file.resolve()}"
    if as_json:
        say_json({"file": str(file), "fingerprint": keyring.fingerprint, "setting": setting})
        return
    say(f"Made {file}, fingerprint {keyring.fingerprint}. Only you can read it.")
    say("Keep a copy in another safe place: without it nothing that is kept can be read.")
    next_step(f"set {setting}")


@keys.command()
def status(as_json: Json = False) -> None:
    """Say which keyring this is, and whether the stored keys belong to it."""
    settings = load_settings()
    keyring = keyring_of(settings)
    store = SqlKeyStore(places_of(settings).keys, create=False, changes=False)
    try:
        held, total = store.fingerprint(), len(store.all_ids())
        old = len(store.not_under(keyring.newest.id, max(1, total)))
        unknown = set(store.masters()) - set(masters_of(keyring))
    finally:
        store.close()
    fits = held in (None, keyring.fingerprint)
    told = {
        "fingerprint": keyring.fingerprint,
        "kept": place_at(settings.trim_bot_keyring).kind,
        "belongs": fits and not unknown,
        "master_keys": len(keyring.keys),
        "newest": keyring.newest.created.date().isoformat(),
        "stored_keys": total,
        "under_older_keys": old,
    }
    if as_json:
        say_json(told)
    else:
        say_rows([(name.replace("_", " "), _word(value)) for name, value in told.items()])
    if not fits:
        raise OtherKeyring
    if unknown:
        raise OtherMaster


@keys.command()
def rotate(
    retire: Annotated[bool, typer.Option("--retire", help="Only drop master keys nothing needs.")] = False,
    though_needed: Annotated[
        bool,
        typer.Option(
            "--though-backups-need-them", help="Retire them although backups in date cannot do without."
        ),
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Make a new master key and move every stored key under it. Stop the desk first."""
    settings = load_settings()
    keyring, place = keyring_of(settings), place_at(settings.trim_bot_keyring)
    if isinstance(place, VariablePlace):
        raise CommandRefused(
            "A keyring in a variable cannot be changed here: trim-bot keys copy file:PATH first"
        )
    places = places_of(settings)
    if retire and not though_needed:
        _must_not_be_needed(places.ledger, keyring)
    store = SqlKeyStore(places.keys, create=False)
    try:
        store.belongs_to(keyring.fingerprint)
        store.take_masters(masters_of(keyring))
        if retire:
            question = "Is the desk stopped? Key backups made before the rotation stop working."
        else:
            question = "Is the desk stopped? A running one could not open keys under the new master key."
        confirm(question, yes=yes)
        if not retire:
            keyring = keyring.rotated()
            keep_keyring(keyring, place)
            # From here on nobody keeps a key under an older one, so that none is left behind.
            store.take_masters(masters_of(keyring))
        moved = rewrap_all(keyring, store)
        store.must_fit([keyring.newest.id])
    finally:
        store.close()
    if retire:
        keyring = keyring.retired()
        keep_keyring(keyring, place)
    told = {"moved": moved, "master_keys": len(keyring.keys), "newest": keyring.newest.id}
    if as_json:
        say_json(told)
        return
    say(
        f"{counted(moved, 'stored key')} moved; the keyring holds {counted(len(keyring.keys), 'master key')}."
    )
    if retire:
        next_step("make a new backup: trim-bot backup DIR")
    else:
        next_step("copy the keyring to its safe place, and start the desk again")


_GONE = "If their key files are gone already, use --though-backups-need-them"


def _must_not_be_needed(ledger_url: str, keyring: Keyring) -> None:
    """Refuse to drop master keys that a backup in date needs. Raises CommandRefused, StoreUnavailable, OtherLedger."""
    now, newest = real_now(), keyring.newest
    ledger = ErasureLedger(ledger_url, create=False, changes=False)
    try:
        needing = needing_others(known_backups(ledger), newest.id, now)
        since, longest = noted_since(ledger), timedelta(days=ledger.revocations.longest())
    finally:
        ledger.close()
    if needing:
        until = max(one.delete_keys_by for one in needing).date().isoformat()
        are = "is" if len(needing) == 1 else "are"
        raise CommandRefused(
            f"{counted(len(needing), 'backup')} made before the last rotation {are} in date until {until}, and cannot "
            f"be restored without the older master keys. Wait until {until}. {_GONE}"
        )
    # A version before this one noted no backup, but how long the keys of one may live.
    last = newest.created + longest
    if longest and len(keyring.keys) > 1 and (since is None or newest.created < since) and now <= last:
        raise CommandRefused(
            "Backups made by an earlier version before the last rotation may be in date until "
            f"{last.date().isoformat()}. Wait until then. {_GONE}"
        )


@keys.command()
def copy(
    address: Annotated[
        str, typer.Argument(help="file:PATH, or a key service: vault+https://HOST/MOUNT/KEY?file=PATH.")
    ],
    as_json: Json = False,
) -> None:
    """Write the keyring of this environment to another place as well. Never over another keyring."""
    keyring = keyring_of(load_settings())
    place = place_at(address)
    keep_keyring(keyring, place)
    if as_json:
        say_json({"fingerprint": keyring.fingerprint, "kept": place.kind})
        return
    say(f"The keyring {keyring.fingerprint} is there as well: a {place.kind}.")
    next_step(
        "set TRIM_BOT_KEYRING to that address, run trim-bot keys status, and only then take the old one away"
    )


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
