"""The whole story is played for real, step by step, and tells it in a way that programs can read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from trim_bot.app.seam.views import Done, Text, View
from trim_bot.practice.story.playing import STEPS, play
from trim_bot.practice.story.step_context import StepContext

NAMES = [name for name, _ in STEPS]


def test_the_command_plays_every_step_in_order(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "trim_bot", "demo", "--script"],
        capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr
    told = re.findall(r"^ok (\d+) (\S+)$", run.stdout, re.MULTILINE)
    assert told == [(str(number), name) for number, name in enumerate(NAMES, 1)]
    assert not re.search(r"^not ok", run.stdout, re.MULTILINE)
    assert "\x1b" not in run.stdout
    assert "Maya Okafor" in run.stdout
    assert run.stderr == ""
    assert list(tmp_path.iterdir()) == [], "something was left behind"


def test_names_of_steps_are_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in NAMES)


class Listening:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.passes: list[str] = []
        self.fails: list[tuple[int, str, str]] = []

    def screen(self, who: str, did: str, view: View) -> None:
        """Every screen comes after something somebody did."""
        assert who
        assert did

    def note(self, text: str) -> None:
        """A sentence."""
        assert text.endswith(".")

    def passed(self, number: int, step: str) -> None:
        """In order."""
        self.passes.append(step)
        assert number == len(self.passes)

    def failed(self, number: int, step: str, why: str) -> None:
        """Where it stopped."""
        self.fails.append((number, step, why))


@pytest.mark.anyio
@pytest.mark.parametrize("at", [0, 5])
async def test_it_stops_at_the_first_step_that_goes_wrong(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    async def wrong(stage: StepContext) -> None:
        await stage.press("maya", Done("none", "None", (Text("Nothing to press."),)), "offer_yes")

    steps = [*STEPS[:at], (NAMES[at], wrong), *STEPS[at + 1 :]]
    monkeypatch.setattr("trim_bot.practice.story.playing.STEPS", tuple(steps))
    listening = Listening()
    assert not await play(listening)
    assert listening.passes == NAMES[:at]
    assert listening.fails == [(at + 1, NAMES[at], "there is no button offer_yes")]
