"""What says the same in two files is one idea that should stand once: its count has a ceiling, which only goes down."""

from tests.architecture.likeness import SHORTEST, count, in_the_product, in_the_tests, runs

CEILING = 15
"""Of the product. Lower it when `make likeness` counts fewer; what raises the count is better made one."""
CEILING_OF_TESTS = 65
"""Of the tests, which may repeat a setting where that reads better."""

SIX = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n"


def test_near_copies_in_the_product_do_not_grow() -> None:
    found = in_the_product()
    assert count(found) <= CEILING, "\n".join(map(str, found))


def test_near_copies_in_the_tests_do_not_grow() -> None:
    found = in_the_tests()
    assert count(found) <= CEILING_OF_TESTS, "\n".join(map(str, found))


def test_a_run_is_found_whatever_stands_between_its_lines() -> None:
    spread = "import os\nz = 0\n" + SIX.replace("\n", "  # said\n\n") + "import sys\ny = 0\n"
    (run,) = runs({"one.py": SIX, "other.py": spread})
    assert (run.lines, run.one_line, run.other_line) == (SHORTEST, 1, 3)


def test_each_six_lines_count() -> None:
    longer = SIX + "g = 7\nh = 8\n"
    assert count(runs({"one.py": longer, "other.py": longer})) == 3
    assert count(runs({"one.py": longer, "other.py": longer, "third.py": SIX})) == 3 + 1 + 1


def test_five_lines_are_no_run_and_neither_is_one_file_by_itself() -> None:
    assert runs({"one.py": SIX, "other.py": SIX.removesuffix("f = 6\n")}) == []
    assert runs({"one.py": SIX + SIX}) == []


def test_imports_are_no_likeness() -> None:
    imports = "from typing import (\n" + "".join(f"    A{n},\n" for n in range(9)) + ")\n"
    assert runs({"one.py": imports, "other.py": imports}) == []
