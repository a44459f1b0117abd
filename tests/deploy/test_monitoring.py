"""The rules and the dashboard for those who watch: each name, label and step in them is there."""

import json
import re

import pytest

from integrations.web.figures import FiguresNow, ProcessFigures
from tests.architecture.test_docs import anchors
from tests.architecture.tree import ROOT
from tests.deploy.test_kubernetes import many, part
from tests.deploy.yaml_reader import read
from trim_bot.app.watch.deployment_figures import DeploymentFigures

FOLDER = ROOT / "deploy" / "monitoring"
SAMPLE = re.compile(r"^(trim_bot_\w+)(?:\{(.*)\})? ", re.MULTILINE)
USED = re.compile(r"(trim_bot_\w+)(?:\{([^}]*)\})?")
LABEL = re.compile(r"(\w+)(?:=~|!~|!=|=)")
ADDED = {"job", "instance"}
"""Labels that the collector adds itself."""


def shown() -> dict[str, set[str]]:
    """Every name in `/metrics` with its labels, when there is something to tell of each."""
    figures = ProcessFigures()
    figures.statuses[200] += 1
    every = DeploymentFigures(
        backup_age=1.0,
        beat_ages={"web": 1.0, "worker": 1.0},
        send_minutes={("slack", "refused"): 1.0},
        outages={("data", "database"): 1.0},
    )
    text = figures.text(FiguresNow(ready=True, tick_age=1.0, all=every))
    return {name: set(LABEL.findall(labels)) for name, labels in SAMPLE.findall(text)}


def rules() -> list[dict[str, str]]:
    """The rules, each with its name, expression and texts."""
    [document] = read((FOLDER / "alerts.yml").read_text(encoding="utf-8"))
    found = []
    for group in many(document, "groups"):
        for rule in many(group, "rules"):
            told = {key: part(rule, "annotations", key) for key in ("summary", "steps")}
            flat = {"alert": rule["alert"], "expr": rule["expr"], "for": rule.get("for", "0m")} | told
            assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
            assert part(rule, "labels", "severity") in ("page", "ticket")
            found.append({key: text for key, text in flat.items() if isinstance(text, str)})
    return found


def dashboard() -> list[tuple[str, str, str]]:
    """Title, expression and legend of each line of each panel."""
    read_back = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    ids = [panel["id"] for panel in read_back["panels"]]
    assert len(ids) == len(set(ids))
    return [
        (panel["title"], target["expr"], target["legendFormat"])
        for panel in read_back["panels"]
        for target in panel["targets"]
    ]


EXPRESSIONS = [
    *((rule["alert"], rule["expr"]) for rule in rules()),
    *((title, expression) for title, expression, _ in dashboard()),
]


@pytest.mark.parametrize(("name", "expression"), EXPRESSIONS, ids=[name for name, _ in EXPRESSIONS])
def test_what_an_expression_names_stands_in_metrics(name: str, expression: str) -> None:
    known = shown()
    used = USED.findall(expression)
    assert used or "up{" in expression
    for metric, labels in used:
        assert metric in known
        assert 'job="trim-bot"' in labels
        assert set(LABEL.findall(labels)) <= known[metric] | ADDED
    for by in re.findall(r" by \(([^)]*)\)", expression):
        assert set(by.split(", ")) <= {label for metric, _ in used for label in known[metric]}
    for one, other in ("()", "{}", "[]"):
        assert expression.count(one) == expression.count(other)


def test_a_rule_says_what_it_is_and_where_its_steps_stand() -> None:
    for rule in rules():
        document, _, heading = rule["steps"].partition("#")
        text = (ROOT / document).read_text(encoding="utf-8")
        assert heading in anchors(text), rule["alert"]
        assert rule["summary"].endswith("."), rule["alert"]
        assert re.fullmatch(r"\d+[mhd]", rule["for"]), rule["alert"]
    assert len({rule["alert"] for rule in rules()}) == len(rules())


def test_every_figure_stands_on_the_dashboard() -> None:
    used = {metric for _, expression, _ in dashboard() for metric, _ in USED.findall(expression)}
    assert used == set(shown())


def test_a_legend_names_labels_that_are_there() -> None:
    known = shown()
    for title, expression, legend in dashboard():
        there = {label for metric, _ in USED.findall(expression) for label in known[metric]} | ADDED
        assert set(re.findall(r"{{(\w+)}}", legend)) <= there, title
