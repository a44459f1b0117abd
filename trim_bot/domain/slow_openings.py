"""What each member is shown slowly, beyond what is ordinary: in a minute of their own, so nobody uses up another's."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta

_MINUTE = timedelta(minutes=1).total_seconds()


class SlowOpenings:
    """The keys each member was shown within the last minute, at most `most`. Whoever calls it sees that one does."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._passed: dict[tuple[str, str], OrderedDict[str, float]] = {}

    def pass_through(self, organisation: str, asker: str, key_ids: Sequence[str], now: float) -> bool:
        """Whether a member may still be shown these at `now` (seconds of a steady clock); what passed passes again."""
        self._forget(now)
        passed = self._passed.get((organisation, asker), OrderedDict())
        fresh = [id for id in key_ids if id not in passed]
        if len(passed) + len(fresh) > self.most:
            return False
        passed.update(dict.fromkeys(fresh, now))
        self._passed[organisation, asker] = passed
        return True

    def _forget(self, now: float) -> None:
        for whose, passed in list(self._passed.items()):
            while passed and now - next(iter(passed.values())) >= _MINUTE:
                passed.popitem(last=False)
            if not passed:
                del self._passed[whose]
