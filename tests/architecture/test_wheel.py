"""The wheel holds all that the product needs to run and none of its tests."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.architecture.tree import PACKAGES, ROOT, name


def needed() -> set[str]:
    """Every file in the packages: code, definitions, templates, static files and migrations."""
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    return {name(path) for path in files if "__pycache__" not in path.parts}


def strays(names: set[str]) -> set[str]:
    """What a wheel holds that is neither the product nor the wheel's own record."""
    tops = {entry: PurePosixPath(entry).parts[0] for entry in names}
    return {entry for entry, top in tops.items() if top not in PACKAGES and not top.endswith(".dist-info")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = Path(folder).glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_whole_product(wheel: set[str]) -> None:
    assert needed() - wheel == set()


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    assert strays(wheel) == set()


def test_a_stray_is_found() -> None:
    assert strays({"trim_bot/cli.py", "tests/conftest.py"}) == {"tests/conftest.py"}


def test_the_project_asks_for_what_is_locked() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    listed = (ROOT / "requirements" / "runtime.in").read_text().splitlines()
    assert asked == [line for line in listed if line and not line.startswith("#")]


@pytest.mark.parametrize("which", ["runtime", "development"])
def test_every_locked_version_has_its_hash(which: str) -> None:
    text = (ROOT / "requirements" / f"{which}.txt").read_text().replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
    assert len(pinned) > 20
    assert [line.split()[0] for line in pinned if "--hash=sha256:" not in line] == []
