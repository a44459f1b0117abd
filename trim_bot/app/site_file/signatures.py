"""Keeps what a file asks for apart from what a clinical lead signed: the words of a file sign nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from trim_bot.domain.site import AskedThreshold, SignedQuestionnaire, SignedThreshold, Site


def put_into_force(draft: Site, held: Site | None, *, files_sign: bool = False) -> Site:
    """The settings that a draft makes of those `held`: what was signed stays, whatever the draft says of it.

    `files_sign`: everybody is made up, and whoever a file names has signed.
    """
    if files_sign:
        signed = tuple(replace(one, signed_here=True) for one in draft.thresholds)
    else:
        signed = held.thresholds if held is not None else ()
    return replace(draft, thresholds=signed, questionnaires=held.questionnaires if held is not None else ())


def floors_of(site: Site) -> Mapping[str, int]:
    """The floor asked for of each questionnaire; where nothing was asked yet, those in force."""
    asked = site.thresholds if site.asked_thresholds is None else site.asked_thresholds
    return {one.questionnaire: one.floor for one in asked}


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """How the threshold of one questionnaire stands."""

    questionnaire: str
    in_force: SignedThreshold | None = None
    asked: AskedThreshold | None = None
    """What is asked for, where that is something else; None where it is to go, or nothing is asked."""
    to_go: bool = False
    """Whether the settings ask for none any more."""

    @property
    def waits(self) -> bool:
        """Whether a clinical lead has something to sign."""
        unsigned = self.in_force is not None and not self.in_force.signed_here
        return unsigned or self.to_go or self.asked is not None


def threshold_lines(site: Site) -> dict[str, ThresholdLine]:
    """Every questionnaire with a threshold in force or asked for, by its key."""
    return {one.questionnaire: one for one in _lines(site)}


def _lines(site: Site) -> Iterator[ThresholdLine]:
    signed = {one.questionnaire: one for one in site.thresholds}
    asked = {one.questionnaire: one for one in site.asked_thresholds or ()}
    for key in sorted(signed.keys() | asked.keys()):
        held, wanted = signed.get(key), asked.get(key)
        same = (
            held is not None and wanted is not None and (held.floor, held.step) == (wanted.floor, wanted.step)
        )
        gone = site.asked_thresholds is not None and wanted is None
        yield ThresholdLine(key, held, None if same else wanted, to_go=gone)


def unsigned_in_force(site: Site) -> tuple[str, ...]:
    """Questionnaires whose threshold is in force by the word of a file, from before files stopped signing."""
    return tuple(one.questionnaire for one in site.thresholds if not one.signed_here)


def sign_threshold(site: Site, asked: AskedThreshold, name: str, day: date) -> Site:
    """The settings with this threshold signed by somebody on a day, and asked for."""
    signed = SignedThreshold(asked.questionnaire, asked.floor, asked.step, name, day, signed_here=True)
    others = (one for one in site.thresholds if one.questionnaire != asked.questionnaire)
    return replace(
        site, thresholds=(*others, signed), asked_thresholds=(*_asked_but(site, asked.questionnaire), asked)
    )


def end_threshold(site: Site, questionnaire: str) -> Site:
    """The settings with no threshold for this questionnaire, in force or asked for."""
    left = tuple(one for one in site.thresholds if one.questionnaire != questionnaire)
    return replace(site, thresholds=left, asked_thresholds=_asked_but(site, questionnaire))


def _asked_but(site: Site, questionnaire: str) -> tuple[AskedThreshold, ...]:
    """What is asked for, but for one questionnaire. Where nothing was asked yet, that is what is in force."""
    asked = site.asked_thresholds
    if asked is None:
        asked = tuple(AskedThreshold(one.questionnaire, one.floor, one.step) for one in site.thresholds)
    return tuple(one for one in asked if one.questionnaire != questionnaire)


def sign_questionnaire(site: Site, key: str, name: str, day: date) -> Site:
    """The settings with a questionnaire signed by somebody on a day: new talks may begin by it."""
    others = (one for one in site.questionnaires if one.key != key)
    return replace(site, questionnaires=(*others, SignedQuestionnaire(key, name, day)))


def end_questionnaire(site: Site, key: str) -> Site:
    """The settings with the signature under a questionnaire taken back: running talks go on by it, new ones do not."""
    return replace(site, questionnaires=tuple(one for one in site.questionnaires if one.key != key))
