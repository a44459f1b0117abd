"""The sentences of the pages are short, calm and plain."""

import re

import pytest

from trim_bot.app.words import page_words, practice_words, unsent_words


def _texts(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for one in value for text in _texts(one)] if isinstance(value, tuple) else []


def _sentences():
    for module in (page_words, practice_words, unsent_words):
        for name, value in vars(module).items():
            if name.isupper() and name != "LEAVE_TO":
                for text in _texts(value):
                    yield from re.split(r"(?<=[.:?])\s+", text)
    yield from (page_words.answer_when(1), page_words.answer_when(3), page_words.step_line(2, 4))
    yield from (page_words.read_by("You."), page_words.read_by("a lead"), practice_words.earlier(1))


@pytest.mark.parametrize("sentence", sorted(set(_sentences())))
def test_a_sentence_is_short_and_calm(sentence):
    assert len(sentence.split()) < 20
    assert "!" not in sentence
    banned = r"victim|sufferer|patient|symptom|low risk|you must|failed to|overdue|high score|simply|urgent"
    assert not re.search(banned, sentence, re.IGNORECASE)
