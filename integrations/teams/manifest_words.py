"""Says in other languages what people read of the app package: a file for each, of which Teams picks one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from integrations.ground.drawing import Json
from trim_bot.app.seam.in_language import translated
from trim_bot.app.seam.languages import ENGLISH, Language

WORDS_SCHEMA = (
    "https://developer.microsoft.com/json-schemas/teams/v{version}/MicrosoftTeams.Localization.schema.json"
)


def localisation(codes: Sequence[str]) -> Json:
    """Which languages a package has beside English, and in which file each."""
    others = [{"languageTag": code, "file": words_file(code)} for code in codes if code != ENGLISH.code]
    return {"defaultLanguageTag": ENGLISH.code, "additionalLanguages": others}


def words_file(code: str) -> str:
    """The file of a language."""
    return f"{code}.json"


def words_in(manifest: Mapping[str, object], language: Language) -> Json:
    """The file of one language: what people read of a manifest, each under the path at which it stands there.

    The developer's name has no translation in Teams, and what is typed is the same for everybody.
    """
    schema = WORDS_SCHEMA.format(version=manifest["manifestVersion"])
    said: Json = {path: translated(text, language) for path, text in spoken_of(manifest)}
    return {"$schema": schema, **said}


def spoken_of(manifest: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What people read of a manifest, with the path at which it stands: `staticTabs[0].name`."""
    for part in ("name", "description"):
        yield from _texts(manifest[part], part)
    for at, tab in enumerate(_list(manifest["staticTabs"])):
        yield from _texts(tab, f"staticTabs[{at}]", only="name")
    for at, bot in enumerate(_list(manifest["bots"])):
        for list_at, commands in enumerate(_list(bot["commandLists"])):
            yield from _described(commands, f"bots[{at}].commandLists[{list_at}]")
    for at, extension in enumerate(_list(manifest["composeExtensions"])):
        yield from _described(extension, f"composeExtensions[{at}]")


def _described(holder: Mapping[str, object], path: str) -> Iterator[tuple[str, str]]:
    for at, command in enumerate(_list(holder["commands"])):
        yield from _texts(command, f"{path}.commands[{at}]", only="description")


def _texts(holder: object, path: str, only: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(holder, Mapping):
        yield from (
            (f"{path}.{key}", text)
            for key, text in holder.items()
            if isinstance(text, str) and only in ("", key)
        )


def _list(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
