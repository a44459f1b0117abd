"""What a clinical lead's handlers are given: the settings and the definitions, with no way to any case or person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from trim_bot.app.people.settled_site import settled_site
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.route import Allow, Rule, always, of_member
from trim_bot.app.seam.work import Definitions, UnitOfWork, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Role
from trim_bot.domain.site import Site


class Signatures:
    """The settings as they are kept, and the one way to put a signature into them."""

    def __init__(self, tx: Tx) -> None:
        self.__tx = tx

    def site(self) -> Site:
        """The whole of them. Raises NotSettled."""
        return settled_site(self.__tx)

    def keep(self, site: Site) -> None:
        """Keep the settings with a signature put in or taken out; nothing else of them may differ."""
        self.__tx.save(site)


@dataclass(frozen=True, slots=True)
class Signing:
    """What one gesture of signing may use."""

    signatures: Signatures
    definitions: Definitions
    name: str
    """Of whoever signs, as the desk knows them."""
    today: date
    """The day it is at the site."""


def signing_of(unit: UnitOfWork) -> Signing:
    """What signing may use of a unit of work. Raises NotOpen for somebody who is signed out."""
    work = of_member(unit)
    today = work.now.astimezone(ZoneInfo(work.site.zone)).date()
    return Signing(Signatures(work.tx), work.definitions, work.who.member.name, today)


class NamesQuestionnaire(Protocol):
    """A command about one questionnaire."""

    @property
    def questionnaire(self) -> str: ...


def known_questionnaire(work: Work, asked: NamesQuestionnaire) -> None:
    """It is one of those that the desk has."""
    if asked.questionnaire not in work.definitions.questionnaires:
        raise NotOpen("questionnaire")
    work.about(work.who.member)


SIGNS = Allow(Rule(frozenset({Role.CLINICAL_LEAD}), always), signing_of)
