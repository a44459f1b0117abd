"""What a rehearsed restore did, step by step, and what it found: numbers and names of kinds alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from trim_bot.storage.consistency.reading_all import KindRead


class DrillStep(Enum):
    """What a drill does, in order."""

    BACKUP = "backup"
    """Data and keys are written as any backup is."""
    LEDGER = "ledger"
    """The ledger is copied, and compared with its anchor and the journal."""
    RESTORE = "restore"
    """The backup is brought back into files of its own, beside the copy of the ledger."""
    COMPARE = "compare"
    """Every row that came back is compared with what was kept when the backup was taken."""
    JOURNAL = "journal"
    """Every chain is verified, and all that it binds."""
    READ = "read"
    """It is opened as a desk would, and every record is read; nobody sees what is in it."""
    DESTROY = "destroy"
    """Every copy is taken away, its files overwritten as they stand."""


NEXT = {
    DrillStep.BACKUP: "see that trim-bot backup DIR works, and that TMPDIR names a folder with room",
    DrillStep.LEDGER: "look at LEDGER_URL and ANCHOR_URL; trim-bot doctor says more",
    DrillStep.RESTORE: "keep the newest backup that was proved, and see that TMPDIR names a folder with room",
    DrillStep.COMPARE: "keep the newest backup that was proved; run it again, and trim-bot doctor",
    DrillStep.JOURNAL: "run trim-bot journal verify: it says what does not hold, and what to do",
    DrillStep.READ: "run trim-bot doctor; what does not open may open from an older backup while its keys are kept",
    DrillStep.DESTROY: "see why a file there cannot be written, and run it again",
}
"""What to do where a step failed."""


@dataclass(slots=True)
class StepDone:
    """One step: how long it took, and what there is to say of it."""

    step: DrillStep
    seconds: float = 0.0
    said: str = ""
    failed: bool = False


@dataclass(slots=True)
class DrillReport:
    """What a drill found. Sizes in bytes."""

    folder: str = ""
    """Where the copies were made."""
    kept: Path | None = None
    """The backup that stays, where one does."""
    left: list[str] = field(default_factory=list)
    """Folders with copies of keys that could not be taken away."""
    steps: list[StepDone] = field(default_factory=list)
    rows: int = 0
    tables: int = 0
    organisations: int = 0
    backup_bytes: int = 0
    restored_bytes: int = 0
    erased_again: int = 0
    erasure_lines: int = 0
    takings_back: int = 0
    kinds: dict[str, KindRead] = field(default_factory=dict)

    @property
    def failed(self) -> StepDone | None:
        """The step that failed, or None."""
        return next((one for one in self.steps if one.failed), None)

    @property
    def next(self) -> str | None:
        """What to do where a step failed, or None."""
        if self.failed is None:
            return None
        if self.left:
            return f"delete {' and '.join(self.left)} by hand: copies of keys are in it. Then {NEXT[self.failed.step]}"
        return NEXT[self.failed.step]
