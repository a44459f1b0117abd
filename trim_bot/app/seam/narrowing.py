"""Choices with more answers than anybody can look through: a few at a time, the others by a part of their name.

Every form with such a choice goes out narrowed, on every platform and without a script: a line to type into, a button
that looks, and the answers found. What was typed and chosen meanwhile stays. A form is checked against all its answers,
so that whatever was found can be sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from zlib import crc32

from trim_bot.app.seam.gestures import Value, Values
from trim_bot.app.seam.sentences import joined, ours, phrase
from trim_bot.app.seam.views import (
    Block,
    Button,
    Choice,
    Choices,
    FieldErrors,
    Form,
    Text,
    TextInput,
    View,
)
from trim_bot.domain.name_search import found_by_name, has_letters
from trim_bot.domain.policy import POLICY

_FIND = "find."
"""How the fields begin that look for an answer; no field of a command can be called so."""
_REVISIONS = 1_000_000

FIND = "Find"
PRESS_FIND = "Then press Find. Nothing is sent by that, and what you filled in stays."
MOST_KEPT = 80
"""Answers that can be chosen at once in a choice that is narrowed: with those found, as many as every chat can draw."""
TOO_MANY = phrase(
    "Only {number} can be chosen at once here. Send these first, then open this again for the others.",
    number=MOST_KEPT,
)
NOT_FOUND = "Nothing here has that in its name. Please try other letters."


def is_finding(form: Form, values: Values) -> bool:
    """Whether the button that looks for an answer was pressed in this very form, where `values` stood in its fields."""
    return any(f"{_FIND}{field.name}" in values for field in _long(form))


def narrowed(view: View, typed: Values) -> View:
    """The view as it goes out; `typed` is what stood in its fields, those that look for an answer among them."""
    match view:
        case Form():
            return _narrowed(view, typed)
        case FieldErrors(form, errors):
            return FieldErrors(_narrowed(form, typed), errors)
        case _:
            return view


def looks_first(form: Form, values: Values) -> bool:
    """Whether a form was sent to find an answer: letters stand in a field for it that nothing chosen has.

    So the Enter key finds, and nobody sends what happened to be chosen before they looked for another.
    """
    for field in _long(form):
        looked_for = _text(values, field.name)
        chosen = _chosen(values.get(field.name, ""))
        labels = [option for option in field.options if option.value in chosen]
        if has_letters(looked_for) and not found_by_name(labels, lambda one: one.label, looked_for):
            return True
    return False


def _narrowed(form: Form, typed: Values) -> Form:
    if not any(True for _ in _long(form)):
        return form
    blocks = tuple(part for block in form.blocks for part in _parts(form, block, typed))
    if not typed:
        return replace(form, blocks=blocks)
    # A client that keeps what was typed must not hide the answers found: they stand under a new revision.
    seen = "\n".join(f"{name} {value}" for name, value in sorted(typed.items()))
    revision = crc32(seen.encode("utf-8", "surrogatepass")) % _REVISIONS
    return replace(form, blocks=blocks, revision=form.revision + 1 + revision)


def _long(form: Form) -> Iterator[Choice | Choices]:
    for block in form.blocks:
        if isinstance(block, Choice | Choices) and len(block.options) > POLICY.options_at_once:
            yield block


def _parts(form: Form, block: Block, typed: Values) -> Iterator[Block]:
    if not isinstance(block, Choice | Choices) or len(block.options) <= POLICY.options_at_once:
        yield block
        return
    looked_for = _text(typed, block.name)
    chosen = _chosen(block.value)
    found = found_by_name(block.options, lambda one: one.label, looked_for)
    kept = [option for option in block.options if option.value in chosen][:MOST_KEPT]
    shown = [option for option in found if option.value not in chosen][: POLICY.matches_shown]
    looking = has_letters(looked_for)
    label = phrase("Part of a name, for “{label}”", label=ours(block.label))
    yield TextInput(
        f"{_FIND}{block.name}", label, PRESS_FIND, required=False, value=looked_for, max_length=100
    )
    yield Button(form.name, form.token, FIND)
    if looking and not found:
        yield Text(NOT_FOUND)
    if len(chosen) > MOST_KEPT:
        yield Text(TOO_MANY)
    hint = _hint(block.hint, len(found), len(block.options), looking=looking)
    options = (*kept, *shown) or block.options[: POLICY.matches_shown]
    yield replace(block, options=options, hint=hint)


def _hint(hint: str, found: int, of: int, *, looking: bool) -> str:
    most = POLICY.matches_shown
    if looking and found > most:
        said = phrase(
            "The first {most} of {found} that have this in their name. Type more letters to see others.",
            most=most,
            found=found,
        )
    elif looking and found:
        said = phrase("{found} of {of} have this in their name.", found=found, of=of)
    else:
        said = phrase("The first {most} of {of}. The others are found by name.", most=most, of=of)
    return joined((ours(hint), said)) if hint else said


def _text(values: Values, name: str) -> str:
    value = values.get(f"{_FIND}{name}", "")
    return value.strip() if isinstance(value, str) else ""


def _chosen(value: Value) -> tuple[str, ...]:
    match value:
        case bool():
            return ()
        case str():
            return (value,) if value else ()
        case _:
            return value
