"""Writes the app manifest that an administrator uploads to Teams, the least the desk needs, with its two icons."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from urllib.parse import urlsplit

from integrations.teams.manifest_words import localisation
from trim_bot.app.seam.languages import Languages
from trim_bot.app.seam.sentences import as_given
from trim_bot.app.words import adapter_words as words
from trim_bot.locale.languages import LANGUAGES

VERSION = "1.29"
"""Of the manifest: the first that lets a form be opened by a slash, and no later than needed."""
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
ACCENT = "#0b4f52"
COLOUR_FILE, OUTLINE_FILE = "color.png", "outline.png"
MESSAGES_PATH, TAB_PATH = "/api/messages", "/teams/tab"
PRIVACY_PATH, SITE_PATH = "/what-can-my-employer-see", "/"
FIRST_PACKAGE = "1.0.0"

Json = dict[str, object]


def teams_manifest(
    url: str,
    app_id: str,
    commands: Mapping[str, str],
    *,
    name: str = words.DESK,
    package: str = FIRST_PACKAGE,
    languages: Languages = LANGUAGES,
) -> Json:
    """The manifest for a desk at `url`, the public https address without a path.

    `app_id` is the application's id in Entra, which is the bot's as well. `commands` maps what is typed to the
    first word of the desk: `{"peer": "peer", "support": "support"}`. `package` rises with each upload. `languages` are
    those of which the package has the words beside English.

    Left out on purpose: scopes of teams and group chats, rights over a team or chat (`authorization`), rights on
    a device, and the address for tokens in a frame. The desk reads no channel, and its tab asks for none of them.
    """
    home, app_id = url.rstrip("/"), app_id.lower()
    called = name if name == words.DESK else as_given(name)
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": package,
        "id": app_id,
        "developer": {
            "name": name,
            "websiteUrl": home + SITE_PATH,
            "privacyUrl": home + PRIVACY_PATH,
            "termsOfUseUrl": home + SITE_PATH,
        },
        "name": {"short": called, "full": words.full_name(called)},
        "description": {"short": words.ABOUT, "full": words.ABOUT_IN_FULL},
        "icons": {"color": COLOUR_FILE, "outline": OUTLINE_FILE},
        "accentColor": ACCENT,
        "staticTabs": _tabs(home),
        "bots": [_bot(app_id, commands)],
        "composeExtensions": [
            {"botId": app_id, "commands": [_command(typed, first) for typed, first in commands.items()]}
        ],
        "validDomains": [urlsplit(home).netloc],
        # The id alone: with it the Teams admin centre shows which rights the app was given.
        "webApplicationInfo": {"id": app_id},
        "defaultInstallScope": "personal",
        "localizationInfo": localisation(languages.codes()),
    }


def _tabs(home: str) -> list[Json]:
    """The way to one's own page, the chat, and what Teams itself says about the app."""
    own: Json = {
        "entityId": "desk",
        "name": words.TAB,
        "contentUrl": home + TAB_PATH,
        "websiteUrl": home + SITE_PATH,
        "scopes": ["personal"],
    }
    chat: Json = {"entityId": "conversations", "scopes": ["personal"]}
    about: Json = {"entityId": "about", "scopes": ["personal"]}
    return [own, chat, about]


def _bot(app_id: str, commands: Mapping[str, str]) -> Json:
    typed = [{"title": name, "description": _description(first)} for name, first in commands.items()]
    return {
        "botId": app_id,
        "scopes": ["personal"],
        "isNotificationOnly": False,
        "supportsFiles": False,
        "commandLists": [{"scopes": ["personal"], "commands": typed}],
    }


def _command(typed: str, first: str) -> Json:
    """A form that opens at once. Its id stays the same whatever the site calls the command."""
    return {
        "id": first,
        "type": "action",
        "title": typed,
        "description": _description(first),
        "context": ["compose", "commandBox"],
        "fetchTask": True,
        "triggers": ["slash"],
    }


def _description(first: str) -> str:
    return words.COMMANDS.get(first, (words.ABOUT, ""))[0]


COLOUR_SIDE, OUTLINE_SIDE = 192, 32
_FOLDER = files("integrations.teams") / "static"


def colour_icon() -> bytes:
    """The icon for tiles, 192 by 192: white on teal, within the middle half that no mask cuts off."""
    return (_FOLDER / "color.png").read_bytes()


def outline_icon() -> bytes:
    """The icon for the side bar, 32 by 32: white on nothing, which Teams tints by itself."""
    return (_FOLDER / "outline.png").read_bytes()
