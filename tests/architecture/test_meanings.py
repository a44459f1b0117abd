"""Every member of every enum says in a line what it means."""

import ast
import io
import tokenize

import pytest

from tests.architecture.tree import ROOT, name


def unexplained(text: str) -> list[str]:
    """Members of enums with neither a sentence after them nor a comment beside or above them."""
    comments = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT and len(token.string.strip("# ")) > 2
    }
    found = []
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.ClassDef) and any(_is_enum(base) for base in node.bases)):
            continue
        for member, after in zip(node.body, [*node.body[1:], None], strict=True):
            if not isinstance(member, ast.Assign) or not isinstance(member.targets[0], ast.Name):
                continue
            nearby = {member.lineno - 1, *range(member.lineno, (member.end_lineno or member.lineno) + 1)}
            if not (_is_sentence(after) or comments & nearby):
                found.append(f"{node.name}.{member.targets[0].id}")
    return found


def _is_enum(base: ast.expr) -> bool:
    return ast.unparse(base).split(".")[-1].endswith(("Enum", "Flag"))


def _is_sentence(node: ast.stmt | None) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and bool(str(node.value.value).strip())
    )


def test_every_member_in_the_core_has_its_meaning() -> None:
    core = [
        path
        for folder in ("trim_bot", "workflows", "assessments", "checked_toml")
        for path in (ROOT / folder).rglob("*.py")
    ]
    assert {name(path): found for path in core if (found := unexplained(path.read_text()))} == {}


@pytest.mark.parametrize("base", ["Enum", "StrEnum", "enum.Enum", "str, Enum"])
def test_a_member_without_meaning_is_found(base: str) -> None:
    text = f"class Colour({base}):\n    RED = 1\n    BLUE = 2\n    '''As the sky.'''\n    GREEN = 3\n"
    assert unexplained(text) == ["Colour.RED", "Colour.GREEN"]


def test_a_comment_beside_or_above_is_a_meaning() -> None:
    assert unexplained("class Colour(Enum):\n    RED = 1  # stop\n\n    # go on\n    GREEN = 3\n") == []
