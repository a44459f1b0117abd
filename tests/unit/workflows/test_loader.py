"""A wrong definition is told in full: every fault, each at its own line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checked_toml.tables import DefinitionErrors
from workflows.loader import UnknownProgramme, load_programmes, shipped
from workflows.programme import CountsAs

GOOD = """\
id = "site_own"
version = 1
name = "Our own"
clock = "trauma"

[offer]
reoffer_after_days = 14
closes_after_days = 42

[[stages]]
id = "first"
label = "First"
questionnaire = "trauma_first_v1"
when = "not_before"
opens_after_hours = 72
closes_after_days = 7
least_open_days = 3
asks_story = true

[[stages]]
id = "month"
label = "Month"
when = "around"
anchor = "exposure_end"
due_after_days = 28
window_days = 7
after_first_days = 21
asks_story = false
"""
LINES = GOOD.splitlines()
KEYS = [number for number, line in enumerate(LINES, 1) if " = " in line]
REQUIRED = [number for number in KEYS if not LINES[number - 1].startswith("questionnaire")]


def faults(text, **more):
    with pytest.raises(DefinitionErrors) as caught:
        load_programmes({"own.toml": text, **more})
    return [(error.file, error.line) for error in caught.value.errors]


def with_line(number, line):
    return "\n".join([*LINES[: number - 1], line, *LINES[number:]])


def test_the_good_one_is_good():
    assert load_programmes({"own.toml": GOOD}).get("site_own_v1").stages[1].questionnaire is None


@pytest.mark.parametrize("number", KEYS)
def test_a_value_of_the_wrong_kind_is_told_at_its_line(number):
    key = LINES[number - 1].split(" = ")[0]
    assert faults(with_line(number, f"{key} = 1.5")) == [("own.toml", number)]


@pytest.mark.parametrize("number", REQUIRED)
def test_a_missing_key_is_told_at_its_table(number):
    header = max((n for n in range(1, number) if LINES[n - 1].startswith("[")), default=1)
    assert ("own.toml", header) in faults(with_line(number, ""))


@given(places=st.sets(st.sampled_from(KEYS), min_size=1))
def test_every_planted_unknown_key_is_told_at_its_line(places):
    planted, expected = [], []
    for number, line in enumerate(LINES, 1):
        planted.append(line)
        if number in places:
            planted += [f"odd_{number} = [", "  1, # over lines", "]"]
            expected.append(len(planted) - 2)
    assert faults("\n".join(planted)) == [("own.toml", line) for line in expected]


@pytest.mark.parametrize(
    ("number", "line", "says"),
    [
        (15, "opens_after_hours = 71", "from 72"),
        (16, "closes_after_days = 3", "from 4"),
        (8, "closes_after_days = 14", "after it is made again"),
        (14, 'when = "at_once"', "must be “not_before”"),
        (14, 'when = "later"', "one of not_before"),
        (21, 'id = "first"', "twice"),
        (21, 'id = "The first"', "lower-case"),
        (22, 'label = " "', "empty"),
        (26, "window_days = 0", "from 1"),
        (27, "after_first_days = 5", "before the first interview"),
        (28, "asks_story = true", "ask for the story"),
        (28, "asks_story = maybe", "not valid TOML"),
    ],
)
def test_a_rule_broken_is_told(number, line, says):
    with pytest.raises(DefinitionErrors, match=re.escape(says)) as caught:
        load_programmes({"own.toml": with_line(number, line)})
    told = [error.line for error in caught.value.errors if says in error.text]
    assert told == ([26] if line == "after_first_days = 5" else [number])


def test_faults_of_all_files_come_at_once():
    assert faults(with_line(2, "version = 0"), **{"b.toml": "id = ", "a.toml": 'x = """\n'}) == [
        ("a.toml", 2),
        ("b.toml", 1),
        ("own.toml", 2),
    ]


def test_a_published_definition_cannot_be_loaded_over():
    with pytest.raises(DefinitionErrors, match=r"own\.toml:2: .*never changes"):
        load_programmes({"own.toml": GOOD.replace("site_own", "trim_style")}, known=shipped())
    both = load_programmes({"own.toml": with_line(2, "version = 2")}, known=load_programmes({"a": GOOD}))
    assert both.latest("site_own").version == 2
    with pytest.raises(UnknownProgramme):
        both.latest("other")


def test_missing_tables_are_one_fault_each():
    assert faults('id = "x"\nversion = 1\nname = "X"\nclock = "agreed"\n') == [("own.toml", 1)] * 2


@pytest.mark.parametrize(("named", "counted"), [("later", CountsAs.LATER), ("month", CountsAs.MONTH)])
def test_a_stage_may_say_what_it_counts_as(named, counted):
    text = GOOD.replace('id = "month"\n', f'id = "month"\ncounts_as = "{named}"\n')
    assert load_programmes({"own.toml": text}).get("site_own_v1").stages[1].counts_as is counted


def test_nothing_after_a_hard_event_counts_as_stress():
    text = GOOD.replace('id = "month"\n', 'id = "month"\ncounts_as = "stress"\n')
    assert faults(text) == [("own.toml", text.splitlines().index('counts_as = "stress"') + 1)]
