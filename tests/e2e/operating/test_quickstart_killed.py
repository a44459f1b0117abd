"""A first start that is killed between any two of its steps is gone on with by the next, and nothing is done twice."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands import run_command
from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_quickstart import ANSWERS, SAM, alone, told
from tests.e2e.served import free_port
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.cli import making_stores, quickstart
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.quickstart_folder import DeskFolder
from trim_bot.crypto.keyring import Keyring
from trim_bot.domain.grants import GrantRequest
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.journal_search import JournalSearch
from trim_bot.domain.people import Account, Grant, Training
from trim_bot.domain.site import Site
from trim_bot.storage.store import SqlStore

__all__ = ["alone"]
TOLD = ("grant_", "train", "found", "site_apply")
"""What the journal says of what is done once."""
FEWEST = 15
"""With fewer steps than this the sweep looks at too little."""


class Killed(BaseException):
    """The process is gone. No `except` of the product catches it, as none would a kill."""


class Steps:
    """Every step of a start that leaves something behind; the process is gone after the nth of them."""

    def __init__(self, last: int) -> None:
        self._left = last

    def _done(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed

    def after(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            result = step(*given, **named)
            self._done()
            return result

        return counted

    def after_async(self, step: Callable[..., Any]) -> Callable[..., Any]:
        async def counted(*given: Any, **named: Any) -> Any:
            result = await step(*given, **named)
            self._done()
            return result

        return counted


def watched(patch: pytest.MonkeyPatch, steps: Steps) -> None:
    """Count whatever is written: folder, files, stores, and every commit."""
    for place, name in (
        (DeskFolder, "make"), (DeskFolder, "write"), (os, "link"), (Keyring, "save"),
        (making_stores, "SqlKeyStore"), (making_stores, "_begin_ledger"), (making_stores, "migrate"),
        (quickstart, "settle_rights"),
    ):  # fmt: skip
        patch.setattr(place, name, steps.after(getattr(place, name)))
    for name in ("write", "found"):
        patch.setattr(SqlStore, name, steps.after_async(getattr(SqlStore, name)))


def kept(folder: Path) -> dict[str, object]:
    """What a desk is once it was begun: settings, people, what they may do, and how often each was written down."""

    async def look(deployment: Deployment) -> dict[str, object]:
        [employer] = await deployment.store.organisations()

        def body(tx: Any) -> dict[str, object]:
            site = tx.get(Site, "site")
            rows = tx.journal.search(JournalSearch(), None, 1000).rows
            return {
                "slug": employer.slug,
                "site": (site.name, site.country, site.hours),
                "accounts": sorted(one.address for one in tx.find(Account)),
                "roles": sorted(one.role.value for one in tx.find(Grant)),
                "trainings": sorted(
                    (one.trained_on, one.expires_on, one.provider) for one in tx.find(Training)
                ),
                "given": sorted(str((one.role, one.state, one.trained_on)) for one in tx.find(GrantRequest)),
                "told": Counter(row.what for row in rows if row.what.startswith(TOLD)),
            }

        return await deployment.store.read(OrganisationId(employer.id), body)

    return with_deployment(look, DeskFolder(folder).settings())


def test_killed_after_any_step_the_next_start_goes_on_and_grants_nothing_twice(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told("--folder", "whole", *ANSWERS)
    whole = kept(alone / "whole")
    last = 0
    for last in _until_one_ends(alone, monkeypatch):
        folder = f"killed-{last}"
        said = told("--folder", folder, *ANSWERS)
        assert "The desk is open" in said and said.count("/sign-in?k=") == 1, last
        assert kept(alone / folder) == whole, last
        assert "made" not in told("--folder", folder), last
    assert last >= FEWEST


def _until_one_ends(alone: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for last in range(1, 200):
        with monkeypatch.context() as patch:
            watched(patch, Steps(last))
            words = ("quickstart", "--port", str(free_port()), "--folder", f"killed-{last}", *ANSWERS)
            try:
                ended = run_command(*words)
            except Killed:
                yield last
                continue
        assert ended.exit_code == 0, ended.output
        return


def test_a_grant_and_a_training_that_were_killed_are_done_once_by_the_next_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = 0
    for last in range(1, 50):
        grant = ("members", "grant", "lead", SAM, "--name", "Sam", "--organisation", f"org-{last}")
        train = ("members", "train", SAM, "--on", "2026-05-04", "--organisation", f"org-{last}")
        with monkeypatch.context() as patch:
            watched(patch, Steps(last))
            try:
                place.run(*grant)
                place.run(*train)
            except Killed:
                killed += 1
        place.run(*grant)
        place.run(*train)
        assert done_once(place, f"org-{last}") == (["lead"], 1, 1, {"grant_lead": 1, "train": 1, "found": 1})
        if killed < last:
            break
    assert killed >= 3


def done_once(place: Place, slug: str) -> tuple[list[str], int, int, dict[str, int]]:
    """Roles, trainings, what was given of them, and what the journal says, of one organisation."""

    async def look(deployment: Deployment) -> tuple[list[str], int, int, dict[str, int]]:
        employer = await deployment.store.organisation_called(slug)
        assert employer is not None

        def body(tx: Any) -> tuple[list[str], int, int, dict[str, int]]:
            rows = tx.journal.search(JournalSearch(), None, 1000).rows
            given = [one for one in tx.find(GrantRequest) if one.role is None]
            told = Counter(row.what for row in rows if row.what.startswith(TOLD))
            return [one.role.value for one in tx.find(Grant)], len(tx.find(Training)), len(given), dict(told)

        return await deployment.store.read(OrganisationId(employer.id), body)

    return with_deployment(look, place.settings())
