"""What the owner makes of an export: for each person they wonder about, small numbers of five kinds; one file, since a
clue of one kind is read against those of the others.
"""

from __future__ import annotations

import base64
import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from tests.owner.exported import Export, Stored
from tests.owner.story import LASTS, START, Event
from trim_bot.domain.steps import StepKind

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WORKING_DAYS = 20
FOLLOWS = 4 * DAY
"""For so long after an event its answers come in."""
OPENS = 3 * DAY
"""From an event to the first talk; the desk's code is public."""
PIECE = 16
"""Characters of a button's value that no two random ones have in common."""


class Kind(Enum):
    """What a clue is drawn from."""

    KNOWN = "known"
    """What every employer knows without any message: who was where, the rota, the clock."""
    HOW_MANY = "how many"
    """How many messages, and in which weeks."""
    WHEN = "when"
    """At which minutes, against steady times and events."""
    WHAT = "what"
    """What stands in the messages, and whether two can be joined."""
    PRESSES = "presses"
    """Who pressed when, where that is logged."""


Clues = dict[Kind, tuple[int, ...]]


class Question(Enum):
    """What the owner wants to know of somebody."""

    ANSWER = "What somebody who was there answered"
    """Yes, not now, no, or nothing."""
    CASE = "Who of those who were there has a case"
    """Yes or no."""
    DANGER = "Who of them is in danger"
    """Whether somebody was called for them."""
    ASKED = "Who else asked for support"
    """Of those who were at no event."""
    HOLDS = "Which practitioner holds a case"
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Wondered:
    """One thing the owner wonders, what they have to go by, and how it really is."""

    town: int
    question: Question
    clues: Clues
    truth: str


def wondered(export: Export) -> Iterator[Wondered]:
    """Everything that the owner of a town's chat wonders about."""
    owner = Owner(export)
    for number, event in enumerate(export.story.events):
        for present in event.present:
            clues = owner.of_somebody_there(present.name, event)
            truth = export.answers[number, present.name]
            yield Wondered(export.story.seed, Question.ANSWER, clues, truth.value)
    there = {one.name: event for event in export.story.events for one in event.present}
    for name, event in there.items():
        clues = owner.of_somebody_there(name, event)
        yield Wondered(export.story.seed, Question.CASE, clues, _said(name in export.supported))
        yield Wondered(export.story.seed, Question.DANGER, clues, _said(name in export.in_danger))
    for one in export.story.staff:
        if one.name not in there:
            clues = owner.of_anybody(one.name)
            yield Wondered(export.story.seed, Question.ASKED, clues, _said(one.name in export.supported))
    for one in export.story.practitioners:
        clues = owner.of_anybody(one.name)
        yield Wondered(export.story.seed, Question.HOLDS, clues, _said(one.name in export.holders))


def _said(true: bool) -> str:
    return "yes" if true else "no"


