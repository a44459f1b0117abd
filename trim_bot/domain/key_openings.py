"""How many keys are opened in an hour: a list of hundreds is ordinary, a copy of everything is not."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Lock

from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.key_use import KeyPurpose, KeyUse
from trim_bot.domain.policy import POLICY
from trim_bot.domain.slow_openings import SlowOpenings

_HOUR = timedelta(hours=1).total_seconds()


class KeysHeldBack(StoreUnavailable):
    """More was opened than ordinary use asks for: nothing was opened or saved, and a little is opened meanwhile."""

    def __init__(self) -> None:
        super().__init__(StoreTrouble.HELD_BACK)


class KeyOpenings:
    """Counts the different keys that one process opens of each organisation, and holds back what is far too much.

    `most` an hour, and for each member `slowly` a minute beyond it; a key in steady use counts once. `steady` gives a
    time that nobody can move. Safe to use from several threads.
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
        self._most, self._slowly, self._steady = most, SlowOpenings(slowly), steady
        self._lately: dict[str, OrderedDict[str, float]] = {}
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

    def is_beyond(self) -> bool:
        """Whether far too much was opened of an organisation within the last hour."""
        with self._lock:
            return any(self._steady() - rung < _HOUR for rung in self._alarmed.values())

    def foresee(self, organisation: str, key_ids: Sequence[str], purpose: KeyPurpose) -> None:
        """These are about to be brought into memory; nothing is taken from what may be opened.

        Raises `KeysHeldBack` where they are more than could be shown at all.
        """
        with self._lock:
            fresh = self._fresh(organisation, key_ids, purpose)
            raised = self._is_beyond(organisation, fresh)
            refused = raised and len(fresh) > self._slowly.most
        if refused:
            self._raise_alarm(organisation)
            self._refuse()

    def admit(self, organisation: str, key_ids: Sequence[str], purpose: KeyPurpose) -> None:
        """These were opened and are about to be shown. Raises `KeysHeldBack` where they may not.

        Called once for what is shown, so that nothing is paid twice.
        """
        with self._lock:
            fresh = self._fresh(organisation, key_ids, purpose)
            raised = self._is_beyond(organisation, fresh)
            refused = raised and not self._slowly.pass_through(
                organisation, purpose.asker, fresh, self._steady()
            )
            if purpose.use is KeyUse.ORDINARY:
                self._note(organisation, key_ids, () if raised else fresh)
        if raised:
            self._raise_alarm(organisation)
        if refused:
            self._refuse()

    def _fresh(self, organisation: str, key_ids: Sequence[str], purpose: KeyPurpose) -> list[str]:
        """Those that count: not what names its purpose, not the asker's own, and each once an hour."""
        if purpose.use is not KeyUse.ORDINARY:
            return []
        now, lately = self._steady(), self._lately.setdefault(organisation, OrderedDict())
        while lately and now - next(iter(lately.values())) >= _HOUR:
            lately.popitem(last=False)
        return [id for id in dict.fromkeys(key_ids) if id not in lately and id != purpose.asker]

    def _is_beyond(self, organisation: str, fresh: Sequence[str]) -> bool:
        return bool(fresh) and len(self._lately[organisation]) + len(fresh) > self._most

    def _note(self, organisation: str, key_ids: Sequence[str], fresh: Sequence[str]) -> None:
        now, lately = self._steady(), self._lately[organisation]
        for id in [*(one for one in key_ids if one in lately), *fresh]:
            lately[id] = now
            lately.move_to_end(id)

    def _raise_alarm(self, organisation: str) -> None:
        with self._lock:
            rung, now = self._alarmed.get(organisation), self._steady()
            first = rung is None or now - rung >= _HOUR
            if first:
                self._alarmed[organisation] = now
        if first:
            self.alarm(organisation)

    def _refuse(self) -> None:
        with self._lock:
            self.held_back += 1
        raise KeysHeldBack
