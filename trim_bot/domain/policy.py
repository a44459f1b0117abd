"""The numbers of the scheme in one place: how long, how often and how many, each with its reason.

What a site sets for itself is in its file, and the windows of conversations are in the programmes. `trim-bot describe`
prints those below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Annotated, get_args, get_type_hints

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One number a field. Plain numbers count what their name says; the rest carry their unit."""

    # Who is told, and when.
    safety_again: Annotated[timedelta, "until an unanswered safety call goes out again"] = 30 * MINUTE
    safety_times: Annotated[int, "calls, before a safety call waits for the next working day"] = 6
    called_where_nobody_leads: Annotated[int, "practitioners called for safety at a site without leads"] = 3
    nobody_again_working_days: Annotated[int, "until what nobody took is said again"] = 5
    look_again: Annotated[timedelta, "until a step nobody was told of is looked at again"] = 6 * HOUR
    steady_spread_minutes: Annotated[int, "over which daily messages go out"] = 20
    one_moment: Annotated[timedelta, "no other message so shortly before the daily one"] = HOUR
    time_to_get_in_touch: Annotated[timedelta, "working time to ring somebody, and ring again"] = 2 * HOUR
    time_to_hold_a_talk: Annotated[timedelta, "working time to agree a talk and hold it"] = 4 * HOUR
    in_good_time: Annotated[timedelta, "before an agreed time its holder hears of it"] = 30 * MINUTE
    last_hour: Annotated[timedelta, "before work ends, if the agreed time is later"] = HOUR
    agreed_time_of_use: Annotated[timedelta, "after an agreed time it is still worth saying"] = HOUR
    note_spread_days: Annotated[int, "over which the note to everybody is spread"] = 28
    notes_apart: Annotated[timedelta, "until the note before has gone to everybody"] = 28 * DAY
    # Roles.
    second_yes_working_days: Annotated[int, "until a role nobody else said yes to lapses"] = 5
    asked_roles_kept: Annotated[timedelta, "for which it is shown who asked for a role, and who agreed"] = (
        90 * DAY
    )
    newly_opened_shown: Annotated[
        timedelta, "for which a person is shown that somebody new opened a record"
    ] = 28 * DAY
    # The work.
    called_in_lasts: Annotated[timedelta, "a call for safety has ended: long enough to settle it"] = 14 * DAY
    spoken_again_within: Annotated[timedelta, "a call for safety was answered: somebody speaks with them"] = (
        DAY
    )
    calls_kept: Annotated[int, "calls for safety that a case tells of"] = 10
    lapsed_holds_for: Annotated[timedelta, "from hearing of ended training: time for a good goodbye"] = (
        14 * DAY
    )
    tries_to_get_in_touch: Annotated[int, "tries in vain before a lead is asked"] = 3
    tries_in_person: Annotated[int, "tries in person before an offer ends unanswered"] = 2
    review_after_working_days: Annotated[int, "until a case in new hands is looked at together"] = 5
    opens_before_agreed: Annotated[timedelta, "before an agreed talk its form opens"] = 2 * HOUR
    longest_ahead: Annotated[timedelta, "further is a slip of the pen"] = 365 * DAY
    longest_day_ahead: Annotated[timedelta, "further is a slip of the pen: fits a leap year"] = 366 * DAY
    longest_ago: Annotated[timedelta, "an inquest can bring back a working life's start"] = 60 * 365 * DAY
    another_after_days: Annotated[int, "until a further conversation, and that it stays open"] = 7
    agreed_hour: Annotated[time, "an agreed day without a time begins then"] = time(9)
    planned_asked_after: Annotated[timedelta, "an event came to be planned: a lead is asked"] = DAY
    planned_goes_after: Annotated[
        timedelta, "an event came to be planned: it goes out by itself, in time for a first talk"
    ] = 3 * DAY
    leaflet_waits: Annotated[timedelta, "for which a leaflet stands among what waits"] = 14 * DAY
    briefing_asked_before: Annotated[
        timedelta, "a group briefing: its leader says once more that they do"
    ] = DAY
    briefing_lasts: Annotated[timedelta, "from its beginning a group briefing stands on a page"] = 12 * HOUR
    # How many at once.
    label_letters: Annotated[int, "letters on a button: every chat shows so many"] = 40
    rows_on_a_page: Annotated[int, "rows of a list on one page: as many as every chat can show"] = 15
    options_at_once: Annotated[int, "answers to choose from at once; of more some are found by name"] = 40
    matches_shown: Annotated[int, "found at once by a part of a name, the best first"] = 20
    people_in_a_field: Annotated[int, "people picked in one field: all are looked up at once"] = 200
    offers_at_once: Annotated[int, "offers that go out without a look at who gets them first"] = 10
    unlisted_people: Annotated[int, "people entered by name and phone in one form"] = 50
    rung_in_one_go: Annotated[int, "people of a call sheet at once: as many as chat can show"] = 10
    signed_out_waiting: Annotated[int, "asked without a name in a day, passed on at once; more: tray"] = 20
    signed_out_kept: Annotated[int, "asked without a name, kept at once: at most 64 MB beside the work"] = (
        3000
    )
    # Ways in.
    form_lasts: Annotated[timedelta, "after it was opened a form can be sent"] = 24 * HOUR
    link_lasts: Annotated[timedelta, "for which a sign-in link works, once"] = 30 * MINUTE
    session_lasts: Annotated[timedelta, "signed in for one working day at most"] = 12 * HOUR
    pages_kept: Annotated[int, "pages one browser can go back to: a long talk with every step mended"] = 60
    unsent_kept: Annotated[int, "forms not sent that wait for one member, in all browsers; oldest go"] = 20
    signed_out_pages: Annotated[int, "pages kept at once for all who are signed out; more: shown once"] = 2000
    code_lasts: Annotated[timedelta, "for which a code that joins two chats works, once"] = 10 * MINUTE
    code_guesses: Annotated[int, "wrong codes before somebody has to wait"] = 5
    code_guesses_last: Annotated[timedelta, "for which a wrong code counts"] = HOUR
    # Figures, keys and clocks.
    hidden_below: Annotated[int, "figures below are one band, nought too: else a first step would show"] = 10
    band_width: Annotated[int, "each band above it: threshold 10, then base 5 (SACRO's defaults)"] = 5
    values_left: Annotated[int, "values every published figure keeps, whatever else is published"] = 5
    least_for_parts: Annotated[int, "people who work here, before a figure is told in parts"] = 50
    weeks_back: Annotated[int, "weeks that are still marked and written when the desk stood still"] = 60
    unused_key_kept: Annotated[timedelta, "for which an unused key stays: backups live 30 days"] = 35 * DAY
    keys_opened_in_an_hour: Annotated[
        int, "records' keys a process opens of one employer: lists of hundreds fit, a copy of all does not"
    ] = 1500
    keys_opened_slowly_in_a_minute: Annotated[int, "keys beyond those, for each member"] = 20
    clocks_agree_within: Annotated[timedelta, "clocks further apart are not believed"] = 5 * MINUTE


POLICY = Policy()
"""The numbers in force."""


def told(policy: Policy = POLICY) -> Iterator[tuple[str, str, str]]:
    """Each number as its name, its value with the unit, and its reason."""
    for name, hint in get_type_hints(Policy, include_extras=True).items():
        yield name, _said(getattr(policy, name)), get_args(hint)[1]


def _said(value: object) -> str:
    """Such as `5`, `09:00`, `30 minutes`, `25 days`."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if not isinstance(value, timedelta):
        return str(value)
    unit, name = next(one for one in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")) if not value % one[0])
    many = value // unit
    return f"{many} {name}" if many == 1 else f"{many} {name}s"
