"""Which settings stand on which form, and what is said of each, in one file as the site file is one: the keys are its
keys, in its groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from trim_bot.app.site_file.entries import WEEKDAYS


class SettingKind(Enum):
    """How a setting is typed."""

    TEXT = "text"
    """A line of text."""
    NUMBER = "number"
    """A whole number."""
    TEXTS = "texts"
    """Some words, a comma between them."""
    DAY = "day"
    """One day."""
    DAYS = "days"
    """Some days, a comma between them."""
    CLOCK = "clock"
    """A time of day."""
    SPANS = "spans"
    """Hours of a day, a comma between them."""
    ZONE = "zone"
    """A time zone, by its city."""
    WEEKDAYS = "weekdays"
    """Some days of the week."""
    NOTICE = "notice"
    """One of the wordings that come with the desk."""
    ANCHOR = "anchor"
    """What a month is counted from."""
    YES_NO = "yes_no"
    """Whether or not."""
    QUESTIONNAIRE = "questionnaire"
    """One scored questionnaire."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One field: its key in the file, with a dot where it stands in a table, and what people read."""

    key: str
    label: str
    hint: str = ""
    kind: SettingKind = SettingKind.TEXT
    required: bool = True
    most: int = 300

    @property
    def field(self) -> str:
        """Its name on a form."""
        return self.key.replace(".", "_")


class SettingGroup(Enum):
    """Settings that are changed together, on one form."""

    PLACE = "place"
    """Name, country, zone and languages."""
    HOURS = "hours"
    """The usual week, and days off."""
    NOTICE = "notice"
    """What people are told about privacy."""
    TIMES = "times"
    """How long things take and wait."""
    EVENTS = "events"
    """What happens once a hard event is logged."""
    PEOPLE = "people"
    """How many people serve, and how much each."""
    KEEPING = "keeping"
    """How long things are kept."""
    WORDS = "words"
    """What is typed in chat."""


class SettingList(Enum):
    """Settings that are rows."""

    NUMBERS = "numbers"
    """Numbers to ring."""
    SERVICES = "services"
    """Professional help."""
    OUTSIDE = "outside"
    """Somebody outside the desk."""
    KINDS = "kinds"
    """Kinds of hard events."""
    THRESHOLDS = "thresholds"
    """Thresholds that the site asks its clinical lead to sign."""
    PLACES = "places"
    """Places beside the main one."""


