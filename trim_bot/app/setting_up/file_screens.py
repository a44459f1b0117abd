"""Every sentence of taking a site file in, and of giving the settings out as one."""

from __future__ import annotations

from collections.abc import Sequence

from trim_bot.app.seam.sentences import joined, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import Bullets, File, Heading, Link, Text, TextInput, Weight
from trim_bot.app.setting_up.commands import OpenImport, OpenSettings, OpenTakeIn

MOST_PASTED = 14_000
"""Characters of a file that a browser can send, whatever they are written in."""
MOST_SHOWN = 20
"""Differences that are shown one by one; of the others how many they are."""


def left_aside(lines: int, people: int) -> str:
    """What of a file the browser does not put into force."""
    return phrase(
        "The file names reporting lines ({lines}) and people ({people}). They are left aside here: "
        "whoever runs the desk puts them in with trim-bot site apply.",
        lines=lines,
        people=people,
    )


def import_form() -> Form:
    """Where the text of a file is put."""
    what = Text("You see first what would change. Nothing is changed by that.")
    return Form(OpenImport(), "Take in a file", (what, _text("")), submit="Look at it", back=_BACK)


def looked_form(checked: str, text: str, differences: Sequence[str] | None, aside: str = "") -> Form:
    """The file with what it would change; None where that was shown before, and the form only comes back."""
    shown: tuple[Block, ...] = ()
    if differences is not None:
        some = tuple(differences[:MOST_SHOWN])
        more = len(differences) - len(some)
        rest = (phrase("And {more} more.", more=more),) if more > 0 else ()
        shown = (
            Heading("What would change"),
            Bullets((*some, *rest)) if differences else Text("Nothing. All of it is in force already."),
            *((Text(aside),) if aside else ()),
        )
    last = Text("Nothing was changed yet. Press Save to put it into force.")
    return Form(OpenTakeIn(checked), "Take in a file", (*shown, last, _text(text)), submit="Save", back=_BACK)


def _text(value: str) -> TextInput:
    hint = "Paste all of it. A longer one goes in by a command on the machine."
    return TextInput(
        "file", "The text of a site file", hint, value=value, multiline=True, max_length=MOST_PASTED
    )


_BACK = Button("Back", OpenSettings())


def export_page(text: str, link: str) -> Page:
    """The settings as a file to keep. `link` is where the desk's pages are."""
    return Page(
        "site_file",
        "Save as a file",
        (
            Text("It has all that is in force. Taken in again as it is, it changes nothing."),
            Text(
                "Reporting lines and listed people are not in it: nobody can read them back. They stay as they are."
            ),
            Link("Save the file", f"{link}/f/site_file.toml"),
            Button("Back", OpenSettings(), Weight.QUIET),
        ),
        files=(File("site.toml", "application/toml", text),),
    )


MOST_FAULTS = 10
"""Faults of a file that are said at once."""


def faults_of_file(faults: Sequence[tuple[int, str]]) -> str:
    """The first faults of a file with their lines, as its reader says them, and how many more there are."""
    told = [phrase("Line {line}: {text}", line=line, text=text) for line, text in faults[:MOST_FAULTS]]
    more = len(faults) - len(told)
    return joined((*told, phrase("And {more} more.", more=more)) if more > 0 else told)
