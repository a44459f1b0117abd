"""The file `/help-now` is served from, so that a site's own numbers need neither database nor key."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from integrations.web.ports import HelpPage
from trim_bot.domain.errors import SafeError
from trim_bot.domain.site import CrisisNumber, Site
from trim_bot.locale.crisis_numbers import shipped_numbers

FILE_NAME = "trim_bot_help.json"
_FORMAT = 1


class HelpFileNotWritten(SafeError):
    """The file could not be written, and is as it was."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Nothing was changed: the help numbers cannot be written into {folder}. "
            "Let this account write there, or set HELP_FILE to a file where it may"
        )


@dataclass(frozen=True, slots=True)
class HelpFile:
    """The file, and where an earlier version kept it: that one counts until there is one at its place."""

    path: Path
    former: Path | None = None

    @property
    def there(self) -> Path:
        """The file that counts now; it may not be there either."""
        # These never raise, also where a folder may not be looked into.
        if self.former is not None and not os.path.exists(self.path) and os.path.exists(self.former):
            return self.former
        return self.path

    def put(self, site: Site, *, instead_of: str = "") -> Callable[[], None]:
        """Put the numbers of one site into the file, beside those of other organisations; gives what undoes it.

        `instead_of` is a slug it had before. Raises HelpFileNotWritten.
        """
        try:
            before = self.path.read_bytes() if os.path.isfile(self.path) else None
        except OSError:
            raise HelpFileNotWritten(self.path.absolute().parent) from None
        sites = {slug: one for slug, one in _held(self.there).items() if slug not in (instead_of, site.slug)}
        self._write(sites | {site.slug: _entry(site)})
        return partial(self._put_back, before)

    def put_all(self, sites: Sequence[Site]) -> bool:
        """Make the file hold the numbers of these sites alone; whether it did not. The earlier one goes.

        Raises HelpFileNotWritten.
        """
        wanted = {site.slug: _entry(site) for site in sites}
        held = _held(self.there)
        changed = wanted != _held(self.path)
        if changed:
            # In the order in which they stood before, which is the order on the page.
            self._write({slug: wanted[slug] for slug in (*held, *wanted) if slug in wanted})
        if self.former is not None and self.former != self.path:
            with suppress(OSError):
                self.former.unlink(missing_ok=True)
        return changed

    def unlike(self, sites: Sequence[Site]) -> list[str]:
        """Slugs whose numbers in the file that counts are others than these, or that it alone knows."""
        held, wanted = _held(self.there), {site.slug: _entry(site) for site in sites}
        return sorted(slug for slug in {*held, *wanted} if held.get(slug) != wanted.get(slug))

    def _write(self, sites: Mapping[str, object]) -> None:
        text = json.dumps({"format": _FORMAT, "sites": sites}, indent=1, ensure_ascii=False)
        self._replace(f"{text}\n".encode())

    def _replace(self, content: bytes) -> None:
        draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(6)}")
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self.path)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise HelpFileNotWritten(self.path.absolute().parent) from None

    def _put_back(self, before: bytes | None) -> None:
        # Where this fails the desk writes what is in force at its next start, and doctor says so until then.
        with suppress(HelpFileNotWritten, OSError):
            if before is None:
                self.path.unlink(missing_ok=True)
            else:
                self._replace(before)


@dataclass(slots=True)
class HelpNumbers:
    """What the page shows, read again when the file has changed; without it, every country."""

    file: HelpFile
    _seen: tuple[Path, tuple[int, ...]] | None = None
    _page: HelpPage | None = None

    def __call__(self) -> HelpPage:
        """The numbers of the sites, and those of every country."""
        there = self.file.there
        stamp = (there, _stamp(there))
        if self._page is None or stamp != self._seen:
            self._page, self._seen = _page(_held(there)), stamp
        return self._page


def _page(sites: Mapping[str, object]) -> HelpPage:
    numbers: dict[tuple[str, str], CrisisNumber] = {}
    days: list[int] = []
    main: dict[str, None] = {}
    places: dict[str, None] = {}
    for one in sites.values():
        if not isinstance(one, dict):
            continue
        # A file of an earlier version names no country beside its numbers.
        named = one.get("countries") or [row["place"] for row in one.get("numbers", ())][:1]
        main.update(dict.fromkeys(str(code) for code in named[:1]))
        places.update(dict.fromkeys(str(code) for code in named))
        for row in one.get("numbers", ()):
            number = _read(row)
            numbers.setdefault((number.label, number.number), number)
        if isinstance(told := one.get("answer_working_days"), int):
            days.append(told)
    home = next(iter(main)) if len(main) == 1 else ""
    found = tuple(dict.fromkeys((*main, *places)))
    return HelpPage(tuple(numbers.values()), shipped_numbers(), max(days) if days else None, found, home)


def _held(path: Path) -> dict[str, object]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        sites = told["sites"]
        _page(sites)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Help must be shown whatever happened to the file; doctor and site apply mend it.
        return {}
    return dict(sites)


def _stamp(path: Path) -> tuple[int, ...]:
    """What tells one file at this path from another: two that are put there within one tick have the same time."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ino, found.st_size


def _entry(site: Site) -> dict[str, object]:
    numbers = (*site.numbers, *_of_places(site))
    places = (place.country for place in site.places)
    named = (site.country, *places, *(number.place for number in numbers))
    return {
        "answer_working_days": site.answer_working_days,
        "countries": list(dict.fromkeys(filter(None, named))),
        "numbers": [_written(number) for number in numbers],
    }


def _of_places(site: Site) -> list[CrisisNumber]:
    return [number for place in site.places for number in place.numbers]


def _written(number: CrisisNumber) -> dict[str, str]:
    told = {"label": number.label, "number": number.number, "place": number.place, "source": number.source}
    return told | ({"verified_on": number.verified_on.isoformat()} if number.verified_on else {})


def _read(row: Mapping[str, str]) -> CrisisNumber:
    day = date.fromisoformat(row["verified_on"]) if row.get("verified_on") else None
    return CrisisNumber(row["label"], row["number"], row["place"], row["source"], day)
