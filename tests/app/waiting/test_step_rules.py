"""Each kind of step has one rule, told by its subject, and the ladder asks only that."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest

from tests.app.asking import ask
from tests.architecture.tree import ROOT
from tests.builders import Town
from trim_bot.app.desk import desk
from trim_bot.app.desk.routes import STEPS, SUBJECTS, gathered
from trim_bot.app.seam.work import StepRule, UnitOfWork
from trim_bot.domain.steps import Step, StepKind, StepState


def test_every_kind_has_the_one_rule_of_its_subject() -> None:
    assert set(STEPS) >= set(StepKind)
    assert all(rule.kind is kind for kind, rule in STEPS.items())
    assert sum(len(one.STEPS) for one in SUBJECTS) == len(STEPS)
    assert len({rule.label for rule in STEPS.values()}) == len(STEPS)


def test_a_kind_of_two_subjects_fails() -> None:
    rule = STEPS[StepKind.REFERRAL]
    with pytest.raises(ValueError, match="referral"):
        gathered((one.kind.value, one) for one in (rule, rule))


def test_the_ladder_and_the_way_in_name_no_subject() -> None:
    assert "StepKind" not in (ROOT / "trim_bot/app/waiting/ladder.py").read_text()
    due = (ROOT / "trim_bot/app/waiting/due.py").read_text()
    assert "Referral" not in due and "SupportRequest" not in due


@pytest.mark.anyio
async def test_the_clock_asks_the_rule_of_the_subject(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that says a step is wanted no more ends it; the rule is asked with the step, when its time has come."""
    asked: list[Step] = []

    def unwanted(work: UnitOfWork, step: Step) -> bool:
        asked.append(step)
        return False

    def nowhere(work: UnitOfWork, step: Step) -> NoReturn:
        raise AssertionError("not opened")

    rule: StepRule = replace(STEPS[StepKind.REQUEST], still_wanted=unwanted, opens=nowhere)
    monkeypatch.setattr(desk, "STEPS", {**STEPS, StepKind.REQUEST: rule})
    await ask(town)
    await town.pass_time(hours=1)
    [step] = await town.all(Step, kind=StepKind.REQUEST)
    assert step.state is StepState.CANCELLED
    assert {one.id for one in asked} == {step.id}
