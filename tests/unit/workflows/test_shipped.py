"""The shipped programmes fit the questionnaires that they name."""

from importlib.resources import files

from workflows.loader import shipped
from workflows.programme import Agreed, CountsAs


def test_each_is_filed_under_its_key():
    folder = files("workflows") / "definitions"
    names = {entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")}
    assert {f"{programme.key}.toml" for programme in shipped().programmes} == names


def test_each_stage_names_a_questionnaire_that_exists():
    folder = files("assessments") / "definitions"
    named = [stage.questionnaire for programme in shipped().programmes for stage in programme.stages]
    assert all((folder / f"{name}.toml").is_file() for name in named)


def test_only_agreed_stages_may_be_written_to_the_person_about():
    stages = {stage.id: isinstance(stage.timing, Agreed) for p in shipped().programmes for stage in p.stages}
    assert stages == {"first": False, "month": False, "conversation": False, "follow_up": True}


def test_a_stage_counts_as_its_programme_says():
    stages = {stage.id: stage.counts_as for p in shipped().programmes for stage in p.stages}
    assert stages == {
        "first": CountsAs.FIRST,
        "month": CountsAs.MONTH,
        "conversation": CountsAs.STRESS,
        "follow_up": CountsAs.STRESS,
    }