_NUMBER = SettingKind.NUMBER
_TEN = "1 to 10."
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOURS = tuple(
    Setting(
        f"hours.{day}",
        label,
        "Such as 09:00-12:30, 13:30-17:00",
        SettingKind.SPANS,
        required=False,
    )
    for day, label in zip(WEEKDAYS, DAY_NAMES, strict=True)
)
_DAYS_OFF = Setting(
    "extra_holidays", "Days off of your own", "Such as 24 December 2026, with a comma between two.",
    SettingKind.DAYS, required=False, most=2000,
)  # fmt: skip
_WHERE = (
    Setting("zone", "Time zone", "Choose the nearest big city on the clock there.", SettingKind.ZONE),
    Setting(
        "country",
        "Country",
        "Two capital letters, such as GB. Holidays and numbers to ring go by it.",
        most=2,
    ),
    Setting(
        "region",
        "Part of the country",
        "A short code such as ENG, where public holidays differ by it.",
        required=False,
    ),
)
FIELDS: Mapping[SettingGroup, tuple[Setting, ...]] = {
    SettingGroup.PLACE: (
        Setting("name", "Name of your organisation", "People read it on every page."),
        *_WHERE,
        Setting(
            "languages", "Languages a talk can be asked for in", "Codes such as en, cy.", SettingKind.TEXTS
        ),
        Setting(
            "languages_checked",
            "Languages of these pages that a speaker here has checked",
            "Until then people read that nobody has. Codes such as fr.",
            SettingKind.TEXTS,
            required=False,
        ),
    ),
    SettingGroup.HOURS: (*_HOURS, _DAYS_OFF),
    SettingGroup.NOTICE: (
        Setting("notice", "Wording about confidentiality", "Each is a sample.", SettingKind.NOTICE),
    ),
    SettingGroup.TIMES: (
        Setting("answer_working_days", "Working days in which people are told to expect an answer", _TEN, _NUMBER),
        Setting(
            "contact_working_days", "Working days until a colleague gets in touch after a yes", "1 to 5.", _NUMBER
        ),
        Setting(
            "rung_working_days", "Working days until a step that waits goes to the next person", "1 to 10.", _NUMBER
        ),
        Setting("month_anchor", "“One month” counts from", "", SettingKind.ANCHOR),
        Setting("month_window_days", "Days before and after, for the month talk", "1 to 14.", _NUMBER),
        Setting("reopen_days", "Days in which talks ended by mistake can be opened again", "1 to 30.", _NUMBER),
        Setting(
            "steady_at", "From when on those who serve get their message of the day", "In each one's zone.",
            SettingKind.CLOCK,
        ),
        Setting(
            "steady_days", "On which working days they get it", "None ticked means every working day.",
            SettingKind.WEEKDAYS, required=False,
        ),
    ),
    SettingGroup.EVENTS: (
        Setting(
            "plan_first", "A lead plans before anything is offered",
            "If yes, nothing goes out until a lead releases it, or three days have gone by.",
            SettingKind.YES_NO,
        ),
    ),
    SettingGroup.PEOPLE: (
        Setting(
            "least_practitioners", "Practitioners in date and not away that your site needs",
            "Below it a week is called understaffed. 1 to 100.", _NUMBER,
        ),
        Setting("least_leads", "Leads and deputies together that it needs", "1 to 20.", _NUMBER),
        Setting(
            "most_open_cases", "Open cases and requests that one practitioner holds at most",
            "A lead may give more on purpose. 1 to 50.", _NUMBER,
        ),
        Setting(
            "most_told", "Practitioners who see something to take at once, at most",
            "Never more than half of those who may take it. 1 to 20.", _NUMBER,
        ),
        Setting(
            "training_valid_days", "Days for which training counts when no end is given", "30 to 1826.", _NUMBER
        ),
    ),
    SettingGroup.KEEPING: (
        Setting(
            "keep_closed_days", "Days after which whatever has ended is erased",
            "An answer nobody has read lives up to 180 days. 30 to 3653.", _NUMBER,
        ),
        Setting("erase_days", "Days in which an erasure has reached every copy", "Backups too. 1 to 90.", _NUMBER),
    ),
    SettingGroup.WORDS: (
        Setting("work_command", "What those who serve type in chat", "Without the slash.", most=31),
        Setting(
            "ask_command", "What everyone types to ask", "Without the slash. The chat app has to know it too.", most=31
        ),
    ),
}  # fmt: skip
"""The fields of each form."""
COLUMNS: Mapping[SettingList, tuple[Setting, ...]] = {
    SettingList.NUMBERS: (
        Setting("label", "Who answers"),
        Setting(
            "number",
            "Number",
            "Such as 116 123, 999 or 112, or text SHOUT to 85258. A phone dials what is written.",
        ),
        Setting("source", "Where you found it", "Such as the address of its own page."),
        Setting(
            "verified_on",
            "Day on which you rang it and somebody answered",
            "",
            SettingKind.DAY,
            required=False,
        ),
        Setting("place", "Country, if another", "Two capital letters, such as IE.", required=False, most=2),
    ),
    SettingList.SERVICES: (
        Setting("name", "Name"),
        Setting("what", "What it is"),
        Setting("how", "How to reach it"),
    ),
    SettingList.OUTSIDE: (Setting("name", "Who"), Setting("how", "How to reach them")),
    SettingList.KINDS: (
        Setting("label", "What happened"),
        Setting(
            "trigger",
            "A lead is asked at once",
            "Where you plan first. If no, a lead is asked after a day.",
            SettingKind.YES_NO,
            required=False,
        ),
    ),
    SettingList.THRESHOLDS: (
        Setting("questionnaire", "Questionnaire", "", SettingKind.QUESTIONNAIRE),
        Setting("floor", "Floor", "The total from which help is offered.", _NUMBER),
        Setting("step", "Step", "The rise since the first talk.", _NUMBER),
    ),
    SettingList.PLACES: (Setting("name", "Name"), *_WHERE, *_HOURS, _DAYS_OFF),
}
"""The fields of a row of each list."""
WITH_ID = frozenset({SettingList.SERVICES, SettingList.KINDS, SettingList.PLACES})
"""Lists whose rows have an id, which is made of the name and then stays."""
