"""Walks every list of the organisation at size to its end, in both chats and in Chromium; fails where one is amiss."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import expect

from tests.adapters.slack_app.rules import faults_of_view
from tests.e2e.slack_side import Modal
from tests.e2e.teams_side import Dialog
from tests.pictures.camera import DESK, Camera, Picture
from tests.pictures.large_desk import LargeDesk, large_desk
from tests.pictures.list_choices import LongChoices
from tests.pictures.list_reading import Leaf, Row, browser_leaf, slack_leaf, teams_leaf
from tests.pictures.slack_paper import paper_of
from trim_bot.app.seam.paging import FIND, FIND_BY_NAME, FROM_THE_FIRST, NEXT, PART_OF_NAME
from trim_bot.app.words.adapter_words import CANNOT_SHOW
from trim_bot.domain.policy import POLICY

MODAL = 640
WHERE = re.compile(r"(?:(\d+) to )?(\d+) of (\d+)")
DAY = re.compile(r"(?:since|from|on) \w+ (\d+) (\w+)(?:, (\d+:\d+))?")
Key = tuple[object, ...]


def day_in(text: str) -> datetime:
    """The first day that a text names, in the year of the story; the last of all where it names none."""
    found = DAY.search(text)
    if found is None:
        return datetime.max.replace(tzinfo=UTC)
    day, month, hour = found.groups()
    return datetime.strptime(f"{day} {month} 2026 {hour or '0:00'} +0000", "%d %B %Y %H:%M %z")


def urgency(row: Row) -> Key:
    """Danger, then what is late, then the soonest."""
    return "A call for safety" not in row.above, "still open" not in row.above, day_in(row.above)


def waited(row: Row) -> Key:
    """Danger, then what is late, then the longest there."""
    return "safety" not in row.above.casefold(), "still open" not in row.above, day_in(row.above)


def come(row: Row) -> Key:
    """What has come to somebody, by when it is due, which no row says; what may yet come has no button."""
    return ("This has come to you." not in row.above,)


def board(row: Row) -> Key:
    """Danger, what nobody has, events to tell people of, then what is late, then the soonest talk."""
    groups = ("safety call", "no owner", "told in person", "What comes next")
    group = next(n for n, said in enumerate(groups) if said in row.above)
    if group < len(groups) - 1:
        return (group,)
    return group, "Still open" not in row.above, day_in(row.above.partition("What comes next")[2])


def logged(row: Row) -> Key:
    """Whatever was logged last comes first, which no row says."""
    return ()


def name(row: Row) -> Key:
    """By name."""
    return (row.label.casefold(),)


def load(row: Row) -> Key:
    """Whoever holds least."""
    found = re.search(r"\n(\d+) of", row.above)
    assert found is not None, row.above
    return (int(found[1]),)


def as_numbered(row: Row) -> Key:
    """As they are counted."""
    return (int(row.label.rsplit(" ", 1)[1]),)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, and how somebody comes to it."""

    name: str
    who: str
    say: str
    actions: Sequence[str]
    """What the buttons of its rows ask for; empty where the rows have none."""
    many: int
    order: Callable[[Row], Key]
    by: str = ""
    """The button on the page that `say` opens, where that is not the list itself."""
    typed: str = ""
    """Part of a name that some of its rows have."""


LISTS = (
    Listed("cases", "priya", "cases", ("case",), 42, urgency, typed="bak"),
    Listed("due", "priya", "due", ("open",), 48, waited),
    Listed("logged", "priya", "log", ("incident",), 40, logged, by="Events you logged"),
    Listed("board", "lena", "team", ("assign", "call_sheet"), 151, board),
    Listed("room", "lena", "team", (), 60, load, by="Who holds how much", typed="rossi"),
    Listed("tray", "lena", "team", ("take_from_tray",), 16, as_numbered, by="Asked without a name"),
    Listed("due-lead", "lena", "due", ("open", "call_sheet"), 52, waited),
    Listed("cover", "dora", "cover", ("open", "call_sheet"), 19, come),
    Listed("roster", "quinn", "team", ("person",), 61, name, typed="anna"),
)


