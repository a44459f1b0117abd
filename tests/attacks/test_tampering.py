"""Somebody who may write to the stopped stores, and has no key, changes what they hold; then `journal verify` is asked.

`python -m tests.attacks.test_tampering` prints which changes are found, with the anchor and without it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from tests.attacks.desk import SITE, Desk, answer_offer, log_event, running, served, settle

Tamper = Callable[[sqlite3.Connection], object]
NOT_PROVED = "could not be proved"


def _run(statement: str, *values: object) -> Tamper:
    return lambda data: data.execute(statement, values)


def _newest(data: sqlite3.Connection) -> tuple[str, int]:
    """The organisation of the longest chain, and its last number."""
    found: tuple[str, int] = data.execute(
        "SELECT organisation, max(seq) FROM journal GROUP BY organisation ORDER BY 2 DESC LIMIT 1"
    ).fetchone()
    return found


def _row(change: str, back: int = 3) -> Tamper:
    def tamper(data: sqlite3.Connection) -> None:
        one, last = _newest(data)
        data.execute(f"{change} WHERE organisation = ? AND seq = ?", (one, last - back))

    return tamper


def _closed_up(data: sqlite3.Connection) -> None:
    one, last = _newest(data)
    data.execute("DELETE FROM journal WHERE organisation = ? AND seq = ?", (one, last - 3))
    for seq in range(last - 2, last + 1):
        data.execute("UPDATE journal SET seq = ? WHERE organisation = ? AND seq = ?", (seq - 1, one, seq))


def _exchanged(data: sqlite3.Connection) -> None:
    one, last = _newest(data)
    for before, after in ((last - 4, -1), (last - 3, last - 4), (-1, last - 3)):
        data.execute("UPDATE journal SET seq = ? WHERE organisation = ? AND seq = ?", (after, one, before))


def _copied(data: sqlite3.Connection) -> None:
    one, last = _newest(data)
    names = [row[1] for row in data.execute("PRAGMA table_info(journal)")]
    kept = data.execute("SELECT * FROM journal WHERE organisation = ? AND seq = ?", (one, last)).fetchone()
    row = {**dict(zip(names, kept, strict=True)), "seq": last + 1}
    marks = ", ".join("?" * len(names))
    data.execute(f"INSERT INTO journal ({', '.join(names)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608


def _cut(rows: int) -> Tamper:
    def tamper(data: sqlite3.Connection) -> None:
        one, last = _newest(data)
        data.execute("DELETE FROM journal WHERE organisation = ? AND seq > ?", (one, last - rows))

    return tamper


def _beginning(data: sqlite3.Connection) -> None:
    one, _ = _newest(data)
    data.execute("DELETE FROM journal WHERE organisation = ? AND seq < 4", (one,))


def _made_anew(data: sqlite3.Connection) -> None:
    """Somebody else did it all, and every digest fits the one before as plain digests did."""
    one, _ = _newest(data)
    before = ""
    rows = data.execute(
        "SELECT seq, at, actor, action, what, subject FROM journal WHERE organisation = ? ORDER BY seq",
        (one,),
    ).fetchall()
    for seq, at, actor, action, what, subject in rows:
        when = datetime.fromisoformat(at).replace(tzinfo=UTC).isoformat(timespec="microseconds")
        held = [before, one, seq, when, f"not {actor}", action, what, subject]
        before = hashlib.sha256(json.dumps(held, separators=(",", ":")).encode()).hexdigest()
        data.execute(
            "UPDATE journal SET actor = ?, digest = ? WHERE organisation = ? AND seq = ?",
            (f"not {actor}", before, one, seq),
        )
    if "bound" in {row[1] for row in data.execute("PRAGMA table_info(journal)")}:
        data.execute("UPDATE journal SET bound = '' WHERE organisation = ?", (one,))


def _role(data: sqlite3.Connection) -> None:
    data.execute(
        "INSERT INTO role_grant (organisation, id, member_id, role, granted_at) SELECT organisation, 'made-up', "
        "member_id, 'auditor', granted_at FROM role_grant LIMIT 1"
    )


def _week(data: sqlite3.Connection) -> None:
    for week, says in data.execute("SELECT id, says FROM week_status").fetchall():
        other = "not_on_track" if says == "on_track" else "on_track"
        data.execute("UPDATE week_status SET says = ? WHERE id = ?", (other, week))


def _ledger(data: sqlite3.Connection) -> None:
    """Another record was erased than the ledger says, with plain digests that fit."""
    for (name,) in data.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        data.execute(f"DROP TRIGGER {name}")
    columns = ("erasure_id", "organisation", "what", "record_id", "key_ids", "other_ids", "state", "at")
    data.execute("UPDATE ledger_lines SET record_id = 'another'")
    before = ""
    for n, line in data.execute("SELECT n, line FROM ledger_digests ORDER BY n").fetchall():
        row = data.execute(f"SELECT {', '.join(columns)} FROM ledger_lines WHERE seq = ?", (line,)).fetchone()  # noqa: S608
        told = json.dumps([before, *row], separators=(",", ":"), ensure_ascii=True)
        before = hashlib.sha256(told.encode()).hexdigest()
        data.execute("UPDATE ledger_digests SET digest = ? WHERE n = ?", (before, n))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change."""

    what: str
    tamper: Tamper
    alone: bool = True
    """Whether it is found without the anchor."""
    file: str = "data.sqlite"


