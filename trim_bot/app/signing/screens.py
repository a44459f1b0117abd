"""Every sentence of the pages on which a clinical lead signs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.questionnaire import AnswerOption, Item, Questionnaire
from trim_bot.app.seam.links import OpenSigning
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import as_given, joined, ours, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page
from trim_bot.app.seam.views import Facts, Heading, Text, TextInput, Weight
from trim_bot.app.signing.commands import (
    EndQuestionnaire,
    EndThreshold,
    OpenQuestionnaire,
    OpenThreshold,
    SignQuestionnaire,
)
from trim_bot.app.site_file.signatures import ThresholdLine
from trim_bot.app.words.talk_names import talk_name
from trim_bot.app.words.thresholds import in_force_unsigned
from trim_bot.app.words.times import spoken_date
from trim_bot.domain.site import SignedQuestionnaire, SignedThreshold

TITLE = "What you sign"
FORCE = "Until you sign, what was signed last stays in force."


@dataclass(frozen=True, slots=True)
class SignedRow:
    """One questionnaire on the page: its threshold if it is scored, its signature if the site brought it in."""

    key: str
    title: str
    scored: bool
    line: ThresholdLine
    signed: SignedQuestionnaire | None = None
    brought: bool = False

    @property
    def waits(self) -> bool:
        """Whether something is to be signed here."""
        return self.line.waits or (self.brought and self.signed is None)


def signing_page(part: ListPart[SignedRow], unsigned: int = 0) -> Page:
    """All that is signed, and first what waits for a signature; `unsigned` are in force and nobody signed them here."""
    blocks: list[Block] = [
        Text("Your name and the day stand with every result. You see no case and no person here."),
        Text("Files and forms ask for figures. They count once you sign.", quiet=True),
        Text(FORCE, quiet=True),
    ]
    if part.first == 1 and unsigned:
        blocks.insert(0, Text(in_force_unsigned(unsigned)))
    blocks += counted(part)
    for row in part.rows:
        blocks += _row(row)
    if not part.rows:
        blocks.append(Text("There is nothing to sign."))
    return Page("signing", TITLE, (*blocks, *onward(part, OpenSigning)))


def _row(row: SignedRow) -> Iterator[Block]:
    yield Heading(row.title)
    facts: list[tuple[str, str]] = [("In files", as_given(row.key))]
    if row.brought:
        facts.append(("Questions", _signed_word(row.signed)))
    if row.scored:
        facts += _threshold_facts(row.line)
    yield Facts(tuple(facts))
    weight = Weight.MAIN if row.waits else Weight.QUIET
    if row.scored:
        title = ours(row.title)
        label = (
            phrase("Look and sign: {title}", title=title)
            if row.line.waits
            else phrase("Change the threshold: {title}", title=title)
        )
        strong = weight if row.line.waits else Weight.QUIET
        yield Button(label, OpenThreshold(row.key), strong, about=row.key)
    unsigned = row.brought and row.signed is None
    title = ours(row.title)
    label = (
        phrase("Read and sign the questions: {title}", title=title)
        if unsigned
        else phrase("Read the questions: {title}", title=title)
    )
    strong = weight if unsigned else Weight.QUIET
    yield Button(label, OpenQuestionnaire(row.key), strong, about=row.key)


def _signed_word(signed: SignedQuestionnaire | None) -> str:
    if signed is None:
        return "Not signed. No new talk begins by them"
    return phrase("Signed by {name} on {day}", name=signed.signed_by, day=spoken_date(signed.signed_on))


def _threshold_facts(line: ThresholdLine) -> Iterator[tuple[str, str]]:
    yield "In force", _in_force(line.in_force)
    if line.to_go:
        yield "Asked for", "No threshold"
    elif line.asked is not None:
        yield "Asked for", _figures(line.asked.floor, line.asked.step)


def _in_force(signed: SignedThreshold | None) -> str:
    if signed is None:
        return "Nothing. The total suggests nothing"
    figures = _figures(signed.floor, signed.step)
    if not signed.signed_here:
        return phrase(
            "{figures}. In force, unsigned since the upgrade. A file named {name}",
            figures=figures,
            name=signed.signed_by,
        )
    return phrase(
        "{figures}. Signed by {name} on {day}",
        figures=figures,
        name=signed.signed_by,
        day=spoken_date(signed.signed_on),
    )


def _figures(floor: int, step: int) -> str:
    return phrase("From {floor} in total, or up by {rise}", floor=floor, rise=step)


def figures_of(line: ThresholdLine) -> str:
    """The figures that stand now, as a form names them."""
    now = line.asked or line.in_force
    if now is None or line.to_go:
        return phrase("no threshold")
    return phrase("from {floor}, up by {rise}", floor=now.floor, rise=now.step)


def threshold_form(title: str, line: ThresholdLine, highest: int, seen: str, name: str) -> Form:
    """Sign a threshold. It comes filled with what is asked for; nothing is suggested where nothing is."""
    now = line.asked or line.in_force
    ways: tuple[Block, ...] = ()
    if line.in_force is not None or line.asked is not None:
        ways = (Button("Have no threshold here", EndThreshold(line.questionnaire), Weight.QUIET),)
    return Form(
        OpenThreshold(line.questionnaire, seen),
        "Sign a threshold",
        (
            Heading(title),
            Facts(tuple(_threshold_facts(line))),
            Text(
                "It is an aid for the practitioner, never a verdict. There is no default: you choose both figures."
            ),
            TextInput(
                "floor",
                "From which total on is help offered?",
                phrase("A whole number from 1 to {highest}, the highest total there is.", highest=highest),
                value=str(now.floor) if now is not None else "",
                max_length=6,
            ),
            TextInput(
                "rise",
                "From which rise since the first talk on?",
                "A whole number of points.",
                value=str(now.step) if now is not None else "",
                max_length=6,
            ),
            *ways,
            Text(
                phrase("It is signed as {name}, today. Practitioners read both with each result.", name=name)
            ),
        ),
        submit="Sign",
        back=Button("Back", OpenSigning()),
    )


def questionnaire_page(
    questionnaire: Questionnaire, part: ListPart[Item], signed: SignedQuestionnaire | None, *, brought: bool
) -> Page:
    """What is asked, item by item, with what each answer counts; and the signature, where one is needed."""
    key = questionnaire.key
    blocks: list[Block] = [
        Heading(talk_name(questionnaire.title)),
        Facts((("In files", as_given(key)),)),
        Text(questionnaire.note, quiet=True),
    ]
    blocks += counted(part)
    blocks.append(Facts(tuple((item.text, _answers(item)) for item in part.rows)))
    blocks += onward(part, lambda after: OpenQuestionnaire(key, after))
    if not brought:
        blocks.append(Text("This came with the desk. It needs no signature, and cannot be changed."))
    elif signed is None:
        blocks += (Text("Your site brought this in. New talks begin by it once you sign."), Text(FORCE))
        blocks.append(Button("Sign these questions", SignQuestionnaire(key), Weight.MAIN))
    else:
        blocks += (
            Text(_signed_word(signed)),
            Text("Without it running talks go on, and new ones begin by another."),
        )
        blocks.append(Button("Take the signature back", EndQuestionnaire(key), Weight.QUIET))
    return Page("questionnaire", "The questions", (*blocks, Button("Back", OpenSigning(), Weight.QUIET)))


def _answers(item: Item) -> str:
    """The answers of one item with their points; a few words where there are none to choose from."""
    if not item.options:
        return "A few words, a day, or a tick"
    return joined((_answer(one) for one in item.options), ", ")


def _answer(one: AnswerOption) -> str:
    if one.points is None:
        return ours(one.text)
    return phrase("{answer} ({points})", answer=ours(one.text), points=one.points)
