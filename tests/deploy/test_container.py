"""The image and the Compose file, read: what is copied is there, nothing else is sent, and every process is bound."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.deploy.containerfile import COPY, instructions, stages
from tests.deploy.yaml_reader import Node, NotPlain, read

COMPOSE = ROOT / "deploy" / "container" / "compose.yaml"
[COMPOSED] = read(COMPOSE.read_text(encoding="utf-8"))


def sent(path: str) -> bool:
    """Whether a file of the folder is sent to whoever builds: the last line of the ignore file that fits says."""
    said = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        parts = path.split("/")
        if not line or line.startswith("#"):
            continue
        anywhere = line.removeprefix("!").startswith("**/")
        if any(fnmatch(part, pattern) for part in (parts if anywhere else parts[:1])):
            said = line.startswith("!")
    return said


def part(node: Node, *way: str) -> Node:
    """What stands at the end of a way of keys."""
    for key in way:
        assert isinstance(node, dict), way
        node = node[key]
    return node


def services() -> dict[str, dict[str, Node]]:
    """The processes of the Compose file."""
    found = part(COMPOSED, "services")
    assert isinstance(found, dict)
    return {name: one for name, one in found.items() if isinstance(one, dict)}


def test_everything_that_is_copied_is_there_and_sent() -> None:
    for one in instructions():
        if one.word == "COPY" and not one.flags.get("from"):
            source = COPY.fullmatch(one.rest)
            assert source is not None and (ROOT / source[1]).exists(), one.rest
            assert sent(source[1]), one.rest


def test_nothing_else_is_sent() -> None:
    assert not any(
        sent(one)
        for one in (
            ".git/config",
            ".venv/x",
            "trim_bot.key",
            "trim_bot/x/desk.key",
            "trim_bot.db",
            "docs/x.md",
        )
    )
    assert not any(
        sent(one) for one in ("deploy/container/secrets/trim_bot.key", "trim_bot/__pycache__/x.pyc")
    )
    assert sent("trim_bot/cli/app.py")


def test_everything_that_is_installed_has_its_hash_or_is_the_wheel() -> None:
    installs = [one.rest for one in instructions() if one.word == "RUN" and "pip install" in one.rest]
    assert len(installs) == 3
    for line in installs:
        assert "--require-hashes" in line or ("--no-deps" in line and "--no-index" in line), line


def test_the_image_is_not_root_and_needs_no_shell() -> None:
    last = stages()[-1]
    assert [one.rest for one in last if one.word == "USER"] == ["10001:10001"]
    assert [one for one in last if one.word == "RUN"] == []
    for word in ("ENTRYPOINT", "CMD"):
        assert all(one.rest.startswith("[") for one in last if one.word == word)
    # A number has no home unless it is given one, and then the desk would not open.
    assert [one for one in last if one.word == "ENV" and "HOME=/var/lib/trim-bot" in one.rest]
    [health] = [one.rest for one in last if one.word == "HEALTHCHECK"]
    assert 'CMD ["/opt/trim-bot/bin/python"' in health and "/healthz" in health


@pytest.mark.parametrize("name", services())
def test_every_process_is_bound(name: str) -> None:
    one = services()[name]
    assert (one["read_only"], one["cap_drop"]) == ("true", ["ALL"])
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in one


def test_what_a_process_names_is_there() -> None:
    for name, one in services().items():
        for kind, top in (("networks", "networks"), ("secrets", "secrets")):
            named = one.get(kind, [])
            assert isinstance(named, list)
            there = part(COMPOSED, top)
            assert isinstance(there, dict) and set(map(str, named)) <= set(there), name
        volumes = one.get("volumes", [])
        assert isinstance(volumes, list)
        kept = part(COMPOSED, "volumes")
        assert isinstance(kept, dict) and {str(volume).partition(":")[0] for volume in volumes} <= set(
            kept
        ), name
        waits = one.get("depends_on") or {}
        assert isinstance(waits, dict) and set(waits) <= set(services()), name


def test_one_migrates_before_any_serves_and_the_database_reaches_nobody() -> None:
    for name in ("web", "worker"):
        assert (
            part(services()[name], "depends_on", "migrate", "condition") == "service_completed_successfully"
        )
    assert part(services()["migrate"], "depends_on", "database", "condition") == "service_healthy"
    assert part(COMPOSED, "networks", "database", "internal") == "true"
    assert services()["database"]["networks"] == ["database"]
    # What listens is reached by the proxy of this machine alone.
    assert [str(one["ports"]) for one in services().values() if "ports" in one] == ["['127.0.0.1:8000:8000']"]
    # Only what listens has the check of the image.
    checked = {name for name, one in services().items() if "healthcheck" not in one}
    assert checked == {"web"}


def test_the_rehearsal_has_a_sized_memory_that_is_never_swapped_out() -> None:
    drill = services()["drill"]
    assert drill["command"] == ["drill"] and "size=2g" in str(drill["tmpfs"])
    assert drill["mem_limit"] == drill["memswap_limit"]
    assert "secrets/owner.env" in str(drill["env_file"])


def test_nothing_secret_stands_in_the_files() -> None:
    for path in (COMPOSE, Path(ROOT / "deploy" / "container" / "Containerfile")):
        assert re.findall(r"postgresql://|xoxb-|password\s*[:=]\s*\S+", path.read_text(), re.IGNORECASE) == []


@pytest.mark.parametrize(
    "text", ["a: yes", "a: b: c", "a:\n\tb: c", "a: 'b'", "a: 1\na: 2", "a: |\n  b", "a: [b", "- a"]
)
def test_the_reader_refuses_what_could_mean_two_things(text: str) -> None:
    with pytest.raises((NotPlain, KeyError)):
        read(text)
