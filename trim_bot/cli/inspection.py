"""`doctor`: how each part of a deployment is; it changes nothing."""

from __future__ import annotations

import asyncio

import typer

from trim_bot.bootstrap.process_log import set_up_logging
from trim_bot.cli.faults import ExitCode, Json
from trim_bot.cli.printing import next_step, say, say_json
from trim_bot.diagnosis.examination import examine
from trim_bot.diagnosis.findings import Finding, Grade


def doctor(as_json: Json = False) -> None:
    """Say how settings, keys, stores, definitions, clocks and chat platforms are."""
    set_up_logging()
    findings = asyncio.run(examine())
    failed = [one for one in findings if one.grade is Grade.FAIL]
    if as_json:
        say_json([{"grade": one.grade.value, "name": one.name, "text": one.text} for one in findings])
    else:
        for one in findings:
            say(_line(one))
        warned = any(one.grade is Grade.WARN for one in findings)
        next_step(_after(failed=bool(failed), warned=warned))
    if failed:
        raise typer.Exit(ExitCode.FAULT)


def _line(finding: Finding) -> str:
    return f"{finding.grade.value:<4} {finding.name:<12} {finding.text}"


def _after(*, failed: bool, warned: bool) -> str:
    if failed:
        return "mend the lines that say fail, from the top, and run this again"
    return "look at the lines that say warn" if warned else "trim-bot serve"
