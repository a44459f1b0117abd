"""What stands in the page for Kubernetes parses, fits together, and is bound."""

from __future__ import annotations

import pytest

from tests.deploy.guides import GUIDES, blocks
from tests.deploy.yaml_reader import Node, read

PAGE = GUIDES / "kubernetes.md"
DOCUMENTS = [one for block in blocks(PAGE) if block.language == "yaml" for one in read(block.text)]
PODS = [one for one in DOCUMENTS if one["kind"] in ("Job", "Deployment")]


def part(node: Node, *way: str) -> Node:
    """What stands at the end of a way of keys."""
    for key in way:
        assert isinstance(node, dict), way
        node = node[key]
    return node


def many(node: Node, *way: str) -> list[dict[str, Node]]:
    """The maps of the list at the end of a way."""
    found = part(node, *way)
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, dict)]


def kind(document: dict[str, Node]) -> str:
    """What a document is, and how it is called."""
    return f"{document['kind']} {part(document, 'metadata', 'name')}"


def test_every_kind_is_there() -> None:
    assert [kind(one) for one in DOCUMENTS] == [
        "Job migrate", "Deployment web", "Service web", "PodDisruptionBudget web", "NetworkPolicy trim-bot",
    ]  # fmt: skip
    assert all(one["apiVersion"] and part(one, "metadata", "namespace") == "trim-bot" for one in DOCUMENTS)


@pytest.mark.parametrize("document", PODS, ids=kind)
def test_every_pod_is_bound(document: dict[str, Node]) -> None:
    pod = part(document, "spec", "template", "spec")
    assert part(pod, "securityContext", "runAsNonRoot") == part(
        pod, "automountServiceAccountToken"
    ) == "true" or (part(pod, "automountServiceAccountToken") == "false")
    assert part(pod, "securityContext", "runAsUser") == "10001"
    there = {str(one["name"]) for one in many(pod, "volumes")}
    for container in (*many(pod, "containers"), *many(pod, "initContainers")):
        held = container["securityContext"]
        assert part(held, "allowPrivilegeEscalation") == "false"
        assert part(held, "readOnlyRootFilesystem") == "true"
        assert part(held, "capabilities", "drop") == ["ALL"]
        assert {str(one["name"]) for one in many(container, "volumeMounts")} <= there


def test_it_is_routed_by_the_health_of_the_process() -> None:
    [web] = many(
        next(one for one in PODS if one["kind"] == "Deployment"), "spec", "template", "spec", "containers"
    )
    for probe in ("readinessProbe", "livenessProbe"):
        assert part(web, probe, "httpGet", "path") == "/healthz"
    assert many(web, "ports")[0]["name"] == part(web, "readinessProbe", "httpGet", "port")


def test_what_selects_finds_the_pods() -> None:
    web = next(one for one in DOCUMENTS if one["kind"] == "Deployment")
    labels = part(web, "spec", "template", "metadata", "labels")
    assert labels == part(web, "spec", "selector", "matchLabels")
    service = next(one for one in DOCUMENTS if one["kind"] == "Service")
    budget = next(one for one in DOCUMENTS if one["kind"] == "PodDisruptionBudget")
    assert labels == part(service, "spec", "selector") == part(budget, "spec", "selector", "matchLabels")
    assert many(service, "spec", "ports")[0]["targetPort"] == "http"


def test_each_secret_is_made_before() -> None:
    made = "\n".join(block.text for block in blocks(PAGE) if block.heading == "1. The secrets")
    for document in PODS:
        pod = part(document, "spec", "template", "spec")
        named = {
            str(part(one, "secretRef", "name"))
            for box in many(pod, "containers")
            for one in many(box, "envFrom")
        }
        named |= {str(part(one, "secret", "secretName")) for one in many(pod, "volumes") if "secret" in one}
        assert all(one in made for one in named)
