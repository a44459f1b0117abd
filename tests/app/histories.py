"""Plays histories through the desk: the same counted events, with other details of everybody in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from tests.builders import Town, log_values
from tests.reading import buttons, fields_of, form_of, unsigned
from trim_bot.app.oversight.handlers import employer_screen, newest_quarter
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.seam.gestures import Press, Submit, Value
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice, Done, Form, TextInput, View
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.cases import Case
from trim_bot.domain.people import Role
from trim_bot.domain.records import AnyMeasure, Measure
from trim_bot.domain.site import Site

FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
LOOKS = (FRIDAY, datetime(2026, 11, 30, 10, 0, tzinfo=UTC), datetime(2027, 1, 4, 10, 0, tzinfo=UTC))
"""In the week itself, in the week after, and in the quarter after."""
PERIODS = ("2026-W48", "2026-W49", "2026-Q4", "2027-Q1")
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12).map(lambda text: f"x{text}")


@dataclass(frozen=True)
class Fate:
    """What is counted of one person exposed."""

    accepts: bool
    held: bool
    referred: bool


@dataclass(frozen=True)
class Person:
    """Everything of one person that no published table uses."""

    name: str
    without_yes: str
    hours: int
    directly: bool
    picks: tuple[int, ...]
    words: str
    overrides: int
    service: str


@dataclass(frozen=True)
class Details:
    """The same of a whole history."""

    people: tuple[Person, ...]
    by: str
    kind: str
    ended_at: time
    account: str
    asker: str
    named: str


@dataclass(frozen=True)
class Seen:
    """What a coordinator can get to see at one look; the renderers are pure, so equal views are equal bytes."""

    status: View
    employer: Done
    roster: View
    messages: int
    kept: tuple[tuple[tuple[AnyMeasure, int], ...], ...]
    """The figures themselves, since bands would hide one that is off by one."""


SKELETONS = st.tuples(
    st.lists(st.builds(Fate, st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=3).map(tuple),
    st.booleans(),
)
"""Fates of the people exposed, and whether somebody asks for support."""


def people(number: int) -> st.SearchStrategy[tuple[Person, ...]]:
    """As many people as are needed, no two of one name."""
    one = st.builds(
        Person, NAMES, st.sampled_from(("no", "later", "silent")), st.integers(0, 2), st.booleans(),
        st.lists(st.integers(0, 9), min_size=1, max_size=6).map(tuple), WORDS, st.integers(0, 3),
        st.sampled_from(("oh", "gp")),
    )  # fmt: skip
    return st.lists(one, min_size=number, max_size=number, unique_by=lambda person: person.name).map(tuple)


def details(number: int) -> st.SearchStrategy[Details]:
    """Details for a history with this many people exposed."""
    return st.builds(
        Details, people(number), st.sampled_from(("priya", "paul")),
        st.sampled_from(("sudden_death", "near_miss", "other")), st.times(time(0), time(9)), WORDS,
        st.sampled_from(("porter", "driver")), st.sampled_from(("named", "unnamed")),
    )  # fmt: skip


async def play(
    fates: tuple[Fate, ...],
    asks: bool,
    told: Details,
    *,
    leaks: bool = False,
    also: Callable[[UnitOfWork], None] | None = None,
) -> list[Seen]:
    """Everything a coordinator can get to see of one history, at every look.

    `leaks` plants a count of those who said no. `also` looks at everything once all has happened.
    """
    town = await _town(told)
    await _log(town, told)
    for fate, person in zip(fates, told.people, strict=True):
        await _answer(town, fate, person)
    town.clock.move_to(FRIDAY)
    await town.clockwork.drain()
    for fate, person in zip(fates, told.people, strict=True):
        if fate.accepts and fate.held:
            await _hold(town, told.by, fate, person)
    if asks:
        ask = form_of(await town.say(told.asker, "support"))
        values: dict[str, Value] = {"name": told.named, "text": told.account, "contact": told.kind}
        await town.desk.receive(town.actor(told.asker), Submit(ask.name, ask.token, values))
    if leaks:
        unwilling = [one for one, fate in zip(told.people, fates, strict=True) if not fate.accepts]
        said_no = sum(one.without_yes == "no" for one in unwilling)
        await town.write(lambda tx: tx.count(Measure.OFFERED, FRIDAY.date(), 10 * said_no))
    if also is not None:
        await town.work(also)
    return await _outputs(town)


async def _town(told: Details) -> Town:
    town = Town()
    await town.found()
    for name in ("priya", "paul"):
        await town.add(name, Role.PRACTITIONER)
    await town.add("lena", Role.LEAD)
    await town.add("dev", Role.DEPUTY)
    await town.add("cora", Role.COORDINATOR)
    for name in ("porter", "driver", *(person.name for person in told.people)):
        await town.add(name)
    await town.clockwork.drain()
    return town


async def _log(town: Town, told: Details) -> None:
    direct = [town.actor(one.name) for one in told.people if one.directly]
    near = tuple(town.actor(one.name).address.text for one in told.people if not one.directly)
    form = await town.say(told.by, "peer", "log")
    values = log_values(
        *direct, at=told.ended_at, kind=told.kind, account=told.account, peripheral=near, mine=True
    )
    done = await town.send(told.by, form, **values)
    assert isinstance(done, Done), done
    await town.clockwork.drain()


async def _answer(town: Town, fate: Fate, person: Person) -> None:
    town.clock.move(timedelta(hours=person.hours))
    how = "yes" if fate.accepts else person.without_yes
    if how != "silent":
        await town.press(person.name, await town.open(person.name), f"offer_{how}")


async def _hold(town: Town, by: str, fate: Fate, person: Person) -> None:
    (case,) = await town.all(Case, member_id=town.ids[person.name])
    view = await town.press(by, await _case(town, by, case), "interview")
    view = await town.send(by, view, acknowledged=True)
    while form_of(view).name == "questions":
        view = await town.send(by, view, **_picked(form_of(view), person))
    marked = ("person_asks", "uneasy", "cannot_function")[: person.overrides]
    known = fields_of(view)
    options = getattr(known["overrides"], "options", ())
    chosen = tuple(option.value for option in options if option.value in marked)
    result = await town.send(by, view, overrides=chosen, note=person.words)
    assert form_of(result).name == "result", result
    if fate.referred:
        form = await town.press(by, await _case(town, by, case), "referral")
        assert isinstance(await town.send(by, form, service=person.service, answer="yes"), Done)


async def _case(town: Town, by: str, case: Case) -> View:
    token = town.tokens.sign(town.organisation.id, "case", {"case": case.id}, nonce=None, expires_at=None)
    return await town.desk.receive(town.actor(by), Press("case", token))


def _picked(form: Form, person: Person) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for number, block in enumerate(form.inputs()):
        if isinstance(block, Choice):
            pick = person.picks[number % len(person.picks)]
            values[block.name] = block.options[pick % len(block.options)].value
        elif isinstance(block, TextInput):
            values[block.name] = person.words
    return values


async def _outputs(town: Town) -> list[Seen]:
    seen = []
    for look in LOOKS:
        town.clock.move_to(look)
        await town.clockwork.sweep()
        roster = await town.say("cora", "peer", "team")
        assert buttons(roster, "serving")
        seen.append(
            Seen(
                status=await town.say("cora", "peer", "status"),
                employer=await town.write(lambda tx: _employer(tx, town)),
                roster=unsigned(roster),
                messages=len(town.messages("cora")),
                kept=await town.write(
                    lambda tx: tuple(tuple(tx.counts.totals(period).items()) for period in PERIODS)
                ),
            )
        )
    return seen


def _employer(tx: Tx, town: Town) -> Done:
    site = tx.get(Site, "site")
    assert site is not None
    return employer_screen(tx.counts, newest_quarter(Bulletins(tx)), site, town.clock.now())
