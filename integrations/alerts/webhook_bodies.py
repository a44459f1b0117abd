"""What is posted to a webhook: most take `text` beside other fields, some hosts a shape of their own or nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from trim_bot.app.watch.alert_words import AlertText

_WORKFLOWS = (".logic.azure.com", ".powerplatform.com")
"""Workflows of Power Automate: they answer 202 to anything, and post to Teams only what is a card."""
_TEXT_ALONE = ("chat.googleapis.com",)
"""Google Chat refuses a field that it does not know."""
_CARD = "application/vnd.microsoft.card.adaptive"


def body_for(url: str, text: AlertText) -> dict[str, object]:
    """The body for whoever listens at this address."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host.endswith(_WORKFLOWS):
        return {"type": "message", "attachments": [{"contentType": _CARD, "content": _card(text.text)}]}
    return {"text": text.text} if host in _TEXT_ALONE else {"text": text.text, **text.fields}


def _card(text: str) -> dict[str, object]:
    lines = [{"type": "TextBlock", "text": line, "wrap": True} for line in text.splitlines()]
    schema = "http://adaptivecards.io/schemas/adaptive-card.json"
    return {"$schema": schema, "type": "AdaptiveCard", "version": "1.4", "body": lines}
