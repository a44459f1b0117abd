"""Builds an organisation at size through the desk: 5,000 people, 60 who practise, and a great deal that is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

import pytest

from tests.app.asking import ask, ask_unknown
from tests.builders import Town, log_values
from tests.e2e.settling import MONDAY, SITE, Hire, settle
from tests.e2e.teams_side import object_id
from tests.e2e.tenancy import TENANT
from tests.e2e.workplace import TEAM
from tests.fakes import FakeClock
from tests.reading import buttons, done_of, field_of, rows_of, words_of
from trim_bot.app.clock.clocks import PRACTICE_NOTE
from trim_bot.app.desk.routes import STEPS
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.paging import NEXT
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice
from trim_bot.app.waiting import draw
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.domain.ids import AccountId, new_id
from trim_bot.domain.people import Account, Address, Platform, Profile, Role
from trim_bot.domain.steps import StepKind
from trim_bot.settings.environment import Settings

PEOPLE, SERVICES = 5_000, 130
GIVEN = (
    "Aisha", "Ben", "Carys", "Dmitri", "Elena", "Femi", "Grace", "Hamza", "Ines", "Jakub", "Kofi", "Leila", "Marek",
    "Niamh", "Olu", "Petra", "Qasim", "Rosa", "Sanjay", "Tove", "Usha", "Viktor", "Wren", "Ximena", "Yusuf", "Zoë",
    "Anna-Lena", "Blessing", "Chiara", "Dafydd",
)  # fmt: skip
FAMILY = (
    "Adeyemi", "Baker", "Chowdhury", "Davies", "Eriksson", "Fernandes", "Gallagher", "Haddad", "Ivanova", "Jones",
    "Kowalska", "Lindqvist", "Mensah", "Nowak", "O’Brien", "Patel", "Quinlan", "Rossi", "Said", "Taylor", "Ungureanu",
    "Vasquez de la Torre", "Williams", "Xu", "Yilmaz", "Zielińska", "Abernathy-Fotheringham", "Bhattacharya", "Cole",
    "Diaz", "Evans", "Fox", "Green", "Hughes", "Islam", "Joshi", "Khan", "Lee", "Moore", "Nguyen",
)  # fmt: skip
SERVED = (Role.PRACTITIONER,)
WALKERS = {
    "priya": ("Priya Raman", SERVED),
    "lena": ("Lena Hart", (Role.PRACTITIONER, Role.LEAD)),
    "dora": ("Dora Kent", (Role.PRACTITIONER, Role.DEPUTY)),
    "quinn": ("Quinn Doyle", (Role.COORDINATOR,)),
}
"""Those who look at lists, by the name of their account."""
OTHERS = tuple(f"p{number}" for number in range(57))
"""The practitioners beside them."""
KINDS = ("threat_or_violence", "serious_injury", "sudden_death")


def name_of_person(number: int) -> str:
    """The name of one of the people; with 5,000 of them there are namesakes, as in any large place."""
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}"


def everybody() -> dict[str, str]:
    """Each account of the workplace with the name of whoever has it."""
    served = {key: name for key, (name, _) in WALKERS.items()}
    served |= {key: name_of_person(number * 41 + 7) for number, key in enumerate(OTHERS)}
    return served | {f"w{number}": name_of_person(number) for number in range(PEOPLE - len(served))}


def hires() -> list[Hire]:
    """Those who serve."""
    roles = {key: held for key, (_, held) in WALKERS.items()} | dict.fromkeys(OTHERS, SERVED)
    names = everybody()
    return [Hire(f"slack:{TEAM}:U{key.upper()}", names[key], held) for key, held in roles.items()]


def site() -> str:
    """The site file, with its directory of help."""
    kinds = ("Counselling", "Physiotherapy", "Sleep clinic", "Debt advice", "Trauma therapy")
    entries = (
        f'\n[[services]]\nid = "s{n}"\nname = "{kinds[n % 5]}, {FAMILY[n % 40]} Street {n + 1}"\n'
        f'what = "By appointment"\nhow = "Ring 01{n:03d}"\n'
        for n in range(SERVICES - 1)
    )
    return SITE.replace('slug = "acme"', 'slug = "acme"\nmost_open_cases = 50') + "".join(entries)


class _Place(Town):
    """The town with everybody at the workplace of the stand-in for Slack."""

    def actor(self, name: str) -> Actor:
        return Actor(Address(Platform.SLACK, TEAM, f"U{name.upper()}"))


async def settle_large(settings: Settings, hired: Sequence[Hire], file: str, workspace: str) -> None:
    """Make the organisation, and let a great deal happen in it; nobody of the platform is written to."""
    await settle(settings, hired, file, workspace)
    deployment = await open_deployment(settings)
    try:
        town = _Place(store=deployment.store, tokens=deployment.tokens, clock=FakeClock(MONDAY))
        organisation = await deployment.store.organisation_called("acme")
        assert organisation is not None
        town.organisation = organisation
        for key, name in everybody().items():
            address = town.actor(key).address
            town.directory.profiles[address.text] = Profile(address, name)
        await town.write(_more_ways_in)
        with pytest.MonkeyPatch.context() as patch:
            # Whoever is asked here takes it: who is drawn to be told of it is tested where that is decided.
            patch.setattr(draw, "most_told", lambda work, eligible: eligible)
            patch.setattr(draw, "most_offered", lambda eligible: eligible)
            await _History(town).all_of_it()
        await deployment.notes.put(PRACTICE_NOTE, town.clock.now().isoformat())
    finally:
        deployment.close()


def _more_ways_in(tx: Tx) -> None:
    """Those who look can do so in all three ways."""
    for key in WALKERS:
        member = member_at(tx, Address(Platform.SLACK, TEAM, f"U{key.upper()}"))
        assert member is not None
        for platform, text in (
            (Platform.WEB, f"web:{key}@acme.example"),
            (Platform.TEAMS, f"teams:{TENANT}:{object_id(key)}"),
        ):
            tx.add(Account(AccountId(new_id()), member.key_id, member.id, platform, text))


class _History:
    """What happened: 60 events, 150 open cases of which one practitioner holds 36, and 40 open requests."""

    def __init__(self, town: _Place) -> None:
        self._town = town
        self._people: Iterator[str] = (f"w{number}" for number in range(PEOPLE))

    async def all_of_it(self) -> None:
        """In the order in which a lead would meet it."""
        town = self._town
        await self._taken()
        for number in range(12):
            await self._event("priya", number, yes=3, mine=True)
        for number in range(12, 38):
            await self._event("priya", number, yes=1)
        for number in range(38, 58):
            await self._event(f"p{number - 38}", number, yes=5 if number < 40 else 4, mine=True)
            await self._in_touch(f"p{number - 38}", 4)
        await self._in_touch("priya", 30)
        await self._event("priya", 58, yes=0, silent=60)
        unlisted = "\n".join(f"{name_of_person(n * 7)}, 07700 9{n:05d}" for n in range(40))
        await self._event("priya", 59, yes=0, silent=1, unlisted=unlisted)
        await self._asked()
        await self._assigned(18)
        await town.clockwork.drain()
        case = await town.press("priya", await town.say("priya", "peer", "cases"), "case", 4)
        await town.press("priya", await town.press("priya", case, "safety"), "safety_call")
        for _ in range(3):
            await town.pass_time(days=1)

    async def _event(
        self, who: str, number: int, *, yes: int, silent: int = 0, mine: bool = False, unlisted: str = ""
    ) -> None:
        """Somebody logs an event, and so many of its people say yes."""
        town = self._town
        town.clock.move(timedelta(minutes=1))
        there = list(islice(self._people, yes + silent))
        day = (MONDAY - timedelta(days=number % 20, hours=4)).date()
        values = log_values(*(town.actor(one) for one in there), on=day, mine=mine, unlisted=unlisted)
        done_of(
            await town.send(who, await town.say(who, "peer", "log"), **values | {"kind": KINDS[number % 3]})
        )
        for one in there[:yes]:
            done_of(await town.press(one, await town.open(one), "offer_yes"))

    async def _in_touch(self, who: str, most: int) -> None:
        """Somebody rings so many of those they support, and reaches them."""
        town, label = self._town, STEPS[StepKind.FIRST_CONTACT].label
        for _ in range(most):
            waiting = await town.say(who, "peer", "due")
            while label not in words_of(waiting):
                assert any(button.label == NEXT for button in buttons(waiting, "due")), words_of(waiting)
                waiting = await town.press(who, waiting, "due")
            to_ring = [label in button.label for button in buttons(waiting, "open")]
            case = await town.press(who, waiting, "open", to_ring.index(True))
            await town.send(who, await town.press(who, case, "first_contact"), outcome="reached")

    async def _assigned(self, many: int) -> None:
        """The lead gives so many cases that nobody has taken to colleagues, the deputy to cover each."""
        town = self._town
        for _ in range(many):
            page = await town.say("lena", "peer", "team")
            while "Nobody yet" not in words_of(page):
                page = await town.press("lena", page, "team")
            holders = [value for name, value in rows_of(page) if name == "Who holds it"]
            form = await town.press("lena", page, "assign", holders.index("Nobody yet"))
            found = await town.press("lena", form, "assign", 0, **{"find.cover": "dora"})
            able, covers = (field_of(found, name, Choice).options for name in ("holder", "cover"))
            await town.send("lena", found, holder=able[-1].value, cover=covers[-1].value)

    async def _taken(self) -> None:
        """Six asked, and one practitioner took it, who is not told their names."""
        town = self._town
        for one in islice(self._people, 6):
            await ask(town, one, named=False)
            waiting = await town.say("priya", "peer", "due")
            new = [STEPS[StepKind.REQUEST].label in button.label for button in buttons(waiting, "open")]
            asked = await town.press("priya", waiting, "open", new.index(True))
            form = await town.press("priya", asked, "take_request")
            await town.send("priya", form, reply="I will ring on Tuesday.", then="stress")

    async def _asked(self) -> None:
        """Forty ask; so many of them without a name that some lie in the leads' tray."""
        for number, one in enumerate(islice(self._people, 4)):
            await ask(self._town, one, named=number % 2 == 0)
        for _ in range(36):
            await ask_unknown(self._town)
