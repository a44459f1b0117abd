"""Where a page does not fit, what is said of it is true, and the way to the browser is a button."""

from __future__ import annotations

import pytest

from integrations.ground.drawing import cannot_show
from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit
from trim_bot.app.seam.views import Answer, Done, FieldErrors, Form, Link, Text, View
from trim_bot.app.words import adapter_words as words

PAGE, FORM = Done("cases", "Long"), Form("referral", "Long", ())
NEXT_STEP = Form("questions", "Long", (), step=(2, 4))
AWAY = Done("not_now", "Away", answer=Answer.TRY_AGAIN)


@pytest.mark.parametrize(
    ("gesture", "view", "said"),
    [
        (Invoke(("peer", "cases")), PAGE, words.CANNOT_SHOW),
        (Press("referral", "token"), FORM, words.CANNOT_SHOW),
        (Press("cases", "token"), PAGE, words.CANNOT_SHOW),
        (None, None, words.CANNOT_SHOW),
        (Press("pass_case", "token"), PAGE, words.CANNOT_SHOW_KEPT),
        (Press("pass_case", "token"), AWAY, words.CANNOT_SHOW_UNSAVED),
        (Submit("close", "token"), PAGE, words.CANNOT_SHOW_KEPT),
        (Submit("questions", "token"), NEXT_STEP, words.CANNOT_SHOW_KEPT),
        (Submit("notice", "token"), FORM, words.CANNOT_SHOW_KEPT),
        (Submit("referral", "token"), FORM, words.CANNOT_SHOW_UNSAVED),
        (
            Submit("referral", "token"),
            FieldErrors(FORM, {"service": "Choose one"}),
            words.CANNOT_SHOW_UNSAVED,
        ),
        (Submit("close", "token"), AWAY, words.CANNOT_SHOW_UNSAVED),
    ],
)
def test_nothing_is_said_to_be_kept_that_was_not(
    gesture: Gesture | None, view: View | None, said: str
) -> None:
    assert cannot_show(view, "https://desk.example", gesture) == (
        Text(said),
        Link(words.YOUR_PAGE, "https://desk.example/"),
    )


def test_without_pages_the_sentence_stands_alone() -> None:
    assert cannot_show(PAGE, "", Invoke(("peer", "cases"))) == (Text(words.CANNOT_SHOW),)
