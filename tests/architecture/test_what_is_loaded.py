"""What a start loads: libraries of Teams and of the work account only where they are set up."""

from __future__ import annotations

import json
import subprocess
import sys

LOAD = "import json, sys, trim_bot.bootstrap.serving, trim_bot.bootstrap.running; print(json.dumps(list(sys.modules)))"
WHERE_TEAMS_IS = ("msal", "integrations.web.work_account")


def test_a_start_without_teams_loads_nothing_of_the_work_account() -> None:
    loaded = json.loads(subprocess.run([sys.executable, "-c", LOAD], capture_output=True, check=True).stdout)
    assert [name for name in WHERE_TEAMS_IS if name in loaded] == []
