"""A town of any size on a real store, and what the gestures of its people cost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date

from tests.builders import MONDAY, Town, log_values
from tests.reading import buttons, form_of
from tests.storage.conftest import KEYRING, Rig
from tests.storage.cost import Cost, Meter
from trim_bot.app.cases.hands import give
from trim_bot.app.cases.opening import open_case
from trim_bot.app.desk.browser_front import BrowserFront
from trim_bot.app.events.check_screens import CHECK_TITLE
from trim_bot.app.people.sessions import Sessions
from trim_bot.app.seam.gestures import Press, Submit, Value
from trim_bot.app.seam.page_again import PageAgain, PageKey, ShownBy
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choice, View
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.crypto.vault import Vault
from trim_bot.domain.ids import AccountId, MemberId, new_id
from trim_bot.domain.people import Account, Grant, Member, Platform, Profile, Role, Training
from trim_bot.domain.policy import POLICY

ROLES: dict[str, tuple[Role, ...]] = {
    "priya": (Role.PRACTITIONER,),
    "lena": (Role.LEAD, Role.PRACTITIONER),
    "dev": (Role.DEPUTY,),
    "cora": (Role.COORDINATOR,),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How many people there are."""

    practitioners: int
    held: int
    """Cases that one practitioner holds."""
    exposed: int
    """People of the event that is logged."""
    unlisted: int
    """People without an account of another one, and requests that somebody has taken or may take."""


