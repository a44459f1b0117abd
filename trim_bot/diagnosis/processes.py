"""Looks at who is at work: by the last beat of every process, and by what each of them finds out of order."""

from __future__ import annotations

from datetime import timedelta

from trim_bot.app.watch.alert_words import lasted
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.readiness import outage_words
from trim_bot.diagnosis.findings import Finding, fail, ok, warn
from trim_bot.domain.process_beats import GONE_AFTER, Beat, ProcessRole, Pulse
from trim_bot.storage.beats import Beats

PROCESSES, WORKER = "processes", "worker"
START = "Start trim-bot worker: until then nothing that is due happens."


async def process_findings(deployment: Deployment) -> list[Finding]:
    """Who is at work, whether somebody does what is due, and what they find out of order."""
    pulse = await Beats(deployment.store).pulse()
    return [*_at_work(pulse), *_outages(pulse)]


def _at_work(pulse: Pulse) -> list[Finding]:
    last = pulse.newest(lambda role: True)
    if last is None:
        return [warn(PROCESSES, "Nothing has served here yet. Start trim-bot serve.")]
    alive = pulse.alive(lambda role: True)
    if not alive:
        return [warn(PROCESSES, f"Nothing serves now; {_heard(pulse, last)}. Start trim-bot serve.")]
    found = [ok(PROCESSES, f"{len(alive)} at work; {_heard(pulse, alive[0])}.")]
    if len(versions := sorted({beat.version for beat in alive})) > 1:
        found.append(warn(PROCESSES, f"Several versions are at work: {', '.join(versions)}. Start all anew."))
    if not any(beat.role.answers for beat in alive):
        found.append(warn(PROCESSES, "A worker is there, but nothing answers people. Start trim-bot serve."))
    return [*found, _worker(pulse, alive)]


def _worker(pulse: Pulse, alive: list[Beat]) -> Finding:
    working = pulse.alive(lambda role: role.works)
    if working:
        said = "one process" if working[0].role is ProcessRole.BOTH else "a worker"
        return ok(WORKER, f"What is due is done by {said}; {_heard(pulse, working[0])}.")
    last = pulse.newest(lambda role: role.works)
    since = pulse.age(last) if last is not None else pulse.at - min(beat.started_at for beat in alive)
    known = _heard(pulse, last) if last is not None else "none has ever run here"
    if timedelta() <= since <= GONE_AFTER:
        return warn(WORKER, f"No worker is running now; {known}. {START}")
    return fail(WORKER, f"No worker is running; {known}. {START}")


def _heard(pulse: Pulse, beat: Beat) -> str:
    """When a process was heard of last, and how it ended."""
    age = pulse.age(beat)
    if age < timedelta():
        ago = "by a clock that was ahead" if not pulse.is_alive(beat) else "just now"
    else:
        ago = f"{_span(age)} ago"
    if pulse.is_alive(beat):
        return f"the last beat was {ago}"
    how = "it was stopped in order" if beat.ended else "it ended without a word"
    return f"the last one was heard of {ago}, and {how}"


def _outages(pulse: Pulse) -> list[Finding]:
    """What the processes at work find out of order, each once, however many have found it."""
    return [
        fail("outage", f"{outage_words(one)} So since {one.began_at:%Y-%m-%d %H:%M} UTC.")
        for one in pulse.outages()
    ]


def _span(span: timedelta) -> str:
    """A span as it is told elsewhere too; of a beat, seconds count."""
    seconds = max(0, round(span.total_seconds()))
    return lasted(span) if seconds >= 120 else f"{seconds} seconds"
