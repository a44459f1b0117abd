"""Which place's clock a time on a form is read by, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.seam.sentences import ours, phrase
from trim_bot.app.seam.text_kinds import OTHER_DAY
from trim_bot.app.seam.views import Choice, DateInput, Option
from trim_bot.app.seam.work import Work
from trim_bot.app.words.times import spoken_day, zone_words
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import PlaceId
from trim_bot.domain.incidents import Incident
from trim_bot.domain.zones import at_local, known_zone

OWN = PlaceId("own")
"""The choice of the clock of whoever fills the form."""
SITE = PlaceId("site")
"""The choice of the clock of the main place."""


def clock_of_site(work: Work) -> ReadBy:
    """For an event that is entered now."""
    return _read_by(work, work.site.zone)


def clock_of_event(work: Work, incident: Incident) -> ReadBy:
    """For an event whose place is known."""
    return _read_by(work, _zone_of(work, incident))


def clock_of_case(work: Work, case: Case) -> ReadBy:
    """For a time agreed in a case: that of its newest event, else the site's."""
    found = [incident for id in case.incidents if (incident := work.tx.get(Incident, id)) is not None]
    newest: Sequence[Incident] = sorted(found, key=lambda one: (one.ended_at, one.id))[-1:]
    return clock_of_event(work, newest[0]) if newest else clock_of_site(work)


def zone_chosen(clock: ReadBy, chosen: PlaceId | None) -> str:
    """The zone (IANA) of what was chosen on a form; the one it named where nothing was."""
    return dict(clock.others).get(chosen, clock.zone) if chosen is not None else clock.zone


def read_time(clock: ReadBy, chosen: PlaceId | None, day: date, at: time) -> datetime:
    """The instant (UTC) of a day and time of a form.

    Where the clocks show it twice the later is meant, so that whatever must not begin before it does not.
    """
    return at_local(day, at, zone_chosen(clock, chosen), later=True)


def _zone_of(work: Work, incident: Incident) -> str:
    return incident.zone if incident.zone and known_zone(incident.zone) else work.site.zone


def _read_by(work: Work, zone: str) -> ReadBy:
    others = {place.id: place.zone for place in work.site.places} | {OWN: work.zone.key}
    differ: dict[PlaceId, str] = {}
    for value, other in others.items():
        if other != zone and other not in differ.values():
            differ[value] = other
    if zone != work.site.zone and work.site.zone not in differ.values():
        differ[SITE] = work.site.zone
    return ReadBy(zone, tuple(differ.items()), work.now)


@dataclass(frozen=True, slots=True)
class ReadBy:
    """The zone (IANA) that a form reads a time in, and the others that can be chosen: a value, and its zone."""

    zone: str
    others: tuple[tuple[PlaceId, str], ...] = ()
    now: datetime | None = None
    """UTC; None where no day near by is asked for."""

    def label(self, label: str) -> str:
        """A label of a time that names the zone: `Time it ended (London time)`."""
        return phrase("{label} ({zone})", label=ours(label), zone=zone_words(self.zone))

    def day(
        self, name: str, label: str, hint: str = "", *, required: bool = True
    ) -> tuple[Choice | DateInput, ...]:
        """A day that has passed: today and yesterday by this clock, each with its date, or any other."""
        if self.now is None:
            return (DateInput(name, label, hint, required=required),)
        today = self.now.astimezone(ZoneInfo(self.zone)).date()
        near = ((today, phrase("Today")), (today - timedelta(days=1), phrase("Yesterday")))
        options = tuple(
            Option(day.isoformat(), phrase("{said}, {day}", said=said, day=spoken_day(day)))
            for day, said in near
        )
        return (
            Choice(
                f"near_{name}",
                label,
                (*options, Option(OTHER_DAY, "Another day")),
                hint,
                required,
                fills=name,
            ),
            DateInput(name, "If it was another day", required=False),
        )

    def choice(self) -> tuple[Choice, ...]:
        """The way to another place's clock; nothing where there is no other."""
        if not self.others:
            return ()
        options = tuple(Option(value, zone_words(zone)) for value, zone in self.others)
        hint = phrase("If you gave the time by another clock than {zone}.", zone=zone_words(self.zone))
        return (Choice("clock", "Another place's time", options, hint, required=False, compact=True),)
