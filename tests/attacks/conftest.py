"""What the attacks are given: a desk that was settled once, copied and served for each world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.attacks.desk import Desk, served, settle


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a desk whose people and site file are known, before it was ever served."""
    return settle(tmp_path_factory.mktemp("settled") / "desk")


@pytest.fixture
def world(settled: Path, tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    """Begins one more world from the same settled files; each ends with the test."""
    with ExitStack() as after:
        begun = iter(range(9))
        yield lambda: after.enter_context(served(tmp_path / f"world{next(begun)}", settled))


@pytest.fixture(scope="module")
def settled_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Desk]]:
    """Settles and serves a desk with a site file of its own; it ends with the last test of the file."""
    with ExitStack() as after:

        def begin(site: str) -> Desk:
            folder = tmp_path_factory.mktemp("own")
            return after.enter_context(served(folder / "world", settle(folder / "settled", site)))

        yield begin
