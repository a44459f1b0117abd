"""A desk that answers as a test tells it, and a practice workspace of three members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from integrations.web.ports import HelpPage, Moved, PracticeMessage, PracticePerson, PracticeStep
from trim_bot.app.desk.routes import asks_for_change
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.languages import ENGLISH, Language
from trim_bot.app.seam.page_again import LedOn, PageAgain, PageKey, ShownBy
from trim_bot.app.seam.views import Answer, Done, FieldErrors, Form, Message, Nothing, View
from trim_bot.domain.errors import NotThere, SafeError
from trim_bot.domain.name_search import Colleague, NameIndex, PeopleChoice
from trim_bot.domain.people import Address, Platform, Role
from trim_bot.domain.site import CrisisNumber

SECRET = b"a secret of thirty-two bytes, ok"
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HELP = HelpPage(
    site=(CrisisNumber("Emergency", "999", "GB", "https://www.example.org/a", date(2026, 10, 1)),),
    everywhere=(
        CrisisNumber("Emergency", "112", "SE"),
        CrisisNumber("Emergency", "999", "GB"),
        CrisisNumber("Find a helpline", "helpline.example", ""),
    ),
    answer_working_days=2,
    places=("GB",),
    home="GB",
)


def address(user: str) -> Address:
    """Somebody's address in the browser."""
    return Address(Platform.WEB, "acme", user)


@dataclass(frozen=True)
class SignedIn:
    """Who a session belongs to."""

    actor: Actor
    name: str
    roles: frozenset[Role]
    country: str = ""


PEOPLE = (
    PracticePerson(address("sam"), "Sam Okafor", "Practitioner"),
    PracticePerson(address("alex"), "Alex Byrne", "Ward"),
)
SESSIONS = {
    "acme.sam": SignedIn(Actor(address("sam")), "Sam Okafor", frozenset({Role.PRACTITIONER})),
    "acme.alex": SignedIn(Actor(address("alex")), "Alex Byrne", frozenset()),
}


