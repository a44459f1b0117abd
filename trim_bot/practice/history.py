"""What has happened in the practice organisation before one comes in: a finished story, an offer, a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.web.bare_practice import PracticeMessenger
from trim_bot.app.clock.clocks import real_now
from trim_bot.app.clock.clockwork import Clockwork
from trim_bot.app.definitions import shipped
from trim_bot.app.desk.desk import Desk, Outside
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.ports import Clock
from trim_bot.app.seam.views import View
from trim_bot.bootstrap.practice import PracticeParts
from trim_bot.domain.site import Site
from trim_bot.locale.phone_numbers import PhoneNumbers
from trim_bot.locale.public_holidays import PublicHolidays
from trim_bot.practice.acting_member import ActingMembers, StoryBroken, answer_all
from trim_bot.practice.organisation import sample, working_moment

BEFORE = timedelta(days=50)
"""How long ago the finished story began: long enough for its month to be over."""
DAY_3, MONTH = timedelta(days=3), timedelta(days=29)


class PastClock:
    """The port `Clock` for what is told of the past."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Business time, UTC."""
        return self.at

    def real(self) -> datetime:
        """Real time, UTC."""
        return real_now()


async def tell_past(parts: PracticeParts, site: Site, start: datetime) -> None:
    """One event: somebody said no, and somebody said yes, had both talks and came to an end."""
    clock = PastClock(working_moment(site, start - BEFORE))
    began = clock.at
    # Its messages are not kept: whoever comes in finds a chat that begins today.
    acting = acting_for(parts, clock, PracticeMessenger(clock), None)
    form = await acting.say("maya", "peer", "log")
    await acting.send("maya", form, **event_of(site, clock.at, "jonas", "mei", mine=True))
    await acting.drain()
    await acting.press("mei", await acting.open("mei"), "offer_no")
    await acting.press("jonas", await acting.open("jonas"), "offer_yes")
    clock.at = working_moment(site, began + DAY_3)
    await acting.drain()
    result = await talk(acting, "maya", "1")
    await acting.send("maya", result, then="keep")
    clock.at = working_moment(site, began + MONTH)
    await acting.drain()
    result = await talk(acting, "maya", "0")
    end = await acting.send("maya", result, then="close")
    closed = await acting.send("maya", end, reason="finished")
    if getattr(closed, "name", "") != "case_closed":
        raise StoryBroken("the finished story has no end")


async def tell_present(parts: PracticeParts, site: Site) -> None:
    """An offer that waits for an answer, and a request that waits for somebody to take it."""
    acting = acting_for(parts, parts.clock, parts.messenger, parts.drain)
    form = await acting.say("tomasz", "peer", "log")
    await acting.send("tomasz", form, **event_of(site, parts.clock.now(), "alex", mine=True))
    ask = await acting.say("samira", "support")
    await acting.send("samira", ask, name="unnamed", text="Nights are hard since the move.", contact="")
    await acting.drain()


def acting_for(
    parts: PracticeParts, clock: Clock, chats: PracticeMessenger, drain: Callable[[], Awaitable[int]] | None
) -> ActingMembers:
    """The sample members at a desk of their own, on any clock; without `drain`, with its own clockwork."""
    desk = Desk(
        Outside(
            store=parts.deployment.store,
            clock=clock,
            tokens=parts.deployment.tokens,
            messengers={"web": chats},
            directories={},
            holidays=PublicHolidays(),
            phones=PhoneNumbers(),
            definitions=shipped().definitions(),
            link=parts.deployment.settings.public_url,
        )
    )
    return ActingMembers(desk, clock, chats, drain or Clockwork(desk, _lost).drain)


def event_of(site: Site, now: datetime, *direct: str, mine: bool = False) -> dict[str, Value]:
    """A filled form for an event that ended an hour before `now` (aware)."""
    ended = (now - timedelta(hours=1)).astimezone(ZoneInfo(site.zone))
    return {
        "kind": site.kinds[0].id,
        "ended_on": ended.date().isoformat(),
        "ended_at": f"{ended:%H:%M}",
        "direct": tuple(sample(key).address.text for key in direct),
        "mine": mine,
    }


async def talk(acting: ActingMembers, who: str, answer: str) -> View:
    """One whole interview of the first person on somebody's list, up to its result."""
    case = await acting.press(who, await acting.say(who, "peer", "cases"), "case")
    step = await acting.press(who, case, "interview")
    if getattr(step, "name", "") == "notice":
        step = await acting.send(who, step, acknowledged=True)
    ending = await answer_all(acting, who, step, answer)
    return await acting.send(who, ending, overrides=(), note="We agreed to ring each other.")


def _lost(id: str) -> None:
    raise StoryBroken(f"something was left for later: {id}")
