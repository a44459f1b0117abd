"""What each renderer draws stays as it was agreed, and the files stay small enough to be read."""

import pytest

from tests.contract.goldens import FOLDER, MOST_BYTES, golden, path
from tests.contract.outline import PLATFORMS


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_screen_is_drawn_as_agreed(platform: str) -> None:
    agreed = path(platform).read_text("utf-8")
    assert golden(platform).splitlines() == agreed.splitlines(), "run: make goldens, and look at what changed"


def test_the_goldens_are_these_files_and_not_too_large() -> None:
    files = list(FOLDER.iterdir())
    assert {file.name for file in files} == {f"{platform}.txt" for platform in PLATFORMS}
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
