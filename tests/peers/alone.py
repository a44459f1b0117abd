"""Gives a run a network of its own with nothing but the loopback, so that no client in it can reach anybody."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

MARK = "TRIM_BOT_PEERS_ALONE"
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x1 | 0x40
WAYS = (("unshare", "--net"), ("unshare", "--user", "--map-root-user", "--net"))
"""As root, and as anybody else where the system lets them."""


def is_alone() -> bool:
    """Whether this process runs in a network of its own."""
    return MARK in os.environ


def be_alone(module: str, arguments: list[str]) -> None:
    """Begin again as `python -m module` in a network of its own; goes on as it is where that is not allowed."""
    if is_alone():
        _raise_loopback()
        return
    way = next((way for way in WAYS if _allowed(way)), None)
    if way is None:
        print(
            "No network of its own is to be had: while Agents Playground runs, it listens at every address."
        )
        return
    os.environ[MARK] = "yes"
    sys.stdout.flush()
    os.execvp(way[0], [*way, sys.executable, "-m", module, *arguments])  # noqa: S606


def _allowed(way: tuple[str, ...]) -> bool:
    if shutil.which(way[0]) is None:
        return False
    return subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0


def _raise_loopback() -> None:
    with socket.socket() as any_socket:
        asked = struct.pack("16sh14x", b"lo", _UP_AND_RUNNING)
        fcntl.ioctl(any_socket, _SET_FLAGS, asked)
