"""What goes out through the seam, all in one file: five views of a few blocks, drawn by each platform in its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Generic, TypeVar

from trim_bot.app.seam.gestures import Values
from trim_bot.app.seam.languages import ENGLISH, Language
from trim_bot.app.seam.text_kinds import Column, TextKind
from trim_bot.domain.people import Address

LEFT_OPEN = "not_discussed"
"""The answer that says a question was left open."""


class Tone(Enum):
    """How an alert is meant; drawn in words and shape, never in colour alone."""

    HELP = "help"
    """Crisis numbers and other help that is always there."""
    WAITING = "waiting"
    """Something is still open or needs care."""
    DANGER = "danger"
    """Danger to life."""


class Weight(Enum):
    """How strongly a button asks to be pressed."""

    MAIN = "main"
    """The one thing most people will do here."""
    EQUAL = "equal"
    """One of several equal ways on; none is favoured."""
    QUIET = "quiet"
    """A quiet way out or aside."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A short line above what belongs together."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of plain text; `quiet` for what can be skipped. Line breaks are kept."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and what is so; `in_time` where the names are days, one after the other."""

    rows: tuple[tuple[str, str], ...]
    in_time: bool = False


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: its name, its band in words, and the ends of the band; neither end where it is not told."""

    label: str
    said: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A table of figures in bands; in the browser with a drawing that says the same."""

    rows: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """A set-off paragraph with a tone, and lines under it (crisis numbers for example)."""

    tone: Tone
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonCard:
    """How to reach one person; appears only in forms for the one entitled to it."""

    name: str
    phone: str
    reach: str
    best_time: str
    chat: Address | None = None
    """Where a direct message could be written; drawn with the warning that the platform records it."""
    talk: str = ""
    """Which talk a screen is about. Such a card is a banner: it stands first, and never in a title."""


@dataclass(frozen=True, slots=True)
class Button:
    """A way on: pressing it sends `Press(action, token)`. Buttons that follow one another stand in a row."""

    action: str
    token: str
    label: str
    weight: Weight = Weight.EQUAL
    goes: bool = False
    """Whether it only shows something, however often it is pressed: a page on a screen may draw it as a link."""
    about: str = field(default="", repr=False)
    """What it is about, where the label alone is that of other rows too: read out after it."""

    @property
    def spoken(self) -> str:
        """What is read out."""
        return f"{self.label}: {self.about}" if self.about else self.label


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a page in the browser."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen."""

    value: str
    label: str


E = TypeVar("E", bound=Enum)


@dataclass(frozen=True, slots=True)
class Wording(Generic[E]):
    """What each answer of a closed question is called, in the order in which they are offered.

    Raises ValueError where an answer has no words: stood beside the screens, a form that lacks one fails at import.
    """

    answers: type[E]
    words: Mapping[E, str]

    def __post_init__(self) -> None:
        if missing := set(self.answers) - set(self.words):
            raise ValueError(
                f"{self.answers.__name__} has no words for {sorted(one.name for one in missing)}"
            )

    def __getitem__(self, answer: E) -> str:
        return self.words[answer]

    def options(self, only: Iterable[E] | None = None) -> tuple[Option, ...]:
        """The answers that can be chosen: some of them in the order given, else all."""
        return tuple(
            Option(str(one.value), self.words[one]) for one in (self.words if only is None else only)
        )


@dataclass(frozen=True, slots=True)
class TextInput:
    """One line or several lines of text; `readers` says who will read it.

    With `columns` each line is a row of cells, a tab between them: a page has boxes, and lines for a pasted list.
    """

    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    multiline: bool = False
    max_length: int = 2000
    readers: str = ""
    holds: TextKind = TextKind.WORDS
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one of some options; `compact` draws a drop-down list. Each answer is a day of the field it `fills`."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    required: bool = True
    value: str = ""
    compact: bool = False
    fills: str = ""

    @classmethod
    def of(
        cls,
        name: str,
        label: str,
        wording: Wording[E],
        *,
        only: Iterable[E] | None = None,
        hint: str = "",
        value: E | None = None,
    ) -> Choice:
        """A closed question, which has to be answered: each answer with its words, or `only` some of them."""
        return cls(name, label, wording.options(only), hint, value="" if value is None else str(value.value))

    @property
    def says_so(self) -> bool:
        """Whether one of its own answers leaves it open, so that nothing beside it need say that it may be left."""
        return any(option.value == LEFT_OPEN for option in self.options)


