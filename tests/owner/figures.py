"""Keeps what was measured of each setting, and writes it as the page of figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.owner.clues import Question
from tests.owner.measuring import Advantage, Attacker
from tests.owner.settings import SETTINGS

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "trust"
MEASURED, PAGE = FOLDER / "figures.json", FOLDER / "figures.md"


@dataclass(frozen=True, slots=True)
class Measured:
    """One setting, the towns it was measured in, and every advantage found."""

    key: str
    towns: int
    seed: int
    advantages: tuple[Advantage, ...]

    @property
    def command(self) -> str:
        """What measures it again."""
        return f"python -m tests.owner --setting {self.key} --towns {self.towns} --seed {self.seed}"

    def best(self, question: Question) -> Advantage:
        """The attacker who gains most by the messages."""
        return max((one for one in self.advantages if one.question is question), key=lambda one: one.points)


def read(path: Path = MEASURED) -> dict[str, Measured]:
    """What was measured before, by the name of the setting."""
    if not path.exists():
        return {}
    return {key: _from(key, held) for key, held in json.loads(path.read_text()).items()}


def keep(new: Iterable[Measured]) -> None:
    """Put what was measured now in the place of what was measured before, and write the page."""
    found = read() | {one.key: one for one in new}
    MEASURED.write_text(json.dumps({key: _plain(one) for key, one in sorted(found.items())}, indent=1) + "\n")
    PAGE.write_text(page(found, PAGE.read_text()))


def _plain(one: Measured) -> Mapping[str, object]:
    rows = [
        asdict(each) | {"question": each.question.name, "attacker": each.attacker.name}
        for each in one.advantages
    ]
    rounded = [
        {name: round(cell, 2) if isinstance(cell, float) else cell for name, cell in row.items()}
        for row in rows
    ]
    return {"towns": one.towns, "seed": one.seed, "advantages": rounded}


def _from(key: str, held: Mapping[str, object]) -> Measured:
    rows, towns, seed = held["advantages"], held["towns"], held["seed"]
    assert isinstance(rows, list) and isinstance(towns, int) and isinstance(seed, int)
    found = tuple(
        Advantage(**row | {"question": Question[row["question"]], "attacker": Attacker[row["attacker"]]})
        for row in rows
    )
    return Measured(key, towns, seed, found)


NOTHING_LEARNED = "nothing learned"
BEGINS, ENDS = "<!-- {} begins -->", "<!-- {} ends -->"


def page(found: Mapping[str, Measured], before: str) -> str:
    """The page with what was measured put between its marks; the words around stay."""
    order = [one for one in SETTINGS if one.key in found]
    lines = ["| Setting | Towns | Measured by |", "| --- | --- | --- |"]
    lines += [f"| {one.said} | {found[one.key].towns} | `{found[one.key].command}` |" for one in order]
    for question in Question:
        lines += ["", *_table(question, [(one.said, found[one.key]) for one in order])]
    return _between(_between(before, "owner", lines), "planted", list(_planted(found)))


def _between(text: str, name: str, lines: Sequence[str]) -> str:
    begins, ends = BEGINS.format(name), ENDS.format(name)
    head, _, rest = text.partition(begins)
    _, _, foot = rest.partition(ends)
    return f"{head}{begins}\n" + "\n".join(lines) + f"\n{ends}{foot}"


def _table(question: Question, rows: Sequence[tuple[str, Measured]]) -> Iterator[str]:
    yield f"### {question.value}"
    yield ""
    yield "| Setting | Towns | Without messages | Counting | By the clock | Trained | Plain | Sure |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for said, one in rows:
        by = {each.attacker: each for each in one.advantages if each.question is question}
        if by:
            points = " | ".join(_points(by[attacker]) for attacker in Attacker)
            trained = by[Attacker.TRAINED]
            last = f"{trained.plain:+.1f} | {trained.sure:.0f}"
            yield f"| {said} | {one.towns} | {trained.without:.1f} | {points} | {last} |"


def _points(one: Advantage) -> str:
    if one.low == one.points == one.high == 0:
        return NOTHING_LEARNED
    return f"{one.points:+.1f} [{one.low:+.1f}, {one.high:+.1f}]"


def _planted(found: Mapping[str, Measured]) -> Iterator[str]:
    yield "| Leak | Question in which it tells most | Points | Measured by |"
    yield "| --- | --- | --- | --- |"
    for key, one in sorted(found.items()):
        if key.startswith(PLANTED):
            # Whom a call is about shows without any leak.
            hidden = (each for each in one.advantages if each.question is not Question.DANGER)
            most = max(hidden, key=lambda each: each.points)
            name = key.removeprefix(PLANTED)
            command = f"python -m tests.owner --plant {name} --towns {one.towns} --seed {one.seed}"
            yield f"| {PLANTS_SAID[name]} | {most.question.value} | {_points(most)} | `{command}` |"


PLANTED = "planted "
PLANTS_SAID = {
    "confirmed": "A message for each answer",
    "asked_again": "A second message after “not now”",
    "at_once": "Those who serve are written to at the moment of the answer",
    "text": "Another text where something waits",
    "readable": "A button that says what it is about, the same for all who hear of it",
}
"""Each leak in words."""


def rightly_guessed(one: Measured, question: Question) -> tuple[int, int]:
    """Of a hundred, counted as if each answer were as likely as any other: how many the best attacker guesses rightly
    in the same towns without messages, and with them."""
    best = one.best(question)
    return round(best.without), round(best.without + max(best.points, 0.0))
