"""Walks through the practice workspace as people do, and takes a picture of every page on the way."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page

from tests.pictures.camera import DESK, Camera

PAGES = ("/help-now", "/what-can-my-employer-see", "/sign-in", "/o/practice/reply")
JONAS = "Jonas Weber"
NIGHT = frozenset({"home/serves", "offer", "log", "questions", "status", "safety"})
"""What is taken in the dark as well."""


class Walk:
    """Somebody at the practice workspace."""

    def __init__(self, camera: Camera, link: str) -> None:
        self.camera = camera
        self.page: Page = camera.page
        self._link = link

    def all_of_it(self) -> None:
        """The whole story, and every page beside it."""
        self._strangers()
        self._event()
        self._talks()
        self._asking()
        self._keeping()
        self._own()

    def be(self, key: str) -> None:
        """Be a sample member; an empty key is a visitor."""
        answer = self.page.request.post(
            f"{self._link}/practice/as", data={"actor": f"web:{key}" if key else ""}
        )
        assert answer.ok
        self.go("/")

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.set_viewport_size({"width": DESK, "height": 900})
        self.page.goto(self._link + path)

    def press(self, label: str) -> None:
        """Press a button of the page itself, or follow the link in a button's place; it may say what row it is of."""
        main = self.page.locator("main")
        said = re.compile(rf"^{re.escape(label)}(: .*| [A-Z][a-z]+ \d+)?$")
        link, button = (main.get_by_role(role, name=said) for role in ("link", "button"))
        self._follow(link.or_(button).first)

    def _follow(self, leads_on: Locator) -> None:
        """Click, and wait for the page it leads to: what is looked for next is looked for there."""
        with self.page.expect_navigation(wait_until="load"):
            leads_on.click()

    def open(self) -> None:
        """Open the newest message of the chat."""
        panel = self.page.locator(".panel > summary")
        if panel.is_visible():
            # On a phone the panel is folded.
            panel.click()
        self._follow(self.page.locator(".message").last.locator("a", has_text="Open"))
        # Where several things wait, a message opens the list of them, the most urgent first.
        if self.page.get_by_role("heading", name="What waits for you").count():
            self.shoot("waiting")
            self._follow(self.page.locator("main .button").first)

    def open_case(self, name: str) -> None:
        """Open somebody's case from the list of cases, which holds others as well."""
        said = re.compile(rf"^Open: .*{re.escape(name)}")
        main = self.page.locator("main")
        self._follow(main.get_by_role("link", name=said).or_(main.get_by_role("button", name=said)).first)

    def jump(self, label: str) -> None:
        """Move the practice clock."""
        self._follow(self.page.locator(".bar").get_by_role("button", name=label, exact=True))

    def shoot(self, name: str) -> None:
        """Take the page."""
        self.camera.take(name, dark=name in NIGHT)

    def _strangers(self) -> None:
        self.be("")
        self.shoot("welcome")
        for path in PAGES:
            self.go(path)
            self.shoot(path.strip("/").replace("/", "-"))
        self.go("/o/practice/ask")
        self.shoot("ask")
        self.page.get_by_label("What is it about?").fill("I would like to talk to someone outside my team.")
        self.press("Ask for support")
        self.shoot("request_sent")
        self.go("/f/nowhere")
        self.shoot("not_open")

    def _event(self) -> None:
        self.be("maya")
        self.shoot("home/serves")
        self.go("/f/log")
        self.shoot("log")
        self.press("Log and offer")
        self.shoot("log/mend")
        self.page.get_by_label("What kind of event").select_option(index=1)
        day, hour = self._now()
        self.page.get_by_label("If it was another day").fill(day)
        self.page.get_by_label("Time it ended").fill(hour)
        self.page.get_by_role("group", name="Who was directly involved").get_by_label("Jonas Weber").check()
        self.page.get_by_label("I can hold these talks").check()
        self.press("Log and offer")
        self.shoot("incident_logged")
        self.press("Put it right")
        self.shoot("incident")
        self.be("jonas")
        self.shoot("home/message")
        self.open()
        self.shoot("offer")
        self.press("Yes")
        self.shoot("offer_accepted")
        self.be("alex")
        self.open()
        self.press("Not now")
        self.shoot("offer_put_off")
        self.press("Answer differently")
        self.press("No")
        self.shoot("offer_declined")
        self.be("maya")
        self.go("/f/cases")
        self.shoot("cases")
        self.open_case(JONAS)
        self.shoot("case/too_early")
        self.press("Agree a time")
        self.shoot("move")

    def _talks(self) -> None:
        self.go("/")
        self.jump("day 3")
        self.shoot("home/day_3")
        self.open()
        self.go("/f/cases")
        self.open_case(JONAS)
        self.shoot("case/open")
        self.press("Start or go on")
        self.shoot("notice")
        self.page.get_by_label("They have heard this").check()
        self.press("Begin")
        self._interview("questions", "Clearly")
        self.page.get_by_label("They ask for professional help").check()
        self.press("Finish")
        self.shoot("result")
        self.page.get_by_label("Offer other help").check()
        self.press("Go on")
        self.shoot("referral")
        self.page.get_by_label("Trauma therapy").check()
        self.page.get_by_label("Yes, they want it").check()
        self.press("Save")
        self.shoot("case/referral")
        self.press("What comes next")
        self.shoot("referral_next")
        self.go("/f/due")
        self.shoot("due")
        self.go("/")
        self.jump("one month")
        self.go("/f/cases")
        self.open_case(JONAS)
        self.press("Start or go on")
        self._interview("questions/month", "Partly")
        self.press("Finish")
        self.shoot("result/change")
        self.page.get_by_label("End these talks").check()
        self.press("Go on")
        self.shoot("close")
        self.press("Back")
        self.press("They may not be safe")
        self.shoot("safety")
        self._follow(self.page.locator("main").get_by_role("button", name=re.compile(r"^Call .* now$")))
        self.shoot("safety/called")
        self.be("priya")
        self.open()
        self.shoot("safety_called")
        self.press("I have it")
        self.shoot("safety_acknowledged")

    def _interview(self, name: str, answer: str) -> None:
        for _ in range(8):
            if not self.page.locator("main [name^=q_]").count():
                self.shoot(f"{name}/ending")
                return
            for group in self.page.get_by_role("group").all():
                if group.get_by_label(answer, exact=True).count():
                    group.get_by_label(answer, exact=True).check()
            step = self.page.locator("main .step").first.inner_text().split()[1]
            self.shoot(name if step == "1" else f"{name}/{step}")
            self.press("Save and go on")

    def _asking(self) -> None:
        self.be("samira")
        self.go("/f/support")
        self.shoot("support")
        self.page.get_by_label("Use my name").check()
        self.page.get_by_label("What is it about?").fill("The rota changed and I sleep badly.")
        self.press("Ask for support")
        self.shoot("request_received")
        self.be("tomasz")
        self.shoot("home/practitioner")
        self._open_request()
        self.shoot("request")
        self.press("Take it")
        self.shoot("request_taken")
        self.page.get_by_label("Your reply").fill("Thank you for asking. I am free on Thursday at two.")
        self.page.get_by_label("I keep it, and wait for them").check()
        self.press("Save")
        self.shoot("request_kept")
        self.go("/f/cover")
        self.shoot("cover")
        self.be("priya")
        self.go("/f/team")
        self.shoot("team")
        self.press("Assign")
        self.shoot("assign")

    def _open_request(self) -> None:
        """As one of the random few who are told of it: nobody knows who that is."""
        for key in ("tomasz", "maya", "priya"):
            self.be(key)
            self.go("/f/waiting")
            asked = self.page.locator("main").get_by_role("link", name="Someone asked for support")
            if asked.count():
                self._follow(asked.first)
                return
        raise AssertionError("nobody was told of the request")

    def _keeping(self) -> None:
        self.be("hana")
        self.shoot("home/coordinator")
        self.go("/status")
        self.shoot("status")
        self.go("/bulletins")
        self.shoot("bulletins")
        self.go("/status")
        self.press("People who serve")
        self.shoot("roster")
        self._follow(self.page.locator("main").get_by_role("link", name="Training and roles of").first)
        self.shoot("person")
        self.go("/f/team")
        self.press("Add somebody")
        self.shoot("serving")
        self.go("/f/team")
        self.press("The monthly note")
        self.shoot("monthly")
        self.be("leo")
        self.shoot("home/administrator")

    def _own(self) -> None:
        self.be("samira")
        self.go("/me")
        self.shoot("me")
        for label, name in (
            ("Who opened my record", "readers"),
            ("My profile", "profile"),
            ("Open in the browser", "browser"),
            ("Erase my record", "erase"),
        ):
            self.go("/me")
            self.press(label)
            self.shoot(name)
        self.go("/me")
        self.press("Stop messages")
        self.shoot("stopped")

    def _now(self) -> tuple[str, str]:
        to = self.page.locator(".bar input[name=to]").first.get_attribute("value") or ""
        return _day_before(to), "08:00"


def _day_before(iso: str) -> str:
    return (datetime.fromisoformat(iso) - timedelta(days=1)).date().isoformat()
