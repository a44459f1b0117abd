"""Finds the people of a form by name: what was typed becomes somebody picked, or a row that says why not yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from integrations.web.browser_session import Look, SentForm, address_in
from trim_bot.app.seam.gestures import Value, Values
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.views import FieldErrors, Form, View
from trim_bot.app.words import page_words as words
from trim_bot.domain.name_search import Matches, PeopleChoice
from trim_bot.domain.people import Address

MOST_TRIED = 50
"""Names looked for in one answer: each takes up to a few hundredths of a second, while nobody else is answered. The
others stand there for the next."""
MOST_SHOWN = 5
"""Rows whose matches are shown at once, so that a page stays small however many names were typed."""


@dataclass(frozen=True, slots=True)
class NameRow:
    """One box for a name: what stands in it, who was found, and what is said of that."""

    typed: str = field(default="", repr=False)
    found: Matches = field(default=Matches(), repr=False)
    said: str = ""


@dataclass(frozen=True, slots=True)
class PeopleFields:
    """What the fields that take people are drawn from, in one answer."""

    choice: PeopleChoice = field(default_factory=PeopleChoice)
    rows: Mapping[str, tuple[NameRow, ...]] = field(default_factory=dict, repr=False)
    """By field: names that were typed and are nobody's yet."""
    news: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By field: whose name was taken as typed."""
    looked: bool = False
    """Whether this is the answer to a look, which asks for nothing to be mended."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A form as sent, with every name that is one person's alone taken."""

    fields: PeopleFields
    picked: Mapping[str, Value] = field(repr=False)
    """By field: the addresses of those picked."""

    def values(self, sent: Values) -> Values:
        """What the desk is given. A name that is nobody's goes with it as typed, so that nothing can be done."""
        left = {name: tuple(row.typed for row in rows) for name, rows in self.fields.rows.items() if rows}
        return {
            **sent,
            **self.picked,
            **{
                name: (*one, *left[name]) if isinstance(one := self.picked[name], tuple) else left[name][0]
                for name in left
            },
        }

    def told(self, view: View) -> View:
        """The desk's answer, with what it could not read as an address said row by row."""
        if not isinstance(view, FieldErrors):
            return view
        errors = dict(view.errors)
        for name, rows in self.fields.rows.items():
            if rows and name in errors:
                errors[name] = here(words.rows_to_mend([row.said for row in rows]))
        if self.fields.choice.is_there:
            return FieldErrors(view.form.filled(self.picked), errors)
        for name, value in self.picked.items():
            given = value if isinstance(value, tuple) else (str(value),)
            if name in errors and not all(is_address(one) for one in given if one):
                errors[name] = here(words.STILL_AWAY)
        return FieldErrors(view.form, errors)


def resolve(choice: PeopleChoice, sent: SentForm, *, typing: bool = False, held: bool = False) -> Resolved:
    """Who was picked and what is left to find. While somebody is `typing` no name is taken as it stands.

    With `held` nothing is looked up, since there was too much of that.
    """
    looked = typing or is_a_look(sent)
    rows: dict[str, tuple[NameRow, ...]] = {}
    news: dict[str, str] = {}
    picked: dict[str, Value] = {}
    tried = 0
    for name, look in sent.looks.items():
        given = _texts(sent.values.get(name, ()))
        people = [one for one in given if is_address(one) and (name, one) != sent.drop]
        texts = [*_open(choice, look, looked=looked), *(one for one in given if not is_address(one))]
        left, taken = [], []
        for text in texts:
            tried += 1
            address = None if typing or held or tried > MOST_TRIED else _one_called(choice, text)
            if address is None:
                left.append(text)
            else:
                people.append(address)
                taken.append(label_of(choice, address))
        people = list(dict.fromkeys(people))
        picked[name] = tuple(people) if look.several else (people[-1] if people else "")
        if choice.is_there:
            rows[name] = tuple(_rows(choice, left, people, held=held))
        elif left:
            picked[name] = (*people, *left) if look.several else left[0]
        if taken:
            news[name] = here(words.added(taken))
    return Resolved(PeopleFields(choice, rows, news, looked), picked)


def names_looked_for(sent: SentForm) -> int:
    """How many names one answer to a form looks for, wherever they stand in it."""
    given = (_texts(sent.values.get(name, ())) for name in sent.looks)
    plain = sum(not is_address(one) for some in given for one in some)
    return min(MOST_TRIED, plain + sum(len(look.typed) for look in sent.looks.values()))


def is_a_look(sent: SentForm) -> bool:
    """Whether a form was sent to find or take out somebody, and not to be carried out.

    The Enter key looks where a name stands in a box, and sends the form where none does.
    """
    asked = sent.find is not None and bool(sent.find or any(look.typed for look in sent.looks.values()))
    return bool(sent.looks) and (asked or sent.drop is not None)


def is_address(text: str) -> bool:
    """Whether a text is somebody's address, and no name."""
    try:
        Address.parse(text)
    except ValueError:
        return False
    return True


def label_of(choice: PeopleChoice, address: str) -> str:
    """What somebody who was picked is called; their address where the list does not have them."""
    one = choice.at(address)
    return words.person_label(one.name, one.place) if one is not None else address.removeprefix("web:")


def emptied(fields: PeopleFields, asked: str) -> PeopleFields:
    """The same, where *Find* was pressed beside an empty box: it says what to type."""
    if not fields.choice.is_there or fields.rows.get(asked) or fields.news.get(asked):
        return fields
    return replace(fields, rows={**fields.rows, asked: (NameRow(said=here(words.TYPE_MORE)),)})


def form_of(view: View) -> Form | None:
    """The form that a view shows, if it shows one."""
    return view.form if isinstance(view, FieldErrors) else view if isinstance(view, Form) else None


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) and value else ()


def _open(choice: PeopleChoice, look: Look, *, looked: bool) -> list[str]:
    """Names that are still to be found: a form that is sent leaves out those for which somebody was ticked."""
    if looked:
        return list(look.typed)
    return [text for text in look.typed if not any(choice.fits(one, text) for one in look.ticked)]


def _one_called(choice: PeopleChoice, text: str) -> str | None:
    """The address of the one person who is called so, or that was typed itself."""
    address = address_in(text)
    if is_address(address):
        return address
    same = choice.named(text)
    return same[0].address if len(same) == 1 else None


def _rows(choice: PeopleChoice, texts: Iterable[str], picked: list[str], *, held: bool) -> Iterable[NameRow]:
    for at, text in enumerate(texts):
        if held:
            yield NameRow(text, said=here(words.LOOKED_OFTEN))
        elif at >= MOST_SHOWN:
            yield NameRow(text, said=here(words.LOOK_NEXT))
        else:
            found = choice.find(text, picked)
            yield NameRow(text, found, _said(found))


def _said(found: Matches) -> str:
    if found.too_short:
        return here(words.TYPE_MORE)
    if not found.people:
        return here(words.NOBODY_FOUND)
    return here(words.MORE_FOUND) if found.more else here(words.found(len(found.people)))
