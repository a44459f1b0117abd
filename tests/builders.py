"""A small town for tests: one organisation with people in every role, on fakes, driven through the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from assessments.loader import shipped as shipped_questionnaires
from tests.fakes import FakeClock, FakeDirectory, FakeHolidays, FakeMessenger, FakeStore, FakeTokens
from tests.reading import buttons, form_of, name_of
from trim_bot.app.clock.clockwork import Clockwork
from trim_bot.app.desk.desk import Desk, Outside
from trim_bot.app.desk.routes import STEPS
from trim_bot.app.events.check_screens import CHECK_TITLE
from trim_bot.app.notices import notices
from trim_bot.app.seam.gestures import Actor, Invoke, Press, Submit, Value
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.seam.paging import NEXT
from trim_bot.app.seam.ports import Store, Tokens, Tx
from trim_bot.app.seam.views import Form, Message, View
from trim_bot.app.seam.work import CLOCK, Asker, Definitions, UnitOfWork
from trim_bot.app.site_file.reading import default_site
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import AccountId, KeyId, MemberId, OrganisationId, ServiceId, new_id
from trim_bot.domain.people import Account, Address, Grant, Member, Platform, Profile, Role, Training
from trim_bot.domain.site import CrisisNumber, Organisation, Service, Site
from trim_bot.domain.steps import AnyStepKind
from trim_bot.locale.languages import LANGUAGES
from trim_bot.locale.phone_numbers import PhoneNumbers
from workflows.loader import shipped as shipped_programmes

R = TypeVar("R")
T = TypeVar("T")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A working morning in a place with no summer time in force."""
TEAM = "T1"


@cache
def definitions() -> Definitions:
    """What the package ships; read once, and nobody can change it for the next test."""
    return Definitions(
        MappingProxyType({one.key: one for one in shipped_programmes().programmes}),
        MappingProxyType({one.key: one for one in shipped_questionnaires().questionnaires}),
        MappingProxyType(dict(notices())),
    )


