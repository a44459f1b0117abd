"""A process killed in the midst of many that write together: what was told is there, and nothing is there by half."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT
from tests.storage.conftest import KEYRING, Rig
from tests.storage.running import ORG, run, step
from tests.store_looks import journal_break
from trim_bot.domain.steps import Step

WRITING = """
import asyncio, os, sys
from sqlalchemy.engine import RootTransaction
from tests.fakes_crypto import MemoryKeyStore
from tests.storage.running import NOW, ORG, step
from tests.storage.together import written_together
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.crypto.vault import Vault
from trim_bot.domain.records import Action
from trim_bot.storage.store import SqlStore

url, point = sys.argv[1:]
keyring = Keyring.load("env:DYING_KEYRING")
store = SqlStore(url, Vault(keyring, MemoryKeyStore()), Pseudonyms(keyring))
groups = 0
commit = RootTransaction.commit

def dies(transaction):
    global groups
    groups += 1
    if groups == 4 and point == "before":
        os._exit(9)
    commit(transaction)
    if groups == 4 and point == "after":
        os._exit(9)

def adds(number):
    def body(tx):
        tx.add(step(f"a{number}"))
        if groups == 3 and number % 8 == 5 and point == "between":
            os._exit(9)
        tx.add(step(f"b{number}"))
        tx.journal.write("actor", Action.CHANGED, f"a{number}", "subject", NOW)
    return body

async def main():
    await store.read(ORG, lambda tx: None)
    RootTransaction.commit = dies
    for group in range(6):
        numbers = range(group * 8, group * 8 + 8)
        await written_together(store, *map(adds, numbers))
        print(*numbers, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("rig", "point"),
    [("sqlite", "between"), ("sqlite", "before"), ("postgresql", "after")],
    indirect=["rig"],
)
def test_what_was_told_is_there_and_a_group_is_whole_or_absent(rig: Rig, point: str) -> None:
    run(rig.store.write(ORG, lambda tx: tx.add(step("first"))))
    environment = {**os.environ, "DYING_KEYRING": KEYRING.as_text(), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", WRITING, rig.url, point]
    done = subprocess.run(words, env=environment, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 9, done.stderr
    told = [int(number) for number in done.stdout.split()]
    assert told == list(range(24))
    kept = {one.id for one in run(rig.store.read(ORG, lambda tx: tx.find(Step)))}
    there = 32 if point == "after" else 24
    assert kept == {"first", *(f"{side}{number}" for side in "ab" for number in range(there))}
    assert run(journal_break(rig.store, ORG)) is None
    assert rig.store.in_doubt == []
