"""Walks Back, Forward, Refresh, two tabs and the end of a session in Chromium, at the width of a phone."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.pictures.camera import PHONE, Camera
from trim_bot.app.words import page_words as words
from trim_bot.app.words import unsent_words

TYPED = "I would like to talk to someone outside my team."
ODD = "x" * 4000


class GoingBack:
    """One browser at the practice workspace, with as many tabs as are opened."""

    def __init__(self, camera: Camera, link: str) -> None:
        self.camera = camera
        self.page: Page = camera.page
        self._link = link

    def all_of_it(self) -> None:
        """Everything that a browser does with pages it has seen. Raises AssertionError where one is lost."""
        self.page.set_viewport_size({"width": PHONE, "height": 844})
        self._be("alex")
        self._back_and_forward()
        self._two_tabs()
        self._signed_out()

    def _be(self, key: str) -> None:
        answer = self.page.request.post(f"{self._link}/practice/as", data={"actor": f"web:{key}"})
        assert answer.ok

    def _go(self, path: str, page: Page | None = None) -> None:
        (page or self.page).goto(self._link + path)

    def _title(self, page: Page | None = None) -> str:
        return (page or self.page).locator("main h1").first.inner_text()

    def _send(self, page: Page) -> None:
        page.locator("main form .ends .button.main").first.click()

    def _fill(self, page: Page, text: str) -> None:
        page.locator("main textarea[name=text]").fill(text)
        named = page.locator("main input[name=name]").first
        if named.count():
            named.check()

    def _back_and_forward(self) -> None:
        page = self.page
        self._go("/f/support")
        asked = self._title()
        self._fill(page, ODD)
        self._send(page)
        assert page.url.startswith(f"{self._link}/p/"), page.url
        assert page.locator(".summary").count() == 1, "it is to be mended"
        self.camera.take("back/mend", widths=(PHONE,))
        page.go_back()
        assert self._title() == asked and "/f/support" in page.url
        page.go_forward()
        assert page.locator("main textarea[name=text]").input_value() == ODD, (
            "and all that was typed is there"
        )
        self._fill(page, TYPED)
        self._send(page)
        done = self._title()
        assert done != asked, done
        for _ in range(2):
            page.reload()
            assert self._title() == done
        self._go("/me")
        page.go_back()
        assert self._title() == done, "Back shows the page that was seen"
        self.camera.take("back/done", widths=(PHONE,))
        page.go_back()
        assert self._title() == done, "the form was sent, and is done once"

    def _two_tabs(self) -> None:
        self._go("/f/support")
        self._fill(self.page, TYPED)
        other = self.page.context.new_page()
        self._be("jonas")
        self._go("/", other)
        self._send(self.page)
        assert self._title() == unsent_words.UNSENT_TITLE and TYPED not in self.page.content()
        self.camera.take("back/somebody_else", widths=(PHONE,))
        self._be("alex")
        self._go("/")
        assert unsent_words.UNSENT_WAITS_TITLE in self.page.content()
        self.camera.take("back/unsent", widths=(PHONE,))
        self.page.get_by_role("button", name=unsent_words.unsent_label(1, 1)).click()
        assert self.page.locator("main textarea[name=text]").input_value() == TYPED
        other.close()

    def _signed_out(self) -> None:
        page = self.page
        self._be("maya")
        self._go("/f/cases")
        self._go("/me")
        seen = page.locator("main").inner_text()
        page.get_by_role("button", name=words.SIGN_OUT).click()
        for _ in range(3):
            page.go_back()
            assert page.locator("main").inner_text() != seen, "nobody reads on after signing out"
            assert "Maya" not in page.locator("main").inner_text()
        self.camera.take("back/signed_out", widths=(PHONE,))
