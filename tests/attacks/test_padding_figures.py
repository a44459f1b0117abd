"""A practitioner records answers for invented people, to see by the edge of a band whether one more said yes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tests.attacks.desk import Desk, answer_offer, differences, log_event
from tests.attacks.pages import Page

World = Callable[[], Desk]
INVENTED = 9
NEXT_QUARTER = datetime(2027, 4, 5, 10, 0, tzinfo=UTC)


def invent(desk: Desk, by: str) -> Page:
    """Log an event with people nobody knows, and record that each of them said yes."""
    browser = desk.browser(by)
    people = "\n".join(f"Invented {number}, 07700 90000{number}" for number in range(INVENTED))
    browser.form("log").send(
        kind="threat_or_violence", ended_on=desk.now.date().isoformat(), ended_at="08:00", unlisted=people
    )
    desk.wait(minutes=1)
    waiting = browser.form("waiting")
    while waiting.has("call_sheet"):
        sheet = waiting.press("call_sheet")
        sheet = sheet.press("call_take_some") if sheet.has("call_take_some") else sheet
        sheet.press("call_yes")
        waiting = browser.form("waiting")
    many = waiting.count("open")
    for nth in range(many):
        page = browser.form("waiting").press("open", nth=nth)
        if "answer" in page.fields():
            return page.send(answer="yes")
    return waiting


def the_quarter(desk: Desk, answer: str) -> list[str]:
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", answer)
    invent(desk, "peter")
    desk.to(NEXT_QUARTER)
    return [desk.browser("quinn").get("/status").text, desk.browser().get("/what-can-my-employer-see").text]


def test_nine_invented_people_do_not_show_whether_one_more_said_yes(world: World) -> None:
    said_yes = the_quarter(world(), "offer_yes")
    assert "Everybody who came" in said_yes[0]
    assert differences(said_yes, the_quarter(world(), "offer_no")) == []
