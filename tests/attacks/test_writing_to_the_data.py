"""Somebody who may write to the data, and has no key, gives an account of theirs what it takes to open a case."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from tests.attacks.desk import SITE, Desk, answer_offer, log_event
from tests.attacks.pages import Page

World = Callable[[], Desk]
Row = dict[str, object]
LINES = """
[[reporting_lines]]
person = "web:porter@acme.example"
manager = "web:lena@acme.example"
"""
SECRET = "acme.a-secret-that-the-thief-made-up"


class Data:
    """The data file of a running desk, and who is who in it."""

    def __init__(self, desk: Desk) -> None:
        self._path = desk.folder / "data.sqlite"
        self._undo: list[Callable[[], None]] = []
        self.of = {name: self._member(desk, name) for name in ("lena", "dora", "priya", "peter", "driver")}

    def run(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Run one statement and commit it."""
        with closing(sqlite3.connect(self._path, timeout=30)) as data, data:
            return data.execute(statement, values).fetchall()

    def rows(self, table: str, **where: object) -> list[Row]:
        """Rows of a table."""
        with closing(sqlite3.connect(self._path, timeout=30)) as data:
            data.row_factory = sqlite3.Row
            condition = " AND ".join(f"{name} = ?" for name in where) or "1"
            query = f"SELECT * FROM {table} WHERE {condition}"  # noqa: S608
            return [dict(row) for row in data.execute(query, tuple(where.values()))]

    def put(self, table: str, row: Row) -> None:
        """Put a row in."""
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())  # noqa: S608
        self._undo.append(lambda: self._delete(table, row["id"]))

    def set(self, table: str, id: object, **values: object) -> None:
        """Give a row other values."""
        [old] = self.rows(table, id=id)
        self._update(table, id, values)
        self._undo.append(lambda: self._update(table, id, {name: old[name] for name in values}))

    def drop(self, table: str, id: object) -> None:
        """Take a row out."""
        [old] = self.rows(table, id=id)
        self._delete(table, id)
        self._undo.append(lambda: self.put(table, old))

    def _update(self, table: str, id: object, values: Row) -> None:
        given = ", ".join(f"{name} = ?" for name in values)
        self.run(f"UPDATE {table} SET {given} WHERE id = ?", *values.values(), id)  # noqa: S608

    def _delete(self, table: str, id: object) -> None:
        self.run(f"DELETE FROM {table} WHERE id = ?", id)  # noqa: S608

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Put back afterwards what was changed here."""
        self._undo.clear()
        try:
            yield
        finally:
            undo, self._undo = self._undo, []
            for one in reversed(undo):
                one()
            self._undo.clear()

    def _member(self, desk: Desk, name: str) -> str:
        known = {row["id"] for row in self.rows("session")}
        desk.browser(name)
        [made] = [row for row in self.rows("session") if row["id"] not in known]
        return str(made["member_id"])


@pytest.fixture(scope="module")
def desk(settled_with: Callable[[str], Desk]) -> Desk:
    """Priya holds a case of the nurse, and one of the porter, whose manager Lena is, waits for a later test."""
    desk = settled_with(SITE + LINES)
    desk.browser("lena").form("waiting")
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    return desk


@pytest.fixture(scope="module")
def data(desk: Desk) -> Data:
    return Data(desk)


@pytest.fixture(scope="module")
def case(data: Data) -> Row:
    [case] = data.rows("support_case")
    assert case["holder"] == data.of["priya"]
    return case


def read_case(desk: Desk, name: str) -> str:
    """All that somebody reads in the cases they have."""
    cases = desk.browser(name).form("cases")
    return cases.press("case").text if cases.has("case") else ""


def plans(desk: Desk, name: str) -> bool:
    """Whether somebody sees the planning page of those who lead."""
    page = desk.browser(name).form("team")
    return page.status == 200 and page.has("assign")


def test_the_case_opens_for_its_holder_and_nobody_else(desk: Desk, data: Data, case: Row) -> None:
    assert "Nurse" in read_case(desk, "priya") and plans(desk, "lena")
    assert "Nurse" not in read_case(desk, "peter") and not plans(desk, "driver") and not plans(desk, "peter")


def test_a_role_that_was_put_in_opens_nothing(desk: Desk, data: Data, case: Row) -> None:
    [one] = data.rows("role_grant", member_id=data.of["lena"], role="lead")
    with data.undone():
        data.put("role_grant", {**one, "id": "made-up", "member_id": data.of["peter"]})
        assert not plans(desk, "peter")


def test_a_role_of_another_opens_nothing(desk: Desk, data: Data, case: Row) -> None:
    [one] = data.rows("role_grant", member_id=data.of["lena"], role="lead")
    with data.undone():
        data.set("role_grant", one["id"], member_id=data.of["peter"])
        assert not plans(desk, "peter")


@pytest.mark.parametrize("part", ["holder", "cover"])
def test_a_case_that_was_given_to_another_opens_for_nobody(
    desk: Desk, data: Data, case: Row, part: str
) -> None:
    with data.undone():
        data.set("support_case", case["id"], **{part: data.of["peter"]})
        assert "Nurse" not in read_case(desk, "peter")
    assert "Nurse" in read_case(desk, "priya")


def test_a_step_that_was_given_to_another_opens_nothing(desk: Desk, data: Data, case: Row) -> None:
    with data.undone():
        for step in data.rows("step", case_id=case["id"]):
            data.set("step", step["id"], holder=data.of["peter"])
        assert "Nurse" not in "".join(page.text for page in _all_due(desk, "peter"))


def _all_due(desk: Desk, name: str) -> list[Page]:
    due = desk.browser(name).form("due")
    return [due, *((due.press("open"),) if due.has("open") else ())]


def test_an_older_copy_of_a_case_does_not_come_back(desk: Desk, data: Data, case: Row) -> None:
    [old] = data.rows("support_case")
    form = desk.browser("lena").form("team").press("assign")
    to = next(one for one in form.choices("holder") if not _label(form, one).startswith("Priya"))
    name = _label(form, to).split(",")[0].lower()
    form.send(holder=to)
    [now] = data.rows("support_case")
    assert now["holder"] == data.of[name]
    assert "Nurse" in read_case(desk, name)
    with data.undone():
        data.drop("support_case", old["id"])
        data.put("support_case", old)
        assert "Nurse" not in read_case(desk, "priya"), "it was given to somebody else since"
    assert "Nurse" in read_case(desk, name)


def _label(form: Page, value: str) -> str:
    after = form.html.split(f'value="{value}"', 1)[1]
    return " ".join(after.split(">", 1)[1].split("<span", 1)[-1].split("</", 1)[0].rpartition(">")[2].split())


def test_an_account_of_another_opens_nothing(desk: Desk, data: Data, case: Row) -> None:
    lena, driver = data.of["lena"], data.of["driver"]
    [account] = data.rows("account", member_id=driver)
    browser = desk.browser("driver")
    with data.undone():
        for other in data.rows("account", member_id=lena):
            data.drop("account", other["id"])
        data.set("account", account["id"], member_id=lena)
        for session in data.rows("session", member_id=driver):
            data.set("session", session["id"], member_id=lena)
        assert not browser.form("team").has("assign")


def test_a_session_that_nobody_signed_in_to_opens_nothing(desk: Desk, data: Data, case: Row) -> None:
    [one] = data.rows("session", member_id=data.of["lena"])[:1]
    made_up = {**one, "id": hashlib.sha256(SECRET.encode()).hexdigest(), "member_id": data.of["lena"]}
    with data.undone():
        data.put("session", made_up)
        driver, thief = desk.browser("driver"), desk.browser()
        held = next(one for one in driver._http.cookies.jar if (one.value or "").startswith("acme."))
        thief._http.cookies.set(held.name, SECRET)
        assert not thief.form("team").has("assign")


def test_a_reporting_line_that_was_taken_out_still_stands(desk: Desk, data: Data, case: Row) -> None:
    log_event(desk, "dora", "porter")
    answer_offer(desk, "porter", "offer_yes")
    before = _plans(desk, "lena")
    assert _plans(desk, "dora") > before, "the deputy sees one more, since the lead manages the porter"
    with data.undone():
        for line in data.rows("reporting_line"):
            data.drop("reporting_line", line["id"])
        assert _plans(desk, "lena") == before


def _plans(desk: Desk, name: str) -> int:
    """How many cases somebody could give to others."""
    page = desk.browser(name).form("team")
    return page.count("assign")


def test_a_role_that_ended_does_not_come_back(desk: Desk, data: Data, case: Row) -> None:
    [old] = data.rows("role_grant", member_id=data.of["dora"], role="deputy")
    assert plans(desk, "dora")
    desk.command("members", "revoke", "deputy", "web:dora@acme.example")
    assert not plans(desk, "dora")
    with data.undone():
        data.put("role_grant", old)
        assert not plans(desk, "dora")


def test_without_the_end_of_the_founding_no_role_is_given_at_once(desk: Desk, data: Data, case: Row) -> None:
    with data.undone():
        for one in data.rows("founding"):
            data.drop("founding", one["id"])
        form = desk.browser("quinn").form("team")
        if form.has("Add somebody"):
            form.press("Add somebody").send(person="web:driver@acme.example", role="lead")
        assert not data.rows("role_grant", member_id=data.of["driver"])


def test_help_is_there_meanwhile_and_it_is_told(desk: Desk, data: Data, case: Row) -> None:
    with data.undone():
        data.set("support_case", case["id"], cover=data.of["peter"])
        read_case(desk, "peter")
        assert desk.browser().get("/help-now").status == 200
        assert "Home" in desk.browser("nurse").get("/").text or desk.browser("nurse").get("/me").status == 200
        told = desk.command("doctor", code=None)
        assert "not as it was written" in told
    assert desk.command("journal", "verify", code=None).startswith("The journal is whole")


Doubt = Callable[[Desk, Data], Callable[[], None]]
"""Puts the journal in doubt, and returns what puts it back as it was."""


def _a_row_of_the_past(desk: Desk, data: Data) -> Callable[[], None]:
    """While the desk stands still, so that it finds it at its start."""
    organisation = _organisation(data)
    change = "UPDATE journal SET what = ? WHERE organisation = ? AND seq = 3"
    [row] = data.rows("journal", organisation=organisation, seq=3)
    desk.stop()
    data.run(change, "other", organisation)
    desk.start()

    def back() -> None:
        data.run(change, row["what"], organisation)

    return back


def _a_row_less(desk: Desk, data: Data) -> Callable[[], None]:
    """While it runs: the last one is taken out."""
    row = _last(data)
    number = int(str(row["seq"])) - 1
    _cut(data, number)

    def back() -> None:
        _cut(data, number)
        _put_row(data, row)

    return back


def _organisation(data: Data) -> object:
    [(organisation,)] = data.run("SELECT DISTINCT organisation FROM support_case")
    return organisation


def _last(data: Data) -> Row:
    rows = data.rows("journal", organisation=_organisation(data))
    return max(rows, key=lambda row: int(str(row["seq"])))


def _put_row(data: Data, row: Row) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    data.run(f"INSERT INTO journal ({names}) VALUES ({marks})", *row.values())  # noqa: S608


def _cut(data: Data, after: int) -> None:
    data.run("DELETE FROM journal WHERE organisation = ? AND seq > ?", _organisation(data), after)


@pytest.mark.parametrize("doubt", [_a_row_of_the_past, _a_row_less])
def test_a_journal_in_doubt_opens_nothing_and_is_told_after_it_was_put_right(
    world: World, doubt: Doubt
) -> None:
    """A made-up role gives nothing while nobody can tell what is true, and no such moment passes unseen."""
    desk = world()
    data = Data(desk)
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    begun = desk.browser("lena").form("team").press("assign")
    before, driver = data.rows("support_case"), desk.browser("driver")
    [lead] = data.rows("role_grant", member_id=data.of["lena"], role="lead")

    put_back = doubt(desk, data)
    data.put("role_grant", {**lead, "id": "made-up", "member_id": data.of["driver"]})
    for _ in range(2):
        page = driver.form("team")
        assert page.status == 503 and not page.has("assign")
    assert begun.send(holder=begun.choices("holder")[0]).status == 503, "nor does what was open before"
    closed = desk.browser("lena").form("cases")
    assert closed.status == 503 and closed.has("Safety concern") and "Nurse" not in closed.text
    assert not driver.form("me").has("Safety concern"), "it is for those who serve"
    assert driver.form("support").status == 200
    data.run("DELETE FROM role_grant WHERE id = 'made-up'")
    assert data.rows("support_case") == before
    desk.stop()
    put_back()
    desk.start()

    assert "was not whole once" in desk.command("journal", "verify", code=1)
    if doubt is _a_row_of_the_past:
        assert "Nurse" in read_case(desk, "priya") and not plans(desk, "driver")
        assert "fail journal" in " ".join(desk.command("doctor", code=None).split())
        desk.stop()
        desk.command("journal", "accept", "--yes")
        assert desk.command("journal", "verify").startswith("The journal is whole")
