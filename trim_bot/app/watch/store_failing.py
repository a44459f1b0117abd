"""What a trial of the stores has met, for readiness and for the outages."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.watch.not_ready import NotReady
from trim_bot.domain.outages import OutagePart


@dataclass(frozen=True, slots=True)
class StoreFailing:
    """What stands in the way, and the store it is about, if it is about one."""

    reason: NotReady
    store: str = ""

    @property
    def part(self) -> OutagePart:
        """The store as a part of the deployment; the data where it is about none of them alone."""
        return OutagePart(self.store) if self.store else OutagePart.DATA
