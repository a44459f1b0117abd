"""A file is read however an editor saved it, or refused with a line and how to save it; stray spaces do not count."""

from __future__ import annotations

import codecs

import pytest

from checked_toml.file_text import HOW_TO_SAVE, NotText, text_of
from checked_toml.tables import DefinitionError, root

TEXT = 'name = "Zoë’s ward"\nslug = "ward"\n'


@pytest.mark.parametrize(
    "held",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode("utf-8-sig"),
    ],
)
def test_what_is_certain_is_read(held: bytes) -> None:
    assert text_of(held) == TEXT


@pytest.mark.parametrize(
    "held", [f"# \n{TEXT}".encode("cp1252"), b'# \nname = "\xff"', b"#\nname = 1\0"], ids=["1252", "ff", "0"]
)
def test_what_is_not_certain_says_where_and_how_to_save(held: bytes) -> None:
    with pytest.raises(NotText) as refused:
        text_of(held)
    assert refused.value.line == 2
    assert HOW_TO_SAVE in str(refused.value)


STRAY = """\u00a0name\u00a0=\u00a0"\u00a0Ward\u200b 7 \u00a0"
"slug\u00a0" =\u3000" ward\ufeff"\u200b
[\u00a0hours ]
\u2003"mon " = [ "09:00-17:00 ",\u00a0"\u200b18:00-19:00" ]  # it\u2019s\u00a0so
text = '''kept\u00a0\u200binside
'''
"""


def test_stray_spaces_around_keys_and_values_do_not_count() -> None:
    errors: list[DefinitionError] = []
    table = root("site.toml", STRAY, errors)
    assert errors == []
    assert table is not None
    assert table.values == {
        "name": "Ward\u200b 7",
        "slug": "ward",
        "hours": {"mon": ["09:00-17:00", "18:00-19:00"], "text": "kept\u00a0\u200binside\n"},
    }
    assert (table.line_of("slug"), table.table("hours").line_of("mon")) == (2, 4)


def test_two_keys_that_are_one_are_a_fault() -> None:
    errors: list[DefinitionError] = []
    assert root("site.toml", 'name = "a"\n"name " = "b"\n', errors) is None
    assert "twice" in str(errors[0])
