"""Looks at each part of a deployment in turn; what rests on a part that failed is not looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

from trim_bot.bootstrap.chats import open_chats
from trim_bot.bootstrap.clock_findings import HeardClocks
from trim_bot.bootstrap.definitions import NOTE, gathered
from trim_bot.bootstrap.deployment import Deployment, Opening, keyring_of, open_deployment
from trim_bot.bootstrap.findings import Finding, Grade, fail, ok, warn
from trim_bot.bootstrap.help_file import help_path
from trim_bot.bootstrap.key_findings import clock_finding, key_sweep_finding, record_finding
from trim_bot.bootstrap.readiness import WORDS, NotReady, reason_of
from trim_bot.bootstrap.site_findings import site_findings
from trim_bot.bootstrap.store_findings import store_findings
from trim_bot.bootstrap.store_words import store_of, trouble_words
from trim_bot.bootstrap.teams_findings import teams_finding
from trim_bot.bootstrap.throwaway import throwaway
from trim_bot.crypto.keyring_file import copies_beside
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.settings import Mode, Settings, SettingsErrors, load_settings

__all__ = ["Finding", "Grade", "examine"]

SKEW = timedelta(minutes=5)


async def examine() -> list[Finding]:
    """Everything there is to say of this environment."""
    try:
        settings = load_settings()
    except SettingsErrors as errors:
        return [fail("settings", str(fault)) for fault in errors.faults]
    findings = [*_settings(settings), _keys(settings)]
    if findings[-1].grade is Grade.FAIL:
        return findings
    try:
        return [*findings, *await _stores(settings, settings, Opening.LOOK)]
    except StoreUnavailable as error:
        said = trouble_words(error.trouble, store_of(error.database, settings))
        return [*findings, fail("database", said)]
    except SafeError as error:
        if reason_of(error) is not NotReady.NOTHING_KEPT:
            return [*findings, fail("database", WORDS[reason_of(error)])]
    nothing = warn("database", WORDS[NotReady.NOTHING_KEPT])
    with throwaway(settings) as empty:
        return [*findings, nothing, *(await _stores(empty, settings, Opening.FOUND))[1:]]


async def _stores(settings: Settings, asked: Settings, opening: Opening) -> list[Finding]:
    """What there is to say of the stores at these settings, and of all that rests on them."""
    deployment = await open_deployment(settings, opening=opening)
    try:
        return [finding async for finding in _opened(deployment, asked)]
    finally:
        deployment.close()


def _settings(settings: Settings) -> list[Finding]:
    found = [ok("settings", f"The environment is read; mode {settings.mode.value}.")]
    if not settings.public_url:
        found.append(warn("address", "PUBLIC_URL is not set, so links lead to this machine only."))
    if settings.mode is not Mode.PRODUCTION:
        found.append(warn("mode", "This is not a production deployment."))
    if not settings.metrics_token:
        found.append(ok("metrics", "METRICS_TOKEN is not set, so /metrics is closed."))
    return found


def _keys(settings: Settings) -> Finding:
    try:
        keyring = keyring_of(settings)
    except SafeError as error:
        return fail("keys", f"{error}. {WORDS[reason_of(error)]}")
    if copies := copies_beside(settings.trim_bot_keyring):
        return warn("keys", f"Copies of a keyring lie beside it: {', '.join(copies)}. Delete them.")
    return ok(
        "keys", f"The keyring {keyring.fingerprint} is read; it holds {len(keyring.keys)} master key(s)."
    )


async def _opened(deployment: Deployment, settings: Settings) -> AsyncIterator[Finding]:
    yield ok("database", "Data and key store answer, and the keyring belongs to them.")
    stores = await store_findings(deployment)
    for finding in stores:
        yield finding
    if any(finding.grade is Grade.FAIL for finding in stores):
        return
    unfinished = len(deployment.ledger.unfinished())
    if unfinished:
        yield warn(
            "ledger", f"{unfinished} erasure(s) have not been carried through. Run trim-bot retention run."
        )
    else:
        yield ok("ledger", "Every erasure that was begun has been carried through.")
    yield await record_finding(deployment)
    yield await key_sweep_finding(deployment)
    yield _anchor(deployment)
    yield await _definitions(deployment)
    for finding in await site_findings(deployment):
        yield finding
    yield _help_file(settings)
    for finding in await _clocks(deployment):
        yield finding
    from trim_bot.bootstrap.slack_findings import slack_findings

    clocks = HeardClocks(deployment.time)
    chats = open_chats(clocks)
    for finding in await slack_findings(deployment, chats):
        yield finding
    yield await teams_finding(deployment, chats)
    for finding in clocks.findings():
        yield finding
    if (doubted := await clock_finding(deployment)) is not None:
        yield doubted


def _anchor(deployment: Deployment) -> Finding:
    """Whether the head of the ledger is kept outside it; one that is ahead has been refused before."""
    place = deployment.settings.anchor_file
    kept = deployment.ledger.anchored()
    if kept is None:
        return warn(
            "anchor",
            f"The head of the ledger is not kept at {place}. Can that file be written? The desk tries at its start.",
        )
    if kept != deployment.ledger.head():
        return warn("anchor", f"The head kept at {place} is behind the ledger. Can that file be written?")
    return ok("anchor", f"The head of the ledger is kept at {place}, after {kept.erasures.n} line(s).")


async def _definitions(deployment: Deployment) -> Finding:
    try:
        library = gathered(await deployment.notes.under(NOTE))
    except SafeError as error:
        return fail("definitions", str(error).replace("\n", " "))
    if missing := library.unknown_questionnaires():
        return fail("definitions", f"{missing[0][0]} names {missing[0][1]}, which is not here.")
    programmes, asking = library.programmes.programmes, library.questionnaires.questionnaires
    return ok("definitions", f"{len(programmes)} programmes and {len(asking)} questionnaires.")


def _help_file(settings: Settings) -> Finding:
    if help_path(settings).exists():
        return ok("help", "The page of help numbers shows your own first.")
    return warn(
        "help", "The page of help numbers shows no numbers of your own. Run trim-bot site apply FILE."
    )


async def _clocks(deployment: Deployment) -> list[Finding]:
    if "Europe/London" not in available_timezones():
        return [fail("clocks", "The data of time zones is missing.")]
    if deployment.settings.manual_clock:
        return [warn("clocks", "Business time stands still until it is moved by hand.")]
    last = await _last_entry(deployment)
    if last is not None and last > datetime.now(UTC) + SKEW:
        return [fail("clocks", "The journal's last row lies in the future: a clock was set back.")]
    return [ok("clocks", "Time zones are known, and the clock is not behind the journal.")]


async def _last_entry(deployment: Deployment) -> datetime | None:
    store, times = deployment.store, []
    for organisation in await store.organisations():
        id = OrganisationId(organisation.id)
        head = await store.journal_head(id)
        times += [row.at for row in await store.journal_entries(id, head.seq - 1, 1)]
    return max(times, default=None)