class Owner:
    """Somebody with the whole export, the rota, and the list of events with who was there."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.by_name: dict[str, list[Stored]] = defaultdict(list)
        for one in export.messages:
            self.by_name[one.to.removeprefix("U").lower()].append(one)
        staff = {one.name for one in export.story.staff}
        self.serving = [name for name in self.by_name if name not in staff]
        self.odd = sorted(
            (one.at, name) for name in self.serving for one in _off_the_steady_minute(self.by_name[name])
        )
        self.at_once = Counter(at for at, _ in self.odd)
        self.events = sorted(event.ended_at for event in export.story.events)
        shapes = {id(one): shape(one) for one in export.messages}
        common = Counter(shapes.values()).most_common(1)
        self.rare = {key for key, shape in shapes.items() if not common or shape != common[0][0]}
        self.pieces = {id(one): _pieces(one) for one in export.messages}
        self.shared = Counter(piece for found in self.pieces.values() for piece in found)

    def of_somebody_there(self, name: str, event: Event) -> Clues:
        """Clues about somebody who was at an event."""
        begins, mine, story = event.ended_at, self.by_name[name], self.export.story
        after = [one for one in mine if one.at >= begins]
        near = sum(abs(one - begins) < FOLLOWS for one in self.events) - 1
        often = sum(any(each.name == name for each in one.present) for one in story.events)
        pressed = [at for at, who in self.export.presses if who == name and begins <= at < begins + FOLLOWS]
        theirs = [
            at for at, who in self.export.presses if who in self.serving and begins <= at < begins + FOLLOWS
        ]
        return {
            Kind.KNOWN: (
                len(event.present), often, near, int(begins.weekday() > 4), int(8 <= begins.hour < 18),
                len(story.practitioners), len(self.events),
            ),
            Kind.HOW_MANY: (
                len(mine), len(after),
                *(_between(after, begins, low, high) for low, high in ((0, 3), (3, 12), (12, 18), (18, 28))),
                self._more_than_daily(begins, 3), self._more_than_daily(begins, 12),
            ),
            Kind.WHEN: self._when(begins, [one.at for one in after]),
            Kind.WHAT: self._what(after, begins),
            Kind.PRESSES: (
                min(len(pressed), 4), _step(pressed[0] - begins if pressed else None),
                _nearest(pressed, [at for at, _ in self.odd]), min(len(theirs), 6),
            ),
        }  # fmt: skip

    def _when(self, begins: datetime, after: Sequence[datetime]) -> tuple[int, ...]:
        """The clock, against an event: how soon, at which odd minutes, and how many others it could be about."""
        odd = [at for at, _ in self.odd if begins <= at < begins + FOLLOWS]
        later = [at for at, _ in self.odd if begins <= at < begins + 12 * DAY]
        calls = [at for at in later if self.at_once[at] > 1]
        since = [at for at in odd if after and at >= after[0]]
        return (
            _step(after[0] - begins if after else None),
            _step(after[1] - after[0] if len(after) > 1 else None),
            min(len(odd), 4),
            _step(odd[0] - begins if odd else None),
            _step(since[0] - after[0] if since else None),
            min((self._could_be_about(at, FOLLOWS) for at in since), default=9),
            _nearest(later, [begins + OPENS]),
            _nearest(odd, after),
            len(set(calls)),
            min((self._could_be_about(at, 9 * DAY) for at in calls), default=9),
            sum(not 8 <= at.hour < 18 or at.weekday() > 4 for at in later),
        )

    def _could_be_about(self, at: datetime, within: timedelta) -> int:
        """How many people were at an event so shortly before a moment."""
        events = [one for one in self.export.story.events if at - within < one.ended_at <= at]
        return min(len({each.name for one in events for each in one.present}), 8)

    def of_anybody(self, name: str) -> Clues:
        """Clues about somebody who was at no event, or who serves."""
        mine = self.by_name[name]
        odd = [at for at, who in self.odd if who == name or name not in self.serving]
        alone = [at for at in odd if not any(begins <= at < begins + FOLLOWS for begins in self.events)]
        weeks = {(one.at - START).days // 7 for one in mine}
        pressed = [at for at, who in self.export.presses if who == name]
        many = sum(len(event.present) for event in self.export.story.events)
        return {
            Kind.KNOWN: (len(self.export.story.practitioners), len(self.events), many),
            Kind.HOW_MANY: (min(len(mine), 40), len(weeks), len(mine) - WORKING_DAYS),
            Kind.WHEN: (min(len(odd), 5), min(len(alone), 3), sum(self.at_once[at] > 1 for at in odd)),
            Kind.WHAT: self._what(mine, START),
            Kind.PRESSES: (min(len(pressed), 30), len({(at - START).days // 7 for at in pressed})),
        }

    def _more_than_daily(self, begins: datetime, days: int) -> int:
        """Messages to those who serve within some days beyond one each working day."""
        most = 0
        for name in self.serving:
            counted = Counter(
                one.at.date() for one in self.by_name[name] if begins <= one.at < begins + days * DAY
            )
            most += sum(many - 1 for many in counted.values())
            most += sum(day.weekday() > 4 for day in counted)
        return min(most, 6)

    def _what(self, mine: Sequence[Stored], begins: datetime) -> tuple[int, ...]:
        until = begins + (FOLLOWS if begins > START else LASTS)
        served = [one for name in self.serving for one in self.by_name[name] if begins <= one.at < until]
        joined = sum(any(self.shared[piece] > 1 for piece in self.pieces[id(one)]) for one in mine)
        with_me = {piece for one in mine for piece in self.pieces[id(one)]}
        both = sum(bool(with_me & self.pieces[id(one)]) for one in served if one not in mine)
        rare = [one for one in mine if id(one) in self.rare]
        rare_there = [one for one in served if id(one) in self.rare]
        read = [word for one in (*mine, *served) for word in _readable(one)]
        return (
            min(joined, 3),
            min(both, 3),
            min(len(rare), 3),
            min(len(rare_there), 5),
            min(len(set(read)), 8),
        )


def _off_the_steady_minute(messages: Sequence[Stored]) -> list[Stored]:
    """Messages at another minute of the day than nearly all of somebody's."""
    minutes = Counter((one.at.hour, one.at.minute) for one in messages)
    steady = minutes.most_common(1)[0][0] if minutes else None
    return [one for one in messages if (one.at.hour, one.at.minute) != steady]


STEPS = (MINUTE, 10 * MINUTE, 60 * MINUTE, 240 * MINUTE, DAY, 3 * DAY, 13 * DAY, 16 * DAY)


def _step(span: timedelta | None) -> int:
    """How long something took, in few steps; the last where it never came."""
    return len(STEPS) + 1 if span is None else bisect_right(STEPS, span)


def _nearest(these: Iterable[datetime], those: Sequence[datetime]) -> int:
    return _step(min((abs(one - other) for one in these for other in those), default=None))


def _between(messages: Iterable[Stored], begins: datetime, low: int, high: int) -> int:
    return sum(begins + low * DAY <= one.at < begins + high * DAY for one in messages)


VALUE = re.compile(r"[A-Za-z0-9_.=~-]{24,}")


def _values(one: Stored) -> list[str]:
    """What the buttons of a message carry."""
    return VALUE.findall(json.dumps(one.slack) + json.dumps(one.teams))


def shape(one: Stored) -> str:
    """A message with only the length left of what its buttons carry."""
    return VALUE.sub(lambda found: f"<{len(found[0])}>", json.dumps([one.slack, one.teams]))


def _pieces(one: Stored) -> frozenset[str]:
    return frozenset(
        value[start : start + PIECE]
        for value in _values(one)
        for start in range(0, len(value) - PIECE, PIECE)
    )


NAMES = tuple(kind.value for kind in StepKind)
"""What the desk calls its steps; its code is public."""


def _readable(one: Stored) -> Iterator[str]:
    """Names of steps that stand in a button's value, as it is or decoded."""
    for value in _values(one):
        whole = base64.urlsafe_b64decode(value[: len(value) // 4 * 4].replace(".", "A").replace("~", "A"))
        said = value + whole.decode("latin-1")
        yield from (name for name in NAMES if name in said)
