"""Examples in the documents are real: lines of code stand in the product, definitions load without a fault."""

import re

from tests.architecture.tree import ROOT, product_files
from trim_bot.app.definitions import shipped

FEATURE = ROOT / "docs" / "add-a-feature.md"
PROGRAMME = ROOT / "docs" / "add-a-programme.md"
NEW_SUBJECT = ROOT / "tests" / "architecture" / "test_new_subject.py"
CUT = "…"


def blocks(text: str, language: str) -> list[str]:
    """The fenced examples in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def strange_parts(text: str) -> list[str]:
    """Parts of the Python in a text that stand nowhere in one piece; a line that is cut short ends a part."""
    known = [_stripped(path.read_text("utf-8")) for path in (*product_files(), NEW_SUBJECT)]
    parts: list[list[str]] = []
    for block in blocks(text, "python"):
        parts.append([])
        for line in filter(None, map(str.strip, block.splitlines())):
            if CUT in line or "town." in line:
                parts.append([])
            else:
                parts[-1].append(line)
    whole = ["\n".join(part) for part in parts if part]
    return [part for part in whole if not any(f"\n{part}\n" in file for file in known)]


def _stripped(text: str) -> str:
    """The lines of a file one below the other, without blank ones and without the space at their ends."""
    return "".join(f"\n{line}" for line in filter(None, map(str.strip, text.splitlines()))) + "\n"


def test_the_worked_example_is_the_code() -> None:
    assert strange_parts(FEATURE.read_text("utf-8")) == []


def test_a_line_that_is_not_in_the_code_is_found() -> None:
    assert strange_parts("```python\nreturn 'no such line'\n```\n") == ["return 'no such line'"]


def test_lines_that_do_not_follow_one_another_in_the_code_are_found() -> None:
    together = "```python\nclass CloseCase(Command):\n    reason: CloseReason\n```\n"
    assert strange_parts(together) == ["class CloseCase(Command):\nreason: CloseReason"]
    assert strange_parts(together.replace("    reason", "    …\n    case: CaseId\n    reason")) == []


def test_the_example_definitions_load() -> None:
    programme, questionnaire, licence = blocks(PROGRAMME.read_text("utf-8"), "toml")
    asking = questionnaire.replace("[[groups]]", licence + "\n[[groups]]", 1)
    library = shipped().with_texts({"programme.toml": programme, "questionnaire.toml": asking})
    assert "trim_style_v2" in library.definitions().programmes
    assert library.unknown_questionnaires() == []
    assert library.definitions().questionnaires["trauma_first_v2"].licence is not None
