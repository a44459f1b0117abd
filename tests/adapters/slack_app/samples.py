"""Sample views that between them hold every block and every kind of view, and forms made of anything."""

from __future__ import annotations

import json

from hypothesis import strategies as st

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
    FigureRow,
    Figures,
    Form,
    Heading,
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
    View,
    Weight,
)
from trim_bot.domain.clean_text import cleaned_all
from trim_bot.domain.people import Address, Platform

SCALE = (Option("0", "No"), Option("1", "Partly"), Option("2", "Clearly"), Option("none", "Not discussed"))
INTERVIEW = Form(
    name="interview",
    title="Third day talk",
    blocks=(
        Text("Ask in your own words. You need not tell the story again.", quiet=True),
        Heading("Before"),
        Choice("before_control", "Felt out of control", SCALE, value="1"),
        TextInput("before_note", "Note", required=False, value="A line", readers="you and the lead"),
        Button("safety", "tok-safety", "Call the lead now"),
    ),
    token="tok-form",
    submit="Save and go on to during",
    step=(1, 4),
    revision=2,
    back=Button("back", "tok-back", "Back", Weight.QUIET),
)
EVERYTHING = Form(
    name="everything",
    title="Every kind of block there is",
    blocks=(
        Alert(Tone.HELP, "You can ring at any time", ("Samaritans 116 123", "Emergency 999")),
        Facts((("When", "Tuesday 24 November, from 9:00"), ("Where", ""))),
        Bullets(("Nothing was sent", "Nobody was told")),
        PersonCard("A & B <C>", "01632 960000", "By phone", "", Address(Platform.SLACK, "T1", "U1")),
        Link("Your page", "https://desk.example.org/me"),
        DateInput("day", "Which day", hint="A guess is fine", value="2026-11-22"),
        TimeInput("time", "What time", value="07:30", required=False),
        PersonInput("who", "Who was there", value="slack:T1:U2"),
        PeopleInput("others", "Who else", required=False, value=("slack:T1:U3", "web:a@example.org")),
        Choices("needs", "What is needed", SCALE, value=("0", "2")),
        Choice("site", "Which site", tuple(Option(str(n), f"Site {n}") for n in range(12)), value="11"),
        Toggle("told", "They know that you are telling us", required=True, value=True),
    ),
    token="tok",
    submit="Send",
)
OFFER = Done(
    "offer",
    "A talk with somebody trained",
    (
        Text("You can say yes, not now or no. You will not be asked why."),
        Button("decline", "t1", "No, thank you"),
        Button("later", "t2", "Not now"),
        Button("accept", "t3", "Yes"),
        Button("accept", "t4", "Yes, with somebody else"),
    ),
)
VIEWS: dict[str, View] = {
    "interview": INTERVIEW,
    "everything": EVERYTHING,
    "errors": FieldErrors(INTERVIEW, {"before_control": "Choose one"}),
    "offer": OFFER,
    "bare": Done("saved", "Saved"),
    "message": Message("tok-open", "tok-stop"),
    "nothing": Nothing(),
}

UNFIT = ("\ud83d", "\0", "\x1b[31m", "\u202e", "\x85", "\ude00\ud83d", "\ufffe", "\r")
"""What no text may hold once it is shown."""
_pieces = st.one_of(st.sampled_from(UNFIT), st.text(st.characters(exclude_categories=()), max_size=10))
words = st.text(st.characters(codec="utf-8"), max_size=60) | st.lists(_pieces, max_size=6).map("".join)
"""Any text that Python can hold, what cannot be written as UTF-8 included."""
long_words = words | st.builds(lambda part, times: (part or "x") * times, words, st.integers(1, 90))
tokens = st.text("abcXYZ019._-", max_size=80)
names = st.from_regex(r"[a-z][a-z0-9_.]{0,12}", fullmatch=True)
values = st.from_regex(r"[a-z0-9_]{1,12}", fullmatch=True)
people = st.sampled_from(["", "slack:T1:U1", "slack:T1:U2", "web:a@example.org", "teams:X:Y", "nonsense"])
buttons = st.builds(
    Button, st.sampled_from(["back", "next", "help"]), tokens, long_words, st.sampled_from(list(Weight))
)
cards = st.builds(
    PersonCard,
    long_words,
    words,
    words,
    words,
    st.none() | st.builds(Address, st.sampled_from(list(Platform)), words, words),
)
readable: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, long_words),
    st.builds(Text, long_words, st.booleans()),
    st.builds(Facts, st.lists(st.tuples(words, long_words), max_size=12).map(tuple)),
    st.builds(
        Figures, st.lists(st.builds(FigureRow, words, words, st.none(), st.none()), max_size=12).map(tuple)
    ),
    st.builds(Bullets, st.lists(long_words, max_size=5).map(tuple)),
    st.builds(Alert, st.sampled_from(list(Tone)), long_words, st.lists(words, max_size=12).map(tuple)),
    cards,
    buttons,
    st.builds(Link, long_words, words.map(lambda text: f"https://desk.example.org/{text}") | words),
)


@st.composite
def inputs(draw: st.DrawFn, name: str) -> Block:
    """One input of any kind, with or without a draft in it."""
    label, hint, required = draw(long_words), draw(words), draw(st.booleans())
    options = tuple(
        Option(value, draw(long_words))
        for value in draw(st.lists(values | st.just("yes"), min_size=1, max_size=14, unique=True))
    )
    some = draw(st.lists(st.sampled_from(options), max_size=3, unique=True).map(list))
    chosen = tuple(option.value for option in options if option in some)
    kind = draw(st.integers(0, 7))
    match kind:
        case 0:
            typed = draw(long_words)[:3000]
            most, lines = draw(st.integers(1, 5000)), draw(st.booleans())
            return TextInput(name, label, hint, required, typed, lines, most, draw(words))
        case 1:
            return Choice(
                name, label, options, hint, required, chosen[0] if chosen else "", draw(st.booleans())
            )
        case 2:
            return Choices(name, label, options, hint, required, chosen)
        case 3:
            return DateInput(name, label, hint, required, draw(st.dates().map(str) | words))
        case 4:
            return TimeInput(name, label, hint, required, draw(st.just("23:59") | words))
        case 5:
            return PersonInput(name, label, hint, required, draw(people))
        case 6:
            return PeopleInput(name, label, hint, required, tuple(draw(st.lists(people, max_size=3))))
        case _:
            return Toggle(name, label, hint, required, draw(st.booleans()))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Any form at all, within what a screen can hold."""
    fields = [draw(inputs(name)) for name in draw(st.lists(names, max_size=4, unique=True))]
    shown: list[Block] = [*draw(st.lists(readable, max_size=5)), *fields]
    blocks = draw(st.permutations(shown))
    return Form(
        name=draw(names),
        title=draw(words),
        blocks=tuple(blocks),
        token=draw(tokens),
        submit=draw(words) if fields else draw(st.none() | words),
        step=draw(st.none() | st.tuples(st.integers(1, 9), st.integers(1, 9))),
        revision=draw(st.integers(0, 99)),
        back=draw(st.none() | buttons),
    )


def fit_to_be_sent(page: object) -> bool:
    """Whether what was drawn can be written as UTF-8, and holds nothing that no text may hold.

    The marks by which a text that runs from right to left is set apart are ours.
    """
    sent = json.dumps(page, ensure_ascii=False)
    sent.encode()
    return cleaned_all(sent, drawn=True) == sent and "\\u0000" not in sent
