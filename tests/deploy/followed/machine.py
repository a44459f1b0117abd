"""A machine to follow a guide on: a throw-away copy of this one, with a systemd, a network and mounts of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

LONGEST_SECONDS = 300
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
BOOT = r"""
set -e
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir -p "$1/up" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/up,workdir=$1/work" "$1/root"
cd "$1/root"
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t sysfs sysfs sys
mount -t tmpfs tmpfs sys/fs/cgroup
mkdir -p sys/fs/cgroup/unified sys/fs/cgroup/systemd
mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
mkdir -p run/systemd etc/systemd/system/a-machine.target.wants
# What would reach past this machine into the kernel that all share.
for unit in systemd-sysctl systemd-binfmt systemd-modules-load systemd-udevd systemd-udev-trigger systemd-timesyncd; do
    ln -sfn /dev/null "etc/systemd/system/$unit.service"
done
rm -rf etc/trim-bot opt/trim-bot var/lib/trim-bot* var/backups/trim-bot usr/local/lib/trim-bot
cat > etc/systemd/system/a-machine.target <<UNIT
[Unit]
Requires=dbus.socket
After=dbus.socket
UNIT
# Its root is a root: units that have users of their own are refused in what only looks like one.
mkdir -p .outside
pivot_root . .outside
cd /
umount -l /.outside
exec env -i container=other PATH="$PATH" /lib/systemd/systemd --system --unit=a-machine.target --log-target=journal
"""


def why_not() -> str:
    """What is missing for such a machine here; empty where nothing is."""
    if os.geteuid():
        return "only root can make a machine of its own"
    missing = [one for one in ("unshare", "nsenter", "ip", "dbus-daemon") if shutil.which(one) is None]
    if not Path("/lib/systemd/systemd").exists():
        missing.append("systemd")
    if missing:
        return f"not installed: {', '.join(missing)}"
    recent = "import sys, venv; sys.exit(sys.version_info < (3, 11))"
    done = subprocess.run(["python3", "-c", recent], env={"PATH": PATH}, capture_output=True, check=False)
    return "the system has no Python 3.11 with venv" if done.returncode else ""


@dataclass
class Machine:
    """It runs until it is left; what was done on it is gone then."""

    folder: Path
    _boot: subprocess.Popen[bytes] | None = None
    _first: int = 0

    def __enter__(self) -> Machine:
        log = self.folder.parent / "boot.log"
        with log.open("wb") as said:
            self._boot = self._started(said)
        until = time.monotonic() + 60
        while not self._is_up():
            assert self._boot.poll() is None, log.read_text()
            assert time.monotonic() < until, f"the machine did not start: {log.read_text()}"
            time.sleep(0.2)
        return self

    def _started(self, said: BinaryIO) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                # It ends with whoever follows the guide, also when that is killed.
                *("setpriv", "--pdeathsig", "KILL"),
                *(
                    "unshare",
                    "--mount",
                    "--pid",
                    "--net",
                    "--cgroup",
                    "--uts",
                    "--ipc",
                    "--fork",
                    "--kill-child",
                ),
                *("bash", "-c", BOOT, "boot", str(self.folder)),
            ],
            env={"PATH": PATH},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._boot is not None:
            if self._first:
                os.kill(self._first, signal.SIGKILL)
            self._boot.kill()
            self._boot.wait()

    def _is_up(self) -> bool:
        assert self._boot is not None
        children = Path(f"/proc/{self._boot.pid}/task/{self._boot.pid}/children").read_text().split()
        if not children or "systemd" not in Path(f"/proc/{children[0]}/comm").read_text():
            return False
        self._first = int(children[0])
        return self.run("systemctl is-active --quiet dbus.socket", check=False).returncode == 0

    def run(
        self, commands: str, *, network: bool = False, check: bool = True, folder: str = "/"
    ) -> subprocess.CompletedProcess[str]:
        """Run commands as root, ending with the first that fails. With `network` from this machine's, for packages."""
        network_of = [] if network else ["--net"]
        done = subprocess.run(
            [
                *("nsenter", "--target", str(self._first), "--mount", "--pid", "--uts", "--ipc", *network_of),
                *("/bin/bash", "-c", f"cd {folder}\nset -eu\n{commands}"),
            ],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        if check:
            assert done.returncode == 0, f"{commands}\n-> {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def file(self, path: str) -> Path:
        """A file of the machine, seen from outside."""
        return Path(f"/proc/{self._first}/root{path}")


def _environment() -> dict[str, str]:
    """A root's own, with what tells pip where packages are."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    return {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **kept}


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """A machine that has started."""
    place = folder / "machine"
    place.mkdir()
    with Machine(place) as one:
        yield one
