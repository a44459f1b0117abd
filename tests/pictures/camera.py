"""Takes pictures of pages in Chromium, and looks at each for faults while it is on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Error, FloatRect, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-proxy-server",
    "--disable-component-update", "--no-first-run", "--hide-scrollbars", "--force-color-profile=srgb",
)  # fmt: skip
PHONE, DESK = 390, 1280
HEIGHTS = {PHONE: 844, DESK: 900}
TALLEST = 4000
"""Pixels of a page that are kept; the list of every country's numbers goes on and on."""
LOOK = (Path(__file__).parent / "faults.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Picture:
    """One picture, with what is wrong on it."""

    name: str
    width: int
    scheme: str
    faults: tuple[str, ...]


@dataclass
class Camera:
    """One open page, and every picture taken of it."""

    page: Page
    folder: Path
    pictures: list[Picture] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", self._broke)

    def take(self, name: str, *, widths: tuple[int, ...] = (DESK, PHONE), dark: bool = False) -> None:
        """The page as it stands, at every width, from its top."""
        for width in widths:
            self._shoot(name, width, "light")
        if dark:
            self.page.emulate_media(color_scheme="dark")
            for width in widths:
                self._shoot(name, width, "dark")
            self.page.emulate_media(color_scheme="light")

    def look(self, name: str, width: int) -> None:
        """Only look for faults, without keeping a picture."""
        self._shoot(name, width, "light", keep=False)

    def _shoot(self, name: str, width: int, scheme: str, *, keep: bool = True) -> None:
        self.page.wait_for_load_state()
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        faults = [*self._said, *self.page.evaluate(LOOK)]
        self._said.clear()
        if keep:
            file = self.folder / f"{name.replace('/', '-')}-{width}{'-dark' if scheme == 'dark' else ''}.png"
            tall = self.page.evaluate("document.documentElement.scrollHeight")
            clip: FloatRect = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(min(tall, TALLEST))}
            self.page.screenshot(path=file, full_page=True, clip=clip)
        self.pictures.append(Picture(name, width, scheme, tuple(faults)))

    def _heard(self, message: ConsoleMessage) -> None:
        # A page that refuses says so with its status, which Chromium writes to the console as an error.
        if (
            message.type in ("error", "warning")
            and "the server responded with a status of 4" not in message.text
        ):
            self._said.append(f"the console says: {message.text}")

    def _broke(self, error: Error) -> None:
        self._said.append(f"a script broke: {error.name}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's browser, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
