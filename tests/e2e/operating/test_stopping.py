"""A desk that is told to stop ends in order, and says by its exit code that all went well."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from tests.e2e.operating.conftest import Place
from tests.e2e.served import free_port
from tests.e2e.workplace import LONGEST_SECONDS

OPEN = "trim_bot open"


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_desk_told_to_stop_ends_with_nought(place: Place, told: signal.Signals) -> None:
    opened = threading.Event()
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "trim_bot", "serve", "--port", str(free_port())],
        env=os.environ | {"PYTHONUNBUFFERED": "1", "TRIM_BOT_CLOCK": "real"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        errors = process.stderr

        def read() -> None:
            for line in errors:
                said.append(line)
                if OPEN in line:
                    opened.set()
            opened.set()

        reading = threading.Thread(target=read)
        reading.start()
        assert opened.wait(LONGEST_SECONDS)
        process.send_signal(told)
        assert process.wait(LONGEST_SECONDS) == 0, said
        reading.join()
    assert not any("Traceback" in line for line in said)
    place.run("migrate")
