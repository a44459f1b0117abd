"""What handlers of set-up are given: settings, roster and a test message, with no way to any case: in one
file, since it holds the only doors to the transaction that set-up has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from trim_bot.app.people.access import overview_of
from trim_bot.app.people.roster import Overview
from trim_bot.app.people.settled_site import settled_site
from trim_bot.app.seam.route import Allow, Rule, always, of_member
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.setting_up.checklist import ConnectedChat
from trim_bot.app.setting_up.held_rows import numbers_stay, rows_in
from trim_bot.app.setting_up.settings_shape import SettingList
from trim_bot.app.site_file.reading import SettingFaults, read_settings
from trim_bot.app.site_file.signatures import floors_of, put_into_force
from trim_bot.app.site_file.writing import Values, number_row, values_of
from trim_bot.app.waiting.tried_chats import chat_digest, tested
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import new_id
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Account, Address, Role
from trim_bot.domain.records import NoteSent
from trim_bot.domain.site import Site
from trim_bot.domain.steps import OutboxState, Outgoing, Priority

_TEST = MessageKind.TEST.value
_NUMBERS = "numbers"
OTHER_SLUG = (
    "The short name in addresses is another one. Whoever runs the desk changes it: it ends browser sessions."
)


class SiteSettings:
    """The settings of the organisation as they are kept, whatever place whoever looks is at."""

    def __init__(self, work: Work) -> None:
        self.__work = work

    def site(self) -> Site:
        """The whole of them. Raises NotSettled."""
        return settled_site(self.__work.tx)

    def values(self) -> Values:
        """The same as a site file would say them."""
        return values_of(self.site())

    def scored(self) -> Mapping[str, int]:
        """The scored questionnaires, with the highest total of each: what a threshold may be for."""
        every = self.__work.definitions.questionnaires.values()
        return {one.key: one.highest_total() for one in every if one.scored}

    def floors(self) -> Mapping[str, int]:
        """The floor that stands of each threshold: one of 0 was allowed once, and stays until somebody changes it."""
        return floors_of(self.site())

    def questionnaires(self) -> tuple[tuple[str, str], ...]:
        """The same with what each is called."""
        every = self.__work.definitions.questionnaires
        return tuple((key, f"{every[key].title} ({key})") for key in self.scored())

    def moved(self, values: Values, country: str) -> Values:
        """The values of a site that was in `country`: untouched numbers that came with the desk go, others stay those
        of that country, and after them come the shipped ones of the new country.
        """
        if self.site().numbers == self.__work.shipped_numbers(country):
            return {key: one for key, one in values.items() if key != _NUMBERS}
        rows = rows_in(numbers_stay(values, country), SettingList.NUMBERS)
        there = str(values.get("country"))
        held = {(row["place"], row["number"]) for row in rows}
        rows += [
            number_row(one, there) | {"place": one.place}
            for one in self.__work.shipped_numbers(there)
            if (one.place, one.number) not in held
        ]
        return values | {_NUMBERS: rows}

    def keep(self, values: Values, today: date, told: str) -> None:
        """Put values into force as a file would be, with the shipped numbers where there are none. `told` is a fixed
        word for the journal, `today` the last day on which something may have been. Raises SettingFaults."""
        read = read_settings(values, today=today, questionnaires=self.scored(), floors=self.floors())
        self.put(read.draft, told)

    def put(self, draft: Site, told: str) -> None:
        """Put a draft into force; what was signed stays. Raises SettingFaults for another short name."""
        held, work = self.site(), self.__work
        if draft.slug != held.slug:
            raise SettingFaults([(("slug",), OTHER_SLUG)])
        numbers = draft.numbers or work.shipped_numbers(draft.country)
        settled = put_into_force(replace(draft, key_id=held.key_id, numbers=numbers), held)
        if settled != held:
            work.tx.save(settled)
        work.listed = (told,)


class TestMessages:
    """Whether each chat takes messages, and the way to find out. It tells of no message whose it was."""

    __test__ = False

    def __init__(self, work: Work) -> None:
        self.__work = work

    def chats(self) -> tuple[ConnectedChat, ...]:
        """Every connected chat, and how it stands."""
        work = self.__work
        theirs = {
            ChatWorkspace.of(Address.parse(one.address))
            for one in work.tx.find(Account, member_id=work.who.id)
            if not one.left
        }
        platforms = Counter(one.platform for one in work.workspaces)
        # One that an earlier version sent says of no chat that it was this one, where there are several.
        before = len(work.workspaces) == 1 and work.tx.get(NoteSent, tested("")) is not None
        found = []
        for one in sorted(work.workspaces, key=lambda chat: chat.text):
            key = chat_digest(work.tx, one)
            taken = before or work.tx.get(NoteSent, tested(key)) is not None
            name = one.name if platforms[one.platform] > 1 else ""
            found.append(ConnectedChat(key, one.platform, name, taken=taken, reaches=one in theirs))
        return tuple(found)

    def send(self, chat: str) -> None:
        """Queue one to whoever asks, unless one is on its way. Raises NotOpen for a chat they are not in."""
        work = self.__work
        if not any(one.key == chat and one.reaches for one in self.chats()):
            raise NotOpen("chat")
        queued = work.tx.find(Outgoing, member_id=work.who.id, state=OutboxState.QUEUED)
        if not any(one.kind == _TEST and one.about == chat for one in queued):
            work.tx.add(
                Outgoing(
                    new_id(), _TEST, work.who.id, None, OutboxState.QUEUED, work.now, priority=Priority.NOTE,
                    about=chat,
                )
            )  # fmt: skip
        work.queued = True


@dataclass(frozen=True, slots=True)
class SetUp:
    """What one gesture of set-up may use."""

    overview: Overview
    settings: SiteSettings
    messages: TestMessages
    today: date
    """The day it is at the site."""


def set_up_of(unit: UnitOfWork) -> SetUp:
    """What set-up may use of a unit of work. Raises NotOpen for somebody who is signed out."""
    work = of_member(unit)
    settings = SiteSettings(work)
    today = work.now.astimezone(ZoneInfo(settings.site().zone)).date()
    return SetUp(overview_of(work), settings, TestMessages(work), today)


SETS_UP = Allow(Rule(frozenset({Role.ADMINISTRATOR}), always), set_up_of)
