"""Whoever manages a colleague looks at what is missing from lists, and others at whom a list leaves out."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.desk import ROLES, Desk, answer_offer, differences, log_event
from tests.attacks.pages import Page

World = Callable[[], Desk]
PRACTITIONERS = [name for name, roles in ROLES.items() if "practitioner" in roles]
ASKED = "Someone asked for support"
HALF_A_DAY = 4


def apply_lines(desk: Desk, *lines: tuple[str, str], code: int | None = 0) -> str:
    """Import who reports to whom, as an administrator does."""
    path = desk.folder / "site.toml"
    text = path.read_text()
    for person, manager in lines:
        text += (
            f'\n[[reporting_lines]]\nperson = "web:{person}@acme.example"\n'
            f'manager = "web:{manager}@acme.example"\n'
        )
    path.write_text(text)
    return desk.command("site", "apply", str(path), code=code)


def ask(desk: Desk, name: str) -> None:
    """Somebody asks for support, without a name."""
    desk.browser(name).form("support").send(name="unnamed", text="Some words", contact="")
    desk.wait(minutes=1)


def who_sees_it(desk: Desk) -> set[str]:
    """The practitioners in whose list a request waits."""
    return {name for name in PRACTITIONERS if ASKED in desk.browser(name).form("due").text}


def test_a_manager_is_not_the_only_one_whose_list_shows_one_less(world: World) -> None:
    desk = world()
    apply_lines(desk, ("nurse", "peter"))
    ask(desk, "nurse")
    for _ in range(3):
        seeing = who_sees_it(desk)
        assert seeing, "somebody is told"
        assert "peter" not in seeing
        assert set(PRACTITIONERS) - seeing != {"peter"}, "so it is somebody of his who asked"
        desk.wait(hours=HALF_A_DAY)


def seen_by_a_lead(desk: Desk, answer: str) -> list[str]:
    """What a lead sees who manages the nurse, after the nurse has answered an offer."""
    apply_lines(desk, ("nurse", "lena"))
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", answer)
    desk.wait(minutes=5)
    lena = desk.browser("lena")
    pages = [lena.form(name) for name in ("team", "due", "cover", "cases", "home")]
    return [*(page.text for page in pages), str(len(lena.messages()))]


def test_a_lead_counts_no_case_of_somebody_she_manages(world: World) -> None:
    case = seen_by_a_lead(world(), "offer_yes")
    assert differences(case, seen_by_a_lead(world(), "offer_no")) == []


def offered(page: Page) -> set[str]:
    """The names a case can be given to."""
    return {
        name for name in PRACTITIONERS if f"{name.title()}," in page.text or f"{name.title()} " in page.text
    }


def test_assign_leaves_out_more_than_the_manager(world: World) -> None:
    desk = world()
    apply_lines(desk, ("nurse", "dora"))
    log_event(desk, "priya", "nurse")
    answer_offer(desk, "nurse", "offer_yes")
    desk.wait(minutes=5)
    page = desk.browser("lena").form("team").press("assign")
    missing = set(PRACTITIONERS) - offered(page)
    assert offered(page), "it can be given to somebody"
    assert "dora" in missing
    assert missing != {"dora"}, "so it is somebody of hers"


def test_a_reporting_line_that_matches_nobody_is_no_line(world: World) -> None:
    """One letter is wrong; were it taken in silence, the manager would be offered as the colleague."""
    desk = world()
    before = (desk.folder / "site.toml").read_text()
    said = apply_lines(desk, ("nurze", "peter"), code=None)
    line = before.count("\n") + 3
    assert f"site.toml:{line}:" in said, "an error with its line"
    ask(desk, "nurse")
    assert who_sees_it(desk), "and the desk goes on as it was"