class Lists:
    """Somebody at a desk in three ways."""

    def __init__(self, camera: Camera, desk: LargeDesk) -> None:
        self._camera = camera
        self._page = camera.page
        self._desk = desk

    def all_of_it(self) -> None:
        """Every list, to its end."""
        for listed in LISTS:
            slack = self._slack(listed)
            teams = self._teams(listed)
            browser = self._browser(listed)
            said = [
                [row.label for leaf in leaves for row in leaf.rows(listed.actions)]
                for leaves in (slack, teams, browser)
            ]
            faults = (
                []
                if said[0] == said[1] == said[2]
                else ["the three ways show other rows, or in another order"]
            )
            pages = " / ".join(str(len(leaves)) for leaves in (slack, teams, browser))
            self._tell(f"list/{listed.name}: {listed.many} rows, {pages} pages", faults)

    def _slack(self, listed: Listed) -> list[Leaf]:
        run = self._desk.run
        person = run(self._desk.deployment.slack(listed.who))
        modal: Modal = run(person.say("peer", listed.say))
        if listed.by:
            modal = self._press(modal, slack_leaf(modal.shown), listed.by)
        leaves: list[Leaf] = []
        while True:
            leaf = slack_leaf(modal.shown)
            leaves.append(leaf)
            last = leaf.nth(NEXT) is None
            faults = [*faults_of_view(modal.shown), *_cut(modal)]
            self._shoot(
                listed, "last" if last else str(len(leaves)), modal, faults, keep=last or len(leaves) < 3
            )
            if last or len(leaves) > listed.many:
                break
            modal = self._press(modal, leaf, NEXT)
        self._tell(f"list/{listed.name}/slack", amiss(listed, leaves, self._ids(listed, leaves)))
        if listed.typed:
            modal = run(person.say("peer", listed.say))
            if listed.by:
                modal = self._press(modal, slack_leaf(modal.shown), listed.by)
            modal = self._press(modal, slack_leaf(modal.shown), FIND_BY_NAME)
            modal.fill(typed=listed.typed)
            modal = run(modal.submit())
            self._shoot(
                listed,
                "found",
                modal,
                [*faults_of_view(modal.shown), *_found(listed, slack_leaf(modal.shown))],
            )
        return leaves

    def _press(self, screen: Any, leaf: Leaf, label: str) -> Any:
        found = leaf.nth(label)
        assert found is not None, f"no button {label}"
        return self._desk.run(screen.press(*found))

    def _shoot(
        self, listed: Listed, what: str, modal: Modal, faults: Sequence[str], *, keep: bool = True
    ) -> None:
        named = f"list/{listed.name}/{what}"
        if keep:
            self._page.goto("about:blank")
            self._page.set_content(paper_of(modal.shown), wait_until="load")
            self._page.set_viewport_size({"width": MODAL, "height": 800})
            file = self._camera.folder / f"slack-{named.replace('/', '-')}.png"
            self._page.screenshot(path=file, full_page=True)
        self._tell(f"slack/{named}", faults)

    def _teams(self, listed: Listed) -> list[Leaf]:
        """The rules of Teams are held to each card as it comes."""
        run = self._desk.run
        dialog: Dialog = run(run(self._desk.deployment.teams(listed.who)).say("peer", listed.say))
        if listed.by:
            dialog = self._press(dialog, teams_leaf(dialog.card), listed.by)
        leaves = [teams_leaf(dialog.card)]
        while leaves[-1].nth(NEXT) is not None and len(leaves) <= listed.many:
            dialog = self._press(dialog, leaves[-1], NEXT)
            leaves.append(teams_leaf(dialog.card))
        self._tell(f"list/{listed.name}/teams", amiss(listed, leaves, self._ids(listed, leaves)))
        return leaves

    def _ids(self, listed: Listed, leaves: Sequence[Leaf]) -> list[Key]:
        """What each row is about, out of its sealed token."""
        rows = [row for leaf in leaves for row in leaf.rows(listed.actions)]
        read = self._desk.tokens.read
        return [
            (row.action, *sorted(read(row.token).refs.items())) if row.token else (row.label,) for row in rows
        ]

    def _browser(self, listed: Listed) -> list[Leaf]:
        self._open(listed)
        leaves: list[Leaf] = []
        while True:
            leaf = browser_leaf(self._page)
            leaves.append(leaf)
            last = leaf.nth(NEXT) is None
            if last or len(leaves) < 3:
                self._camera.take(f"list/{listed.name}/{'last' if last else len(leaves)}")
            if last or len(leaves) > listed.many:
                break
            self._click(NEXT)
        # In a browser a row leads to an address that says nothing of whom it is about.
        self._tell(f"list/{listed.name}/browser", amiss(listed, leaves, []))
        if listed.typed:
            self._open(listed)
            self._click(FIND_BY_NAME)
            self._page.get_by_label(PART_OF_NAME).fill(listed.typed)
            self._click(FIND)
            self._camera.take(f"list/{listed.name}/found")
            self._tell(f"list/{listed.name}/found", _found(listed, browser_leaf(self._page)))
        return leaves

    def _open(self, listed: Listed) -> None:
        who = {"actor": f"web:{listed.who}@acme.example"}
        assert self._page.request.post(f"{self._desk.link}/practice/as", data=who).ok
        self._page.set_viewport_size({"width": DESK, "height": 900})
        say = "roster" if listed.name == "roster" else listed.say
        self._page.goto(f"{self._desk.link}/f/{say}")
        if listed.by:
            self._click(listed.by)

    def _click(self, label: str) -> None:
        main = self._page.locator("main")
        link, button = (main.get_by_role(role, name=label, exact=True) for role in ("link", "button"))
        expect(link.or_(button).first).to_be_visible()
        link.or_(button).first.click()
        self._page.wait_for_load_state()

    def _tell(self, named: str, faults: Sequence[str]) -> None:
        self._camera.pictures.append(Picture(named, MODAL, "light", tuple(faults)))


