"""Makes the kept desk anew, with the version at hand: `python -m tests.upgrade`.

It is made once a version, before the first change of the schema or of a token that follows it, and never
afterwards: a desk made by later code shows nothing about those that are already out there.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from pathlib import Path

import pytest

from tests.e2e.deployment import Deployment, Stores, deploy
from tests.e2e.teams_side import object_id
from tests.e2e.tenancy import open_for_business
from tests.e2e.workplace import Workplace
from tests.upgrade.account import records_of, rows_of
from tests.upgrade.making import AT_SLACK, AT_TEAMS, FULL_SITE, HIRES, fill, second_organisation
from tests.upgrade.old_desk import FILE, STORES, SentMessage, Told, put_away
from tests.upgrade.pressing import messages_of, opened
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.settings.environment import load_settings

SCHEMA = "0004"
"""The last step of the schema that the version at hand has."""


async def make(folder: Path) -> None:
    """Fill a desk in a folder, stop it, and put it away."""
    with pytest.MonkeyPatch.context() as patch:
        place = Workplace()
        for name in AT_SLACK:
            place.hire(f"U{name.upper()}", name.title())
        await place.come()
        async with open_for_business() as tenant:
            for name in AT_TEAMS:
                tenant.hire(object_id(name), name.title())
            at = await deploy(patch, place, Stores.files(folder), folder, HIRES, FULL_SITE, tenant, both=True)
            await at.stop()
            await second_organisation()
            await at.start()
            try:
                await fill(at)
                messages = await sent_by(at)
            finally:
                await at.stop()
            told = await account_of(at, folder, messages)
        await place.go()
    put_away(folder, told)


async def sent_by(at: Deployment) -> list[SentMessage]:
    """Every message in every chat, with what its *Open* shows now."""
    found = []
    for chat, names in (("slack", AT_SLACK), ("teams", AT_TEAMS)):
        for name in names:
            for content in await messages_of(at, chat, name):
                screen = await opened(at, chat, name, content)
                found.append(SentMessage(chat, name, content, screen.title, screen.form, screen.actions))
    return found


def undo_empty_steps(data: Path) -> None:
    """Say which schema this desk really has: the steps that only hold a place have changed nothing yet."""
    with sqlite3.connect(data) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (SCHEMA,))


async def account_of(at: Deployment, folder: Path, messages: list[SentMessage]) -> Told:
    """Everything the stopped desk holds."""
    deployment = await open_deployment(load_settings())
    try:
        records = await records_of(deployment)
    finally:
        deployment.close()
    undo_empty_steps(folder / STORES[0])
    rows = {name: rows_of(f"sqlite:///{folder / name}") for name in STORES}
    return Told(at.now.isoformat(), rows, records, messages)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(make(Path(made)))
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")
