"""The guide for the wheel, typed as it stands: the wheel, a folder, and an account that may write nowhere else."""

from __future__ import annotations

from tests.architecture.tree import ROOT
from tests.deploy.followed.machine import Machine
from tests.deploy.followed.settling import SOURCE, clone, follow, must_be_open
from tests.deploy.guides import commands
from tests.deploy.steps import step

GUIDE = "wheel"
HERE = "/srv/desk"
SHIPPED = len(list((ROOT / "workflows" / "definitions").glob("*.toml")))
AS_ANYBODY = (
    "setpriv --reuid=61234 --regid=61234 --clear-groups --no-new-privs env HOME=/nonexistent bash -eu -c"
)


def test_the_wheel_alone(linux: Machine) -> None:
    clone(linux)
    linux.run("mkdir -p /srv/parts")
    follow(linux, GUIDE, "1. Where the clone is", network=True)
    # What the guide says to take to the machine, and nothing else.
    linux.run(f"cp {SOURCE}/dist/*.whl {SOURCE}/requirements/runtime.txt /srv/parts; rm -r {SOURCE}")
    with step(f"{GUIDE}.md", "2. Where the desk is to run"):
        said = linux.run(
            commands(GUIDE, "2. Where the desk is to run"), network=True, folder="/srv/parts"
        ).stdout
    assert "trim-bot 0" in said
    linux.run(f"rm -r /srv/parts; install -d -m 700 -o 61234 -g 61234 {HERE}")
    typed = commands(GUIDE, "3. A desk, from any folder")
    served = typed.replace(
        "trim-bot serve\n", "trim-bot serve > served.log 2>&1 & echo $! > pid; wait $! || echo $? > ended\n"
    )
    assert served != typed
    exported = "\n".join(line for line in typed.splitlines() if line.startswith("export"))
    linux.run(f"cat > {HERE}/variables <<'TYPED'\ncd {HERE}\n{exported}\nTYPED")
    linux.run(f"cat > {HERE}/typed.sh <<'TYPED'\nset -eu\ncd {HERE}\n{served}TYPED")
    with step(f"{GUIDE}.md", "3. A desk, from any folder"):
        linux.run(f"nohup {AS_ANYBODY} '. {HERE}/typed.sh' > /srv/typed.log 2>&1 &\nsleep 1")
        must_be_open(linux)
    assert "<h1>" in linux.run("curl -s --fail http://127.0.0.1:8000/help-now").stdout
    # A page, its style and the words of a definition come out of the wheel.
    assert linux.run("curl -s --fail http://127.0.0.1:8000/static/desk.css").stdout.strip()
    doctor = linux.run(f"{AS_ANYBODY} '. {HERE}/variables; /opt/trim-bot/bin/trim-bot doctor'", check=False)
    assert f"{SHIPPED} programmes" in doctor.stdout
    # Nothing was written but in its own folder, and it could not have been.
    assert (
        linux.run("find /opt/trim-bot -user 61234 -o -newer /srv/desk/trim_bot.key -print | head -3").stdout
        == ""
    )
    assert linux.run(f"{AS_ANYBODY} 'touch /opt/trim-bot/x'", check=False).returncode != 0
    linux.run(f"kill -TERM $(cat {HERE}/pid); sleep 3; test ! -e {HERE}/ended")
