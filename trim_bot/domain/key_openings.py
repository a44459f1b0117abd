"""How many keys are opened in an hour: a list of hundreds is ordinary, a copy of everything is not."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Lock

from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.key_use import KeyUse
from trim_bot.domain.policy import POLICY

_HOUR, _MINUTE = timedelta(hours=1).total_seconds(), timedelta(minutes=1).total_seconds()


class KeysHeldBack(StoreUnavailable):
    """More was opened than ordinary use asks for: nothing was opened or saved, and a little is opened meanwhile."""

    def __init__(self) -> None:
        super().__init__(StoreTrouble.HELD_BACK)


class KeyOpenings:
    """Counts the different keys that one process opens of each organisation, and holds back what is far too much.

    `most` an hour, and `slowly` a minute beyond it; a key in steady use counts once. `steady` gives a time that nobody
    can move. Safe to use from several threads.
    """

    def __init__(
        self,
        most: int = POLICY.keys_opened_in_an_hour,
        slowly: int = POLICY.keys_opened_slowly_in_a_minute,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.alarm: Callable[[str], object] = lambda organisation: None
        """Told of an organisation of which too much is opened, once an hour at most."""
        self.opened: Counter[KeyUse] = Counter()
        self.held_back = 0
        """How often something was not opened."""
        self._most, self._slowly, self._steady = most, slowly, steady
        self._lately: dict[str, OrderedDict[str, float]] = {}
        self._beyond: dict[str, deque[float]] = {}
        self._alarmed: dict[str, float] = {}
        self._lock = Lock()

    def count(self, key_ids: Sequence[str], use: KeyUse) -> None:
        """These were opened, and what came of them is handed out."""
        with self._lock:
            self.opened[use] += len(key_ids)

    def told(self) -> tuple[int, int]:
        """How many keys were opened, and how often that was refused; what for would tell of calls for safety."""
        with self._lock:
            return self.opened.total(), self.held_back

    def admit(self, organisation: str, key_ids: Sequence[str], use: KeyUse) -> None:
        """These are about to be opened, or were and are about to be shown. Raises `KeysHeldBack` where they may not."""
        with self._lock:
            raised = use is KeyUse.ORDINARY and self._is_beyond(organisation, key_ids)
            refused = raised and not self._passes_slowly(organisation, key_ids)
            rung, now = self._alarmed.get(organisation), self._steady()
            first = raised and (rung is None or now - rung >= _HOUR)
            if first:
                self._alarmed[organisation] = now
            if refused:
                self.held_back += 1
        if first:
            self.alarm(organisation)
        if refused:
            raise KeysHeldBack

    def _is_beyond(self, organisation: str, key_ids: Sequence[str]) -> bool:
        now, lately = self._steady(), self._lately.setdefault(organisation, OrderedDict())
        while lately and now - next(iter(lately.values())) >= _HOUR:
            lately.popitem(last=False)
        fresh = [id for id in key_ids if id not in lately]
        beyond = bool(fresh) and len(lately) + len(fresh) > self._most
        for id in [one for one in key_ids if one in lately] if beyond else key_ids:
            lately[id] = now
            lately.move_to_end(id)
        return beyond

    def _passes_slowly(self, organisation: str, key_ids: Sequence[str]) -> bool:
        now, beyond = self._steady(), self._beyond.setdefault(organisation, deque())
        while beyond and now - beyond[0] >= _MINUTE:
            beyond.popleft()
        fresh = [id for id in key_ids if id not in self._lately[organisation]]
        if len(beyond) + len(fresh) > self._slowly:
            return False
        beyond.extend([now] * len(fresh))
        return True
