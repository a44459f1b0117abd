"""What an organisation settles for itself: hours, help numbers, services, thresholds, how long things are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import MAIN_PLACE, KeyId, KindId, PlaceId, ServiceId

STEADY_AT = time(9, 30)
RING_AGAIN = timedelta(days=365)
"""After so long a number for help should be rung again."""


@dataclass(frozen=True, slots=True)
class CrisisNumber:
    """A number to ring, with where it was found and when somebody last checked it."""

    label: str
    number: str
    place: str
    """ISO country code, or empty for everywhere."""
    source: str = ""
    verified_on: date | None = None

    def should_be_rung(self, today: date) -> bool:
        """Whether nobody rang it within a year of `today`, the day at the site."""
        return self.verified_on is None or today - self.verified_on > RING_AGAIN


@dataclass(frozen=True, slots=True)
class Service:
    """An entry of the directory of professional help."""

    id: ServiceId
    name: str
    what: str
    how: str
    """How to reach it."""


@dataclass(frozen=True, slots=True)
class OutsideWay:
    """Somebody outside the desk whom a person can turn to about a colleague who serves here."""

    name: str
    how: str
    """How to reach them."""


@dataclass(frozen=True, slots=True)
class SignedThreshold:
    """A threshold in force for one questionnaire, with the clinical lead who is named for it. There is no default."""

    questionnaire: str
    floor: int
    step: int
    signed_by: str
    signed_on: date
    signed_here: bool = False
    """Whether whoever is named signed it on their own page; else a file said so, before files stopped signing."""


@dataclass(frozen=True, slots=True)
class AskedThreshold:
    """A threshold as a file or a form asks for it. It counts for nothing until a clinical lead signs it."""

    questionnaire: str
    floor: int
    step: int


@dataclass(frozen=True, slots=True)
class SignedQuestionnaire:
    """A questionnaire that the site brought in, signed by a clinical lead on their page."""

    key: str
    """Id and version."""
    signed_by: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of hard event a practitioner can choose."""

    id: KindId
    label: str
    trigger: bool = False
    """Whether a lead is asked at once, not a day later, where the site plans first."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the organisation beside its main one, with its own clock, holidays, hours and numbers for help."""

    id: PlaceId
    name: str
    zone: str
    country: str
    region: str = ""
    hours: WorkingHours | None = None
    """None means the hours of the main place, by this place's clock."""
    extra_holidays: tuple[date, ...] = ()
    numbers: tuple[CrisisNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """The settings of one organisation, as `site apply` wrote them; sealed whole, for they name people."""

    id: str
    """Always `site`: one record an organisation."""
    key_id: KeyId
    name: str
    slug: str
    zone: str
    hours: WorkingHours
    country: str
    region: str = ""
    extra_holidays: tuple[date, ...] = ()
    numbers: tuple[CrisisNumber, ...] = ()
    services: tuple[Service, ...] = ()
    thresholds: tuple[SignedThreshold, ...] = ()
    kinds: tuple[Kind, ...] = ()
    notice: str = "uk-1"
    """Id of the notice of confidentiality for the jurisdiction, with its version."""
    month_anchor: str = "exposure_end"
    """`exposure_end` or `first_interview`."""
    month_window_days: int = 7
    rung_working_days: int = 2
    """Working days before an unanswered step climbs one rung."""
    contact_working_days: int = 1
    """The site's working days in which somebody gets in touch after a yes or once a request is taken."""
    reopen_days: int = 14
    """Days in which talks that were ended by mistake can be opened again."""
    most_open_cases: int = 5
    """Open cases and requests that one practitioner holds at most, unless a lead gives more on purpose."""
    most_told: int = 3
    """Practitioners who are told at once of what waits for anybody to take, at most; never more than half of them."""
    least_practitioners: int = 2
    """Practitioners in date and not away, below which the site says of itself that it is understaffed."""
    least_leads: int = 1
    """Leads and deputies together who must be there, or the week counts as understaffed."""
    steady_at: time = STEADY_AT
    """From when on those who serve get their message of the day, in the zone and hours of each."""
    steady_days: tuple[int, ...] = ()
    """On which working days they get it (0 is Monday); on every one when empty."""
    answer_working_days: int = 2
    """What people are told about when to expect an answer."""
    training_valid_days: int = 730
    keep_closed_days: int = 180
    """Days after which a closed case is erased."""
    erase_days: int = 30
    """Days within which an erasure has reached every copy, backups included."""
    plan_first: bool = False
    """Whether a lead chooses what each person of an event is offered before anything goes out."""
    languages: tuple[str, ...] = ("en",)
    """Those a talk can be asked for in; the first that the pages can be read in is that of the site."""
    languages_checked: tuple[str, ...] = ()
    """Languages of the pages that a speaker at this site has read and signed as right."""
    work_command: str = "peer"
    """What those who serve type in chat, without the slash."""
    ask_command: str = "support"
    """What everyone types in chat to ask, without the slash."""
    places: tuple[Place, ...] = ()
    """Places beside the main one."""
    outside: tuple[OutsideWay, ...] = ()
    """Whom to turn to outside the desk when something went wrong with a colleague, in order."""
    asked_thresholds: tuple[AskedThreshold, ...] | None = None
    """What the last file or form asks for; None where none has been put into force since files stopped signing."""
    questionnaires: tuple[SignedQuestionnaire, ...] = ()
    """Those brought in that a clinical lead has signed: nothing new begins by another."""


def place_called(site: Site, id: PlaceId) -> Place:
    """A place of the site; the main one where none is called so."""
    main = Place(
        MAIN_PLACE,
        site.name,
        site.zone,
        site.country,
        site.region,
        site.hours,
        site.extra_holidays,
        site.numbers,
    )
    return next((place for place in site.places if place.id == id), main)


def as_seen_from(site: Site, place: PlaceId) -> Site:
    """The site with the numbers for help of one of its places, where that has its own."""
    numbers = place_called(site, place).numbers
    return replace(site, numbers=numbers) if numbers else site


@dataclass(frozen=True, slots=True)
class Organisation:
    """One employer, as the desk finds it from a chat workspace or an address in the browser."""

    id: str
    slug: str
    key_id: KeyId
    workspaces: tuple[ChatWorkspace, ...] = ()
