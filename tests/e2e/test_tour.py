"""The tour followed to the letter: its own buttons are pressed, and each label that it quotes is pressed or ticked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest

from tests.e2e.browser_side import Browser, Page
from tests.e2e.deployment import Lifespan
from trim_bot.app.words import practice_words as words
from trim_bot.bootstrap.serving import Desktop
from trim_bot.domain.people import Role
from trim_bot.practice.organisation import CAST
from trim_bot.practice.workspace import practice_ground, practice_workspace

pytestmark = pytest.mark.anyio
ORIGIN = "http://127.0.0.1:8000"
MOST_PAGES = 12
STEP = re.compile(
    r'<div class="bar-step">\s*<p>(?:<strong>Step (\d+) of (\d+)\.</strong> )?(.*?)</p>(.*?)</div>', re.S
)


@pytest.fixture
async def stranger() -> AsyncIterator[Browser]:
    """Somebody who has just opened the practice workspace, and knows nothing."""
    with practice_ground(ORIGIN) as (_, settings):
        async with (
            Lifespan(Desktop(settings, link=ORIGIN, make_practice=practice_workspace).app()) as app,
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as http,
        ):
            yield Browser(http)


class Step:
    """What the line above every page says: where the tour stands, and its form."""

    def __init__(self, html: str) -> None:
        found = STEP.search(html)
        assert found is not None, "no tour on this page"
        self.number, self.of = int(found[1] or 0), int(found[2] or 0)
        self.text, self._form = unescape(found[3]), found[4]

    @property
    def quoted(self) -> list[str]:
        """The labels that it names, in order."""
        return re.findall("“(.*?)”", self.text)

    async def do(self, browser: Browser) -> Page:
        """Press its button."""
        [action] = re.findall(r'action="(.*?)"', self._form)
        fields = re.findall(r'name="(\w+)" value="(.*?)"', self._form)
        body = urlencode([(name, unescape(value)) for name, value in fields])
        return await browser.post(action, body.encode())


def main_of(page: Page) -> str:
    return page.html[page.html.index("<main") : page.html.index("</main")]


async def press(page: Page, label: str) -> Page:
    """Press the button or follow the link of the page itself that reads so."""
    links = re.findall(rf'<a [^>]*href="([^"]*)"[^>]*>{re.escape(label)}</a>', main_of(page))
    if links:
        return await page.browser.get(unescape(links[0]))
    buttons = re.findall(rf"<button([^>]*)>{re.escape(label)}</button>", main_of(page))
    assert buttons, f"nothing reads “{label}” on {page.title}"
    value = re.search(r'value="([^"]*)"', buttons[0])
    if value is None:
        return await page.submit()
    [form] = [one for one in page.forms if unescape(value[1]) in one.presses]
    return await page.browser.post(form.action, page.body(unescape(value[1]), form))


def tick(page: Page, label: str) -> None:
    """Tick the box that reads so."""
    boxes = re.findall(r"<label[^>]*>\s*<input([^>]*)>(.*?)</label>", main_of(page), re.S)
    [box] = [inside for inside, said in boxes if label in said and 'type="checkbox"' in inside]
    [name] = re.findall(r'name="(\w+)"', box)
    page.fill(**{name: True})


async def log(page: Page, step: Step, *, as_told: bool = True) -> Page:
    """Log what the first step says; somebody who leaves the box alone is not `as_told`."""
    [whom] = re.findall(r"with (.*?) directly involved", step.text)
    key = next(one.key for one in CAST if one.name == whom)
    page.fill(
        kind=page.choices("kind")[0],
        near_ended_on=page.choices("near_ended_on")[1],
        ended_at="08:00",
        direct=[f"web:{key}"],
    )
    box, button = step.quoted
    if as_told:
        tick(page, box)
    return await press(page, button)


def answer(page: Page, label: str) -> None:
    """Choose the answer that reads so wherever one can be chosen; without a label the first there is."""
    for said in re.findall(r"<label[^>]*>\s*<input([^>]*)>(.*?)</label>", main_of(page), re.S):
        name = re.search(r'name="(q_\w+)"', said[0])
        if name is None or 'type="radio"' not in said[0]:
            continue
        if label in said[1]:
            [value] = re.findall(r'value="(.*?)"', said[0])
            page.fill(**{name[1]: value})


async def hold(page: Page, step: Step) -> Page:
    """Follow the two labels, then answer as it says, to the end."""
    *labels, not_discussed = step.quoted if "Not discussed" in step.text else [*step.quoted, ""]
    for label in labels:
        page = await press(page, label)
    for _ in range(MOST_PAGES):
        if not page.form:
            return page
        for name in page.fields():
            if name == "acknowledged":
                page.fill(acknowledged=True)
            elif name == "then":
                page.fill(then="keep" if "keep" in page.choices("then") else page.choices("then")[0])
        answer(page, not_discussed)
        page = await page.submit()
        if page.errors:
            raise AssertionError(f"{page.title}: {page.errors}")
    raise AssertionError("the talk never came to an end")


async def step_now(browser: Browser) -> Step:
    return Step((await browser.get("/")).html)


async def test_followed_to_the_letter_each_step_is_true_and_ticks_itself_off(stranger: Browser) -> None:
    step = await step_now(stranger)
    for number in range(1, step.of + 1):
        assert step.number == number, f"step {step.number} is not ticked off: {step.text}"
        page = await step.do(stranger)
        assert page.status == 200, page.title
        match number:
            case 1:
                await log(page, step)
            case 2:
                page = await press(page, step.quoted[0])
                assert "will call" in page.title
            case 4 | 6:
                page = await hold(page, step)
            case 7:
                assert not [
                    one.name for one in CAST if one.name in page.text and Role.COORDINATOR not in one.roles
                ]
        if number == 6:
            assert page.address.startswith("/p/") or page.title
        step = await step_now(stranger)
    assert (step.number, step.text) == (0, words.TRY_END)
    assert (await stranger.get("/")).text.count(words.TRY_DONE) == 7


async def test_an_event_without_the_tick_is_not_ticked_off_and_the_tour_says_why(stranger: Browser) -> None:
    first = await step_now(stranger)
    await log(await first.do(stranger), first, as_told=False)
    again = await step_now(stranger)
    assert again.number == 1 and "nobody said they can hold the talk" in again.text
    await log(await again.do(stranger), again)
    assert (await step_now(stranger)).number == 2


async def test_moving_the_clock_says_how_many_talks_came_due(stranger: Browser) -> None:
    for _ in range(2):
        step = await step_now(stranger)
        page = await step.do(stranger)
        await (log(page, step) if step.number == 1 else press(page, step.quoted[0]))
    page = await (await step_now(stranger)).do(stranger)
    assert re.search(r"Time moved on\. (One talk|\d talks) came due\.", page.html)


async def test_a_year_on_everything_still_stands(stranger: Browser) -> None:
    """How long it takes is measured elsewhere; here it ends, and the pages of everybody open."""
    jumps = re.findall(r'name="to" value="(.*?)"', (await stranger.get("/")).html)
    later = datetime.fromisoformat(unescape(jumps[0])) + timedelta(days=364)
    answer = await stranger.http.post("/practice/clock", json={"to": later.isoformat()})
    assert answer.json()["now"] == later.isoformat()
    for one in CAST:
        await stranger.http.post("/practice/as", json={"actor": one.address.text})
        assert (await stranger.get("/")).status == 200
