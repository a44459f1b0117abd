"""What handlers of set-up are given: settings, roster and a test message, with no way to any case: in one
file, since it holds the only doors to the transaction that set-up has.
"""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.people.access import overview_of
from trim_bot.app.people.roster import Overview
from trim_bot.app.people.settled_site import settled_site
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.route import Allow, Rule, always, of_member
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.domain.ids import new_id
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Account, Platform, Role
from trim_bot.domain.records import NoteSent
from trim_bot.domain.site import Site
from trim_bot.domain.steps import OutboxState, Outgoing, Priority

_TEST = MessageKind.TEST.value


class SiteSettings:
    """The settings of the organisation as they are kept, whatever place whoever looks is at."""

    def __init__(self, tx: Tx) -> None:
        self.__tx = tx

    def site(self) -> Site:
        """The whole of them. Raises NotSettled."""
        return settled_site(self.__tx)


class TestMessages:
    """Whether a chat takes messages, and the way to find out. It tells of no message whose it was."""

    __test__ = False

    def __init__(self, work: Work) -> None:
        self.__work = work

    def one_was_taken(self) -> bool:
        """Whether a chat has taken a test message."""
        return self.__work.tx.get(NoteSent, _TEST) is not None

    def reach_asker(self) -> bool:
        """Whether whoever asks can be written to in a chat."""
        accounts = self.__work.tx.find(Account, member_id=self.__work.who.id)
        return any(one.platform is not Platform.WEB and not one.left for one in accounts)

    def send(self) -> None:
        """Queue one for whoever asks, unless one is on its way to them."""
        work = self.__work
        queued = work.tx.find(Outgoing, member_id=work.who.id, state=OutboxState.QUEUED)
        if not any(one.kind == _TEST for one in queued):
            work.tx.add(
                Outgoing(
                    new_id(), _TEST, work.who.id, None, OutboxState.QUEUED, work.now, priority=Priority.NOTE
                )
            )
        work.queued = True


@dataclass(frozen=True, slots=True)
class SetUp:
    """What one gesture of set-up may use."""

    overview: Overview
    settings: SiteSettings
    messages: TestMessages
    chats: tuple[Platform, ...]
    """The platforms of the chats that are connected, each once."""


def set_up_of(unit: UnitOfWork) -> SetUp:
    """What set-up may use of a unit of work. Raises NotOpen for somebody who is signed out."""
    work = of_member(unit)
    chats = tuple(dict.fromkeys(one.platform for one in work.workspaces))
    return SetUp(overview_of(work), SiteSettings(work.tx), TestMessages(work), chats)


SETS_UP = Allow(Rule(frozenset({Role.ADMINISTRATOR}), always), set_up_of)
