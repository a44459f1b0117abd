"""Two organisations in one deployment, on real stores: one with a story, and next door somebody with every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.app.asking import ask, ask_unknown
from tests.builders import TEAM, Town, log_values
from tests.storage.story import KEYRING, Deployment
from trim_bot.app.desk.browser_front import BrowserFront
from trim_bot.app.people.sessions import Sessions
from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.ports import Tx
from trim_bot.crypto.tokens import SealedTokens
from trim_bot.domain.briefings import Briefing, BriefingState
from trim_bot.domain.cases import Case, CheckIn
from trim_bot.domain.ids import BriefingId, OrganisationId, ReferralId, ServiceId, new_id
from trim_bot.domain.incidents import Incident, Offer
from trim_bot.domain.people import Account, Address, Member, Platform, Role
from trim_bot.domain.records import JournalEntry
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import Step
from trim_bot.storage.store import SqlStore

NEXT_DOOR = "T2"


class Elsewhere(Town):
    """An organisation in another workspace."""

    def actor(self, name: str) -> Actor:
        return Actor(Address(Platform.SLACK, NEXT_DOOR, f"U{name.upper()}"))


@dataclass
class Neighbours:
    """Both organisations, behind one desk."""

    store: SqlStore
    home: Town
    other: Elsewhere
    front: BrowserFront
    sessions: Sessions
    code: str
    """Reply code of a request that somebody signed out made at home."""

    async def ids(self) -> dict[str, str]:
        """Ids of records at home, by what tokens call them."""

        def body(tx: Tx) -> dict[str, str]:
            [case] = tx.find(Case)
            [referral] = tx.find(Referral)
            [briefing] = tx.find(Briefing)
            request = next(one for one in tx.find(SupportRequest) if one.member_id is not None)
            return {
                "case": case.id,
                "incident": tx.find(Incident)[0].id,
                "offer": tx.find(Offer)[0].id,
                "check_in": tx.find(CheckIn, case_id=case.id)[0].id,
                "referral": referral.id,
                "briefing": briefing.id,
                "request": request.id,
                "step": tx.find(Step)[0].id,
                "member": self.home.ids["nurse"],
                "account": tx.find(Account, member_id=self.home.ids["nurse"])[0].id,
                "chat": f"slack:{TEAM}",
                "code": new_id(),
                "answer": "no",
                "group": "place",
                "rows": "services",
                "questionnaire": "no_such_v1",
                "at": "0",
                "to": "0",
            }

        return await self.home.write(body)

    async def rows(self, town: Town) -> list[JournalEntry]:
        """The whole journal of one of the two."""
        return await self.store.journal_entries(OrganisationId(town.organisation.id), 0, 10_000)


async def settle(kept: Deployment) -> Neighbours:
    """Found both; at home an event is logged and answered, and support is asked for with and without a name."""
    tokens = SealedTokens(KEYRING)
    home = Town(store=kept.store, tokens=tokens)
    await home.found(slug="acme")
    await home.add("priya", Role.PRACTITIONER)
    for name in ("nurse", "driver"):
        await home.add(name, listed=True)
    other = Elsewhere(
        store=kept.store, tokens=tokens, slack=home.slack, directory=home.directory, clock=home.clock
    )
    other.desk, other.clockwork = home.desk, home.clockwork
    await other.found(slug="other", team=NEXT_DOOR)
    await other.add("omar", *Role, listed=True)
    await other.add("olga", listed=True)
    form = await home.say("priya", "peer", "log")
    await home.send("priya", form, **log_values(home.actor("nurse"), mine=True))
    await home.clockwork.drain()
    await home.press("nurse", await home.open("nurse"), "offer_yes")
    await ask(home, "driver")
    _, code = await ask_unknown(home)

    def also(tx: Tx) -> None:
        [case] = tx.find(Case)
        now = home.clock.now()
        [event] = tx.find(Incident)
        state, later = BriefingState.SET, now + timedelta(days=2)
        briefing = Briefing(
            BriefingId(new_id()), event.key_id, event.id, state, later, None, "Room 4", "Europe/London"
        )
        tx.add(briefing)
        tx.add(
            Referral(
                ReferralId(new_id()), case.key_id, case.id, ServiceId("oh"), ReferralState.OFFERED, now, now
            )
        )

    await home.write(also)
    sessions = Sessions(kept.store, home.clock)
    return Neighbours(kept.store, home, other, BrowserFront(home.desk, sessions), sessions, code)


async def names_at(town: Town) -> set[str]:
    """Everybody's name."""
    return {member.name for member in await town.all(Member)}
