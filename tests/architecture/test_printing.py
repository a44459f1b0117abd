"""Commands print lines in one place and rows in another, and nothing a terminal would obey; the log has fixed words."""

import ast

import pytest

from tests.architecture.tree import name, product_files

PRINTS = {"print", "echo", "secho", "echo_via_pager", "confirm", "prompt", "stdout", "stderr"} | {
    "__stdout__",
    "__stderr__",
    "Console",
}
"""What a file that prints has to name, however it comes by it."""
LIBRARIES = {"sys", "typer", "click", "rich"}
MAY = {"trim_bot/cli/printing.py", "trim_bot/cli/tables.py", "trim_bot/bootstrap/process_log.py"}


def printed_with(text: str) -> set[str]:
    """What of it a file takes from a library, or calls."""
    found: set[str] = set()
    for one in ast.walk(ast.parse(text)):
        match one:
            case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] in LIBRARIES:
                found |= {alias.name for alias in names}
            case ast.Attribute(value=ast.Name(id=of), attr=attr) if of in LIBRARIES:
                found.add(attr)
            case ast.Call(func=ast.Name(id="print")):
                found.add("print")
            case _:
                pass
    return found & PRINTS


def test_nothing_else_prints() -> None:
    printing = {name(path): found for path in product_files() if (found := printed_with(path.read_text()))}
    assert set(printing) == MAY, printing


@pytest.mark.parametrize(
    "line",
    [
        "print(name)",
        "typer.echo(name)",
        "typer.confirm(name)",
        "click.secho(name)",
        "sys.stdout.write(name)",
        "from sys import stderr",
        "from typer import echo as say",
        "from rich import print",
        "from rich.console import Console",
        "rich.print(name)",
    ],
)
def test_every_way_to_print_is_seen(line: str) -> None:
    assert printed_with(line)


def test_asking_whether_a_terminal_listens_is_no_printing() -> None:
    assert not printed_with("sys.stdin.isatty()\nfrom rich.console import Group\nself.print(row)")
