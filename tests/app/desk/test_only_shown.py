"""What is marked as only showing something writes nothing, so that a link to it can be followed again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.app.walking import Walk
from tests.fakes import tx as fake
from trim_bot.app.desk.routes import ROUTES, opens
from trim_bot.app.seam.command import Opening
from trim_bot.app.seam.route import Handler, Refs, Result
from trim_bot.app.seam.work import UnitOfWork

pytestmark = pytest.mark.anyio
WRITING = ("add", "save", "drop", "count", "new_key")


class Watched:
    """Lets a handler that shows something run, and fails when it writes."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.showing = False

    def around(self, name: str, show: Handler) -> Handler:
        """The same handler, watched."""

        def watched(work: UnitOfWork, refs: Refs, typed: Mapping[str, object]) -> Result:
            self.seen.add(name)
            with self._shown():
                return show(work, refs, typed)

        return watched

    @contextmanager
    def _shown(self) -> Iterator[None]:
        self.showing = True
        try:
            yield
        finally:
            self.showing = False

    def held(self, write: Callable[..., object]) -> Callable[..., object]:
        """A way to write that is shut while something is shown."""

        def writing(*given: object, **named: object) -> object:
            assert not self.showing, "something that only shows has written"
            return write(*given, **named)

        return writing


async def test_what_only_shows_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    for name, route in ROUTES.items():
        if route.show is not None:
            monkeypatch.setitem(ROUTES, name, replace(route, show=watched.around(name, route.show)))
    for name in WRITING:
        monkeypatch.setattr(fake.FakeTx, name, watched.held(getattr(fake.FakeTx, name)))
    for seed in range(8):
        walk = Walk(seed)
        await walk.settle()
        await walk.begin()
        await walk.go(120)
    assert len(watched.seen) > 20, sorted(watched.seen)


def test_a_way_on_goes_where_its_command_is_an_opening_and_nowhere_else() -> None:
    for route in ROUTES.values():
        shows = route.shows is not None
        assert opens(route.name) is shows
        assert (route.shows is None) or issubclass(route.shows, Opening)
        assert route.does is None or not issubclass(route.does, Opening)
