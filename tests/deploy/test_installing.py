"""`make install` over a running installation: that stays as it is until all that takes its place is at hand."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

PYTHON = """\
#!/bin/sh
echo "$*" >> {said}
case "$*" in *" {fails} "*) exit 1 ;; *"-m venv --clear "*) rm -rf "{prefix}"; mkdir -p "{prefix}/bin"
printf '#!/bin/sh\\necho new\\n' > "{prefix}/bin/trim-bot"; cp "$0" "{prefix}/bin/python"
chmod 755 "{prefix}/bin/trim-bot" ;; esac
"""


def install(folder: Path, fails: str) -> tuple[int, list[str], str]:
    """Install over an old one, where a word of a command fails: how it ends, what was called, what runs then."""
    prefix, build, log = folder / "prefix", folder / "build", folder / "said"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "pyvenv.cfg").touch()
    (build / "venv" / "bin").mkdir(parents=True)
    for program, text in (
        (prefix / "bin" / "trim-bot", "#!/bin/sh\necho old\n"),
        (build / "venv" / "bin" / "python", PYTHON.format(said=log, fails=fails, prefix=prefix)),
    ):
        program.write_text(text)
        program.chmod(0o755)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    stamp = "printf .installed-; cat requirements/build.txt | cksum | tr ' ' '-'"
    named = subprocess.run(["/bin/sh", "-c", stamp], cwd=folder, capture_output=True, text=True, check=True)
    (build / named.stdout.strip()).touch()
    python = build / "venv" / "bin" / "python"
    done = subprocess.run(
        ["make", "install", f"PREFIX={prefix}", f"BUILD={build}", f"PYTHON={python}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    runs = subprocess.run([str(prefix / "bin" / "trim-bot")], capture_output=True, text=True, check=True)
    return done.returncode, log.read_text().splitlines(), runs.stdout.strip()


@pytest.mark.parametrize("fails", ["requirements/runtime.txt", "hatchling"])
def test_an_index_out_of_reach_leaves_the_old_one_running(tmp_path: Path, fails: str) -> None:
    code, called, runs = install(tmp_path, fails)
    assert (code, runs) == (2, "old")
    assert not any("venv --clear" in one for one in called)


def test_all_is_at_hand_before_the_folder_is_emptied_and_nothing_is_fetched_after(tmp_path: Path) -> None:
    code, called, runs = install(tmp_path, "nothing")
    assert (code, runs) == (0, "new")
    emptied = next(n for n, one in enumerate(called) if "venv --clear" in one)
    fetched = next(one for one in called[:emptied] if "requirements/runtime.txt" in one)
    assert "--require-hashes" in fetched and any("hatchling build" in one for one in called[:emptied])
    assert all("--no-index" in one for one in called[emptied:] if " install " in one)