KINDS = (
    Kind("another did it", _row("UPDATE journal SET actor = 'somebody else'")),
    Kind("at another time", _row("UPDATE journal SET at = '2020-01-01 00:00:00.000000'")),
    Kind("something else was done", _row("UPDATE journal SET what = 'profile', action = 'changed'")),
    Kind("about another", _row("UPDATE journal SET subject = 'somebody else'")),
    Kind("a row taken out", _row("DELETE FROM journal")),
    Kind("a row taken out, the rest closed up", _closed_up),
    Kind("two rows exchanged", _exchanged),
    Kind("a row put in", _copied),
    Kind("the beginning taken out", _beginning),
    Kind("the end cut off, nothing bound in it", _cut(1), alone=False),
    Kind("the end cut off, with what it binds", _cut(12)),
    Kind("every row made anew", _made_anew),
    Kind("every row taken out", _run("DELETE FROM journal")),
    Kind("a role put in", _role),
    Kind("a role taken from another", _run("UPDATE role_grant SET role = 'lead' WHERE role = 'coordinator'")),
    Kind("a count changed", _run("UPDATE counts SET n = n + 7")),
    Kind("a week's sentence changed", _week),
    Kind("a week's bands changed", _run("UPDATE week_status SET leads = '10–14'")),
    Kind("a case given to another", _run("UPDATE support_case SET holder = 'another'")),
    Kind("a reporting line taken out", _run("DELETE FROM reporting_line")),
    Kind("the ledger written anew", _ledger, file="ledger.sqlite"),
)  # fmt: skip


def make_stopped(folder: Path) -> Desk:
    """The files of a desk that was stopped: a case, a closed week, a line, an erasure, and an anchor of the ledger."""
    lines = '\n[[reporting_lines]]\nperson = "web:porter@acme.example"\nmanager = "web:lena@acme.example"\n'
    with served(folder / "desk", settle(folder / "settled", SITE + lines)) as desk:
        desk.browser("lena").form("waiting")
        log_event(desk, "priya", "nurse")
        answer_offer(desk, "nurse", "offer_yes")
        desk.wait(days=7)
        desk.command("erase", "web:driver@acme.example", "--yes")
        # The last row binds nothing: somebody's reading of their own page.
        desk.browser("nurse").get("/me")
        desk.wait(minutes=1)
        for name in ("priya", "nurse"):
            desk.browser(name).form("cases")
    return desk


