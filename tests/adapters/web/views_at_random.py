"""Any view the desk could possibly answer, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from integrations.web.people_search import PeopleFields
from trim_bot.app.seam.views import (
    Alert,
    Answer,
    Bullets,
    Button,
    Choice,
    Choices,
    DateInput,
    Done,
    Facts,
    FieldErrors,
    FigureRow,
    Figures,
    Form,
    Heading,
    Input,
    Link,
    Message,
    Nothing,
    Option,
    PeopleInput,
    PersonCard,
    PersonInput,
    Text,
    TextInput,
    TimeInput,
    Toggle,
    Tone,
    Weight,
)
from trim_bot.domain.name_search import Colleague, NameIndex, PeopleChoice
from trim_bot.domain.people import Address, Platform

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=y>',
    "' onfocus='x",
    "</textarea><b>",
    "&lt;&amp;",
)
_plain = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
words = st.one_of(st.sampled_from(HOSTILE), _plain)
maybe = st.one_of(st.just(""), words)
several = st.lists(words, max_size=3).map(tuple)
options = st.lists(st.builds(Option, words, words), max_size=4).map(tuple)
addresses = st.builds(Address, st.sampled_from(Platform), words, words)
buttons = st.builds(Button, words, words, words, st.sampled_from(Weight))
flags = st.booleans()

inputs = st.one_of(
    st.builds(TextInput, words, words, maybe, flags, maybe, flags, st.just(2000), maybe),
    st.builds(Choice, words, words, options, maybe, flags, maybe, flags),
    st.builds(Choices, words, words, options, maybe, flags, several),
    st.builds(DateInput, words, words, maybe, flags, st.one_of(maybe, st.just("2026-11-24"))),
    st.builds(TimeInput, words, words, maybe, flags, st.one_of(maybe, st.just("07:30"))),
    st.builds(PersonInput, words, words, maybe, flags, maybe),
    st.builds(PeopleInput, words, words, maybe, flags, several),
    st.builds(Toggle, words, words, maybe, flags, flags),
)
readings = st.one_of(
    st.builds(Heading, words),
    st.builds(Text, words, flags),
    st.builds(Facts, st.lists(st.tuples(words, words), max_size=3).map(tuple)),
    st.builds(
        Figures,
        st.lists(
            st.builds(
                FigureRow, words, words, st.none() | st.integers(0, 3000), st.none() | st.integers(3000, 9000)
            ),
            max_size=3,
        ).map(tuple),
    ),
    st.builds(Bullets, several),
    st.builds(Alert, st.sampled_from(Tone), words, several),
    st.builds(PersonCard, words, maybe, maybe, maybe, st.none() | addresses, maybe),
    buttons,
    st.builds(Link, words, words),
)
blocks = st.lists(st.one_of(readings, inputs), max_size=6).map(tuple)
of_a_form = st.lists(
    st.one_of(readings, inputs),
    max_size=6,
    unique_by=lambda one: one.name if isinstance(one, Input) else id(one),
).map(tuple)
steps = st.none() | st.tuples(st.integers(1, 9), st.integers(1, 9))
forms = st.builds(
    Form, words, words, of_a_form, maybe, st.none() | words, steps, st.integers(0, 9), st.none() | buttons
)


@st.composite
def field_errors(draw: st.DrawFn) -> FieldErrors:
    """A form with some of its fields, or none of them, to mend."""
    form = draw(forms)
    names = [field.name for field in form.inputs()]
    chosen = st.sampled_from(names) | words if names else words
    return FieldErrors(form, draw(st.dictionaries(chosen, words, max_size=3)))


views = st.one_of(
    forms,
    field_errors(),
    st.builds(Done, words, words, blocks, st.sampled_from(Answer)),
    st.builds(Message, words, words),
    st.just(Nothing()),
)
people = st.lists(
    st.builds(Colleague, words, words, maybe), max_size=30, unique_by=lambda one: one.address
).map(lambda listed: PeopleFields(PeopleChoice(NameIndex(listed))))
