"""A key store in memory and a clock moved by hand, for tests of sealing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from trim_bot.domain.unused_keys import StoredKey


class MemoryKeyStore:
    """Keeps wrapped keys in a dictionary; `reads` counts the calls of `get`, `takes` those of `take`."""

    def __init__(self, *, on_server: bool = False) -> None:
        self.on_server = on_server
        self.kept: dict[str, StoredKey] = {}
        self.spares: list[str] = []
        self.reads = 0
        self.takes = 0

    def get(self, ids: Iterable[str], /) -> dict[str, StoredKey]:
        self.reads += 1
        return {id: self.kept[id] for id in ids if id in self.kept}

    def add(self, keys: Sequence[StoredKey], spares: Sequence[StoredKey] = (), /) -> None:
        self.kept.update({key.id: key for key in [*keys, *spares]})
        self.spares += [key.id for key in spares]

    def take(self, count: int, master_id: str, /) -> list[StoredKey]:
        self.takes += 1
        taken, self.spares = self.spares[:count], self.spares[count:]
        return [self.kept[id] for id in taken]

    def still_taken(self, ids: Iterable[str], /) -> set[str]:
        return {id for id in ids if id in self.kept and id not in self.spares}

    def hold(self, ids: Iterable[str], /) -> None:
        self.in_hand = set(ids)

    def give_back(self, ids: Iterable[str], /) -> None:
        self.spares += [id for id in ids if id in self.kept]

    def delete(self, ids: Iterable[str], /) -> None:
        for id in ids:
            self.kept.pop(id, None)
            if id in self.spares:
                self.spares.remove(id)

    def all_ids(self) -> list[str]:
        return list(self.kept)

    def not_under(self, master_id: str, limit: int, /) -> list[StoredKey]:
        return [key for key in self.kept.values() if key.master_id != master_id][:limit]

    def replace(self, keys: Sequence[StoredKey], /) -> None:
        self.kept.update({key.id: key for key in keys if key.id in self.kept})


class HandClock:
    """The time since boot, which moves only when told."""

    def __init__(self) -> None:
        self.since_boot = timedelta(hours=3)

    def __call__(self) -> timedelta:
        return self.since_boot

    def forward(self, by: timedelta) -> None:
        self.since_boot += by
