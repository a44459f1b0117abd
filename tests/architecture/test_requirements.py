"""What others wrote and we ship: locked with hashes, free, fitting together, and without a fault we know of."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

import pytest
from packaging.version import Version

from tests.architecture.requirements import FOLDER, LOCKED, left_out, locked, pins
from tests.architecture.tree import ROOT

ADVISORIES = tomllib.loads((FOLDER / "advisories.toml").read_text("utf-8"))
FREE = {
    "apache 2.0",
    "apache software license",
    "apache-2.0",
    "bsd license",
    "bsd-2-clause",
    "bsd-3-clause",
    "isc license (iscl)",
    "lgpl-3.0-only",
    "mit",
    "mit license",
    "mit-0",
    "mozilla public license 2.0 (mpl 2.0)",
    "mpl-2.0",
    "psf-2.0",
    "python software foundation license",
}
"""Licences under which a site may run and pass on what we ship. LGPL: psycopg is used as it is, and can be replaced."""
NOT_INSTALLED_HERE = {"colorama": "bsd-3-clause", "segno": "bsd-3-clause", "tzlocal": "mit"}
"""Parts of other systems than this one, and one that is loaded when something is printed."""


def faulty(pinned: Mapping[str, str], advisories: list[dict[str, Any]]) -> Iterator[str]:
    """Each package in a version that an advisory names."""
    for one in advisories:
        version = pinned.get(one["package"])
        for first, mended in one["versions"] if version else ():
            if Version(first) <= Version(str(version)) and (
                not mended or Version(str(version)) < Version(mended)
            ):
                yield f"{one['package']} {version}: {one['id']}"


def licences(package: str) -> set[str]:
    """The licences that an installed package says it is under; all that is said, in lower case."""
    try:
        said = metadata(package).json
    except PackageNotFoundError:
        return {NOT_INSTALLED_HERE[package]}
    if expression := said.get("license_expression"):
        return set(re.split(r" and | or ", re.sub(r"[()]", "", str(expression).lower())))
    named = [one.rpartition(" :: ")[2] for one in said.get("classifier", []) if one.startswith("License")]
    return {one.lower() for one in named or [str(said.get("license", "nothing is said"))]}


@pytest.mark.parametrize("name", LOCKED)
def test_everything_is_locked_to_a_version_and_its_hashes(name: str) -> None:
    found = locked(name)
    assert found
    assert [package for package, (_, hashes) in found.items() if not hashes] == []


def test_what_is_tested_is_what_ships() -> None:
    development = locked("development")
    assert {name: pin for name, pin in locked("runtime").items() if development.get(name) != pin} == {}


def test_what_makes_the_wheel_is_what_is_tested() -> None:
    development = locked("development")
    assert {name: pin for name, pin in locked("build").items() if development.get(name) != pin} == {}


def test_what_ships_is_what_the_package_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    lines = (FOLDER / "runtime.in").read_text("utf-8").splitlines()
    assert sorted(line for line in lines if not line.startswith("#")) == sorted(asked)


def test_no_part_is_in_a_version_with_a_fault_we_know_of() -> None:
    for name in LOCKED:
        versions = {package: version for package, (version, _) in locked(name).items()}
        assert list(faulty(versions, ADVISORIES["advisory"])) == []


def test_the_list_of_faults_says_of_which_day_it_is() -> None:
    assert isinstance(ADVISORIES["as_of"], date)
    assert f"{ADVISORIES['as_of']:%Y-%m-%d}" in (ROOT / "docs/trust/dependencies.md").read_text("utf-8")


def test_every_part_is_under_a_licence_that_a_site_may_use() -> None:
    assert {name: found for name in locked("runtime") if (found := licences(name) - FREE)} == {}


def test_the_parts_that_are_installed_fit_together() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "check", "--offline", "--python", sys.executable],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_what_does_not_hold_is_found() -> None:
    assert list(faulty({"jinja2": "2.10"}, ADVISORIES["advisory"]))
    assert not list(faulty({"jinja2": "9.0"}, ADVISORIES["advisory"]))
    with pytest.raises(ValueError, match="not locked"):
        pins("jinja2>=3\n")
    one = pins(f"jinja2==3.1 \\\n    --hash=sha256:{'a' * 64}\n")
    bill: dict[str, Any] = {"bomFormat": "CycloneDX", "metadata": {"component": {"name": "trim-bot"}}}
    assert list(left_out(bill, one)) == ["jinja2 3.1 is left out"]
    part = {"name": "Jinja2", "version": "3.1", "purl": "pkg:pypi/jinja2@3.1"}
    assert list(left_out(bill | {"components": [part]}, one)) == ["jinja2 3.1 lacks its address or a hash"]
    whole = part | {"hashes": ["a" * 64]}
    assert list(left_out(bill | {"components": [whole]}, one)) == []
    assert list(left_out(bill | {"components": [whole, part | {"version": "4"}]}, one)) == [
        "jinja2 4 is not locked"
    ]
    assert list(left_out({}, {})) == ["it is no bill of this program"]