@dataclass
class Town:
    """The organisation, its people by name, and ways to act as each of them."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(MONDAY))
    store: Store = field(default_factory=FakeStore)
    tokens: Tokens = field(default_factory=FakeTokens)
    slack: FakeMessenger = field(default_factory=FakeMessenger)
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    holidays: FakeHolidays = field(default_factory=FakeHolidays)
    ids: dict[str, MemberId] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = Desk(
            Outside(
                store=self.store,
                clock=self.clock,
                tokens=self.tokens,
                messengers={"slack": self.slack},
                directories={"slack": self.directory},
                holidays=self.holidays,
                phones=PhoneNumbers(),
                definitions=definitions(),
                link="https://desk.example",
                tell=_broken,
                languages=LANGUAGES,
            )
        )
        self.clockwork = Clockwork(self.desk, self.lost.append)

    async def found(self, *, slug: str = "acme", team: str = TEAM) -> Organisation:
        """Make the organisation with its settings."""
        self.organisation = await self.store.found(slug, ChatWorkspace.parse(f"slack:{team}"))
        draft = default_site("Acme", slug, (CrisisNumber("Emergency", "999", "GB"),))
        await self.write(lambda tx: tx.add(with_services(replace(draft, key_id=KeyId(tx.new_key())))))
        return self.organisation

    async def settle(self, **changes: Any) -> None:
        """Change some of the organisation's settings."""

        def body(tx: Tx) -> None:
            site = tx.get(Site, "site")
            assert site is not None
            tx.save(replace(site, **changes))

        await self.write(body)

    async def add(self, name: str, *roles: Role, trained: bool = True, **fields: Any) -> Actor:
        """Enter a member reached in chat, with roles, and training in date where they serve.

        What no platform told of them has been asked, unless `asked` says otherwise.
        """
        fields = {"asked": True} | fields
        actor = self.actor(name)
        self.directory.profiles[actor.address.text] = Profile(actor.address, name.title())

        def body(tx: Tx) -> MemberId:
            member = Member(MemberId(new_id()), tx.new_key(), name.title(), **fields)
            tx.add(member)
            tx.add(Account(AccountId(new_id()), member.key_id, member.id, Platform.SLACK, actor.address.text))
            for role in roles:
                tx.add(Grant(new_id(), member.id, role, self.clock.now()))
            if trained and {Role.PRACTITIONER, Role.LEAD, Role.DEPUTY} & set(roles):
                tx.add(
                    Training(
                        new_id(), member.key_id, member.id, "Trainer", date(2026, 1, 5), date(2028, 1, 5)
                    )
                )
            return member.id

        self.ids[name] = await self.write(body)
        return actor

    def actor(self, name: str) -> Actor:
        """The chat account of somebody."""
        return Actor(Address(Platform.SLACK, TEAM, f"U{name.upper()}"))

    async def write(self, body: Callable[[Tx], T]) -> T:
        """Run a body as the store does."""
        return await self.store.write(OrganisationId(self.organisation.id), body)

    async def all(self, kind: type[R], /, *, order_by: str = "id", **where: object) -> list[R]:
        """Every record of a kind whose fields equal what is given; a tuple means any of these."""
        return await self.write(lambda tx: tx.find(kind, order_by=order_by, limit=None, **where))

    async def work(self, body: Callable[[UnitOfWork], T]) -> T:
        """Run a body with a unit of work of the clock."""

        def run(tx: Tx) -> T:
            return body(self.desk.work(tx, self.organisation, Asker(CLOCK), {}))

        return await self.write(run)

    async def say(self, name: str, *words: str) -> View:
        """Type a command."""
        return await self.desk.receive(self.actor(name), Invoke(words))

    async def press(self, name: str, view: View, action: str, nth: int = 0, /, **values: Value) -> View:
        """Press the nth button with this action."""
        button = buttons(view, action)[nth]
        return await self.desk.receive(self.actor(name), Press(button.action, button.token, values))

    async def own_choice(self, name: str) -> View:
        """The page on which somebody stops their first talks, or has somebody else."""
        return await self.press(name, await self.say(name, "me"), "stop_or_change")

    async def send(self, name: str, view: View, /, **values: Value) -> View:
        """Send a form with what it was filled with; where many offers are shown first, look at them and go on."""
        answer = await self.send_once(name, view, **values)
        if isinstance(answer, Form) and answer.title == CHECK_TITLE:
            return await self.send_once(name, answer, **values)
        return answer

    async def send_once(self, name: str, view: View, /, **values: Value) -> View:
        """Send a form, and see what comes."""
        form = form_of(view)
        return await self.desk.receive(self.actor(name), Submit(form.name, form.token, values))

    async def open(self, name: str, nth: int = -1, *, about: AnyStepKind | None = None) -> View:
        """Press Open on a message somebody received, the newest by default; then, in a list, on what it is `about`.

        Without a message, on one that the desk does not remember: that opens what waits as well.
        """
        told = self.messages(name)
        token = told[nth].open_token if told else self.forgotten()
        view = await self.desk.receive(self.actor(name), Press("open", token))
        if about is None or name_of(view) != "waiting":
            return view
        labels = [button.label for button in buttons(view, "open")]
        return await self.press(name, view, "open", labels.index(STEPS[about].label))

    async def in_touch(self, name: str, outcome: str = "reached") -> View:
        """Say how getting in touch went, in the first case that somebody holds."""
        case = await self.press(name, await self.say(name, "peer", "cases"), "case")
        return await self.send(name, await self.press(name, case, "first_contact"), outcome=outcome)

    async def waiting(self, name: str) -> int:
        """How many things wait for somebody on their page, however many parts it has."""
        view = await self.say(name, "waiting")
        found = len(buttons(view, "open"))
        while any(one.label == NEXT for one in buttons(view, "waiting")):
            view = await self.press(name, view, "waiting")
            found += len(buttons(view, "open"))
        return found

    def forgotten(self) -> str:
        """What the Open button of a message carries of which nothing is kept any more."""
        return self.tokens.sign(self.organisation.id, "open", {"m": "forgotten"}, nonce=None, expires_at=None)

    def messages(self, name: str) -> list[Message]:
        """Messages somebody received, oldest first."""
        address = self.actor(name).address
        return [message for to, message in self.slack.sent if to == address]

    async def pass_time(self, **by: float) -> int:
        """Let business time go by, and the clock do its work."""
        self.clock.move(timedelta(**by))
        return await self.clockwork.drain()


def _broken(event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
    """A fault of our own is never a calm answer in a test."""
    raise AssertionError(event.value) from error


def with_services(site: Site) -> Site:
    """Settings with two entries in the directory of help."""
    return replace(
        site,
        services=(
            Service(ServiceId("oh"), "Occupational health", "A nurse or doctor at work", "Ring 1234"),
            Service(ServiceId("gp"), "Your own doctor", "Your usual surgery", "Ring them"),
        ),
    )


def log_values(
    *people: Actor, on: date | None = None, at: time = time(8, 0), **more: Value
) -> dict[str, Value]:
    """A filled form for logging an event."""
    values: dict[str, Value] = {
        "kind": "threat_or_violence",
        "ended_on": (on or MONDAY.date()).isoformat(),
        "ended_at": at.isoformat("minutes"),
        "direct": tuple(person.address.text for person in people),
    }
    return values | more
