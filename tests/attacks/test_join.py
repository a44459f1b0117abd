"""A thief has the files of all three stores, the whole export of the chat and the list of staff, and joins them by
everything that could be equal, in order, at the same time, of the same length or as many.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from zlib import crc32

import pytest

from tests.attacks.desk import ROLES, SITE, STAFF, Desk, answer_offer, log_event, served, settle

MORE = (
    "welder", "ox", "receptionist", "baker", "electrician", "cook", "gardener", "carpenter", "clerk", "plumber",
    "groundskeeper", "al",
)  # fmt: skip
EVERYBODY = (*ROLES, *MORE, *STAFF)
"""The list of staff, in its order."""
OFFERED = {"nurse", "driver", "porter", "baker"}
STATED = OFFERED | ROLES.keys()
"""Of whom docs/privacy.md says that times can name them: who was written to about an offer, and who serves."""
FILES = ("data", "keys", "ledger")
MINUTE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
TOKEN_PREFIX = 10
LITTLE_BEFORE = 6
"""Minutes: a message goes out soon after what it is about."""


@dataclass
class Row:
    """One row of a stolen file."""

    table: str
    values: dict[str, object]

    def texts(self) -> Iterator[str]:
        return (value for value in self.values.values() if isinstance(value, str) and value)


@dataclass
class Loot:
    """All that the thief has, and beside it the truth that only the test knows."""

    raw: bytes
    rows: list[Row]
    export: Mapping[str, Sequence[Mapping[str, str]]]
    """Every message to each person, also those sent after the files were stolen."""
    note_from: datetime
    truth: Mapping[str, str]
    """The opaque id of each person."""
    _near: dict[str, list[Row]] = field(default_factory=dict)

    def people(self) -> dict[str, str]:
        return {id: name for name, id in self.truth.items()}

    def near(self, member: str) -> list[Row]:
        """Rows that hold a member's id, and rows that hold an id of one of those."""
        if member not in self._near:
            others = {id for id in self.truth.values() if id != member}
            found = [row for row in self.rows if member in row.texts()]
            ids = {text for row in found for text in row.texts() if len(text) == 26} - others
            common = Counter(text for row in self.rows for text in set(row.texts()))
            ids = {id for id in ids if common[id] < 12}
            self._near[member] = [row for row in self.rows if not ids.isdisjoint(row.texts())]
        return self._near[member]


@pytest.fixture(scope="module")
def loot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loot]:
    folder = tmp_path_factory.mktemp("join")
    listed = "".join(
        f'\n[[staff]]\naddress = "web:{name}@acme.example"\nname = "{name.title()}"\n' for name in MORE
    )
    with served(folder / "desk", settle(folder / "settled", SITE + listed)) as desk:
        yield stolen(desk, folder)


def stolen(desk: Desk, folder: Path) -> Loot:
    """A working week, the theft, and the chat of the four weeks after it."""
    desk.browser("lena").form("waiting")
    for name, answer in (
        ("nurse", "offer_yes"),
        ("driver", "offer_later"),
        ("porter", "offer_no"),
        ("baker", ""),
    ):
        log_event(desk, "priya", name)
        desk.wait(minutes=17)
        if answer:
            answer_offer(desk, name, answer)
        desk.wait(minutes=13)
    for name, chosen in (("cook", "named"), ("carpenter", "unnamed"), ("electrician", "named")):
        desk.browser(name).form("support").send(name=chosen, text="Some words", contact="")
        desk.wait(minutes=11)
    desk.command("erase", "web:electrician@acme.example", "--yes")
    desk.wait(hours=1)
    desk.browser("quinn").form("team").press("The monthly note").press("Send it to everyone")
    note_from = desk.now
    desk.wait(days=1)
    log_event(desk, "peter", "baker")
    desk.wait(days=2, minutes=5)
    for name in FILES:
        for path in desk.folder.glob(f"{name}.sqlite*"):
            shutil.copy(path, folder / path.name)
    raw = b"".join(path.read_bytes() for path in sorted(folder.glob("*.sqlite*")))
    rows = [row for name in FILES for row in _rows(folder / f"{name}.sqlite")]
    for _ in range(28):
        desk.wait(days=1)
    export = {name: _messages(desk, name) for name in EVERYBODY}
    found = {name: _id_of(desk, name) for name in EVERYBODY}
    truth = {name: id for name, id in found.items() if id}
    export = {name: export[name] for name in truth}
    return Loot(raw, rows, export, note_from, truth)


