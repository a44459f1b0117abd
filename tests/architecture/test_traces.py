"""Nothing under version control depends on one machine or on where packages were fetched from."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import name, text_files

# Spelt in pieces, so that this file does not find itself.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "npm" + "mirror",
]
FOLDERS = ["/ho" + "me/", "/ro" + "ot/", "/wo" + "rk/", "/Us" + "ers/", "/opt/py" + "pi", "fi" + "le:///opt"]
OPTIONS = ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links"]
TRACE = re.compile(
    "|".join(re.escape(word) for word in REGISTRIES)
    + "|"
    + "|".join(r"(?<![\w.*})])" + re.escape(folder) for folder in FOLDERS)
    + "|"
    + "|".join(r"^" + re.escape(option) for option in OPTIONS),
    re.MULTILINE,
)


def traces(text: str) -> list[str]:
    """The host names and paths of one machine that a text holds."""
    return TRACE.findall(text)


def test_no_file_holds_a_trace_of_a_machine() -> None:
    assert {name(path): found for path in text_files() if (found := traces(_text(path)))} == {}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("bad", [*REGISTRIES, *(folder + "x" for folder in FOLDERS), *OPTIONS])
def test_a_trace_is_found(bad: str) -> None:
    assert traces(f"a line\n{bad} and more\n")


def test_an_address_of_ours_is_no_trace() -> None:
    assert traces("https://desk.example/work/1 and ./home/page and --no-emit-index-url") == []
