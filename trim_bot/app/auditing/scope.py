"""What an auditor's handlers are given: the rows of the journal, with no way to any record they are about."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from trim_bot.app.seam.ports import Journal
from trim_bot.app.seam.route import Allow, Rule, always, of_member
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.journal_search import FoundRows, JournalSearch
from trim_bot.domain.people import Role
from trim_bot.domain.policy import POLICY


class JournalReading:
    """The journal, to be read alone."""

    def __init__(self, journal: Journal) -> None:
        self.__journal = journal

    def found(self, wanted: JournalSearch, before: int | None) -> FoundRows:
        """A page of the rows that fit, newest first, with lower numbers than `before`."""
        return self.__journal.search(wanted, before, POLICY.rows_on_a_page)


@dataclass(frozen=True, slots=True)
class Auditing:
    """What one gesture of an auditor may use."""

    journal: JournalReading
    zone: ZoneInfo
    """The site's: days are its days, whoever looks."""


def auditing_of(unit: UnitOfWork) -> Auditing:
    """What an auditor may use of a unit of work. Raises NotOpen for somebody who is signed out."""
    work = of_member(unit)
    return Auditing(JournalReading(work.tx.journal), ZoneInfo(work.site.zone))


AUDITS = Allow(Rule(frozenset({Role.AUDITOR}), always), auditing_of)
