"""`site check|apply`: the settings of an organisation, from a file its people keep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from trim_bot.app.clock.clocks import real_now
from trim_bot.app.definitions import DefinitionLibrary, library_of, shipped
from trim_bot.app.site_file.long_lists import long_lists
from trim_bot.app.site_file.placeholders import (
    all_numbers,
    listed_placeholders,
    missing_outside,
    old_days,
    placeholders,
)
from trim_bot.app.site_file.reading import SiteFile, SiteFileErrors, read_site
from trim_bot.app.workspaces.founding import organisation_for
from trim_bot.app.workspaces.site_in_force import Applied
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.for_commands import apply_site
from trim_bot.cli.deployment import with_deployment, workspace_of
from trim_bot.cli.faults import ExitCode, Json, Organisation
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.cli.saved_text import text_at
from trim_bot.diagnosis.sites import region_doubts
from trim_bot.domain.key_use import KeyUse
from trim_bot.domain.site import Organisation as Employer
from trim_bot.domain.site import Site
from trim_bot.locale.phone_numbers import number_links
from trim_bot.locale.public_holidays import has_holidays
from trim_bot.storage.errors import WorkspaceTaken

site = typer.Typer(no_args_is_help=True, help="Check and apply the settings of an organisation.")
File = Annotated[Path, typer.Argument(metavar="FILE", help="A site file, such as docs/site-example.toml.")]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a site file says, with every fault and every doubt."""

    file: SiteFile | None
    faults: tuple[str, ...]
    doubts: tuple[str, ...] = ()


@site.command()
def check(file: File, as_json: Json = False) -> None:
    """Say everything that is wrong with a site file. Changes nothing, and needs no key."""
    checked = read(file, shipped())
    if checked.file is not None:
        checked = replace(checked, doubts=(*checked.doubts, *_unlisted(file, checked.file)))
    if as_json:
        say_json({"good": checked.file is not None, "faults": checked.faults, "doubts": checked.doubts})
    else:
        _say_faults(checked)
        if checked.file is not None:
            say(f"{file} is good.")
            next_step(f"trim-bot site apply {file}")
    if checked.file is None:
        raise typer.Exit(ExitCode.FAULT)


@site.command()
def apply(
    file: File,
    organisation: Organisation = None,
    workspace: Annotated[
        list[str] | None,
        typer.Option(
            "--workspace", help="A workspace that is this organisation's: slack:TEAM, teams:TENANT."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Put a site file into force."""
    wanted = [workspace_of(text) for text in workspace or ()]

    async def act(deployment: Deployment) -> tuple[Checked, Applied | None]:
        checked = read(file, await library_of(deployment.notes))
        if checked.file is None:
            return checked, None
        employer = await _employer(deployment, checked.file.draft, organisation)
        for place in wanted:
            home = await deployment.store.organisation_at(place)
            if home is not None and (employer is None or home.id != employer.id):
                raise WorkspaceTaken
        try:
            applied = await apply_site(deployment, employer, checked.file)
        except SiteFileErrors as errors:
            return replace(checked, file=None, faults=tuple(str(error) for error in errors.errors)), None
        for place in wanted:
            await deployment.founder.found(applied.slug, place)
        return checked, applied

    checked, applied = with_deployment(act, use=KeyUse.NAMES)
    if applied is None:
        if as_json:
            say_json({"applied": False, "faults": checked.faults})
        else:
            _say_faults(checked)
            say("Nothing was changed.")
        raise typer.Exit(ExitCode.FAULT)
    if as_json:
        say_json({"applied": True, "doubts": checked.doubts, **_told(applied)})
        return
    _say_faults(checked)
    _say_applied(applied)


def read(path: Path, library: DefinitionLibrary) -> Checked:
    """Read and check a file whole. Raises Misuse when there is none."""
    text = text_at(path)
    try:
        file = read_site(text, str(path), today=_latest_day(), questionnaires=library.scored(), floors=None)
    except SiteFileErrors as errors:
        return Checked(None, tuple(str(error) for error in errors.errors))
    listed = tuple(f"{path}: {doubt}" for doubt in listed_placeholders(file))
    return Checked(file, (), (*_doubts(path, file.draft), *listed))


def _latest_day() -> date:
    """The day that it is where it is latest: nobody is told that their today is in the future."""
    return (real_now() + timedelta(hours=14)).date()


def _unlisted(path: Path, file: SiteFile) -> tuple[str, ...]:
    """Reporting lines whose people only the desk can know: without it nobody can say whether they are there."""
    listed = {person.address for person in file.staff}
    many = sum(not {pair.person, pair.manager} <= listed for pair in file.reporting_lines)
    if not many:
        return ()
    lines = counted(many, "reporting line")
    return (
        f"{path}: {lines} with people who are not under [[staff]]: site apply refuses those it does not know.",
    )


def _doubts(path: Path, draft: Site) -> tuple[str, ...]:
    doubts = []
    if not has_holidays(draft.country, draft.region):
        doubts.append(
            f"{path}: No public holidays are known for {draft.country} {draft.region}".rstrip() + "."
        )
    doubts += [f"{path}: {doubt}" for doubt in region_doubts(draft, real_now().date().year)]
    if draft.asked_thresholds:
        doubts.append(f"{path}: Thresholds count once your clinical lead signs them on their own page.")
    else:
        doubts.append(f"{path}: No threshold is asked for, so no total suggests anything.")
    if any(one.floor == 0 for one in draft.asked_thresholds or ()):
        doubts.append(f"{path}: A floor of 0 is taken only where it is in force already.")
    numbers = all_numbers(draft)
    doubts += [f"{path}: {one.label} has not been verified." for one in numbers if not one.verified_on]
    doubts += [
        f"{path}: No phone can dial {one.label} as its number is written."
        for one in numbers
        if not number_links(f"{one.label}: {one.number}")
    ]
    today = real_now().date()
    doubts += [
        f"{path}: {doubt}"
        for doubt in (
            *placeholders(draft),
            *missing_outside(draft),
            *old_days(draft, today),
            *long_lists(draft),
        )
    ]
    return tuple(doubts)


async def _employer(deployment: Deployment, draft: Site, slug: str | None) -> Employer | None:
    """The organisation the file is for: named, of the same slug, or the only one; None when there is none."""
    store = deployment.store
    if slug is None:
        same = await store.organisation_called(draft.slug)
        if same is not None or not await store.organisations():
            return same
    return await organisation_for(store, None, slug)


def _say_faults(checked: Checked) -> None:
    for fault in checked.faults:
        say(fault)
    for doubt in checked.doubts:
        say(f"Note: {doubt}")


def _say_applied(applied: Applied) -> None:
    say(f"The settings of {applied.slug} are in force.")
    if applied.renamed_from:
        say(f"It was called {applied.renamed_from}. People signed in to the browser need a new link.")
    say(
        f"{counted(applied.staff_added, 'person', 'people')} listed, "
        f"{counted(applied.lines_added, 'reporting line')} added, {applied.lines_removed} removed."
    )
    if applied.numbers_are_ours:
        say("The file names no numbers, so the shipped ones are shown as not yet verified.")
    next_step("trim-bot doctor")


def _told(applied: Applied) -> dict[str, object]:
    return {
        "organisation": applied.slug,
        "renamed_from": applied.renamed_from or None,
        "shipped_numbers": applied.numbers_are_ours,
        "lines_added": applied.lines_added,
        "lines_removed": applied.lines_removed,
        "staff_added": applied.staff_added,
    }
