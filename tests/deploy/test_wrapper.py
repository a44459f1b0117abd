"""The wrapper for commands beside systemd: the login that each needs, and variables handed on without being shown."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

WRAPPER = ROOT / "deploy" / "systemd" / "trim-bot"
STAND_IN = """\
#!/bin/sh
printf '%s\\n' "$@"
for word in "$@"; do
    file=${word#--property=EnvironmentFile=}
    case $file in */run/*) printf 'HANDED %s\\n' "$(cat "$file")" ;; esac
done
exit 7
"""


@pytest.fixture
def called(tmp_path: Path) -> Path:
    """A folder with stand-ins for `id` and `systemd-run`, and with a `/run` of its own."""
    (tmp_path / "run").mkdir()
    makes = f'#!/bin/sh\nexec /usr/bin/mktemp "{tmp_path}$1"\n'
    for name, text in (("id", "#!/bin/sh\necho 0\n"), ("systemd-run", STAND_IN), ("mktemp", makes)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def said(called: Path, words: str, **given: str) -> list[str]:
    """What systemd is asked for a command. Nothing of what was handed on is left."""
    path = f"{called}:/usr/bin:/bin"
    done = subprocess.run(
        ["/bin/sh", str(WRAPPER), *shlex.split(words)],
        env={"PATH": path, **given},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (7, "")
    assert list((called / "run").iterdir()) == []
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "login"),
    [
        ("migrate", "owner"),
        ("organisations remove acme", "owner"),
        ("retention run --dry-run", "owner"),
        ("organisations list", "worker"),
        ("members grant lead web:retention@example.org", "worker"),
        ("doctor", "worker"),
    ],
)
def test_each_command_has_the_login_that_it_needs(called: Path, words: str, login: str) -> None:
    asked = said(called, words)
    assert f"--property=EnvironmentFile=-/etc/trim-bot/{login}" in asked
    assert asked[asked.index("/opt/trim-bot/bin/trim-bot") + 1 :][: len(words.split())] == words.split()


def test_a_variable_that_a_word_names_is_handed_on_in_a_file(called: Path) -> None:
    url = 'postgresql://o:a"b$c`d\\e@db/ledger'
    asked = said(called, "ledger move env:NEW_LEDGER_URL", NEW_LEDGER_URL=url, OTHER="kept back")
    assert [one for one in asked if one.startswith("HANDED")] == [
        r'HANDED NEW_LEDGER_URL="postgresql://o:a\"b\$c\`d\\e@db/ledger"'
    ]
    assert not any(url in one or "kept back" in one for one in asked)


@pytest.mark.parametrize("word", ["env:", "env:NOT_SET", "env:A;B", "env:9", "environment"])
def test_nothing_else_is_handed_on(called: Path, word: str) -> None:
    assert "HANDED " in said(called, f"ledger copy '{word}'", environment="no", A="no")
