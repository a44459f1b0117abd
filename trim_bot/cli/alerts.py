"""`alerts test`: writes to the administrator by each way, and says what became of it."""

from __future__ import annotations

import asyncio

import typer

from trim_bot.app.watch.alert_words import trial_text
from trim_bot.app.watch.alerting import Way
from trim_bot.bootstrap.alerts import make_alerting
from trim_bot.bootstrap.process_log import described
from trim_bot.cli.faults import ExitCode, Json
from trim_bot.cli.printing import next_step, say, say_json
from trim_bot.domain.errors import SafeError, TryLater
from trim_bot.settings.checks import host_of
from trim_bot.settings.environment import load_settings

alerts = typer.Typer(help="Being told when something is wrong.", no_args_is_help=True)


@alerts.callback()
def _alerts() -> None:
    """Being told when something is wrong."""


@alerts.command(name="test")
def try_ways(as_json: Json = False) -> None:
    """Write to the administrator by each way in ALERT_URLS, and say what became of it."""
    settings = load_settings()
    ways = make_alerting(settings).ways.values()
    met = asyncio.run(_try_all(list(ways), host_of(settings.public_url)))
    if as_json:
        say_json([{"way": way, "sent": not fault, "text": fault or "Sent."} for way, fault in met])
    else:
        for way, fault in met:
            say(f"{'fail' if fault else 'ok':<4} {way}: {fault or 'sent'}")
        if not met:
            say("ALERT_URLS is not set, so nobody is written to.")
            next_step("set ALERT_URLS to an https: or smtp: address, and run this again")
        else:
            next_step("see that it arrived")
    if not met or any(fault for _, fault in met):
        raise typer.Exit(ExitCode.FAULT)


async def _try_all(ways: list[Way], desk: str) -> list[tuple[str, str]]:
    return list(
        zip((way.name for way in ways), await asyncio.gather(*(_try(one, desk) for one in ways)), strict=True)
    )


async def _try(way: Way, desk: str) -> str:
    """What stood in its way, as a sentence; nothing where it was taken."""
    try:
        await way.send(trial_text(desk))
    except TryLater as later:
        return f"It could not be reached ({later.trouble.value}). Look at its address, the network and the proxy."
    except SafeError as error:
        return f"{error}. Look at its address in ALERT_URLS."
    except Exception as error:  # noqa: BLE001 (the other ways are tried all the same; its text may hold the address)
        return f"It failed inside: {described(error)}."
    return ""
