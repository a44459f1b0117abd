"""A wrong questionnaire is told in full: every fault, each at its own line."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.loader import UnknownQuestionnaire, load_questionnaires, shipped
from assessments.questionnaire import NOT_DISCUSSED
from checked_toml.tables import DefinitionErrors

GOOD = """\
id = "site_form"
version = 1
title = "Our own"
note = "Sample."
scored = true
scale = ["No", "Yes"]

[licence]
licensor = "A publisher"
reference = "L-1"
attested_by = "clinical lead"
expires = 2031-12-31

[[groups]]
id = "now"
title = "Now"
prompt = "Talk about now."

[[groups.items]]
id = "tired"
kind = "scored"
text = "Is tired"
can_change = true

[[groups.items]]
id = "place"
kind = "choice"
text = "Where"

[groups.items.options]
work = "Work"
home = "Home"

[[groups]]
id = "next"
title = "Next"
prompt = "Agree what comes next."

[[groups.items]]
id = "plan"
kind = "text"
text = "Plan"
hint = "Short."
"""
LINES = GOOD.splitlines()
KEYS = [number for number, line in enumerate(LINES, 1) if " = " in line]


def errors_in(text, **more):
    with pytest.raises(DefinitionErrors) as caught:
        load_questionnaires({"own.toml": text, **more})
    return caught.value.errors


def with_line(number, *lines):
    return "\n".join([*LINES[: number - 1], *lines, *LINES[number:]])


def test_the_good_one_is_read_whole():
    form = load_questionnaires({"own.toml": GOOD}).get("site_form_v1")
    assert [item.id for item in form.items()] == ["tired", "place", "plan"]
    assert form.highest_total() == 1
    assert form.licence is not None
    assert form.licence.expires == date(2031, 12, 31)


def test_every_choice_ends_with_not_discussed_and_it_is_worth_no_points():
    loaded = load_questionnaires({"own.toml": GOOD}, known=shipped())
    for form in loaded.questionnaires:
        for item in form.items():
            if item.options:
                assert item.options[-1].id == NOT_DISCUSSED
                assert item.options[-1].points is None


@pytest.mark.parametrize("number", KEYS)
def test_a_value_of_the_wrong_kind_is_told_at_its_line(number):
    key = LINES[number - 1].split(" = ")[0]
    errors = errors_in(with_line(number, f"{key} = 1.5"))
    assert number in {error.line for error in errors}


@given(places=st.sets(st.sampled_from(KEYS), min_size=1))
def test_every_planted_unknown_key_is_told_at_its_line(places):
    planted, expected = [], []
    for number, line in enumerate(LINES, 1):
        planted.append(line)
        if number in places:
            planted.append(f"odd_{number} = 7")
            expected.append(len(planted))
    assert [error.line for error in errors_in("\n".join(planted))] == expected


@pytest.mark.parametrize(
    ("number", "line", "says"),
    [
        (1, 'id = "Site form"', "lower-case"),
        (5, "scored = false", "no scale to score with"),
        (6, 'scale = ["No"]', "two words"),
        (6, 'scale = ["No", " "]', "list of texts"),
        (12, "expires = 2031-12-31T10:00:00Z", "without a time"),
        (12, 'expires = "soon"', "must be a date"),
        (20, 'id = "place"', "twice"),
        (21, 'kind = "sum"', "one of scored"),
        (23, "", "“can_change” is missing"),
        (31, 'not_discussed = "No"', "added to every choice"),
        (35, 'id = "now"', "twice"),
        (40, 'id = "tired"', "twice"),
        (40, 'id = "plan', "not valid TOML"),
        (4, 'note = "S"\ncompares_with = ["nothing_v1"]', "no questionnaire “nothing_v1”"),
    ],
)
def test_a_rule_broken_is_told_at_its_line(number, line, says):
    told = [error for error in errors_in(with_line(number, line)) if re.search(re.escape(says), error.text)]
    moved = {"scored = false": 21, 'id = "place"': 26, "": 19}
    expected = moved.get(line, number + line.count("\n"))
    assert [error.line for error in told] == [expected]


def test_the_same_item_scored_otherwise_is_not_comparable():
    text = GOOD.replace('"tired"', '"daily_life"').replace(
        "scored = true", 'scored = true\ncompares_with = ["trauma_first_v1"]'
    )
    with pytest.raises(DefinitionErrors, match=r"own\.toml:6: “daily_life” is scored in another way"):
        load_questionnaires({"own.toml": text}, known=shipped())


def test_a_published_definition_cannot_be_loaded_over():
    known = load_questionnaires({"own.toml": GOOD})
    with pytest.raises(DefinitionErrors, match=r"again\.toml:2: .*never changes"):
        load_questionnaires({"again.toml": GOOD}, known=known)


def test_an_unknown_questionnaire_is_refused():
    with pytest.raises(UnknownQuestionnaire):
        shipped().get("other_v1")


def test_faults_of_all_files_come_at_once_in_order():
    errors = errors_in(with_line(2, "version = 0"), **{"a.toml": "id =\n", "b.toml": ""})
    assert [(error.file, error.line) for error in errors if error.file != "b.toml"] == [
        ("a.toml", 1),
        ("own.toml", 2),
    ]
    assert {error.text for error in errors if error.file == "b.toml"} == {
        f"“{key}” is missing." for key in ("id", "version", "title", "note", "scored", "groups")
    }