@dataclass
class Journeys:
    """Gestures by name, each counted by a process that has no key in memory."""

    rig: Rig
    size: Size
    by_service: bool = False
    costs: dict[str, Cost] = field(default_factory=dict)
    town: Town = field(init=False)

    def __post_init__(self) -> None:
        self.town = Town(store=self.rig.store)

    async def play(self) -> None:
        """One after the other; what each came to is in `costs`."""
        town, size = self.town, self.size
        await self._settle()
        staff = [f"staff{number}" for number in range(size.exposed)]
        cases = await self._counted("cases", lambda: town.say("priya", "peer", "cases"))
        await self._counted("case", lambda: town.press("priya", cases, "case"))
        await self._counted("due", lambda: town.say("priya", "peer", "due"))
        cover = await self._counted("cover", lambda: town.say("priya", "peer", "cover"))
        team = await self._counted("team", lambda: town.say("lena", "peer", "team"))
        form = await self._counted("assign, opening", lambda: town.press("lena", team, "assign"))
        first = self._first_named(form)
        await self._counted("assign, sending", lambda: town.send("lena", form, holder=first, cover=""))
        for name in staff[: size.unlisted]:
            await town.send(name, await town.say(name, "support"), name="named", text="Tired", contact="")
        await self._counted("home", lambda: town.say("staff0", "home"))
        await self._counted("status", lambda: town.say("cora", "peer", "status"))
        asking = await self._counted("ask, opening", lambda: town.say("nurse", "support"))
        await self._counted(
            "ask, sending", lambda: town.send("nurse", asking, name="named", text="Tired", contact="")
        )
        log = await self._counted("log, opening", lambda: town.say("priya", "peer", "log"))
        people = [town.actor(name) for name in staff]
        sheet = await self._looked_over(log, log_values(*people), len(people))
        await self._counted("log, sending", lambda: town.send_once("priya", sheet, **log_values(*people)))
        log = await town.say("priya", "peer", "log")
        unlisted = "\n".join(f"Person {number}, 07700 9{number:05d}" for number in range(size.unlisted))
        named = await self._looked_over(log, log_values(unlisted=unlisted), size.unlisted)
        await self._counted(
            "log, by name", lambda: town.send_once("priya", named, **log_values(unlisted=unlisted))
        )
        waiting = await self._counted("waiting", lambda: town.say("priya", "waiting"))
        await self._counted("call sheet", lambda: town.press("priya", waiting, "call_sheet"))
        offer = await self._offer("staff0")
        await self._counted("accept", lambda: town.press("staff0", offer, "offer_yes"))
        await self._counted("hand over", lambda: town.press("priya", cover, "hand_over_all"))
        await self._in_a_browser()

    async def _settle(self) -> None:
        town = self.town
        await town.found()
        await town.settle(most_open_cases=1000)
        await self._people(ROLES | {"nurse": ()})
        await self._people(
            {f"prac{number}": (Role.PRACTITIONER,) for number in range(self.size.practitioners)}
        )
        await self._people({f"staff{number}": () for number in range(self.size.exposed)})
        held = {f"held{number}": () for number in range(self.size.held)}
        await self._people(dict.fromkeys(held, ()))

        def hold(work: UnitOfWork) -> None:
            for name in held:
                case = open_case(
                    work, member_id=town.ids[name], programme="trim_style_v1", holder=None, exposure_ended=MONDAY
                )  # fmt: skip
                give(work, case, town.ids["priya"], None)

        await town.work(hold)

    async def _people(self, roles: dict[str, tuple[Role, ...]]) -> None:
        town = self.town

        def add(tx: Tx) -> None:
            for name, held in roles.items():
                address = town.actor(name).address
                town.directory.profiles[address.text] = Profile(address, name.title())
                member = Member(MemberId(new_id()), tx.new_key(), name.title(), asked=True)
                tx.add(member)
                account = Account(AccountId(new_id()), member.key_id, member.id, Platform.SLACK, address.text)
                tx.add(account)
                for role in held:
                    tx.add(Grant(new_id(), member.id, role, town.clock.now()))
                if held:
                    days = date(2026, 1, 5), date(2028, 1, 5)
                    tx.add(Training(new_id(), member.key_id, member.id, "Trainer", *days))
                town.ids[name] = member.id

        await town.write(add)

    def _first_named(self, form: View) -> str:
        """The first of those a case can be given to who does not have it."""
        field = next(one for one in form_of(form).inputs() if one.name == "holder")
        assert isinstance(field, Choice)
        return next(one.value for one in field.options if one.value != self.town.ids["priya"])

    async def _offer(self, name: str) -> View:
        waiting = await self.town.say(name, "waiting")
        return await self.town.press(name, waiting, "open") if buttons(waiting, "open") else waiting

    async def _in_a_browser(self) -> None:
        """The same question asked in a browser: sent, and then the page it leads on to."""
        town = self.town
        sessions = Sessions(town.store, town.clock)
        front = BrowserFront(town.desk, sessions)
        secret = await sessions.open(town.organisation.slug, town.actor("nurse").address)
        form = form_of(await town.say("nurse", "support"))
        values = {"name": "named", "text": "Tired again", "contact": ""}
        gesture, key = Submit(form.name, form.token, values), PageKey(secret, "handle")

        async def send() -> View:
            who = await front.signed_in(secret)
            assert who is not None
            return await front.lead_on(
                who.actor, gesture, key, PageAgain(ShownBy.FILL, form.name, form.token)
            )

        async def show() -> View:
            who = await front.signed_in(secret)
            page = await front.kept_page(town.organisation.slug, key)
            assert who is not None and page is not None
            return await front.receive(who.actor, Press(page.name, page.token))

        await self._counted("ask in a browser, sending", send)
        await self._counted("ask in a browser, shown", show)

    async def _looked_over(self, log: View, values: dict[str, Value], offers: int) -> View:
        """The form from which the offers go out: where they are many, the one that shows them first."""
        if offers <= POLICY.offers_at_once:
            return log
        checked = await self.town.send_once("priya", log, **values)
        assert form_of(checked).title == CHECK_TITLE
        return checked

    async def _counted(self, journey: str, gesture: Callable[[], Awaitable[View]]) -> View:
        keyring = replace(KEYRING, by_service=self.by_service)
        self.rig.store._vault = Vault(keyring, self.rig.keys)
        meter = Meter(self.rig.store, self.rig.keys)
        with meter.counting():
            view = await gesture()
        self.costs[journey] = meter.cost
        return view