def verify(desk: Desk, kind: Kind | None, *, anchored: bool) -> tuple[bool, str]:
    """Whether a change is told, on a copy of the files, and what was said."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(desk.folder, copy)
        if not anchored:
            for one in copy.glob("*.anchor*"):
                one.unlink()
        if kind is not None:
            with closing(sqlite3.connect(copy / kind.file)) as data, data:
                kind.tamper(data)
        said = Desk(copy, desk.port).command("journal", "verify", "--json", code=None)
        told = json.loads(_object(said))
        return bool(told["faults"]), said


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_stopped(tmp_path_factory.mktemp("stopped"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.what)
def test_a_change_is_found(stopped: Desk, kind: Kind) -> None:
    assert verify(stopped, kind, anchored=True)[0]
    assert verify(stopped, kind, anchored=False)[0] is kind.alone


def test_what_was_not_changed_is_whole_and_without_an_anchor_it_is_said_what_is_not_proved(
    stopped: Desk,
) -> None:
    assert not verify(stopped, None, anchored=True)[0]
    for one in stopped.folder.glob("*.anchor*"):
        shutil.move(one, one.with_name(f"kept-{one.name}"))
    try:
        assert NOT_PROVED in stopped.command("journal", "verify", code=1)
    finally:
        for one in stopped.folder.glob("kept-*"):
            shutil.move(one, one.with_name(one.name.removeprefix("kept-")))


def _in(desk: Desk, file: str, *all_of: Tamper) -> None:
    with closing(sqlite3.connect(desk.folder / file)) as data, data:
        for one in all_of:
            one(data)


def _given(data: sqlite3.Connection) -> None:
    """Peter is made a lead, and holder of the case of the nurse."""
    [(organisation, peter, at)] = data.execute(
        "SELECT organisation, member_id, granted_at FROM role_grant GROUP BY member_id HAVING count(*) = 1 "
        "AND max(role) = 'practitioner' AND member_id NOT IN (SELECT holder FROM support_case)"
    ).fetchall()
    data.execute(
        "INSERT INTO role_grant (organisation, id, member_id, role, granted_at) VALUES (?, 'made-up', ?, 'lead', ?)",
        (organisation, peter, at),
    )
    data.execute("UPDATE support_case SET holder = ?", (peter,))


def _forget(desk: Desk) -> None:
    """Nothing in key store and ledger says any more that the journal was signed once."""
    _in(desk, "keys.sqlite", _run("DELETE FROM key_store_facts WHERE name = 'journal_signed'"))
    _in(desk, "ledger.sqlite", _run("DELETE FROM ledger_facts WHERE name = 'journal_signed'"))


def _all_taken_out(desk: Desk) -> None:
    for one in desk.folder.glob("*.anchor*"):
        one.unlink()
    _in(desk, "data.sqlite", _given, _run("DELETE FROM journal"))


def _signed_again(desk: Desk) -> None:
    _forget(desk)
    _in(desk, "data.sqlite", _given, _made_anew)


def _anchor_emptied_first(desk: Desk) -> None:
    """Without its row in `organisation` nothing seems to be kept, so that a command could begin the anchor anew."""
    kept: list[tuple[object, ...]] = []

    def take_out(data: sqlite3.Connection) -> None:
        kept.extend(data.execute("SELECT * FROM organisation").fetchall())
        data.execute("DELETE FROM organisation")

    _in(desk, "data.sqlite", take_out)
    desk.command("members", "list", code=None)
    marks = ", ".join("?" * len(kept[0]))
    _in(desk, "data.sqlite", _run(f"INSERT INTO organisation VALUES ({marks})", *kept[0]))  # noqa: S608
    _signed_again(desk)


@pytest.mark.parametrize("tamper", [_all_taken_out, _signed_again, _anchor_emptied_first])
def test_a_desk_that_is_started_gives_nothing_for_a_journal_that_was_made_anew(
    stopped: Desk, tmp_path: Path, tamper: Callable[[Desk], None]
) -> None:
    shutil.copytree(stopped.folder, tmp_path / "copy")
    copy = Desk(tmp_path / "copy", stopped.port, stopped.now)
    tamper(copy)
    with running(copy.folder) as desk:
        assert "Nurse" not in _shown(desk)
        assert desk.browser().get("/help-now").status == 200
    assert json.loads(_object(copy.command("journal", "verify", "--json", code=1)))["faults"]


def _shown(desk: Desk) -> str:
    """All that the colleague reads in the cases they have; nothing where the desk no longer knows them."""
    known = httpx.post(f"{desk.url}/practice/as", json={"actor": "web:peter@acme.example"}).status_code
    if known != 200:
        assert known == 404
        return ""
    assert not desk.browser("peter").form("team").has("assign")
    cases = desk.browser("peter").form("cases")
    return cases.press("case").text if cases.has("case") else cases.text


def _object(said: str) -> str:
    return said[said.index("{") : said.rindex("}") + 1]


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        desk = make_stopped(Path(place))
        for kind in KINDS:
            found = [verify(desk, kind, anchored=anchored)[0] for anchored in (False, True)]
            print(
                f"{kind.what:45} without {'yes' if found[0] else 'no':3}  with {'yes' if found[1] else 'no'}"
            )