def _messages(desk: Desk, name: str) -> list[dict[str, str]]:
    """What the chat keeps of somebody, whether or not the desk still knows them."""
    reader = desk.browser()
    reader.address = f"web:{name}@acme.example"
    return reader.messages()


def _rows(path: Path) -> Iterator[Row]:
    with closing(sqlite3.connect(path)) as file:
        file.row_factory = sqlite3.Row
        for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in file.execute(f'SELECT * FROM "{table}"').fetchall():  # noqa: S608 (its own names)
                yield Row(table, dict(row))


def _id_of(desk: Desk, name: str) -> str:
    """Whose id it is: after the theft, an event is logged for each, and there is one more offer. Empty for nobody."""

    def offers() -> set[tuple[str, str]]:
        with closing(sqlite3.connect(desk.folder / "data.sqlite", timeout=30)) as data:
            return set(data.execute("SELECT id, member_id FROM offer").fetchall())

    before = offers()
    form = desk.browser("peter" if name == "priya" else "priya").form("log")
    form.send(
        kind="threat_or_violence", ended_on=desk.now.date().isoformat(), ended_at="08:00",
        direct=[f"web:{name}@acme.example"],
    )  # fmt: skip
    return next((member for _, member in offers() - before), "")


def test_no_value_of_the_chat_or_the_list_stands_in_the_files(loot: Loot) -> None:
    outside = {f"web:{name}@acme.example" for name in EVERYBODY}
    outside |= {name.title() for name in EVERYBODY if len(name) > 4}
    outside |= {
        one[part][:TOKEN_PREFIX] for said in loot.export.values() for one in said for part in ("open", "stop")
    }
    assert len(outside) > 100
    assert {one for one in outside if one.encode() in loot.raw} == set()


def test_no_digest_that_needs_no_key_stands_in_the_files(loot: Loot) -> None:
    spoken = {form for name in EVERYBODY for form in (name, name.title(), f"{name}@acme.example")}
    spoken |= {f"web:{name}@acme.example" for name in EVERYBODY}
    spoken |= {one[part] for said in loot.export.values() for one in said for part in ("open", "stop")}
    made = {
        (kind, text): digest
        for text in spoken
        for kind in ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s")
        for digest in [hashlib.new(kind, text.encode()).digest()]
    }
    found = {
        of for of, digest in made.items() if digest[:8] in loot.raw or digest.hex()[:16].encode() in loot.raw
    }
    assert found == set()


def sequences(loot: Loot) -> Iterator[tuple[str, list[str]]]:
    """Members as they lie in each table, by their own id or a key's, and as their ids lie in the bytes."""
    member_of = {
        str(row.values["key_id"]): str(row.values["id"]) for row in loot.rows if row.table == "member"
    }
    people = loot.people()
    columns: dict[str, list[str]] = defaultdict(list)
    for row in loot.rows:
        for column, value in row.values.items():
            member = member_of.get(str(value), str(value))
            if member in people:
                columns[f"{row.table}.{column}"].append(people[member])
    for name, found in columns.items():
        yield name, list(dict.fromkeys(found))
    yield "bytes", sorted(loot.truth, key=lambda name: loot.raw.find(loot.truth[name].encode()))


def agreement(found: Sequence[str], known: Sequence[str]) -> float:
    """How far two orders agree: 1 for the same, -1 for the reverse, about 0 for no order (Kendall's tau)."""
    place = {name: number for number, name in enumerate(known)}
    pairs = list(combinations([place[name] for name in found if name in place], 2))
    return sum(1 if one < other else -1 for one, other in pairs) / len(pairs)


def test_no_order_in_the_files_is_that_of_the_list_or_of_the_chat(loot: Loot) -> None:
    first = {name: min(one["at"] for one in said) if said else "" for name, said in loot.export.items()}
    quiet = [name for name in loot.truth if name not in ROLES]
    orders = {
        "list": quiet,
        "names": sorted(quiet),
        "lengths": sorted(quiet, key=lambda name: (len(name), name)),
        "first message": sorted(quiet, key=lambda name: (first[name], name)),
    }
    looked, found = 0, {}
    for place, lying in sequences(loot):
        for order, known in orders.items():
            if len(set(lying) & set(known)) >= 12:
                looked += 1
                if abs(tau := agreement(lying, known)) > 0.85:
                    found[f"{place} by {order}"] = round(tau, 2)
    assert looked >= 12
    assert found == {}


