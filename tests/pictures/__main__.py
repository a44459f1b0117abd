"""`python -m tests.pictures`: draws every page and form, and fails when one is not fit to be seen."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.pictures.camera import DESK, Camera, Picture, chromium
from tests.pictures.examples import look_at_all, slack_pictures
from tests.pictures.finding import find_people
from tests.pictures.going_back import GoingBack
from tests.pictures.lists import walk_lists
from tests.pictures.serving import practice_server
from tests.pictures.walking import Walk
from trim_bot.bootstrap.process_log import set_up_logging

FOLDER = Path("build/pictures").resolve()
"""Whole, since a deployment that is walked changes to a folder of its own."""
PARTS = frozenset({"back", "browser", "finding", "lists", "slack", "walk"})
LONGEST_MS = 15_000


def main(parts: frozenset[str]) -> int:
    """0 when every picture is sound, else 1."""
    began = time.monotonic()
    set_up_logging()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with chromium() as browser:
        context = browser.new_context(viewport={"width": DESK, "height": 900}, locale="en-GB")
        context.set_default_timeout(LONGEST_MS)
        camera = Camera(context.new_page(), FOLDER)
        if "browser" in parts:
            look_at_all(camera)
        if "finding" in parts:
            find_people(camera)
        if "slack" in parts:
            slack_pictures(camera)
        if "lists" in parts:
            walk_lists(camera)
        if "back" in parts:
            with practice_server() as link:
                GoingBack(camera, link).all_of_it()
        if "walk" in parts:
            with practice_server() as link:
                Walk(camera, link).all_of_it()
    return tell(camera.pictures, time.monotonic() - began)


def tell(pictures: list[Picture], seconds: float) -> int:
    """The table of pictures, and what is wrong."""
    table = Table("picture", "widths", "faults", box=None, pad_edge=False)
    for name in dict.fromkeys(one.name for one in pictures):
        same = [one for one in pictures if one.name == name]
        widths = " ".join(f"{one.width}{' dark' if one.scheme == 'dark' else ''}" for one in same)
        faults = list(dict.fromkeys(fault for one in same for fault in one.faults))
        table.add_row(name, widths, "\n".join(faults) or "–")
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    wrong = sum(bool(one.faults) for one in pictures)
    kept = len(list(FOLDER.glob("*.png")))
    print(f"\n{kept} pictures in {FOLDER}, {len(pictures)} looks, {wrong} with faults, {seconds:.0f} s.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(frozenset(sys.argv[1:]) or PARTS))
