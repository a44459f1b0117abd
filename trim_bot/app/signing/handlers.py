"""Shows a clinical lead what is signed, and puts their signature where they give it."""

from __future__ import annotations

from assessments.questionnaire import Questionnaire
from trim_bot.app.seam import mending
from trim_bot.app.seam.links import OpenSigning
from trim_bot.app.seam.paging import part_by_id
from trim_bot.app.seam.seen_before import seen_of
from trim_bot.app.seam.sentences import as_given
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next
from trim_bot.app.signing import screens
from trim_bot.app.signing.commands import (
    EndQuestionnaire,
    EndThreshold,
    OpenQuestionnaire,
    OpenThreshold,
    SignQuestionnaire,
    SignThreshold,
)
from trim_bot.app.signing.scope import Signing
from trim_bot.app.site_file.signatures import (
    ThresholdLine,
    end_questionnaire,
    end_threshold,
    sign_questionnaire,
    sign_threshold,
    threshold_lines,
    unsigned_in_force,
)
from trim_bot.app.words.talk_names import talk_name
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.site import AskedThreshold

LARGEST_STEP = 999
DIGITS = 6


def open_signing(signing: Signing, command: OpenSigning) -> Screen:
    """Every questionnaire with something signed or to sign: what waits first, then by name."""
    site = signing.signatures.site()
    lines, signed = threshold_lines(site), {one.key: one for one in site.questionnaires}
    rows = [
        screens.SignedRow(
            one.key,
            _title(signing, one),
            one.scored,
            lines.get(one.key, ThresholdLine(one.key)),
            signed.get(one.key),
            brought=one.key in signing.definitions.brought,
        )
        for one in signing.definitions.questionnaires.values()
        if one.scored or one.key in signing.definitions.brought
    ]
    rows.sort(key=lambda row: (not row.waits, row.title.casefold(), row.key))
    part = part_by_id(rows, lambda row: row.key, command.after)
    return screens.signing_page(part, len(unsigned_in_force(site)))


def open_threshold(signing: Signing, command: OpenThreshold) -> Screen:
    """The form for one threshold, filled with what is asked for, or else with what is in force."""
    questionnaire = _scored(signing, command.questionnaire)
    line = _line(signing, command.questionnaire)
    return screens.threshold_form(
        _title(signing, questionnaire), line, questionnaire.highest_total(), seen_of(line), signing.name
    )


def sign(signing: Signing, command: SignThreshold) -> Next:
    """Put it into force. Raises Invalid for figures out of range, and where it stands otherwise than was seen."""
    questionnaire = _scored(signing, command.questionnaire)
    line = _line(signing, command.questionnaire)
    floor = _whole("floor", command.floor, questionnaire.highest_total())
    step = _whole("rise", command.rise, LARGEST_STEP)
    if command.seen != seen_of(line):
        raise Invalid(floor=mending.kept_elsewhere(screens.figures_of(line)))
    asked = AskedThreshold(command.questionnaire, floor, step)
    signatures = signing.signatures
    signatures.keep(sign_threshold(signatures.site(), asked, _name(signing), signing.today))
    return OpenSigning()


def end(signing: Signing, command: EndThreshold) -> Next:
    """Take a threshold out of force."""
    signing.signatures.keep(end_threshold(signing.signatures.site(), command.questionnaire))
    return OpenSigning()


def open_questionnaire(signing: Signing, command: OpenQuestionnaire) -> Screen:
    """What a questionnaire asks, and what each answer is worth."""
    found = signing.definitions.questionnaires.get(command.questionnaire)
    if found is None:
        raise NotOpen("questionnaire")
    signed = next((one for one in signing.signatures.site().questionnaires if one.key == found.key), None)
    part = part_by_id(tuple(found.items()), lambda item: item.id, command.after)
    return screens.questionnaire_page(found, part, signed, brought=found.key in signing.definitions.brought)


def sign_asking(signing: Signing, command: SignQuestionnaire) -> Next:
    """Let new talks begin by it. Raises NotOpen for what came with the desk, or is not here."""
    key = _brought(signing, command.questionnaire)
    signatures = signing.signatures
    signatures.keep(sign_questionnaire(signatures.site(), key, _name(signing), signing.today))
    return OpenSigning()


def end_asking(signing: Signing, command: EndQuestionnaire) -> Next:
    """Running talks go on by it, new ones do not."""
    key = _brought(signing, command.questionnaire)
    signing.signatures.keep(end_questionnaire(signing.signatures.site(), key))
    return OpenSigning()


def _line(signing: Signing, key: str) -> ThresholdLine:
    return threshold_lines(signing.signatures.site()).get(key, ThresholdLine(key))


def _scored(signing: Signing, key: str) -> Questionnaire:
    found = signing.definitions.questionnaires.get(key)
    if found is None or not found.scored:
        raise NotOpen("questionnaire")
    return found


def _brought(signing: Signing, key: str) -> str:
    if key not in signing.definitions.brought:
        raise NotOpen("questionnaire")
    return key


def _title(signing: Signing, questionnaire: Questionnaire) -> str:
    """What it is called: by the site, where the site brought it in."""
    title = questionnaire.title
    return as_given(title) if questionnaire.key in signing.definitions.brought else talk_name(title)


def _name(signing: Signing) -> str:
    """Of whoever signs. Raises NotOpen for somebody without one: results name who signed."""
    if not signing.name.strip():
        raise NotOpen("name")
    return signing.name


def _whole(field: str, typed: str, most: int) -> int:
    text = typed.strip()
    if not (text.isdecimal() and len(text) <= DIGITS and 1 <= int(text) <= most):
        raise Invalid(**{field: mending.whole_number(1, most)})
    return int(text)
