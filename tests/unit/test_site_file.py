"""A site file is read whole or refused whole, with every fault at its line."""

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.app.site_file.reading import DEFAULT_KINDS, SiteFileErrors, default_site, read_site
from trim_bot.domain.ids import KeyId
from trim_bot.domain.site import AskedThreshold, CrisisNumber, SignedThreshold

_TODAY = date(2026, 11, 22)
_EXAMPLE = Path(__file__).parents[2] / "docs" / "site-example.toml"
_LEAST = """\
name = "Example"
slug = "example"
zone = "Europe/Dublin"
country = "IE"
[hours]
monday = ["22:00-06:00", "09:00-12:30"]
"""
_GOOD = """\
name = "Example"
slug = "example"
zone = "Europe/London"
country = "GB"
region = "SCT"
languages = ["en", "cy", "pt-BR"]
languages_checked = ["fr"]
plan_first = true
notice = "generic-1"
work_command = "care"
ask_command = "ask-us"
extra_holidays = [
    2026-12-24,
    2026-12-31,
]
month_anchor = "first_interview"
month_window_days = 5
rung_working_days = 1
answer_working_days = 3
steady_at = "14:15"
steady_days = ["monday", "thursday"]
training_valid_days = 365
keep_closed_days = 90
erase_days = 20

[hours]
monday = ["09:00-17:00"]
sunday = ["20:00-24:00"]

[[numbers]]
label = "Samaritans"
number = "116 123"
source = "The line's own page"
verified_on = 2026-11-22

[[services]]
id = "health"
name = "Occupational health"
what = "Advice"
how = "Ring"

[[thresholds]]
questionnaire = "trauma_month_v1"
floor = 6
step = 3
signed_by = "The clinical lead"
signed_on = 2026-01-12

[[kinds]]
id = "collision"
label = "Collision"

[[reporting_lines]]
person = "slack:T1:U1"
manager = "teams:tenant:object"

[[staff]]
address = "web:Someone@Example.org"
name = "Somebody"
"""
_PLANTS = {
    'name = "Example"': "name = 5",
    'slug = "example"': 'slug = "Planted Slug"',
    'zone = "Europe/London"': 'zone = "Europe/Planted"',
    'country = "GB"': 'country = "England"',
    'region = "SCT"': 'region = "scotland"',
    'languages = ["en", "cy", "pt-BR"]': 'languages = ["planted words"]',
    'languages_checked = ["fr"]': 'languages_checked = ["French"]',
    "plan_first = true": 'plan_first = "planted"',
    'work_command = "care"': 'work_command = "/planted"',
    'ask_command = "ask-us"': 'ask_command = "Planted words"',
    'notice = "generic-1"': 'notice = "planted-1"',
    'month_anchor = "first_interview"': 'month_anchor = "planted"',
    "month_window_days = 5": "month_window_days = 15",
    "rung_working_days = 1": "rung_working_days = 0",
    "answer_working_days = 3": "answer_working_days = true",
    'steady_at = "14:15"': 'steady_at = "quarter past two, planted"',
    'steady_days = ["monday", "thursday"]': 'steady_days = ["planted"]',
    "training_valid_days = 365": 'training_valid_days = "planted"',
    "keep_closed_days = 90": "keep_closed_dais = 90",
    "erase_days = 20": "erase_days = 2.5",
    'monday = ["09:00-17:00"]': 'monday = ["9 to 5"]',
    'sunday = ["20:00-24:00"]': 'sunday = ["09:00-12:00", "11:00-13:00"]',
    'number = "116 123"': 'number = ""',
    "verified_on = 2026-11-22": "verified_on = 2026-11-23",
    'how = "Ring"': 'who = "planted"\nhow = "Ring"',
    'questionnaire = "trauma_month_v1"': 'questionnaire = "planted_v1"',
    "floor = 6": "floor = -1",
    "step = 3": "step = 0",
    'signed_by = "The clinical lead"': 'signed_by = " "',
    "signed_on = 2026-01-12": "signed_on = 2027-01-12",
    'id = "collision"': 'id = "Planted Kind"',
    'person = "slack:T1:U1"': 'person = "planted"',
    'manager = "teams:tenant:object"': 'manager = "teams:planted"',
    'address = "web:Someone@Example.org"': 'address = "planted@example.org"',
}
_KNOWN = ("trauma_first_v1", "trauma_month_v1")


