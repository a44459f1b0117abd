"""The units for systemd: what they run is there, what they may do is little, and systemd itself finds nothing wrong."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from tests.architecture.tree import ROOT
from trim_bot.cli.app import build
from trim_bot.settings.environment import Settings

FOLDER = ROOT / "deploy" / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
TIMERS = sorted(FOLDER.glob("*.timer"))
MOST_EXPOSED = 1.5
"""Of the 10 that `systemd-analyze security` gives a unit that may do everything."""
BEGINS = "# What it may not do."
PROGRAM = "/opt/trim-bot/bin/trim-bot "


def name(path: Path) -> str:
    """The name of the file alone."""
    return path.name


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    """What systemd says of units; skipped aloud where there is none."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("THE UNITS ARE NOT LOOKED AT BY SYSTEMD: systemd-analyze is not installed")
    return subprocess.run([program, *words], capture_output=True, text=True, check=False, timeout=60)


def hardening(text: str) -> str:
    """What a unit may not do."""
    return text[text.index(BEGINS) :].partition("\n\n")[0].strip()


@pytest.fixture
def as_if_installed(tmp_path: Path) -> Path:
    """The units with programs that are there, so that only what is wrong with the units themselves is told."""
    for path in (*SERVICES, *TIMERS):
        text = re.sub(
            r"/(?:opt/trim-bot/bin|usr/local/lib/trim-bot)/(?:trim-bot|python|copy_help)",
            "/bin/true",
            path.read_text(),
        )
        (tmp_path / path.name).write_text(text)
    return tmp_path


def test_systemd_finds_nothing_wrong(as_if_installed: Path) -> None:
    units = [str(path) for path in sorted(as_if_installed.iterdir())]
    done = analyze("verify", "--man=no", *units)
    assert (done.returncode, done.stderr) == (0, "")
    broken = as_if_installed / "trim-bot-web.service"
    broken.write_text(broken.read_text().replace("UMask=0077", "UMaks=0077"))
    assert "UMaks" in analyze("verify", "--man=no", str(broken)).stderr


@pytest.mark.parametrize("unit", SERVICES, ids=name)
def test_a_unit_is_exposed_to_little(unit: Path) -> None:
    done = analyze(
        "security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", "--no-pager", str(unit)
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_all_units_are_held_alike() -> None:
    assert len({hardening(path.read_text()) for path in SERVICES}) == 1
    assert all("\nUser=trim-bot\n" in path.read_text() for path in SERVICES)


@pytest.mark.parametrize("unit", SERVICES, ids=name)
def test_what_a_unit_runs_is_there(unit: Path) -> None:
    whole = get_command(build())
    known = getattr(whole, "commands", {})
    for line in re.sub(r"\\\n\s*", "", unit.read_text()).splitlines():
        if line.startswith("ExecStart=") and PROGRAM in f"{line} ":
            words = line.partition(PROGRAM)[2].split() if line.startswith(f"ExecStart={PROGRAM}") else []
            assert not words or words[0] in known
            options = (
                {one for parameter in known[words[0]].params for one in parameter.opts} if words else set()
            )
            assert {word for word in words if word.startswith("--")} <= options
    assert (
        f"After={'network-online' if 'help-copy' not in unit.name else 'trim-bot-web.service'}"
        in unit.read_text()
    )


@pytest.mark.parametrize("timer", TIMERS, ids=name)
def test_a_timer_has_its_unit(timer: Path) -> None:
    assert timer.with_suffix(".service") in SERVICES


def variables(path: Path) -> set[str]:
    """Each variable that an example sets, or names as a choice."""
    return set(re.findall(r"^#?([A-Z_]+)=", path.read_text(), re.MULTILINE))


@pytest.mark.parametrize("example", ["systemd/environment.example", "container/desk.env.example"])
def test_an_example_names_variables_that_are_read_and_no_secret(example: str) -> None:
    path = ROOT / "deploy" / example
    assert variables(path) - {field.upper() for field in Settings.model_fields} == set()
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", path.read_text(), re.MULTILINE))
    assert [one for one in given if "SECRET" in one or "TOKEN" in one or "PASSWORD" in one] == []


@pytest.mark.parametrize("example", ["systemd/environment.example", "container/desk.env.example"])
def test_an_example_names_each_variable_once(example: str) -> None:
    named = re.findall(r"^#?([A-Z_]+)=", (ROOT / "deploy" / example).read_text(), re.MULTILINE)
    assert sorted(set(named)) == sorted(named)


def test_only_the_desk_itself_is_handed_the_secrets() -> None:
    handed = "EnvironmentFile=/etc/trim-bot/environment"
    for unit in SERVICES:
        text = unit.read_text()
        # The script of the backups hands them on to the desk.
        assert (handed in text) is (PROGRAM.strip() in text), unit.name


def test_copies_of_the_rehearsal_stay_out_of_swap() -> None:
    assert "\nMemorySwapMax=0\n" in (FOLDER / "trim-bot-drill.service").read_text()


def test_what_stops_a_unit_for_good() -> None:
    web, worker = ((FOLDER / f"trim-bot-{one}.service").read_text() for one in ("web", "worker"))
    assert "\nRestartPreventExitStatus=2 3\n" in web
    # A worker ends with 3 while its database is away: it has to come again.
    assert "\nRestartPreventExitStatus=2\n" in worker and "\nStartLimitIntervalSec=0\n" in worker
