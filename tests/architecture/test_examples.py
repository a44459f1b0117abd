"""Examples in the documents are real: lines of code stand in the product, definitions load without a fault."""

import re

from tests.architecture.tree import ROOT, product_files
from trim_bot.app.definitions import shipped

FEATURE = ROOT / "docs" / "add-a-feature.md"
PROGRAMME = ROOT / "docs" / "add-a-programme.md"
CUT = "…"


def blocks(text: str, language: str) -> list[str]:
    """The fenced examples in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def strange_lines(text: str) -> list[str]:
    """Lines of Python in a text that stand nowhere in the product; those that are cut short are left out."""
    known = {line.strip() for path in product_files() for line in path.read_text("utf-8").splitlines()}
    lines = [line.strip() for block in blocks(text, "python") for line in block.splitlines()]
    return [line for line in lines if line and CUT not in line and "town." not in line and line not in known]


def test_the_worked_example_is_the_code() -> None:
    assert strange_lines(FEATURE.read_text("utf-8")) == []


def test_a_line_that_is_not_in_the_code_is_found() -> None:
    assert strange_lines("```python\nreturn 'no such line'\n```\n") == ["return 'no such line'"]


def test_the_example_definitions_load() -> None:
    programme, questionnaire, licence = blocks(PROGRAMME.read_text("utf-8"), "toml")
    asking = questionnaire.replace("[[groups]]", licence + "\n[[groups]]", 1)
    library = shipped().with_texts({"programme.toml": programme, "questionnaire.toml": asking})
    assert "trim_style_v2" in library.definitions().programmes
    assert library.unknown_questionnaires() == []
    assert library.definitions().questionnaires["trauma_first_v2"].licence is not None
