"""`drill`: whether a backup of now can be restored, tried while the desk runs."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from trim_bot.app.clock.clocks import real_now
from trim_bot.bootstrap.deployment import Deployment, keyring_of
from trim_bot.cli.database import shortest_erase_days
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.faults import CommandRefused, ExitCode, Json
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.cli.tables import say_rows
from trim_bot.diagnosis.drill import Drill
from trim_bot.diagnosis.drill_report import DrillReport, StepDone
from trim_bot.settings.environment import load_settings
from trim_bot.storage.drill_note import note_drill


def drill(
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Keep the backup there when all went well.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take a backup, bring it back beside, compare and read all of it, and destroy every copy. The desk goes on."""
    settings = load_settings()
    keyring = keyring_of(settings)
    days = with_deployment(_days, settings)
    with _ended_in_order():
        report = Drill(settings, keyring, real_now).run(erase_days=days, keep=keep)
    if report.failed is None:
        with_deployment(lambda deployment: note_drill(deployment.notes, real_now()), settings)
    if as_json:
        say_json(_told(report))
    else:
        _say(report)
    if report.failed is not None:
        raise typer.Exit(ExitCode.FAULT)


async def _days(deployment: Deployment) -> int:
    if not await deployment.store.organisations():
        raise CommandRefused("There is no organisation yet, so there is nothing to rehearse")
    return await shortest_erase_days(deployment)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Have a process that is told to stop destroy its copies first."""

    if threading.current_thread() is not threading.main_thread():
        # No signal is heard here.
        yield
        return

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(report: DrillReport) -> None:
    say_rows([(_mark(one), one.step.value, f"{one.seconds:.1f} s", one.said) for one in report.steps])
    if report.kinds:
        say("\nRecords by kind, read and shown to nobody")
        say_rows([(name, _opened(one.opened, one.shut)) for name, one in sorted(report.kinds.items())])
    say(f"\nThe copies were made in {report.folder}.")
    if report.next is not None:
        if report.kept is not None:
            say(f"The backup in {report.kept} is whole, and stays.")
        next_step(report.next)
        return
    size = f"{_size(report.backup_bytes)} as a backup, {_size(report.restored_bytes)} brought back"
    say(f"A backup of now can be restored: {counted(report.rows, 'row')}, {size}.")
    if report.kept is not None:
        next_step(f"move the two files in {report.kept} to different places, as after trim-bot backup")
    else:
        next_step("nothing; run it again within 100 days")


def _opened(opened: int, shut: int) -> str:
    return f"{opened} ok" + (f", {shut} do not open" if shut else "")


def _mark(done: StepDone) -> str:
    return "fail" if done.failed else "ok"


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


def _told(report: DrillReport) -> dict[str, object]:
    failed = report.failed
    return {
        "good": failed is None,
        "failed": failed.step.value if failed is not None else None,
        "next": report.next,
        "folder": report.folder,
        "left": report.left,
        "steps": [
            {
                "step": one.step.value,
                "good": not one.failed,
                "seconds": round(one.seconds, 3),
                "said": one.said,
            }
            for one in report.steps
        ],
        "restored_into": "sqlite",
        "rows": report.rows,
        "tables": report.tables,
        "organisations": report.organisations,
        "erased_again": report.erased_again,
        "ledger": {"erasures": report.erasure_lines, "takings_back": report.takings_back},
        "kinds": {name: {"ok": one.opened, "shut": one.shut} for name, one in sorted(report.kinds.items())},
        "backup_bytes": report.backup_bytes,
        "restored_bytes": report.restored_bytes,
        "kept": str(report.kept) if report.kept is not None else None,
    }
