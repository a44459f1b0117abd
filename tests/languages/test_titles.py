"""Titles and the labels that send a form stand whole where Slack has room for 24 letters, in complete languages."""

from __future__ import annotations

import pytest

from integrations.slack.wire import TITLE
from tests.languages.test_catalogues import COMPLETE
from trim_bot.app.desk.catalogue import catalogue
from trim_bot.app.seam.in_language import in_language, short_of
from trim_bot.app.seam.views import Done, FieldErrors, Form, View
from trim_bot.locale.languages import LANGUAGES


@pytest.mark.parametrize("code", sorted(COMPLETE))
def test_every_title_fits_or_has_a_short_form(code: str) -> None:
    language = LANGUAGES.of(code)
    assert language is not None
    views = [in_language(view, language) for view in catalogue().values()]
    assert {text for view in views for text in titles(view) if len(short_of(text)) > TITLE} == set()


def titles(view: View) -> list[str]:
    match view:
        case FieldErrors(form):
            return titles(form)
        case Form(title=title, submit=submit):
            return [title, *([submit] if submit else [])]
        case Done(title=title):
            return [title]
        case _:
            return []


def test_a_short_form_is_taken_where_it_was_written() -> None:
    french = LANGUAGES.of("fr")
    assert french is not None
    view = in_language(Done("x", "This code is over"), french)
    assert isinstance(view, Done)
    assert (view.title, short_of(view.title)) == ("Ce code n’est plus valable", "Code périmé")