@dataclass(frozen=True, slots=True)
class Choices:
    """Any number of some options."""

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    required: bool = False
    value: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DateInput:
    """A calendar day, `2026-11-22`."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""


@dataclass(frozen=True, slots=True)
class TimeInput:
    """A time of day, `07:30`, in the zone of the person who fills the form; `day` names the field with its day."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class PersonInput:
    """One member, as `Address.text`."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""


@dataclass(frozen=True, slots=True)
class PeopleInput:
    """Some members, each as `Address.text`."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Toggle:
    """Yes or not; `required` means it has to be ticked to go on."""

    name: str
    label: str
    hint: str = ""
    required: bool = False
    value: bool = False


Input = TextInput | Choice | Choices | DateInput | TimeInput | PersonInput | PeopleInput | Toggle
Block = Heading | Text | Facts | Figures | Bullets | Alert | PersonCard | Button | Link | Input


@dataclass(frozen=True, slots=True)
class Form:
    """Something to read, and maybe to fill in; `submit` is None when there is nothing to send.

    `step` is (2, 4) in "Step 2 of 4". `revision` changes whenever prefilled values do, so that a client that
    keeps what was typed cannot hide a newer draft. `back` leads to the step before and loses nothing. Raises ValueError
    where two fields have one name.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    token: str = ""
    submit: str | None = None
    step: tuple[int, int] | None = None
    revision: int = 0
    back: Button | None = None
    language: Language = field(default=ENGLISH, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [block.name for block in self.blocks if isinstance(block, Input)]
        if len(set(names)) < len(names):
            raise ValueError("two fields of a form have the same name")

    def inputs(self) -> Iterator[Input]:
        """The fields of the form, in order."""
        yield from (block for block in self.blocks if isinstance(block, Input))

    def filled(self, values: Values) -> Form:
        """The same form with what was typed put back, field by field; unknown names are left out."""
        return replace(self, blocks=tuple(_filled(block, values) for block in self.blocks))


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """The form again with everything typed, and what to mend, keyed by field name."""

    form: Form
    errors: Mapping[str, str]


class Answer(Enum):
    """What kind of answer a finished screen is, for platforms that answer with a status."""

    OK = "ok"
    """It happened, or there is something to read."""
    REFUSED = "refused"
    """Not open to this person, whether or not it exists."""
    TRY_AGAIN = "try_again"
    """Nothing was saved; the same gesture can be made again."""


@dataclass(frozen=True, slots=True)
class File:
    """The same page as a file that the browser can save. Its name ends in what it is, such as `.csv`."""

    name: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """An answer with nothing to fill in; its buttons lead on."""

    name: str
    title: str
    blocks: tuple[Block, ...] = ()
    answer: Answer = Answer.OK
    files: tuple[File, ...] = ()
    language: Language = field(default=ENGLISH, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A chat message: the one text, and two opaque tokens. There is no room for anything a person wrote."""

    open_token: str
    stop_token: str
    language: Language = field(default=ENGLISH, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Nothing:
    """No answer is shown."""


View = Message | Form | FieldErrors | Done | Nothing


def _filled(block: Block, values: Values) -> Block:
    if not isinstance(block, Input) or block.name not in values:
        return block
    value = values[block.name]
    match block:
        case Choices() | PeopleInput():
            many = value if isinstance(value, tuple) else (value,) if isinstance(value, str) and value else ()
            return replace(block, value=many)
        case Toggle():
            return replace(block, value=value is True or value in ("yes", ("yes",)))
        case _:
            return replace(block, value=value if isinstance(value, str) else "")
