"""Somebody says on their profile that they are away for some days, and knows it only once they were answered."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.simulator.driver import Life
from tests.simulator.people import Person
from trim_bot.app.seam.gestures import Actor, Invoke, Submit
from trim_bot.app.seam.views import Answer, Done, Form

TRIES = 3
"""How often somebody sends a form that is not answered."""


async def takes_leave(life: Life, number: int) -> None:
    """Somebody who serves goes on leave, as far as the desk says that it has kept this."""
    serving = [one for one in life.town.people if one.serves and not one.left]
    person = serving[number % len(serving)]
    last = (life.time.shown + timedelta(days=2 + number % 12)).date()
    # A process may end before the commit, and then nothing was kept: leave that nobody was told is kept must not be
    # taken for leave, or every later message to them would seem to be out of hours.
    for _ in range(TRIES):
        begun = life.time.true
        done = await _says_so(life, person, last.isoformat())
        life.acted()
        if done is None:
            continue
        if done.answer is not Answer.OK:
            return
        zone = ZoneInfo(person.zone or life.town.zone)
        back = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
        person.away, person.changed_at = (begun - timedelta(minutes=1), back), life.time.true
        life.note(f"{person.name} is away until {back:%d %b %H:%M}")
        return


async def _says_so(life: Life, person: Person, last: str) -> Done | None:
    """The answer to their profile with the last day of leave in it; None when they got none."""
    actor = Actor(person.address)
    view = await life.alive(lambda: life.desk.desk.receive(actor, Invoke(("peer", "profile"))))
    if not isinstance(view, Form):
        return None
    values = {one.name: one.value for one in view.inputs()}
    values |= {"availability": "away", "away_until": last}
    sent = Submit(view.name, view.token, values)
    done = await life.alive(lambda: life.desk.desk.receive(actor, sent))
    return done if isinstance(done, Done) else None
