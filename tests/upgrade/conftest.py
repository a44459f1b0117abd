"""A desk of an earlier version brought out of its file, with the chats that its people are in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from integrations.slack.answers import SlackPace
from integrations.teams.answers import TeamsPace
from tests.commands import run_command
from tests.e2e.deployment import Deployment, Stores, environment, teams_environment
from tests.e2e.teams_side import object_id
from tests.e2e.tenancy import open_for_business
from tests.e2e.workplace import LONGEST_SECONDS, Workplace
from tests.upgrade.account import Rows, rows_of
from tests.upgrade.making import AT_SLACK, AT_TEAMS
from tests.upgrade.old_desk import Told, bring_out
from tests.upgrade.on_postgresql import move_data, move_keys


@dataclass
class OldDesk:
    """It has not been started; `told` is what it held when it was put away."""

    at: Deployment
    told: Told
    before: dict[str, Rows] = field(default_factory=dict)
    """What its three stores held when it was put away."""

    def run(self, *words: str) -> str:
        """What a command says; it must succeed."""
        result = run_command(*words)
        assert result.exit_code == 0, result.output
        return result.output

    def rows(self) -> dict[str, Rows]:
        """What its three stores hold now, by the names they had."""
        stores = self.at.stores
        named = {"data.sqlite": stores.data, "keys.sqlite": stores.keys, "ledger.sqlite": stores.ledger}
        return {name: rows_of(url) for name, url in named.items()}


@pytest.fixture(params=["sqlite", "postgresql"])
async def old_desk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OldDesk]:
    """A copy of the kept desk, on either database."""
    told = bring_out(tmp_path)
    files = Stores.files(tmp_path)
    stores = files
    if request.param == "postgresql":
        new = request.getfixturevalue("new_postgres_database")
        stores = Stores(new(), new(), files.ledger)
        move_data(files.data, stores.data)
        move_keys(files.keys, stores.keys)
    slow = partial(SlackPace, opening=LONGEST_SECONDS, submission=LONGEST_SECONDS)
    monkeypatch.setattr("integrations.slack.adapter.SlackPace", slow)
    monkeypatch.setattr("integrations.teams.adapter.TeamsPace", partial(TeamsPace, answer=LONGEST_SECONDS))
    monkeypatch.chdir(tmp_path)
    workplace = Workplace()
    for name in AT_SLACK:
        workplace.hire(f"U{name.upper()}", name.title())
    await workplace.come()
    async with open_for_business() as tenant:
        for name in AT_TEAMS:
            tenant.hire(object_id(name), name.title())
        wanted = environment(tmp_path, stores, workplace.api_url) | teams_environment(tenant)
        for name, value in wanted.items():
            monkeypatch.setenv(name, value)
        now = datetime.fromisoformat(told.now)
        at = Deployment(workplace, stores, tmp_path, now=now, tenant=tenant)
        try:
            desk = OldDesk(at, told)
            # Another database writes the same values its own way.
            desk.before = told.rows if stores is files else desk.rows()
            yield desk
        finally:
            await at.stop()
            await workplace.go()
