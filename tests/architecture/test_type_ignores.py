"""The tests ignore few types, each with its reason, and the count only goes down."""

import re

from tests.architecture.tree import ROOT, name, python_files

CEILING = 9
"""Of tests and benchmarks. Lower it when there are fewer; a typed signature or double is nearly always better."""
PROOFS = ("tests/architecture/test_access_table.py", "tests/architecture/test_typed_routes.py")
"""Files that show what is no longer possible: under `strict`, each of their ignored lines has to be an error."""
HERE = "tests/architecture/test_type_ignores.py"

IGNORED = re.compile(r"# type: ignore(?:\[[a-z, -]+\])?(?P<reason>.*)")


def reasons_in(text: str) -> list[str]:
    """The reason of each ignored type of a file, empty where there is none."""
    return [match["reason"].strip(" #") for match in IGNORED.finditer(text)]


def counted() -> list[tuple[str, str]]:
    """Each ignored type of tests and benchmarks: its file, and its reason."""
    return [
        (name(path), reason)
        for path in python_files()
        if name(path).startswith(("tests/", "bench/")) and name(path) not in (*PROOFS, HERE)
        for reason in reasons_in(path.read_text(encoding="utf-8"))
    ]


def test_there_are_no_more_than_there_were() -> None:
    assert len(counted()) <= CEILING, counted()


def test_each_says_why() -> None:
    assert [file for file, reason in counted() if not reason] == []


def test_one_is_found_with_its_reason_and_without() -> None:
    text = "a = b  # type: ignore[misc]  # it has none\nc = d  # type: ignore\n"
    assert reasons_in(text) == ["it has none", ""]


def test_the_proofs_are_where_they_were() -> None:
    assert all(reasons_in((ROOT / file).read_text(encoding="utf-8")) for file in PROOFS)
