"""The line of every key is known, however the TOML is laid out."""

import tomllib
from importlib.resources import files

import pytest

from checked_toml.tables import DefinitionError, lines_of, root

ODD = '''
# a comment with [brackets] = 1
a.b = 1
"quoted key" = """
[not.a.table]
c = 2
"""
list = [
  "[[no]]",
  { d = 3 }
]

[[rows]]  # first
e = 4
[rows.inner]
f = 5
[[rows.deep]]
g = 6
[[rows.deep]]
g = 7
[[rows]]
h.i = { j = 8 }
'''
EXPECTED = {
    ("a", "b"): 3,
    ("quoted key",): 4,
    ("list",): 8,
    ("rows", 0): 13,
    ("rows", 0, "e"): 14,
    ("rows", 0, "inner", "f"): 16,
    ("rows", 0, "deep", 0, "g"): 18,
    ("rows", 0, "deep", 1): 19,
    ("rows", 0, "deep", 1, "g"): 20,
    ("rows", 1): 21,
    ("rows", 1, "h", "i", "j"): 22,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_key_has_its_line(newline):
    text = ODD.replace("\n", newline)
    assert tomllib.loads(text)["rows"][1] == {"h": {"i": {"j": 8}}}
    found = lines_of(text)
    assert {place: found.get(place) for place in EXPECTED} == EXPECTED


def test_no_key_of_the_shipped_definitions_is_without_its_line():
    for package in ("workflows", "assessments"):
        for file in (files(package) / "definitions").iterdir():
            text = file.read_text(encoding="utf-8")
            found = set(lines_of(text))
            assert set(places(tomllib.loads(text))) <= found


def places(values, here=()):
    for key, value in values.items():
        yield (*here, key)
        if isinstance(value, dict):
            yield from places(value, (*here, key))
        elif isinstance(value, list) and isinstance(value[0], dict):
            for index, row in enumerate(value):
                yield from places(row, (*here, key, index))


@pytest.mark.parametrize(
    "text", ["name = " + "[" * 3000, ".".join(["a"] * 3000) + " = 1", "a = " + "[" * 40 + "]" * 40]
)
def test_what_is_nested_without_end_is_one_fault(text: str) -> None:
    errors: list[DefinitionError] = []
    assert root("site.toml", text, errors) is None
    assert [(one.line, "stand in one another" in one.text) for one in errors] == [(1, True)]