@dataclass
class FakeDesk:
    """Answers `view` to everything unless `views` has one for the gesture; remembers what it received."""

    view: View = field(default_factory=lambda: Done("fine", "That is fine"))
    views: dict[Gesture, View] = field(default_factory=dict)
    answer: Callable[[Gesture], View] | None = None
    """What answers in their place, where the answer follows what was sent."""
    received: list[tuple[Actor, Gesture]] = field(default_factory=list)
    people: tuple[Colleague, ...] | NameIndex | None = ()
    """Who works here; None for somebody whose forms name nobody."""
    kept: dict[PageKey, PageAgain] = field(default_factory=dict)
    led: set[PageKey] = field(default_factory=set)
    """Pages that answer something that was carried out: drawing them is not noted again."""
    again: bool = False
    unsent_forms: dict[PageKey, tuple[Address, PageAgain]] = field(default_factory=dict)
    live: View = field(default_factory=Nothing)
    fault: Exception | None = None
    links: set[str] = field(default_factory=lambda: {"acme.link"})
    work: dict[str, str] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    calls: int = 0

    def _called(self) -> None:
        self.calls += 1
        if self.fault:
            raise self.fault

    def language_of(self, actor: Actor) -> Language:
        """English."""
        return ENGLISH

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        self._called()
        if not self.again:
            self.received.append((actor, gesture))
        self.again = False
        if self.answer is not None:
            return self.answer(gesture)
        return next((view for known, view in self.views.items() if known == gesture), self.view)

    async def lead_on(self, actor: Actor, gesture: Gesture, key: PageKey, sent: PageAgain) -> View:
        """Carry it out; a form that comes back to be mended is kept, and so is what can be drawn again."""
        if not asks_for_change(gesture):
            self.kept[key] = sent
            return LedOn()
        view = await self.receive(actor, gesture)
        if sent.by is ShownBy.FILL and isinstance(view, FieldErrors):
            self.led.add(key)
            self.kept[key] = replace(sent, errors=view.errors)
            return LedOn()
        if isinstance(view, Form | FieldErrors) or (isinstance(view, Done) and view.answer is Answer.OK):
            self.led.add(key)
            self.kept[key] = PageAgain(ShownBy.PRESS, "again", "again")
            return LedOn()
        return view

    async def kept_page(self, slug: str, key: PageKey) -> PageAgain | None:
        self._called()
        self.again = key in self.led
        return self.kept.get(key)

    def mark(self, actor: Actor) -> str:
        return f"mark {actor.address.user}"

    def marked(self, mark: str) -> Address | None:
        _, _, user = mark.partition(" ")
        return address(user) if user else None

    async def keep_unsent(self, typed_by: Address, page: PageAgain, key: PageKey) -> bool:
        self._called()
        self.unsent_forms[key] = typed_by, page
        return True

    async def unsent(self, actor: Actor, secret: str) -> tuple[str, ...]:
        self._called()
        found = self.unsent_forms.items()
        return tuple(key.handle for key, (by, _) in found if (key.secret, by) == (secret, actor.address))

    async def take_unsent(self, actor: Actor, secret: str, id: str, key: PageKey) -> bool:
        self._called()
        by, page = self.unsent_forms.get(PageKey(secret, id), (None, None))
        if page is None or by != actor.address:
            return False
        del self.unsent_forms[PageKey(secret, id)]
        self.kept[key] = page
        return True

    async def drop_unsent(self, actor: Actor, secret: str) -> None:
        self._called()
        self.unsent_forms.clear()

    async def redeem(self, link_secret: str) -> str | None:
        self._called()
        if link_secret not in self.links:
            return None
        self.links.discard(link_secret)
        return "acme.sam"

    async def signed_in(self, session_secret: str) -> SignedIn | None:
        self._called()
        return SESSIONS.get(session_secret)

    async def work_session(self, account: Address) -> str | None:
        self._called()
        return self.work.get(account.text)

    async def sign_out(self, session_secret: str) -> None:
        self._called()
        self.ended.append(session_secret)

    async def open_session(self, address: Address) -> str:
        self._called()
        if f"acme.{address.user}" not in SESSIONS:
            raise NotThere
        return f"acme.{address.user}"

    async def people_to_choose(self, actor: Actor) -> PeopleChoice | None:
        self._called()
        if self.people is None:
            return None
        return PeopleChoice(self.people if isinstance(self.people, NameIndex) else NameIndex(self.people))

    async def employer_view(self, slug: str) -> View:
        self._called()
        return self.live


@dataclass
class FakePractice:
    """A clock from `START`, and one waiting message for everyone."""

    time: datetime = START
    looked: list[tuple[str, frozenset[Role], bool]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    def zone(self) -> str:
        return "Europe/London"

    async def move(self, to: datetime) -> Moved:
        if to < self.time:
            raise ValueError("backwards")
        self.time = to
        return Moved(2, 3)

    async def look(self, path: str, roles: frozenset[Role], *, sends: bool) -> None:
        self.looked.append((path, roles, sends))

    def tour(self) -> tuple[PracticeStep, ...]:
        return (
            PracticeStep("Be Sam and log it.", True, "web:sam", "/f/log#main", None),
            PracticeStep("Be Alex.", False, "web:alex", "/f/open?t=tok#main", None),
            PracticeStep("Move to day 3.", False, "", "/", START + timedelta(days=3)),
        )

    def people(self) -> tuple[PracticePerson, ...]:
        return PEOPLE

    def messages(self, address: Address) -> tuple[PracticeMessage, ...]:
        return (PracticeMessage(START, Message(f"open-{address.user}", "stop-token")),)

    def jumps(self) -> tuple[tuple[str, datetime], ...]:
        return ("yesterday", START - timedelta(days=1)), ("day 3", START + timedelta(days=3))


class OddFault(SafeError):
    """A SafeError of a kind the pages have never heard of."""
