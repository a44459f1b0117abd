"""What a command prints obeys nobody: a name cannot move the cursor, begin a row of its own, or turn the line round."""

from __future__ import annotations

import io
import json

import pytest
from rich.panel import Panel
from rich.text import Text

from trim_bot.cli.printing import ask, next_step, say, say_aside, say_json
from trim_bot.cli.tables import say_drawn, say_rows
from trim_bot.domain.clean_text import printable

NASTY = "Eve\x1b[2J\x1b]0;t\x07\x9b1A\r\nAda  administrator\u202e\u2066\u200f\u2028x"
OBEYED = [one for one in NASTY if not one.isprintable() or one in "\u202e\u2066\u200f"]


def test_every_way_out_of_a_command_shows_letters_where_a_terminal_would_obey(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_rows([(NASTY, "practitioner"), ("Ada", "lead")])
    assert len(capsys.readouterr().out.splitlines()) == 2
    say(NASTY.replace("\n", ""))
    next_step(NASTY.replace("\n", ""))
    say_aside(NASTY.replace("\n", ""))
    say_json([NASTY])
    said = capsys.readouterr()
    for one in set(OBEYED) - {"\n"}:
        assert one not in said.out + said.err, hex(ord(one))


def test_json_still_says_what_was_kept(capsys: pytest.CaptureFixture[str]) -> None:
    say_json({"name": NASTY, "plain": "Zoë Ngũgĩ"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"name": NASTY, "plain": "Zoë Ngũgĩ"} and "Zoë Ngũgĩ" in out


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("Zoë O’Brien", "محمد", "山田 太郎", "👩‍⚕️"):
        assert printable(name) == name


def test_a_drawing_keeps_its_lines_and_obeys_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    say_drawn(Panel(Text(f"one\n{NASTY}"), title=Text(NASTY.replace("\n", ""))), width=80)
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if "one" in line]
    for one in set(OBEYED) - {"\n"}:
        assert one not in said, hex(ord(one))


def test_a_question_obeys_nobody(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert ask(NASTY.replace("\n", ""))
    said = capsys.readouterr().err
    assert "Eve" in said
    for one in set(OBEYED) - {"\n"}:
        assert one not in said, hex(ord(one))
