"""The file `/help-now` is served from, so that a site's own numbers need neither database nor key."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from integrations.web.ports import HelpPage
from trim_bot.domain.errors import SafeError
from trim_bot.domain.site import CrisisNumber, Site
from trim_bot.locale.crisis_numbers import shipped_numbers

FILE_NAME = "trim_bot_help.json"
_FORMAT = 1


class HelpFileNotWritten(SafeError):
    """The file could not be written."""

    text = (
        "The settings are in force, but the help numbers could not be written. "
        "Check HELP_FILE and the folder it goes into, and do this again"
    )


def write_help(path: Path, site: Site, *, instead_of: str = "") -> None:
    """Put the numbers of one site into the file, beside those of other organisations.

    `instead_of` is a slug it had before. Raises HelpFileNotWritten.
    """
    sites = {slug: one for slug, one in _held(path).items() if slug not in (instead_of, site.slug)}
    sites[site.slug] = {
        "answer_working_days": site.answer_working_days,
        "numbers": [_written(number) for number in (*site.numbers, *_of_places(site))],
    }
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        text = json.dumps({"format": _FORMAT, "sites": sites}, indent=1, ensure_ascii=False)
        draft.write_text(text + "\n", encoding="utf-8")
        os.replace(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise HelpFileNotWritten from None


@dataclass(slots=True)
class HelpNumbers:
    """What the page shows, read again when the file has changed; without it, every country."""

    path: Path
    _seen: int = -1
    _page: HelpPage | None = None

    def __call__(self) -> HelpPage:
        """The numbers of the sites, and those of every country."""
        stamp = _stamp(self.path)
        if self._page is None or stamp != self._seen:
            self._page, self._seen = _page(_held(self.path)), stamp
        return self._page


def _page(sites: Mapping[str, object]) -> HelpPage:
    numbers: dict[tuple[str, str], CrisisNumber] = {}
    days: list[int] = []
    for one in sites.values():
        if not isinstance(one, dict):
            continue
        for row in one.get("numbers", ()):
            number = _read(row)
            numbers.setdefault((number.label, number.number), number)
        if isinstance(told := one.get("answer_working_days"), int):
            days.append(told)
    return HelpPage(tuple(numbers.values()), shipped_numbers(), max(days) if days else None)


def _held(path: Path) -> dict[str, object]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        sites = told["sites"]
        _page(sites)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Help must be shown whatever happened to the file; doctor and site apply mend it.
        return {}
    return dict(sites)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _of_places(site: Site) -> list[CrisisNumber]:
    return [number for place in site.places for number in place.numbers]


def _written(number: CrisisNumber) -> dict[str, str]:
    told = {"label": number.label, "number": number.number, "place": number.place, "source": number.source}
    return told | ({"verified_on": number.verified_on.isoformat()} if number.verified_on else {})


def _read(row: Mapping[str, str]) -> CrisisNumber:
    day = date.fromisoformat(row["verified_on"]) if row.get("verified_on") else None
    return CrisisNumber(row["label"], row["number"], row["place"], row["source"], day)
