"""Looks at what each organisation settled: definitions, help numbers, thresholds, and somebody there to serve."""

from __future__ import annotations

import os
from datetime import date

from trim_bot.app.clock.clocks import real_now
from trim_bot.app.definitions import library_of
from trim_bot.app.people.welcome_hold import welcome_waits
from trim_bot.app.seam.ports import Tx
from trim_bot.app.site_file.long_lists import long_lists
from trim_bot.app.site_file.placeholders import missing_outside, old_days, placeholders, unknown_countries
from trim_bot.app.site_file.signatures import threshold_lines
from trim_bot.app.workspaces.help_in_force import settled_sites
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.readiness import words_of
from trim_bot.diagnosis.findings import Finding, fail, ok, warn
from trim_bot.domain.errors import RecordAltered, SafeError
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Grant, Role
from trim_bot.domain.site import RING_AGAIN, Organisation, Site
from trim_bot.locale.crisis_numbers import gathered_on
from trim_bot.locale.public_holidays import has_holidays, lacks_region
from trim_bot.settings.environment import Settings
from trim_bot.settings.store_addresses import help_file

NOBODY_WELCOMED = (
    "Nobody of {0} was written to yet: apply the site file, name people, "
    "then run trim-bot greet --organisation {0}."
)
NEEDED = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.LEAD, Role.DEPUTY, Role.PRACTITIONER)


async def site_findings(deployment: Deployment) -> list[Finding]:
    """The findings for every organisation."""
    organisations = await deployment.store.organisations()
    if not organisations:
        return [warn("site", "There is no organisation yet. Run trim-bot members grant administrator ACTOR.")]
    scored = (await library_of(deployment.notes)).scored()
    found: list[Finding] = []
    for organisation in organisations:
        id = OrganisationId(organisation.id)
        try:
            site = await deployment.store.read(id, lambda tx: tx.get(Site, "site"))
        except RecordAltered as error:
            found.append(fail("site", f"{organisation.slug}: {words_of(error)}"))
        else:
            found += _of_site(organisation, site, scored) if site is not None else [_unsettled(organisation)]
        roles = await deployment.store.read(id, _roles)
        missing = [role.value.replace("_", " ") for role in NEEDED if role not in roles]
        if missing:
            found.append(warn("roles", f"{organisation.slug} has no {', '.join(missing)} yet."))
        if await deployment.store.read(id, welcome_waits):
            found.append(warn("greeting", NOBODY_WELCOMED.format(organisation.slug)))
    return found


def _roles(tx: Tx) -> frozenset[Role]:
    return frozenset(grant.role for grant in tx.find(Grant))


def _unsettled(organisation: Organisation) -> Finding:
    return fail("site", f"{organisation.slug} has no settings. Run trim-bot site apply FILE.")


def _of_site(organisation: Organisation, site: Site, scored: dict[str, int]) -> list[Finding]:
    found = [ok("site", f"{organisation.slug} has its settings.")]
    unverified = sum(number.verified_on is None for number in site.numbers)
    if not site.numbers:
        found.append(fail("numbers", f"{site.slug} has no number to ring."))
    elif unverified:
        found.append(warn("numbers", f"{unverified} of {len(site.numbers)} help numbers are not verified."))
    else:
        found.append(ok("numbers", "Every help number has been verified by the site."))
    signed = {threshold.questionnaire for threshold in site.thresholds}
    if unknown := sorted(signed - scored.keys()):
        found.append(fail("thresholds", f"A threshold names {unknown[0]}, which is not here."))
    elif not signed:
        found.append(warn("thresholds", "No clinical lead has signed a threshold yet."))
    else:
        found.append(ok("thresholds", f"{len(signed)} in force."))
    if waiting := sum(line.waits for line in threshold_lines(site).values()):
        found.append(
            warn("thresholds", f"{waiting} waiting for a clinical lead, who signs on a page of their own.")
        )
    if not has_holidays(site.country, site.region):
        place = f"{site.country} {site.region}".strip()
        found.append(warn("holidays", f"No public holidays are known for {place}."))
    today = real_now().date()
    if unverified:
        found += [warn("numbers", one) for one in old_shipped(gathered_on(), today)]
    found += [fail("site", one) for one in unknown_countries(site)]
    found += [warn("outside", one) for one in missing_outside(site)]
    found += [warn("examples", one) for one in placeholders(site)]
    found += [warn("site", one) for one in long_lists(site)]
    found += [warn("numbers" if one.startswith("“") else "thresholds", one) for one in old_days(site, today)]
    found += [warn("holidays", doubt) for doubt in region_doubts(site, real_now().date().year)]
    return found


async def definition_finding(deployment: Deployment) -> Finding:
    """Whether every programme and questionnaire can be read and finds what it names."""
    try:
        library = await library_of(deployment.notes)
    except SafeError as error:
        return fail("definitions", str(error).replace("\n", " "))
    if missing := library.unknown_questionnaires():
        return fail("definitions", f"{missing[0][0]} names {missing[0][1]}, which is not here.")
    programmes, asking = library.programmes.programmes, library.questionnaires.questionnaires
    return ok("definitions", f"{len(programmes)} programmes and {len(asking)} questionnaires.")


async def help_finding(deployment: Deployment, settings: Settings) -> Finding:
    """Whether the page that needs no database shows the numbers that are in force."""
    file = help_file(settings)
    if not os.path.exists(file.there):
        return warn(
            "help",
            f"The page of help numbers shows no numbers of your own: there is no file {file.path}. "
            "Run trim-bot site apply FILE.",
        )
    try:
        sites = await settled_sites(deployment.store, deployment.founder)
    except RecordAltered as error:
        return fail("help", f"The numbers in {file.there} stay as they are. {words_of(error)}")
    if sites and (unlike := file.unlike(sites)):
        return fail(
            "help",
            f"The help numbers in {file.there} are not those in force, of {', '.join(unlike)}. "
            "The desk writes them anew at its start and within the hour; trim-bot site apply FILE does at once.",
        )
    if file.there != file.path:
        return warn(
            "help", f"The help numbers are still read from {file.there}. Start the desk again: it moves them."
        )
    return ok("help", f"The page of help numbers shows your own first, from {file.path}.")


def old_shipped(gathered: date, today: date) -> list[str]:
    """What to say where the numbers that come with the package were gone through too long ago."""
    if today - gathered <= RING_AGAIN:
        return []
    return [
        "The numbers that come with the desk are more than a year old: ring yours, and give each a “verified_on”."
    ]


def region_doubts(site: Site, year: int) -> list[str]:
    """What to say of each place whose country has public holidays by region, while none is named."""
    named = [("", site.country, site.region)]
    named += [(f" of the place {place.id}", place.country, place.region) for place in site.places]
    return [
        f"{country} has public holidays by region: give the region{of}, or some days off are missed."
        for of, country, region in named
        if lacks_region(country, region, year)
    ]
