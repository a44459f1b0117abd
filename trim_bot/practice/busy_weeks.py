"""The three weeks before one comes in: talks held and to come, one that nobody has, and requests, for a lead to see."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.web.bare_practice import PracticeMessenger
from trim_bot.app.seam.views import View
from trim_bot.bootstrap.practice import PracticeParts
from trim_bot.domain.site import Site
from trim_bot.practice.acting_member import ActingMembers
from trim_bot.practice.history import DAY_3, PastClock, acting_for, event_of, talk
from trim_bot.practice.organisation import working_moment

THREE_WEEKS, FOUR_DAYS = timedelta(days=20), timedelta(days=4)
"""Long enough ago that the first talks were held and the month talks are to come; and that a first talk waits now."""
DAY = timedelta(days=1)


async def tell_busy_weeks(parts: PracticeParts, site: Site, start: datetime) -> None:
    """Two events and a request. `start` (aware) is the moment at which one comes in."""
    clock = PastClock(working_moment(site, start - THREE_WEEKS))
    acting = acting_for(parts, clock, PracticeMessenger(clock), None)
    await _two_who_had_their_first_talk(acting, clock, site)
    clock.at = max(clock.at, _on_an_earlier_day(site, start))
    await _one_whose_talk_waits_and_one_whom_nobody_has(acting, clock, site)


def _on_an_earlier_day(site: Site, start: datetime) -> datetime:
    """A working moment four days ago, or before a longer holiday: what is sent on the day of `start` is to be found."""
    zone, ago = ZoneInfo(site.zone), start - FOUR_DAYS
    while (moment := working_moment(site, ago)).astimezone(zone).date() >= start.astimezone(zone).date():
        ago -= DAY
    return moment


async def _two_who_had_their_first_talk(acting: ActingMembers, clock: PastClock, site: Site) -> None:
    began = clock.at
    await _log(acting, "tomasz", site, "nadia", "owen", mine=True)
    for who in ("nadia", "owen"):
        await acting.press(who, await acting.open(who), "offer_yes")
    clock.at = working_moment(site, began + DAY_3)
    await acting.drain()
    # Whose talk waits stands first on the list, so that it is the other one's after this.
    for answer in ("1", "0"):
        result = await talk(acting, "tomasz", answer)
        await acting.send("tomasz", result, then="keep")


async def _one_whose_talk_waits_and_one_whom_nobody_has(
    acting: ActingMembers, clock: PastClock, site: Site
) -> None:
    await _log(acting, "daniel", site, "farid", "lucy", mine=True)
    await acting.press("farid", await acting.open("farid"), "offer_yes")
    contact = await acting.press("daniel", await _only_case(acting, "daniel"), "first_contact")
    await acting.send("daniel", contact, outcome="reached")
    await acting.press("lucy", await acting.open("lucy"), "offer_later")
    await _log(acting, "daniel", site, "ken", mine=False)
    await acting.press("ken", await acting.open("ken"), "offer_yes")
    ask = await acting.say("grace", "support")
    await acting.send("grace", ask, name="named", text="I lead a team that had a hard month.", contact="")
    await acting.drain()


async def _log(acting: ActingMembers, who: str, site: Site, *direct: str, mine: bool) -> None:
    form = await acting.say(who, "peer", "log")
    await acting.send(who, form, **event_of(site, acting.clock.now(), *direct, mine=mine))
    await acting.drain()


async def _only_case(acting: ActingMembers, who: str) -> View:
    return await acting.press(who, await acting.say(who, "peer", "cases"), "case")
