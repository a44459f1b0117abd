"""Looks through the long choices of the organisation at size: services, colleagues, people of an event, 5,000 names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from tests.adapters.slack_app.rules import faults_of_view
from tests.e2e.slack_side import Modal
from tests.e2e.teams_side import Dialog
from tests.pictures.camera import DESK, Camera, Picture
from tests.pictures.large_desk import LargeDesk
from tests.pictures.slack_paper import paper_of
from trim_bot.app.seam.narrowing import FIND
from trim_bot.app.words import page_words as words
from trim_bot.domain.policy import POLICY

MODAL = 640
DIRECT = "Who was directly involved"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice, and how somebody comes to it."""

    name: str
    who: str
    say: str
    by: Sequence[tuple[str, int]]
    """What is pressed on the way: what a button asks for, and which of those."""
    field: str
    typed: str
    """Part of what some of its answers are called."""


CHOICES = (
    Chosen("services", "priya", "cases", (("case", 1), ("referral", 0)), "service", "sleep"),
    Chosen("holder", "lena", "team", (("assign", 0),), "holder", "rossi"),
    Chosen("take-out", "priya", "log", (("logged", 0), ("incident", 1)), "take_out", "gallag"),
    Chosen("pass-on", "quinn", "team", (("person", 0), ("work_move", 0)), "next_holder", "anna"),
)


class LongChoices:
    """Somebody who has to choose one of very many."""

    def __init__(self, camera: Camera, desk: LargeDesk) -> None:
        self._camera = camera
        self._page = camera.page
        self._desk = desk

    def all_of_it(self) -> None:
        """Every choice in both chats and in Chromium; then a name among everybody's."""
        for chosen in CHOICES:
            self._slack(chosen)
            self._teams(chosen)
            self._browser(chosen)
        self._people()

    def _slack(self, chosen: Chosen) -> None:
        run = self._desk.run
        modal: Modal = self._come(
            chosen, run(run(self._desk.deployment.slack(chosen.who)).say("peer", chosen.say))
        )
        self._shoot(f"choice/{chosen.name}/1", modal, [])
        if f"find.{chosen.field}" in modal.fields():
            modal = self._look(chosen, modal)
            self._shoot(f"choice/{chosen.name}/found", modal, _amiss(chosen, _labels(modal, chosen.field)))

    def _teams(self, chosen: Chosen) -> None:
        """The rules of Teams are held to each card as it comes."""
        run = self._desk.run
        dialog: Dialog = self._come(
            chosen, run(run(self._desk.deployment.teams(chosen.who)).say("peer", chosen.say))
        )
        if f"find.{chosen.field}" in dialog.fields():
            dialog = self._look(chosen, dialog)
            offered = dialog._input(chosen.field)["choices"]
            self._tell(f"choice/{chosen.name}/teams", _amiss(chosen, [one["title"] for one in offered]))

    def _come(self, chosen: Chosen, screen: Any) -> Any:
        for action, nth in chosen.by:
            screen = self._desk.run(screen.press(action, nth))
        return screen

    def _look(self, chosen: Chosen, screen: Any) -> Any:
        screen.fill(**{f"find.{chosen.field}": chosen.typed})
        return self._desk.run(screen.press(chosen.by[-1][0]))

    def _browser(self, chosen: Chosen) -> None:
        self._be(chosen.who)
        say = "roster" if chosen.who == "quinn" else chosen.say
        self._page.goto(f"{self._desk.link}/f/{say}")
        for action, nth in chosen.by:
            asks = (f"[href*='/f/{action}?']", f"[href$='/f/{action}']", f"[value^='{action} ']")
            self._page.locator(", ".join(f"main .button{one}" for one in asks)).nth(nth).click()
            self._page.wait_for_load_state()
        self._camera.take(f"choice/{chosen.name}/1")
        box = self._page.locator(f"main [name='find.{chosen.field}']")
        if box.count():
            box.fill(chosen.typed)
            self._page.locator("main").get_by_role("button", name=FIND, exact=True).first.click()
            self._camera.take(f"choice/{chosen.name}/found")
            found = self._page.locator(f"main label:has([name='{chosen.field}'])").all_inner_texts()
            self._tell(f"choice/{chosen.name}/browser", _amiss(chosen, found))

    def _people(self) -> None:
        self._be("priya")
        self._page.goto(f"{self._desk.link}/f/log")
        direct = self._page.get_by_role("group", name=DIRECT)
        direct.get_by_label(words.FIND_LABEL).press_sequentially("vasquez ros")
        expect(direct.get_by_role("checkbox").first).to_be_visible()
        self._camera.take("choice/people/found")
        found = direct.get_by_role("checkbox").all()
        faults = [] if 1 <= len(found) <= POLICY.matches_shown else [f"{len(found)} found among everybody"]
        self._tell("choice/people/browser", faults)
        run = self._desk.run
        modal: Modal = run(run(self._desk.deployment.slack("priya")).say("peer", "log"))
        self._shoot("choice/people/1", modal, [])

    def _be(self, who: str) -> None:
        asked = {"actor": f"web:{who}@acme.example"}
        assert self._page.request.post(f"{self._desk.link}/practice/as", data=asked).ok
        self._page.set_viewport_size({"width": DESK, "height": 900})

    def _shoot(self, named: str, modal: Modal, faults: Sequence[str]) -> None:
        self._page.goto("about:blank")
        self._page.set_content(paper_of(modal.shown), wait_until="load")
        self._page.set_viewport_size({"width": MODAL, "height": 800})
        self._page.screenshot(
            path=self._camera.folder / f"slack-{named.replace('/', '-')}.png", full_page=True
        )
        self._tell(f"slack/{named}", [*faults_of_view(modal.shown), *faults])

    def _tell(self, named: str, faults: Sequence[str]) -> None:
        self._camera.pictures.append(Picture(named, MODAL, "light", tuple(faults)))


def _labels(modal: Modal, field: str) -> list[str]:
    return [option["text"]["text"] for option in modal._block(field)["element"]["options"]]


def _amiss(chosen: Chosen, labels: Sequence[str]) -> list[str]:
    wrong = [label for label in labels if chosen.typed not in label.casefold()]
    if not labels or wrong or len(labels) > POLICY.matches_shown:
        return [f"{len(labels)} answers found, {len(wrong)} of them not called so"]
    return ["two answers are called alike"] if len(set(labels)) < len(labels) else []
