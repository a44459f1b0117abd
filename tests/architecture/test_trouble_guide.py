"""The guide for the night something breaks: every state, log event and alert has its steps, and quotes are true."""

import ast
import re
from enum import Enum
from functools import cache

import pytest

from tests.architecture.tree import ROOT, product_files
from trim_bot.app.seam.log_events import LogEvent, LogLevel
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.app.watch.not_ready_words import look_at
from trim_bot.domain.alerts import AlertKind
from trim_bot.settings.environment import Settings

GUIDE = ROOT / "docs" / "when-something-breaks.md"
STEP = re.compile(r"^(\d)\. ", re.MULTILINE)
QUOTE = re.compile(r"^> (.+)$", re.MULTILINE)
SAID = re.compile(r'"([^"]+)"')
STARTS, COMMANDS, READYZ = "The desk does not start", "A command ended with", "`/readyz` says"
WROTE = "The desk wrote to you"
HOLE = "\0"
SHORTEST = 6
"""A sentence of fewer signs without its holes fits too much to prove anything."""


def sections(text: str, mark: str) -> dict[str, str]:
    """What stands under each heading of one level, by the heading."""
    _, *parts = re.split(rf"^{mark} ", text, flags=re.MULTILINE)
    return {head.strip(): body for head, _, body in (part.partition("\n") for part in parts)}


@cache
def entries(section: str) -> dict[str, str]:
    """What stands under each question of one section."""
    return sections(sections(GUIDE.read_text(encoding="utf-8"), "##")[section], "###")


@cache
def said() -> tuple[str, ...]:
    """Every sentence that the program can say; what it fills in is a hole. The texts of documentation are left out."""
    found: set[str] = set()
    for path in product_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        explained = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
        for node in ast.walk(tree):
            if id(node) not in explained and isinstance(node, ast.Constant | ast.JoinedStr):
                found.update(_sentences(_text(node)))
    return tuple(found)


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else HOLE
        for part in node.values
    )


def _sentences(text: str) -> list[str]:
    return [one.rstrip(".") for one in re.split(r"\. |\n", text) if one]


def is_said(words: str) -> bool:
    """Whether the program says each sentence of these words, or begins a line of its log by them."""
    if any(words == event.value or words.startswith(f"{event.value} ") for event in LogEvent):
        return True
    return all(_is_said(sentence) for sentence in _sentences(words))


def _is_said(sentence: str) -> bool:
    for one in said():
        if sentence in one:
            return True
        fixed = one.split(HOLE)
        if (
            len(fixed) > 1
            and sum(map(len, fixed)) >= SHORTEST
            and max(fixed, key=len).strip() in sentence
            and re.fullmatch(".+?".join(map(re.escape, fixed)), sentence)
        ):
            return True
    return False


NEEDED: list[tuple[str, Enum]] = [
    *((READYZ, code) for code in NotReady),
    *(("The log says", event) for event in LogEvent if event.level is not LogLevel.NOTE),
    *((WROTE, kind) for kind in AlertKind),
]


@pytest.mark.parametrize(
    ("section", "member"), NEEDED, ids=[f"{type(one).__name__}-{one.name}" for _, one in NEEDED]
)
def test_whatever_can_be_wrong_has_its_entry(section: str, member: Enum) -> None:
    assert f"`{member.value}`" in entries(section)


SECTIONS = (READYZ, "The log says", WROTE, COMMANDS, STARTS, "People say")


@pytest.mark.parametrize("section", SECTIONS)
def test_an_entry_has_three_steps_an_end_and_a_warning(section: str) -> None:
    for words, text in entries(section).items():
        assert STEP.findall(text) == ["1", "2", "3"], words
        assert section == READYZ or "\n**Over:** " in text, words
        assert "\n**Not:** " in text, words


def test_what_it_quotes_is_what_the_program_says() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    quoted = QUOTE.findall(text)
    for section in (COMMANDS, STARTS):
        heads = (head for heading in entries(section) for head in SAID.findall(heading))
        quoted += [part.strip() for head in heads for part in head.split("…")]
    assert [words for words in quoted if not is_said(words)] == []


def test_words_that_nobody_says_are_found() -> None:
    assert is_said(
        "The data (DATABASE_URL) does not answer. Look at its address, and whether its server runs."
    )
    assert is_said("out of order data database DATABASE_URL")
    assert not is_said("The data (DATABASE_URL) does not reply.")
    assert not is_said("Everything is lost")


WITHOUT = {
    NotReady.STARTING,
    NotReady.SETTINGS,
    NotReady.OPENING_FAILED,
    NotReady.MIGRATIONS_PENDING,
    NotReady.NEWER_SCHEMA,
    NotReady.NOTHING_KEPT,
    NotReady.CLOCK_STOPPED,
    NotReady.WORKER_GONE,
    NotReady.RECORD_ALTERED,
    NotReady.RESTORE_PENDING,
}
"""Codes for which something is to be run, and no one variable to be looked at."""
OF_A_STORE = {
    NotReady.DATABASE,
    NotReady.DISK_FULL,
    NotReady.READ_ONLY,
    NotReady.DAMAGED,
    NotReady.BUSY,
    NotReady.NOT_LET_IN,
    NotReady.LOGIN_REFUSED,
}


@pytest.mark.parametrize("code", [code for code in NotReady if code not in WITHOUT])
def test_a_closed_desk_names_the_variable_that_its_entry_looks_at(code: NotReady) -> None:
    named = look_at(code, "keys" if code in OF_A_STORE else "")
    assert named in {*map(str.upper, Settings.model_fields), "VAULT_TOKEN"}
    assert code in OF_A_STORE or named in entries(READYZ)[f"`{code.value}`"]


def test_what_needs_no_variable_names_none() -> None:
    assert [code for code in WITHOUT if look_at(code, "")] == []
