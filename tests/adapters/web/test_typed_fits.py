"""No browser can send more than is carried out: limits of fields keep each form below the limit of a body."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.web import render
from integrations.web.blocks import FormTarget
from integrations.web.browser_session import LIMIT, MOST_FIELDS
from integrations.web.text_fields import EMPTY_ROWS, MOST_ROWS
from tests.adapters.web.reading_html import read
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.text_kinds import Column, TextKind
from trim_bot.app.seam.views import Block, FieldErrors, Form, PeopleInput, PersonInput, TextInput
from trim_bot.crypto.tokens import LONGEST
from trim_bot.domain.policy import POLICY

A_SIGN = len("%E4%B8%AD")
"""Bytes of one sign that a browser counts, at most: of three bytes in UTF-8, each written with three signs."""
LONG_ADDRESS = len("web:") + 254 * A_SIGN
FORMS = {
    name: view.form if isinstance(view, FieldErrors) else view
    for name, view in catalogue().items()
    if isinstance(view, Form | FieldErrors)
}


def worst(form: Form) -> int:
    """The most bytes that a browser can send of a form as it is drawn."""
    page = read(render.draw(form, FormTarget("p" * 64, by="b" * 400)))
    size = LONGEST * 3
    for tag, found in page.elements:
        if tag in ("input", "textarea", "select") and "name" in found:
            size += len(found["name"]) * 3 + 2
            typed = tag == "textarea" or (tag == "input" and found.get("type", "text") in ("text", "tel"))
            held = int(found["maxlength"]) * A_SIGN if typed else len(found.get("value", "")) * 3 + 300
            size += held
    people = [field for field in form.inputs() if isinstance(field, PersonInput | PeopleInput)]
    return size + sum(POLICY.people_in_a_field * (len(one.name) + LONG_ADDRESS // 20) for one in people)


def with_every_row(form: Form) -> Form:
    """The form given back with more rows than have boxes, in each of its lists."""

    def filled(block: Block) -> Block:
        if not isinstance(block, TextInput) or not block.columns:
            return block
        row = "\t".join("a" for _ in block.columns)
        return replace(block, value="\n".join([row] * block.max_length))

    return replace(form, blocks=tuple(filled(block) for block in form.blocks))


@pytest.mark.parametrize("name", FORMS)
def test_a_form_filled_to_the_brim_can_be_sent(name: str) -> None:
    form = with_every_row(FORMS[name])
    assert worst(form) < LIMIT
    cells = sum(
        (MOST_ROWS + EMPTY_ROWS) * len(one.columns) for one in form.inputs() if isinstance(one, TextInput)
    )
    fields = sum(1 for _ in form.inputs()) + cells + 2 * POLICY.people_in_a_field
    assert fields < MOST_FIELDS


def test_rows_beyond_those_with_boxes_stay_lines_and_lose_nothing() -> None:
    columns = (Column("Name"), Column("Phone", TextKind.PHONE))
    lines = [f"Person {number}\t07{number:09}" for number in range(MOST_ROWS + 5)]
    text = TextInput("who", "Who?", value="\n".join(lines), columns=columns)
    page = read(render.draw(Form("log", "Log", (text,), "tok", "Send"), FormTarget("proof")))
    names = [box["value"] for box in page.all("input", name="row1 who")]
    assert names == [line.split("\t")[0] for line in lines[:MOST_ROWS]] + [""] * EMPTY_ROWS
    assert all(line.split("\t")[0] in page.text for line in lines[MOST_ROWS:])
    assert {box["maxlength"] for box in page.all("input", name="row1 who")} == {"200"}


def test_a_browser_takes_twice_what_is_taken_so_that_nothing_is_cut_unsaid() -> None:
    form = Form("ask", "Ask", (TextInput("what", "What?", max_length=70, multiline=True),), "tok", "Send")
    [area] = read(render.draw(form, FormTarget("proof"))).all("textarea")
    assert area["maxlength"] == "140"
