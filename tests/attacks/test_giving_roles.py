"""A coordinator makes an accomplice practitioner and lead, who takes a named case, reads it, and hands it back."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.desk import Desk, answer_offer, give_role, log_event, train
from tests.attacks.pages import Page

World = Callable[[], Desk]
ACCOMPLICE = "driver"


def working_desk(world: World) -> Desk:
    """Its lead has opened it, and a practitioner holds a case of somebody."""
    desk = world()
    desk.browser("lena").form("waiting")
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    return desk


def all_that_waits(desk: Desk, name: str) -> str:
    """What somebody reads behind everything that waits for them."""
    browser = desk.browser(name)
    waiting = browser.form("waiting")
    return " ".join([waiting.text, *(page.text for page in _opened(waiting))])


def _opened(waiting: Page) -> list[Page]:
    many = waiting.count("open")
    return [waiting.press("open", nth=nth) for nth in range(many)]


def take_and_read(desk: Desk, name: str) -> str:
    """What somebody reads who leads, and gives themself the first case that they may give."""
    browser = desk.browser(name)
    planning = browser.form("team")
    if not planning.has("assign"):
        return ""
    form = planning.press("assign")
    mine = [value for value in form.choices("holder") if _label(form, value).startswith(name.title())]
    if not mine:
        return ""
    form.send(holder=mine[0])
    cases = browser.form("cases")
    return cases.press("case").text if cases.has("case") else ""


def give_on_and_read(desk: Desk, lead: str) -> tuple[str, str]:
    """A lead gives the first case to one of the few whom she is offered; who that was, and what they read then."""
    form = desk.browser(lead).form("team").press("assign")
    labels = {value: _label(form, value) for value in form.choices("holder")}
    [(given, label), *_] = [(value, label) for value, label in labels.items() if "has this one" not in label]
    form.send(holder=given)
    name = label.partition(",")[0]
    return name, desk.browser(name.lower()).form("cases").press("case").text


def _label(form: Page, value: str) -> str:
    after = form.html.split(f'value="{value}"', 1)[1]
    return " ".join(after.split(">", 1)[1].split("<span", 1)[-1].split("</", 1)[0].rpartition(">")[2].split())


def test_an_accomplice_reads_no_named_case_on_the_day_they_are_given_roles(world: World) -> None:
    desk = working_desk(world)
    quinn = desk.browser("quinn")
    for role in ("practitioner", "lead"):
        give_role(quinn, ACCOMPLICE, role)
    if ACCOMPLICE.title() in quinn.form("team").text.split("Asked, and not begun")[0]:
        train(quinn, ACCOMPLICE)
    assert "Nurse" not in take_and_read(desk, ACCOMPLICE)
    desk.wait(days=1)
    assert "Nurse" not in take_and_read(desk, ACCOMPLICE), "and nobody else said yes"


def test_the_lead_learns_of_roles_that_a_coordinator_gives(world: World) -> None:
    desk = working_desk(world)
    give_role(desk.browser("quinn"), ACCOMPLICE, "lead")
    assert ACCOMPLICE.title() in all_that_waits(desk, "lena")


def test_the_lead_learns_of_roles_that_the_command_line_gives(world: World) -> None:
    desk = working_desk(world)
    desk.command("members", "grant", "practitioner", f"web:{ACCOMPLICE}@acme.example")
    assert ACCOMPLICE.title() in all_that_waits(desk, "lena")


def test_whoever_held_a_case_and_the_person_learn_that_a_lead_took_it(world: World) -> None:
    desk = working_desk(world)
    before = all_that_waits(desk, "priya")
    mine = desk.browser("nurse").get("/me").text
    name, read = give_on_and_read(desk, "lena")
    assert "Nurse" in read, "a lead may give it on, but not unseen"
    assert name in all_that_waits(desk, "priya").replace(before, "")
    after = desk.browser("nurse").get("/me").text
    assert after != mine and "Somebody new opened your record" in after
