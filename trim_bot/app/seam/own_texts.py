"""Marks what a site wrote in definitions of its own, so that none of it is looked up as a sentence of ours."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from assessments.questionnaire import NOT_DISCUSSED
from trim_bot.app.seam.sentences import as_given

T = TypeVar("T")
READ = frozenset({"hint", "label", "name", "note", "prompt", "text", "title"})
"""The fields of programmes and questionnaires that people read."""


def written_by_site(value: T) -> T:
    """The same record with all that people read of it marked, in the records and tuples within it as well."""
    return cast(T, _marked(value, read=False))


def _marked(value: Any, *, read: bool) -> Any:
    if isinstance(value, str):
        return as_given(value) if read else value
    if isinstance(value, tuple):
        return tuple(_marked(one, read=read) for one in value)
    if getattr(value, "id", "") == NOT_DISCUSSED:
        # Added to every choice, whoever wrote the others.
        return value
    if is_dataclass(value) and not isinstance(value, type):
        held = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        return replace(value, **{name: _marked(one, read=name in READ) for name, one in held.items()})
    return value