def _faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(SiteFileErrors) as caught:
        read_site(text, "site.toml", today=_TODAY, questionnaires=_KNOWN)
    return [(error.line, error.text) for error in caught.value.errors]


def _lines(text: str) -> list[int]:
    return [line for line, _ in _faults(text)]


def test_the_example_passes() -> None:
    found = read_site(
        _EXAMPLE.read_text(encoding="utf-8"), _EXAMPLE.name, today=_TODAY, questionnaires=_KNOWN
    )
    site = found.site(KeyId("key"))
    assert (site.id, site.key_id, site.slug) == ("site", "key", "example-transport")
    assert site.hours.week[2] == ((time(9), time(12, 30)), (time(13, 30), time(17)))
    assert site.hours.week[5:] == ((), ())
    assert site.thresholds == ()
    assert [number.place for number in site.numbers] == ["GB", "GB", "IE"]
    assert [number.verified_on for number in site.numbers] == [None] * 3
    [line] = found.reporting_lines
    text = _EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert (line.person, line.manager) == ("slack:T0001:U0001", "slack:T0001:U0002")
    assert [text[number - 1].split()[0] for number in line.lines] == ["person", "manager"]
    assert [person.address for person in found.staff] == [
        "web:night.shift@example.org",
        line.person,
        line.manager,
    ]


def test_what_is_left_out_is_as_for_a_new_organisation() -> None:
    found = read_site(_LEAST, "site.toml", today=_TODAY).draft
    assert found.hours.week[0] == ((time(9), time(12, 30)), (time(22), time(6)))
    assert (found.kinds, found.numbers, found.region) == (DEFAULT_KINDS, (), "")
    usual = default_site("Example", "example")
    for name in (
        "notice",
        "month_anchor",
        "erase_days",
        "keep_closed_days",
        "rung_working_days",
        "languages",
    ):
        assert getattr(found, name) == getattr(usual, name)


def test_every_setting_is_read() -> None:
    site = read_site(_GOOD, "site.toml", today=_TODAY, questionnaires=_KNOWN).draft
    assert site.extra_holidays == (date(2026, 12, 24), date(2026, 12, 31))
    assert site.hours.week[6] == ((time(20), time(0)),)
    assert site.thresholds == (
        SignedThreshold("trauma_month_v1", 6, 3, "The clinical lead", date(2026, 1, 12)),
    )
    assert (site.notice, site.month_anchor, site.month_window_days) == ("generic-1", "first_interview", 5)
    assert (site.work_command, site.ask_command) == ("care", "ask-us")
    assert (site.rung_working_days, site.answer_working_days, site.training_valid_days) == (1, 3, 365)
    assert (site.steady_at, site.steady_days) == (time(14, 15), (0, 3))
    assert (site.keep_closed_days, site.erase_days, site.languages) == (90, 20, ("en", "cy", "pt-BR"))


def test_one_word_cannot_stand_for_both_commands() -> None:
    with pytest.raises(SiteFileErrors, match="ask_command"):
        read_site(_GOOD.replace('"ask-us"', '"care"'), "site.toml", today=_TODAY, questionnaires=_KNOWN)


def test_a_new_organisation_has_calm_defaults_and_no_threshold() -> None:
    number = CrisisNumber("Samaritans", "116 123", "GB", "The line's own page")
    site = default_site("Example", "example", (number,))
    assert (site.zone, site.country, site.region, site.numbers) == ("Europe/London", "GB", "ENG", (number,))
    assert site.hours.week == (((time(9), time(17)),),) * 5 + ((),) * 2
    assert (site.thresholds, site.services, site.key_id) == ((), (), "")
    assert "Other hard event" in [kind.label for kind in site.kinds]


@given(st.sets(st.sampled_from(sorted(_PLANTS)), min_size=1), st.integers(0, 3), st.booleans())
def test_every_planted_fault_is_reported_at_its_line(plants: set[str], blank: int, crlf: bool) -> None:
    lines: list[str] = []
    expected: list[int] = []
    for line in _GOOD.splitlines():
        lines += ["# a remark"] * blank
        if line in plants:
            expected.append(len(lines) + 1)
        lines += _PLANTS[line].split("\n") if line in plants else [line]
    found = _faults(("\r\n" if crlf else "\n").join(lines))
    assert [line for line, _ in found] == expected
    assert "lanted" not in "".join(text for _, text in found).replace("planted_", "")