def amiss(listed: Listed, leaves: Sequence[Leaf], ids: Sequence[Key]) -> list[str]:
    """What is wrong with a list that was walked to its end; `ids` are what its rows are about, if that can be known."""
    faults: list[str] = []
    rows = [row for leaf in leaves for row in leaf.rows(listed.actions)]
    if len(rows) != listed.many:
        faults.append(f"{len(rows)} rows, and not {listed.many}")
    if len(set(ids)) < len(ids):
        faults.append(f"{len(ids) - len(set(ids))} rows come twice")
    keys = [listed.order(row) for row in rows]
    if keys != sorted(keys):
        faults.append("not in their order")
    seen = 0
    for number, leaf in enumerate(leaves, 1):
        here = leaf.rows(listed.actions)
        # Said twice: above the rows, for whoever has just turned the page, and below them.
        places = [at for at, part in enumerate(leaf.parts) if WHERE.fullmatch(part.text)]
        said = WHERE.fullmatch(leaf.parts[places[0]].text) if places else None
        if len(leaves) > 1 and len(places) != 2:
            faults.append(f"page {number} says {len(places)} times where one is")
        wanted = (seen + 1, seen + len(here), len(rows))
        found = tuple(int(one or said[2]) for one in said.groups()) if said else None
        if len(leaves) > 1 and found != wanted:
            faults.append(f"page {number} says {found}, and not {wanted}")
        if len(here) > POLICY.rows_on_a_page:
            faults.append(f"page {number} has {len(here)} rows")
        if (leaf.nth(FROM_THE_FIRST) is None) != (number == 1):
            faults.append(f"page {number} has no way to the first, or needs none")
        labels = [row.spoken or row.label for row in here]
        if len(set(labels)) < len(labels):
            faults.append(f"page {number} has {len(labels) - len(set(labels))} buttons called alike")
        seen += len(here)
    return faults


def _found(listed: Listed, leaf: Leaf) -> list[str]:
    rows = leaf.rows(listed.actions)
    wrong = [row for row in rows if listed.typed not in row.label.casefold()]
    return [] if rows and not wrong else [f"{len(rows)} found by name, {len(wrong)} of them not called so"]


def _cut(modal: Modal) -> list[str]:
    """Where something does not fit, a button leads to the browser."""
    return (
        ["it does not fit, and no button leads on"] if CANNOT_SHOW in modal.text and not modal.links() else []
    )


def walk_lists(camera: Camera) -> None:
    """Build, serve, and walk."""
    with large_desk() as desk:
        Lists(camera, desk).all_of_it()
        LongChoices(camera, desk).all_of_it()
        camera.pictures.append(
            Picture("list/every modal", MODAL, "light", tuple(dict.fromkeys(desk.slack_faults)))
        )
