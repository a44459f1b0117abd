"""Looks at each part of a deployment in turn; what rests on a part that failed is not looked at."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

from trim_bot.app.watch.not_ready import NotReady
from trim_bot.app.watch.not_ready_words import trouble_words
from trim_bot.bootstrap.chats import open_chats
from trim_bot.bootstrap.deployment import Deployment, keyring_of, open_deployment
from trim_bot.bootstrap.readiness import reason_of, store_of, words_of
from trim_bot.bootstrap.store_opening import OpeningMode
from trim_bot.crypto.keyring import copies_beside
from trim_bot.diagnosis.alerts import standing_findings
from trim_bot.diagnosis.chats import slack_findings, teams_finding
from trim_bot.diagnosis.clocks import HeardClocks, clock_findings, doubt_finding
from trim_bot.diagnosis.drill_age import drill_findings
from trim_bot.diagnosis.findings import Finding, Grade, fail, ok, warn
from trim_bot.diagnosis.processes import process_findings
from trim_bot.diagnosis.sites import definition_finding, help_finding, site_findings
from trim_bot.diagnosis.staff_lists import list_findings
from trim_bot.diagnosis.store_places import place_findings
from trim_bot.diagnosis.stores import (
    anchor_finding,
    erasure_finding,
    journal_findings,
    key_sweep_finding,
    login_findings,
    record_finding,
    store_findings,
)
from trim_bot.domain.errors import RecordAltered, SafeError, StoreUnavailable
from trim_bot.settings.checks import SettingsErrors, host_of, is_example
from trim_bot.settings.environment import Mode, Settings, load_settings
from trim_bot.settings.store_addresses import throwaway
from trim_bot.settings.unknown_variables import unknown_here


async def examine() -> list[Finding]:
    """Everything there is to say of this environment."""
    try:
        settings = load_settings()
    except SettingsErrors as errors:
        return [*(fail("settings", str(fault)) for fault in errors.faults), *_unknown()]
    findings = [*_settings(settings), *_unknown(), _keys(settings)]
    if findings[-1].grade is Grade.FAIL:
        return findings
    try:
        return [*findings, *await _stores(settings, settings, OpeningMode.LOOK)]
    except StoreUnavailable as error:
        said = trouble_words(error.trouble, store_of(error.database, settings))
        return [*findings, fail("database", said)]
    except SafeError as error:
        said = words_of(error)
        if reason_of(error) is not NotReady.NOTHING_KEPT:
            return [*findings, fail("database", said)]
    nothing = warn("database", said)
    with throwaway(settings) as empty:
        beside = await _stores(empty, settings, OpeningMode.FOUND)
    return [*findings, nothing, *(one for one in beside if one.name not in _OF_STORES)]


_OF_STORES = frozenset(
    {"database", "stores", "logins", "ledger", "records", "unused-keys", "anchor", "places", "journal"}
)
"""What is not said where there is no store: the empty ones in its place are of no deployment."""


async def _stores(settings: Settings, asked: Settings, opening: OpeningMode) -> list[Finding]:
    """What there is to say of the stores at these settings, and of all that rests on them."""
    deployment = await open_deployment(settings, opening=opening)
    found: list[Finding] = []
    try:
        async for finding in _opened(deployment, asked):
            found.append(finding)
    except RecordAltered as error:
        # What was found before it is told all the same.
        found.append(fail("records", words_of(error)))
    finally:
        deployment.close()
    return found


def _settings(settings: Settings) -> list[Finding]:
    found = [ok("settings", f"The environment is read; mode {settings.mode.value}.")]
    if not settings.public_url:
        found.append(warn("address", "PUBLIC_URL is not set, so links lead to this machine only."))
    elif is_example(host_of(settings.public_url)) and settings.mode is Mode.PRODUCTION:
        found.append(
            warn("address", "PUBLIC_URL is the example of the guides. Set it to the address people use.")
        )
    if settings.mode is not Mode.PRODUCTION:
        found.append(warn("mode", "This is not a production deployment."))
    if settings.mode is Mode.PRODUCTION:
        found += [warn("settings", said) for said in _of_the_folder(settings)]
    if not settings.metrics_token:
        found.append(ok("metrics", "METRICS_TOKEN is not set, so /metrics is closed."))
    return found


def _of_the_folder(settings: Settings) -> list[str]:
    """What is found by the folder a command runs in; one that runs elsewhere finds nothing, or begins another."""
    found = []
    if settings.keyring_file is not None and not settings.keyring_file.is_absolute():
        found.append(
            f"TRIM_BOT_KEYRING names its file by part of a path, here {settings.keyring_file.absolute()}. "
            "Write the whole path."
        )
    elif not settings.anchor_file.is_absolute():
        found.append(
            f"ANCHOR_URL is not set, so the anchor is looked for in the folder of each command, here "
            f"{settings.anchor_file.absolute()}. Set it to file: and a whole path."
        )
    return found


def _unknown() -> list[Finding]:
    return [warn("settings", str(one)) for one in unknown_here(os.environ)]


def _keys(settings: Settings) -> Finding:
    try:
        keyring = keyring_of(settings)
    except SafeError as error:
        return fail("keys", f"{error}. {words_of(error)}")
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
    for finding in await asyncio.to_thread(login_findings, deployment):
        yield finding
    yield erasure_finding(deployment)
    yield await record_finding(deployment)
    yield await key_sweep_finding(deployment)
    yield anchor_finding(deployment)
    for finding in place_findings(settings):
        yield finding
    for finding in [*await drill_findings(deployment), *await journal_findings(deployment)]:
        yield finding
    yield await definition_finding(deployment)
    for finding in await site_findings(deployment):
        yield finding
    yield await help_finding(deployment, settings)
    standing = [*await process_findings(deployment), *await standing_findings(deployment, settings)]
    for finding in [*await list_findings(deployment), *standing]:
        yield finding
    for finding in await clock_findings(deployment):
        yield finding
    clocks = HeardClocks(deployment.time)
    chats = open_chats(clocks)
    for finding in await slack_findings(deployment, chats):
        yield finding
    yield await teams_finding(deployment, chats)
    for finding in clocks.findings():
        yield finding
    if (doubted := await doubt_finding(deployment)) is not None:
        yield doubted
