"""Draws the fields in which people are named: those picked, a box to find others by name, and who was found."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from integrations.web.people_search import NameRow, PeopleFields, label_of
from integrations.web.template_environment import part
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.views import Option, PeopleInput, PersonInput
from trim_bot.app.words import page_words as words

ROWS_FOR_ADDRESSES = 5
"""How many addresses can be typed at least, while there is no list to look in."""


def draw_people(field: PersonInput | PeopleInput, id: str, error: str, people: PeopleFields) -> Markup:
    """One field: all of a short list, a box to find people of a long one, and boxes for addresses without a list."""
    chosen = _chosen(field)
    if not people.choice.is_there:
        return _typed(field, id, error, chosen)
    few = people.choice.few()
    rows = people.rows.get(field.name, ())
    if few and not rows:
        listed = [Option(one.address, words.person_label(one.name, one.place)) for one in few]
        known = {one.address for one in few}
        extra = [Option(one, label_of(people.choice, one)) for one in chosen if one not in known]
        return _list(field, (*listed, *extra), chosen, id, error)
    return part(
        "people.html",
        "found_by_name",
        field=field,
        id=id,
        error=error,
        several=isinstance(field, PeopleInput),
        picked=picked_part(field.name, chosen, people),
        rows=[(row, found_part(field, id, at, row)) for at, row in enumerate(rows or (NameRow(),), 1)],
        news=people.news.get(field.name, ""),
        focus=people.looked and (bool(rows) or field.name in people.news),
    )


def picked_part(name: str, chosen: Sequence[str], people: PeopleFields) -> Markup:
    """Those picked, each with a button that takes them out, and how many they are."""
    told = [(address, label_of(people.choice, address)) for address in chosen]
    return part("people.html", "picked", name=name, people=told, said=here(words.picked(len(chosen))))


def found_part(field: PersonInput | PeopleInput, id: str, number: int, row: NameRow) -> Markup:
    """Those found for one row, to be ticked."""
    return part(
        "people.html",
        "found",
        name=field.name,
        type="checkbox" if isinstance(field, PeopleInput) else "radio",
        people=[(one.address, words.person_label(one.name, one.place)) for one in row.found.people],
        id=f"{id}-{number}",
    )


def _typed(field: PersonInput | PeopleInput, id: str, error: str, chosen: tuple[str, ...]) -> Markup:
    if isinstance(field, PersonInput):
        return part("people.html", "typed_person", field=field, id=id, error=error)
    rows = chosen + ("",) * max(2, ROWS_FOR_ADDRESSES - len(chosen))
    return part("people.html", "typed_people", field=field, id=id, error=error, rows=rows)


def _list(
    field: PersonInput | PeopleInput, options: Sequence[Option], chosen: tuple[str, ...], id: str, error: str
) -> Markup:
    return part(
        "fields.html",
        "options",
        field=field,
        type="checkbox" if isinstance(field, PeopleInput) else "radio",
        options=options,
        chosen=chosen,
        id=id,
        error=error,
        inline=False,
        scroll=True,
    )


def _chosen(field: PersonInput | PeopleInput) -> tuple[str, ...]:
    if isinstance(field, PeopleInput):
        return field.value
    return (field.value,) if field.value else ()
