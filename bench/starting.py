"""Run in a process of its own by `bench.startup`: starts the desk and tells what that cost."""

from __future__ import annotations

import asyncio
import importlib
import json
import pkgutil
import resource
import sys
import time
from pathlib import Path

from bench.environment import settings_here


def resident_bytes() -> int:
    """Memory in use now. Where the system does not tell, the most that ever was."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return pages * resource.getpagesize()


def import_everything() -> None:
    """Every module of the product, and what only some deployments need."""
    for package in ("trim_bot", "integrations", "workflows", "assessments", "checked_toml"):
        held = importlib.import_module(package)
        for found in pkgutil.walk_packages(held.__path__, f"{package}."):
            if "migrations.versions" not in found.name and not found.name.endswith(
                ("__main__", "migrations.env")
            ):
                importlib.import_module(found.name)
    importlib.import_module("msal")


async def open_and_close(what: str) -> None:
    """Open the desk with the settings of one Slack workspace, of one Teams tenant, or of both."""
    from bench.slack_product import no_network
    from trim_bot.bootstrap.serving import Desktop
    from trim_bot.settings.environment import load_settings

    with no_network():
        desktop = Desktop(load_settings())
        assert await desktop.try_to_open(), desktop.reason
        assert desktop.running is not None
        assert (desktop.running.slack is not None) == (what != "teams")
        assert (desktop.running.teams is not None) == (what in ("teams", "both"))
        await desktop.running.stop()


def main(what: str) -> None:
    """Print CPU seconds, bytes of memory and the modules that were loaded."""
    settings_here(slack=what != "teams", teams=what in ("teams", "both"))
    if what == "everything":
        import_everything()
    asyncio.run(open_and_close(what))
    told = {"cpu": time.process_time(), "bytes": resident_bytes(), "modules": sorted(sys.modules)}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
