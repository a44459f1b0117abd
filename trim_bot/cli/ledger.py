"""`ledger copy` and `ledger move`: the erasure ledger kept twice while the desk runs, or brought to another place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from trim_bot.bootstrap.deployment import keyring_of
from trim_bot.bootstrap.moving_ledger import copy_of_ledger, move_whole_ledger
from trim_bot.cli.faults import Json, Misuse, Yes, confirm
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.settings.checks import store_fault, store_place
from trim_bot.settings.environment import Mode, Settings, load_settings, with_driver
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.ledger.ledger_copies import CopiedLedger
from trim_bot.storage.small_stores import shown_address

FILE = "trim_bot_ledger.db"
"""What a copy in a folder is called; the next one takes its place."""
ledger = typer.Typer(no_args_is_help=True, help="Copy or move the erasure ledger.")


@ledger.callback()
def _group() -> None:
    """Copy or move the erasure ledger."""


@ledger.command()
def copy(
    place: Annotated[
        str,
        typer.Argument(
            metavar="DIR|ADDRESS", help="A folder, an address, or env:NAME of a variable with one."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Write the ledger of this moment to another place, while the desk runs. Only an older copy is replaced."""
    settings = load_settings()
    target = _address(place, settings, folder=True)
    copied, anchored = copy_of_ledger(settings, target)
    if as_json:
        say_json(_told(copied) | {"anchored": anchored})
        return
    say(f"The ledger is at {copied.place} as well: {_size(copied)}. Every line was compared.")
    if not anchored:
        say(f"There is no anchor at {settings.anchor_file} to show that it is the newest.")
    next_step("keep it away from the data. A restore takes it where LEDGER_URL points to it")


@ledger.command()
def move(
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="Where it goes, or env:NAME of a variable with the address."),
    ],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Move the ledger to another address, proved whole, and shut the old one. Stop the desk first."""
    settings = load_settings()
    target = _address(address, settings, folder=False)
    keyring = keyring_of(settings)
    confirm(f"Move the erasure ledger to {shown_address(target)}? The old one is shut for good", yes=yes)
    moved = move_whole_ledger(settings, keyring, target)
    setting = f"LEDGER_URL={moved.place}"
    if as_json:
        say_json(_told(moved) | {"setting": setting})
        return
    say(
        f"The ledger is at {moved.place} now: {_size(moved)}. Every line was compared, and the anchor agrees."
    )
    say("The old one takes no more lines; a desk that still points to it stays closed and says so.")
    next_step(f"set {setting} for every process, with its password where it has one; then start the desk")


def _address(text: str, settings: Settings, *, folder: bool) -> str:
    if text.startswith("env:"):
        name = text.removeprefix("env:")
        text = os.environ.get(name, "")
        if not text:
            raise Misuse(f"The variable {name} is not set")
    if "://" not in text:
        if not folder:
            raise Misuse("An address reads sqlite:///FILE or postgresql://USER@HOST/DATABASE")
        text = f"sqlite:///{Path(text).absolute() / FILE}"
    url = with_driver(text)
    if fault := store_fault(url, production=settings.mode is Mode.PRODUCTION):
        raise Misuse(f"The address {fault}")
    places = places_of(settings)
    taken = {"DATABASE_URL": places.data, "KEYSTORE_URL": places.keys, "LEDGER_URL": places.ledger}
    for name, held in taken.items():
        if store_place(held) == store_place(url):
            raise Misuse(f"That is the address in {name} already: give another")
    if url.startswith("sqlite"):
        if store_place(url) == str(settings.anchor_file.resolve()):
            raise Misuse("That is the file of the anchor: give another address")
        url = f"sqlite:///{store_place(url)}"
    return url


def _size(copied: CopiedLedger) -> str:
    head = copied.head
    erased = counted(head.erasures.n, "line of erasures", "lines of erasures")
    return f"{erased}, {counted(head.revocations.n, 'line of what was taken back', 'lines of what was taken back')}"


def _told(copied: CopiedLedger) -> dict[str, object]:
    head = copied.head
    return {"place": copied.place, "erasures": head.erasures.n, "takings_back": head.revocations.n}
