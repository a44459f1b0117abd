"""Numbers for help in other languages: what describes a line is said, its name stays, and a phone dials the same."""

from __future__ import annotations

import re
from datetime import date

import pytest

from integrations.web.help_numbers import to_ring
from integrations.web.ports import HelpPage
from tests.languages.pseudo import Pseudo
from tests.languages.test_catalogues import COMPLETE
from trim_bot.app.seam.in_language import translated
from trim_bot.app.seam.languages import ENGLISH, Language, speaking
from trim_bot.app.words.common_answers import number_line
from trim_bot.app.words.help_lines import LOCAL, SOURCES, called, found_in, rung
from trim_bot.domain.site import CrisisNumber
from trim_bot.locale.crisis_numbers import LOCAL_EMERGENCY, shipped_numbers
from trim_bot.locale.languages import LANGUAGES
from trim_bot.locale.phone_numbers import number_links

EVERY = (*shipped_numbers(), LOCAL_EMERGENCY)
TODAY = date(2026, 11, 30)
PROPER_NAMES = frozenset(
    {
        "113 Zelfmoordpreventie", "Alianța Română de Prevenție a Suicidului", "CVV",
        "Die Dargebotene Hand, La Main Tendue", "ERAN", "Kryzysowy Telefon Zaufania", "Lelki elsősegély", "Lifeline",
        "Linha Nacional de Prevenção do Suicídio", "Linka první psychické pomoci", "Livslinien", "Línea 024",
        "Línea de la Vida", "MIELI Kriisipuhelin", "Mental Health Support Hotline", "Mental Helse",
        "Mind Självmordslinjen", "Need to Talk", "Numéro national de prévention du suicide", "Samaritans",
        "Samaritans of Singapore", "Shout", "Suicide Crisis Helpline", "Suicide and Crisis Lifeline", "Tele-MANAS",
        "TelefonSeelsorge", "Telefono Amico Italia", "Telefonseelsorge", "The Samaritans", "Yorisoi Hotline",
    }
)  # fmt: skip
"""What lines call themselves: a caller hears it when somebody answers."""


def complete() -> list[Language]:
    found = [LANGUAGES.of(code) for code in sorted(COMPLETE)]
    return [language for language in found if language is not None]


def test_every_shipped_line_has_a_proper_name_or_is_described_in_words_of_ours() -> None:
    language = Pseudo()
    kept = {number.label for number in EVERY if translated(called(number), language) == number.label}
    assert kept == PROPER_NAMES
    assert language.unknown == []


def test_no_word_that_goes_with_a_shipped_number_is_forgotten() -> None:
    language = Pseudo()
    told = [translated(rung(number), language) for number in EVERY]
    assert [text for text in told if re.search(r"[a-z]", re.sub(r"\{\w+\}", "", text))] == []
    assert {translated(found_in(number), language)[:1] for number in EVERY if number.source} == {"["}
    assert {number.source for number in EVERY} - {""} == SOURCES
    assert LOCAL_EMERGENCY.number == LOCAL
    assert language.unknown == []


def test_what_a_site_wrote_is_left_as_it_is() -> None:
    own = CrisisNumber("Our nurse", "Ask at the gate", "GB", "The works council")
    language = Pseudo()
    assert [translated(of(own), language) for of in (called, rung, found_in)] == [
        "Our nurse", "Ask at the gate", "The works council",
    ]  # fmt: skip


@pytest.mark.parametrize("language", complete(), ids=lambda language: language.code)
def test_a_phone_dials_the_same_in_every_language(language: Language) -> None:
    for number in EVERY:
        lines = [translated(number_line(number), one) for one in (ENGLISH, language)]
        english, said = ([way.url for way in number_links(line)] for line in lines)
        assert english == said, lines
        with speaking(ENGLISH):
            before = [
                way for ring in to_ring(HelpPage((), (number,)), number.place, TODAY) for way in ring.ways
            ]
        with speaking(language):
            after = [
                way for ring in to_ring(HelpPage((), (number,)), number.place, TODAY) for way in ring.ways
            ]
        assert [way.url for way in before] == [way.url for way in after]
        # Two buttons that look alike would ring where somebody means to write.
        assert len({way.text for way in after}) == len(after)


@pytest.mark.parametrize("language", complete(), ids=lambda language: language.code)
def test_the_page_says_them_in_its_language(language: Language) -> None:
    line = CrisisNumber(
        "Breathing Space, Scotland", "0800 83 85 87", "GB", "As commonly published; not checked with the line"
    )
    with speaking(language):
        found = next(ring for ring in to_ring(HelpPage((line,), ()), "GB", TODAY) if not ring.danger)
    assert found.label == translated(line.label, language) != line.label
    assert translated(line.source, language) in found.source