@pytest.mark.parametrize("key", ["name", "slug", "zone", "country"])
def test_what_is_missing_is_said(key: str) -> None:
    text = "\n".join("" if line.startswith(f"{key} =") else line for line in _LEAST.splitlines())
    assert _faults(text) == [(1, f"“{key}” is missing.")]


def test_hours_are_required() -> None:
    assert _faults(_LEAST.partition("[hours]")[0]) == [(1, "“hours” is missing.")]
    assert _lines(_LEAST.partition("monday")[0]) == [5]


def test_a_threshold_without_signature_or_date_is_asked_for_and_signed_by_nobody() -> None:
    asked = (AskedThreshold("trauma_month_v1", 6, 3),)
    for gone in ('signed_by = "The clinical lead"\n', "signed_on = 2026-01-12\n"):
        found = read_site(_GOOD.replace(gone, ""), "site.toml", today=_TODAY, questionnaires=_KNOWN).draft
        assert (found.thresholds, found.asked_thresholds) == ((), asked)


@pytest.mark.parametrize(
    ("extra", "line"),
    [
        ('[[kinds]]\nid = "a"\nlabel = "A"\n[[kinds]]\nid = "a"\nlabel = "B"', 11),
        (
            '[[staff]]\naddress = "web:a@b.org"\nname = "A"\n[[staff]]\naddress = "web:A@b.org"\nname = "B"',
            11,
        ),
        ('[[reporting_lines]]\nperson = "slack:T:U"\nmanager = "slack:T:U"', 9),
        ("[[numbers]]\nlabel = 1", 7),
        ("services = []", 7),
        ('[wrong]\nname = "x"', 7),
        ('[[kinds]]\nid = "a"\nlabel = "unfinished', 9),
    ],
)
def test_faults_of_lists(extra: str, line: int) -> None:
    assert line in _lines(_LEAST + extra)


def test_days_that_are_no_days_are_refused() -> None:
    text = _GOOD.replace("    2026-12-24,", "    2026-12-24T09:00:00,")
    assert _lines(text) == [_GOOD.splitlines().index("extra_holidays = [") + 1]


def test_errors_name_file_and_line() -> None:
    with pytest.raises(SiteFileErrors, match=r"^site\.toml:2: "):
        read_site(_LEAST.replace('"example"', '"No Slug"'), "site.toml", today=_TODAY)


def test_what_no_text_may_hold_is_taken_out_of_a_file_too() -> None:
    file = read_site(
        _LEAST.replace('"Example"', r'"Ex\u202Eam\u0000ple\u001B[31m"'), "site.toml", today=_TODAY
    )
    assert file.draft.name == "Example"


PLACES = """
[[places]]
id = "perth"
name = "Perth yard"
zone = "Australia/Perth"
country = "AU"
region = "WA"
extra_holidays = [2026-12-24]

[places.hours]
monday = ["07:00-15:00"]

[[places.numbers]]
label = "Lifeline"
number = "13 11 14"
source = "https://www.lifeline.org.au"
"""


def test_places_beside_the_main_one_have_their_own_clock_holidays_hours_and_numbers() -> None:
    [place] = read_site(_LEAST + PLACES, "site.toml", today=_TODAY).draft.places
    assert (place.id, place.zone, place.country, place.region) == ("perth", "Australia/Perth", "AU", "WA")
    assert place.hours is not None and place.hours.zone == "Australia/Perth"
    assert [number.place for number in place.numbers] == ["AU"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('zone = "Perth"', "a time zone such as"),
        ('country = "Australia"', "two capital letters"),
        ('id = "own"', "keeps for itself"),
        ('id = "site"', "keeps for itself"),
        ("unknown = 1", "unknown"),
    ],
)
def test_what_is_wrong_with_a_place_is_said_with_its_line(wrong: str, said: str) -> None:
    key = wrong.partition(" ")[0]
    lines = [wrong if line.startswith(f"{key} =") else line for line in PLACES.splitlines()]
    text = "\n".join(lines) if wrong in lines else PLACES.replace('id = "perth"', f'id = "perth"\n{wrong}')
    with pytest.raises(SiteFileErrors, match=said):
        read_site(_LEAST + text, "site.toml", today=_TODAY)
