"""Every view of the desk as Slack and Teams would draw it, with libraries that others wrote."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from typing import assert_never

import pytest

from tests.architecture.tree import ROOT
from tests.peers.conftest import Tell
from tests.peers.drawing.easel import Easel, easel
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.views import (
    Alert,
    Block,
    Bullets,
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    Facts,
    FieldErrors,
    Figures,
    Form,
    Heading,
    Link,
    Message,
    Nothing,
    PeopleInput,
    PersonCard,
    PersonInput,
    Text,
    TextInput,
    TimeInput,
    Toggle,
    View,
)

FOLDER = ROOT / "build" / "peers"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    """An easel for all of them."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with easel(tmp_path_factory.mktemp("drawing")) as one:
        yield one


VIEWS = {name: view for name, view in catalogue().items() if not isinstance(view, Nothing)}


def test_nothing_is_cut_off(page: Easel, tell: Tell) -> None:
    """every view of the catalogue is drawn by both libraries: nothing cut off, unknown, empty or doubled"""
    wrong = {}
    for name, view in VIEWS.items():
        faults = page.draw(view)
        page.keep(FOLDER / f"{name.replace('/', '-')}.png")
        if faults:
            wrong[name] = faults
    assert not wrong, told(wrong)
    assert page.asked == []
    tell(f"{len(VIEWS)} views drawn side by side, as Slack and as Teams, in {FOLDER.relative_to(ROOT)}.")


def test_the_same_order(page: Easel) -> None:
    """both show the same things in the same order, and every word of them"""
    wrong = {}
    for name, view in VIEWS.items():
        page.draw(view)
        for side in ("slack", "teams"):
            if (missing := first_missing(landmarks(view), page.words(side))) is not None:
                wrong[f"{name} at {side}"] = missing
    assert not wrong, told(wrong)


def landmarks(view: View) -> Iterator[str]:
    """What can be read on a view, from its top to its foot."""
    match view:
        case Form(blocks=blocks) | FieldErrors(form=Form(blocks=blocks)) | Done(blocks=blocks):
            for block in blocks:
                yield from of_block(block)
        case Message() | Nothing():
            return
        case _:
            assert_never(view)


def of_block(block: Block) -> Iterator[str]:
    """What can be read on one block, in order."""
    match block:
        case Heading(text) | Text(text):
            yield text
        case Facts(rows):
            for row in rows:
                yield from row
        case Figures(figures):
            for figure in figures:
                yield from (figure.label, figure.said)
        case Bullets(items):
            yield from items
        case Alert(text=text, lines=lines):
            yield from (text, *lines)
        case PersonCard(name, phone, reach, best_time, talk=talk):
            yield from (name, talk, phone, reach, best_time)
        case Button(label=label) | Link(label=label):
            yield label
        case Choice(label=label, options=options, compact=compact):
            yield label
            if not compact and len(options) <= 10:
                yield from (option.label for option in options)
        case Choices(label=label, options=options):
            yield label
            if len(options) <= 10:
                yield from (option.label for option in options)
        case TextInput() | DateInput() | TimeInput() | PersonInput() | PeopleInput() | Toggle():
            yield block.label
        case _:
            assert_never(block)


def first_missing(expected: Iterator[str], drawn: str) -> str | None:
    """The first thing that is not there, or not behind what comes before it."""
    text, at = plain(drawn), 0
    for one in expected:
        for line in one.splitlines():
            if not plain(line):
                continue
            found = text.find(plain(line), at)
            if found < 0:
                return line
            at = found + len(plain(line))
    return None


def plain(text: str) -> str:
    """Letters and digits alone: how lines break and what is escaped differs."""
    return re.sub(r"[\W_]+", "", text)


def told(wrong: Mapping[str, object]) -> str:
    """One line for each view."""
    return "\n".join(f"{name}: {what}" for name, what in wrong.items())
