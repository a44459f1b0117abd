"""Says what a run went through and what it found, in words or as JSON, and how to have a fault again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from tests.simulator.tally import Tally

LAST = 25
"""How many of the last things that happened are told with a fault."""
PROMISES = ("lost", "without owner", "not told", "passed over", "doubled", "outside hours", "silent")


@dataclass
class Fault:
    """A promise that was broken in one town."""

    seed: int
    database: str
    weeks: int
    rule: str
    text: str
    log: list[str] = field(default_factory=list)

    @property
    def command(self) -> str:
        """What brings it back."""
        return f'make simulate ARGS="--seed {self.seed} --towns 1 --weeks {self.weeks} --database {self.database}"'


def in_words(tally: Tally, faults: Sequence[Fault], seeds: str, seconds: float) -> str:
    """The report that is printed."""
    lines = [
        f"seeds {seeds}: {tally.towns} towns, {tally.years:.1f} years, {seconds:.0f} s",
        *(
            [f"  {tally.ended_early} ended before their last week: there was no time left"]
            if tally.ended_early
            else []
        ),
        f"  {tally.due} due steps, {tally.gestures} gestures, {tally.messages} messages, {tally.checks} looks",
        f"  yes lost with the process {tally.in_window} times; told twice for it {tally.doubled_in_window} times",
        "what went wrong:",
        *(f"  {count:7d}  {name}" for name, count in sorted(tally.counted.items())),
        "promises broken:",
        *(f"  {tally.found.get(name, 0):7d}  {name}" for name in sorted({*PROMISES, *tally.found})),
    ]
    for fault in faults:
        lines += ["", f"{fault.rule}: {fault.text}", *(f"    {line}" for line in fault.log[-LAST:])]
        lines.append(f"  again: {fault.command}")
    return "\n".join(lines)


def as_json(tally: Tally, faults: Sequence[Fault], seeds: str, seconds: float) -> str:
    """The same for a program."""
    told = [asdict(fault) | {"command": fault.command} for fault in faults]
    return json.dumps(
        {"seeds": seeds, "seconds": round(seconds, 1), **tally.plain(), "faults": told}, indent=2
    )
