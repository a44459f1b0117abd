"""Sentences about pages seen before, and about what was typed and not sent."""

from __future__ import annotations

from trim_bot.app.seam.sentences import phrase

PAGE_GONE_TITLE = "This page is no longer kept"
PAGE_GONE_TEXT = (
    "Pages you have seen can be opened again in the same browser, until you sign out. "
    "What you sent before is kept. Nothing was done now."
)
STALE_CHECK = (
    "You signed in again since. Nothing was done yet. What you typed is below: look at it, and send it."
)
TYPED_TITLE = "What you typed"
TYPED_TEXT = "Nothing was done with it, and it is not kept here. You can send it again from this page."
SEND_AGAIN = "Send it again"
UNSENT_TITLE = "That was not sent"
UNSENT_TEXT = (
    "You are signed out, so nothing was done. What you typed is kept for you in this browser, for 12 hours. "
    "Sign in here, and you can send it. Nobody else can see it."
)
UNSENT_OTHER_TEXT = (
    "Somebody else is signed in here now, so nothing was done. What was typed is kept for whoever typed it. "
    "They can send it when they sign in here, for 12 hours. Nobody else can see it."
)
UNSENT_WAITS_TITLE = "Something you typed was not sent"
UNSENT_WAITS_TEXT = "You were signed out before it was sent. Nothing was done with it. Only you can see it."
UNSENT_AWAY = "Throw it away"


def unsent_label(number: int, of: int) -> str:
    """On the button that shows a form that was not sent; with its number, where there are several."""
    return (
        "Show what I typed"
        if of == 1
        else phrase("Show what I typed ({number} of {of})", number=number, of=of)
    )
