"""Keeps what a long run has gone through so far in files, so that it is not lost with the run."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.simulator.report import Fault, as_json, in_words
from tests.simulator.tally import Tally

EVERY = 60.0
"""Seconds between two reports of a run that goes on."""


@dataclass(frozen=True)
class Shares:
    """What each process says of its towns; `out` is the report's place, without an ending, or None for no report."""

    out: Path | None

    def teller(self, number: int) -> Callable[[Tally, list[Fault]], None]:
        """What one process calls as often as it likes."""
        if self.out is None:
            return lambda _tally, _faults: None
        file, last = self._file(number), [0.0]

        def tell(tally: Tally, faults: list[Fault]) -> None:
            if time.monotonic() < last[0] + EVERY / 2:
                return
            last[0] = time.monotonic()
            new = file.with_suffix(".new")
            new.write_text(json.dumps({"tally": tally.plain(), "faults": [asdict(one) for one in faults]}))
            new.replace(file)

        return tell

    def tell(self, seeds: str, seconds: float) -> None:
        """Put together what every process has said so far."""
        if self.out is None:
            return
        tally, faults = Tally(), []
        for file in self.out.parent.glob(f"{self.out.name}.part-*.json"):
            read = json.loads(file.read_text())
            counted, found = (Counter(read["tally"].pop(name)) for name in ("counted", "found"))
            tally.add(Tally(**read["tally"], counted=counted, found=found))
            faults += [Fault(**one) for one in read["faults"]]
        self.write(tally, faults, seeds, seconds)

    def write(self, tally: Tally, faults: list[Fault], seeds: str, seconds: float) -> None:
        """The report in both forms."""
        if self.out is not None:
            self.out.with_suffix(".json").write_text(as_json(tally, faults, seeds, seconds))
            self.out.with_suffix(".txt").write_text(in_words(tally, faults, seeds, seconds))

    def _file(self, number: int) -> Path:
        assert self.out is not None
        return self.out.with_name(f"{self.out.name}.part-{number}.json")
