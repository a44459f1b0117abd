"""Writes out what each platform has, by asking its reader and its renderer, for docs/parity.md."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, partial

from integrations.slack.payloads import FORM, read_arrival
from integrations.teams.activities import opened_words, words_typed
from integrations.teams.render import opening_card
from integrations.web import pages
from tests.adapters.teams_app.client import pressed
from tests.adapters.teams_app.rules import actions
from tests.architecture.tree import ROOT
from tests.contract.goldens import in_chat
from tests.contract.outline import PLATFORMS, SLACK, TEAMS, WEB, Outline, Part
from tests.contract.screens import outlines
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.desk.describing import describe
from trim_bot.app.desk.routes import ROUTES, WORDS, entry_words
from trim_bot.app.seam.gestures import Invoke
from trim_bot.app.seam.views import FieldErrors, Form
from trim_bot.app.words.adapter_words import Names

PATH = ROOT / "docs" / "parity.md"
NO = "no"
HEAD = """# What each platform has

Each line is something the desk has, each column a platform. A cell is found by drawing every example of the catalogue
there and reading the drawing again, or by handing the words to what reads them. Where a cell says `no`, the last
column says why. That words, fields, buttons and their order are the same is held by `tests/contract/`; the few
differences that are allowed, each with its reason, are in `tests/contract/differences.py`.
In Slack and in Teams a message stays where it is when *Open* is pressed ([why](adr/0019-answer-teams-in-the-reply.md)).
This file is written by `make goldens`; a test keeps it true.
"""
WHY_NOT: Mapping[tuple[str, str], str] = {
    ("message", WEB): "A page stores no message: what waits is shown at the next sign-in.",
    ("words peer", WEB): "The first page, `/`, has a button for everything somebody may do.",
    ("words support me", WEB): "The page is `/me`.",
    ("words support link", WEB): "The page `/me` has a button for it.",
    ("words me", SLACK): "Said as `/support me`.",
    ("words me", TEAMS): "Said as `support me`.",
    ("words home", SLACK): "In chat the first page is the Home tab, the same for everybody.",
    ("words home", TEAMS): "In chat the first page is a card, the same for everybody.",
    ("words waiting", SLACK): "A message says that something waits, and opens it.",
    ("words waiting", TEAMS): "A message says that something waits, and opens it.",
    ("words ask", SLACK): "To ask without anyone knowing, nobody may be signed in.",
    ("words ask", TEAMS): "To ask without anyone knowing, nobody may be signed in.",
    ("words reply", SLACK): "The answer to somebody who is not signed in.",
    ("words reply", TEAMS): "The answer to somebody who is not signed in.",
}
"""Why a platform lacks something. A reason nobody needs is a fault, and so is a lack without one."""


@cache
def _outlines() -> Mapping[str, Mapping[str, Outline]]:
    return {name: outlines(view) for name, view in catalogue().items()}


def table() -> str:
    """The whole file as text."""
    parts = [HEAD, *_forms(), *_pages(), *_messages(), *_actions(), *_words()]
    return "\n".join(parts).rstrip() + "\n"


def _section(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    names = [*columns, "Slack", "Teams", "browser", "why not"]
    return [f"## {title}", "", _row(names), _row(["---"] * len(names)), *map(_row, rows), ""]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(thing: str, cell: Callable[[str], str]) -> list[str]:
    """One cell a platform, and the reasons for those that say no."""
    cells = {platform: cell(platform) for platform in PLATFORMS}
    lacking = [WHY_NOT[thing, platform] for platform in PLATFORMS if cells[platform] == NO]
    return [*cells.values(), " ".join(dict.fromkeys(lacking))]


def _forms() -> list[str]:
    rows = []
    for name, told in describe()["forms"].items():
        fields = ", ".join(f"{field['name']} ({field['kind']})" for field in told["fields"]) or "none"
        wanted = {(field["name"], field["kind"]) for field in told["fields"]}
        rows.append([f"`{name}`", fields, *_cells(f"form {name}", _draws(name, wanted))])
    return _section("Forms", ("form", "fields"), rows)


def _draws(name: str, wanted: set[tuple[str, str]]) -> Callable[[str], str]:
    states = [known for known, view in catalogue().items() if _form_name(view) == name]

    def cell(platform: str) -> str:
        drawn = {
            (item.name, item.kind)
            for state in states
            for item in _outlines()[state][platform]
            if item.part is Part.FIELD
        }
        return "yes" if states and drawn == wanted else NO

    return cell


def _form_name(view: object) -> str:
    form = view.form if isinstance(view, FieldErrors) else view
    return form.name if isinstance(form, Form) else ""


def _pages() -> list[str]:
    names: dict[str, list[str]] = {}
    for name, view in catalogue().items():
        if not _form_name(view) and not name.startswith("message/"):
            names.setdefault(name.split("/")[0], []).append(name)

    def drawn(states: list[str]) -> Callable[[str], str]:
        return lambda platform: "yes" if all(_outlines()[state][platform] for state in states) else NO

    rows = [
        [f"`{name}`", str(len(states)), *_cells(f"page {name}", drawn(states))]
        for name, states in names.items()
    ]
    return _section("Pages and answers", ("page", "states"), rows)


def _messages() -> list[str]:
    rows = [
        [f"`{kind}`", told["text"], *_cells("message", partial(_stored, kind))]
        for kind, told in describe()["messages"].items()
    ]
    return _section("Messages", ("message", "text"), rows)


def _stored(kind: str, platform: str) -> str:
    return "yes" if kind in in_chat(platform) else NO


def _actions() -> list[str]:
    pressed_on: dict[str, set[str]] = {}
    for found in _outlines().values():
        for platform, outline in found.items():
            for item in outline:
                if item.part is Part.BUTTON:
                    pressed_on.setdefault(item.name, set()).add(platform)
    rows = []
    for action, where in sorted(pressed_on.items()):
        route = ROUTES[action]
        does = "shows" if route.shows is not None else "changes"
        cells = _cells(f"action {action}", partial(_pressed, where))
        rows.append([f"`{action}`", does, *cells])
    return _section("Buttons", ("action", "what it does"), rows)


def _pressed(where: Collection[str], platform: str) -> str:
    return "yes" if platform in where else NO


def _words() -> list[str]:
    rows = []
    for words, routes in WORDS.items():
        said = " ".join(words)
        opens = ", ".join(f"`{name}`" for name in routes)
        rows.append(
            [
                f"`{said}`",
                opens,
                *_cells(f"words {said}", partial(_way, words)),
            ]
        )
    return _section("Ways in", ("words", "opens the first allowed of"), rows)


def _way(words: tuple[str, ...], platform: str) -> str:
    match platform:
        case "slack":
            return f"`/{' '.join(words)}`" if _slack_hears(words) else NO
        case "teams":
            if not _teams_hears(words):
                return NO
            typed = f"`{' '.join(words)}` typed to the app"
            return f"`/{words[0]}`, or {typed}" if len(words) == 1 else typed
        case _:
            named = [name for name in ROUTES if entry_words(name) == words]
            return f"`{_page(named[0])}`" if named else NO


def _page(name: str) -> str:
    """The page of its own that something has in the browser, or else the one all forms share."""
    return next((path for path, _ in pages._READ if path.endswith(f"/{name}")), f"/f/{name}")


def _slack_hears(words: tuple[str, ...]) -> bool:
    body = f"command=/{words[0]}&text={'+'.join(words[1:])}&team_id=T1&user_id=U1&trigger_id=1"
    arrival = read_arrival(body.encode(), FORM)
    return Names().first_word(arrival.command) == words[0] and arrival.gesture == Invoke(words[1:])


def _teams_hears(words: tuple[str, ...]) -> bool:
    command, verbs = words_typed(" ".join(words))
    if Names().first_word(command) != words[0]:
        return False
    card = opening_card((command, *verbs))
    return opened_words(pressed(card, actions(card)[0])) == words


def needed() -> set[tuple[str, str]]:
    """The reasons the table makes use of."""
    messages = {("message", platform) for platform in PLATFORMS if not in_chat(platform)}
    words = {
        (f"words {' '.join(said)}", platform)
        for said in WORDS
        for platform in PLATFORMS
        if _way(said, platform) == NO
    }
    return messages | words
