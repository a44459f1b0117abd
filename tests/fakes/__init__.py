"""Stand-ins for everything outside the core, so that a use case is tested without database or platform."""

from tests.fakes.platforms import FakeClock, FakeDirectory, FakeHolidays, FakeMessenger
from tests.fakes.store import FakeStore
from tests.fakes.tokens import FakeTokens
from tests.fakes.tx import FakeTx

__all__ = [
    "FakeClock",
    "FakeDirectory",
    "FakeHolidays",
    "FakeMessenger",
    "FakeStore",
    "FakeTokens",
    "FakeTx",
]