def test_no_length_of_what_is_sealed_tells_a_name(loot: Loot) -> None:
    for table, of in (("member", "id"), ("account", "member_id")):
        lengths = {
            len(value)
            for row in loot.rows
            if row.table == table and row.values[of] in loot.people()
            for value in row.values.values()
            if isinstance(value, bytes)
        }
        assert len(lengths) == 1, table


def times_of(loot: Loot) -> dict[str, set[str]]:
    """The minutes that stand in rows of each member."""
    return {
        id: {
            found.replace("T", " ")
            for row in loot.near(id)
            for text in row.texts()
            for found in MINUTE.findall(text)
        }
        for id in loot.truth.values()
    }


def named_by(loot: Loot, inside: Mapping[str, set[str]], outside: Mapping[str, set[str]]) -> set[str]:
    """People whose id the thief picks rightly: the one with most in common that few others have.

    Who serves is known to everybody, and which ids do is open in the files.
    """
    serving = {str(row.values["member_id"]) for row in loot.rows if row.table == "role_grant"}
    members = Counter(one for found in inside.values() for one in found)
    people = Counter(one for found in outside.values() for one in found)
    right = set()
    for name, known in outside.items():
        scores = {
            id: sum(1 / (members[one] * people[one]) for one in known & found)
            for id, found in inside.items()
            if (id in serving) is (name in ROLES)
        }
        best = max(scores.values(), default=0)
        if best > 0 and [id for id, score in scores.items() if score == best] == [loot.truth[name]]:
            right.add(name)
    return right


def test_times_name_those_alone_of_whom_that_is_stated(loot: Loot) -> None:
    outside = {
        name: {
            str(datetime.fromisoformat(one["at"]) - timedelta(minutes=before))[:16]
            for one in said
            for before in range(LITTLE_BEFORE)
        }
        for name, said in loot.export.items()
    }
    right = named_by(loot, times_of(loot), outside)
    assert right & OFFERED, "the time of an offer is that of its message, as is stated"
    assert right <= STATED


def test_days_name_those_alone_of_whom_that_is_stated(loot: Loot) -> None:
    inside = {id: {minute[:10] for minute in found} for id, found in times_of(loot).items()}
    outside = {name: {one["at"][:10] for one in said} for name, said in loot.export.items()}
    assert named_by(loot, inside, outside) <= STATED


def test_how_many_messages_somebody_had_names_those_alone_of_whom_that_is_stated(loot: Loot) -> None:
    had = {name: len(said) for name, said in loot.export.items()}
    usual = Counter(had.values()).most_common(1)[0][0]
    outside = {name: {str(number - usual)} for name, number in had.items() if number > usual}
    right: set[str] = set()
    for table in {row.table for row in loot.rows}:
        rows = [row for row in loot.rows if row.table == table]
        many = {id: sum(id in row.texts() for row in rows) for id in loot.truth.values()}
        inside = {id: {str(number)} for id, number in many.items() if number}
        if inside:
            right |= named_by(loot, inside, outside)
    assert right <= STATED


GUESSES = {
    "crc32": lambda text: crc32(text.encode()) % 28,
    "sha256": lambda text: int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % 28,
}
"""Ways in which a day of four weeks may be made of a text."""


def test_nothing_that_lies_open_tells_the_day_of_somebodys_note(loot: Loot) -> None:
    """Whoever has read the code works the day out from every open value that is each person's own.

    A note that falls on a weekend comes on the Monday; so by chance one person in nine fits, and never eight of eleven.
    """
    quiet = [name for name in loot.truth if name not in STATED]
    heard = {name: set(_days_after(loot, loot.export[name])) for name in quiet}
    assert len(quiet) >= 10 and all(len(days) == 1 for days in heard.values()), "each hears once"
    fits: Counter[str] = Counter()
    for name in quiet:
        own = Counter(row.table for row in loot.near(loot.truth[name]))
        for row in loot.near(loot.truth[name]):
            for column, value in row.values.items() if own[row.table] == 1 else ():
                for kind, guess in GUESSES.items():
                    late = {day - guess(str(value)) for day in heard[name]}
                    fits[f"{kind} of {row.table}.{column}"] += not late.isdisjoint({0, 1, 2})
    assert {place: many for place, many in fits.items() if many >= 8} == {}


def _days_after(loot: Loot, said: Iterable[Mapping[str, str]]) -> Iterator[int]:
    for one in said:
        since = datetime.fromisoformat(one["at"]) - loot.note_from
        if timedelta() <= since:
            yield since.days
