"""Checks the app package by Microsoft's published rules and packs it: one file, since rules and shapes are
read together.
"""

from __future__ import annotations

import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from urllib.parse import urlsplit

from integrations.teams.manifest import (
    COLOUR_FILE,
    COLOUR_SIDE,
    OUTLINE_FILE,
    OUTLINE_SIDE,
    SCHEMA,
    VERSION,
    colour_icon,
    outline_icon,
)
from integrations.teams.manifest_words import WORDS_SCHEMA, spoken_of, words_file, words_in
from trim_bot.app.seam.languages import ENGLISH, Languages
from trim_bot.locale.languages import LANGUAGES

Check = Callable[[object, str], list[str]]
"""Takes a value and its path; gives every fault, each as `path: what is wrong`."""
_LONGEST_ADDRESS = 2048


def text(most: int, *, least: int = 1, pattern: str = "", told: str = "") -> Check:
    """A text of so many characters; with `pattern` it must match the whole, and `told` says how."""

    def check(value: object, path: str) -> list[str]:
        if not isinstance(value, str) or not least <= len(value) <= most:
            return [f"{path}: {least} to {most} characters"]
        return [] if not pattern or re.fullmatch(pattern, value) else [f"{path}: {told}"]

    return check


def exactly(wanted: object) -> Check:
    """This value and no other; lists in this order."""

    def check(value: object, path: str) -> list[str]:
        same = type(value) is type(wanted) and value == wanted
        return [] if same else [f"{path}: must be {wanted!r}"]

    return check


def https(value: object, path: str) -> list[str]:
    """An https address."""
    return [] if host_of(value) and len(str(value)) <= _LONGEST_ADDRESS else [f"{path}: an https address"]


def host_of(value: object) -> str:
    """The host of an https address, with its port; empty for anything else."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        return parts.netloc if parts and parts.scheme == "https" and parts.hostname else ""
    except ValueError:
        return ""


def listed(check: Check, least: int, most: int) -> Check:
    """A list of so many, each passing `check`."""

    def whole(value: object, path: str) -> list[str]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            return [f"{path}: a list of {least} to {most}"]
        return [fault for at, one in enumerate(value) for fault in check(one, f"{path}[{at}]")]

    return whole


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these keys and no others."""
    known = {**required, **(optional or {})}

    def check(value: object, path: str) -> list[str]:
        if not isinstance(value, Mapping):
            return [f"{path}: not an object"]
        under = f"{path}." if path else ""
        faults = [f"{under}{key}: not asked for" for key in sorted(map(str, value.keys() - known.keys()))]
        faults += [f"{under}{key}: missing" for key in sorted(required.keys() - value.keys())]
        return faults + [
            fault for key, one in known.items() if key in value for fault in one(value[key], f"{under}{key}")
        ]

    return check


MANIFEST_FILE = "manifest.json"
MOST_BYTES = 1_000_000
_GUID = text(36, pattern=r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", told="not an application's id")
_PERSONAL = exactly(["personal"])
_NUMBER = r"(0|[1-9][0-9]*)"
_NAME = text(32, pattern=r"[a-z0-9][a-z0-9_-]*", told="lower-case letters, digits, dashes")
_ID = text(64, pattern=r"[a-z]+", told="a word of the desk")

_CODE = text(8, pattern=r"[a-z]{2,3}", told="a language such as fr")
_SAID = {
    **{"name.short": text(30), "name.full": text(100)},
    **{"description.short": text(80), "description.full": text(4000)},
}
"""What a manifest and each file of words have to say, with the room there is for it."""
_LABEL = text(128)

_MANIFEST = shape(
    {
        "$schema": exactly(SCHEMA),
        "manifestVersion": exactly(VERSION),
        "version": text(
            256, pattern=rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}", told="three numbers, such as 1.0.0"
        ),
        "id": _GUID,
        "developer": shape(
            {"name": text(32), "websiteUrl": https, "privacyUrl": https, "termsOfUseUrl": https}
        ),
        "name": shape({key: _SAID[f"name.{key}"] for key in ("short", "full")}),
        "description": shape({key: _SAID[f"description.{key}"] for key in ("short", "full")}),
        "icons": shape({"color": exactly(COLOUR_FILE), "outline": exactly(OUTLINE_FILE)}),
        "accentColor": text(7, pattern=r"#[0-9a-fA-F]{6}", told="a colour like #0b4f52"),
        "staticTabs": listed(
            shape(
                {"entityId": text(64), "scopes": _PERSONAL},
                {"name": text(128), "contentUrl": https, "websiteUrl": https},
            ),
            1,
            16,
        ),
        "bots": listed(
            shape(
                {
                    "botId": _GUID,
                    "scopes": _PERSONAL,
                    "isNotificationOnly": exactly(False),
                    "supportsFiles": exactly(False),
                    "commandLists": listed(
                        shape(
                            {
                                "scopes": _PERSONAL,
                                "commands": listed(shape({"title": _NAME, "description": text(128)}), 1, 12),
                            }
                        ),
                        1,
                        1,
                    ),
                }
            ),
            1,
            1,
        ),
        "composeExtensions": listed(
            shape(
                {
                    "botId": _GUID,
                    "commands": listed(
                        shape(
                            {
                                "id": _ID,
                                "type": exactly("action"),
                                "title": _NAME,
                                "description": text(128),
                                "context": exactly(["compose", "commandBox"]),
                                "fetchTask": exactly(True),
                                "triggers": exactly(["slash"]),
                            }
                        ),
                        1,
                        10,
                    ),
                }
            ),
            1,
            1,
        ),
        "validDomains": listed(text(2048), 1, 1),
        "webApplicationInfo": shape({"id": _GUID}),
        "defaultInstallScope": exactly("personal"),
        "localizationInfo": shape(
            {
                "defaultLanguageTag": exactly(ENGLISH.code),
                "additionalLanguages": listed(shape({"languageTag": _CODE, "file": text(2048)}), 0, 60),
            }
        ),
    }
)


def check_manifest(manifest: Mapping[str, object]) -> list[str]:
    """Every fault, each as `path: what is wrong`; an empty list for a good manifest."""
    return _MANIFEST(manifest, "") or [
        *_wording(manifest),
        *_one_app(manifest),
        *_one_place(manifest),
        *_files(manifest),
    ]


def check_words(words: object, manifest: Mapping[str, object]) -> list[str]:
    """Every fault of the words of one language: all that the manifest says, in as much room, and nothing else."""
    rooms = {path: _SAID.get(path, _LABEL) for path, _ in spoken_of(manifest)}
    schema = exactly(WORDS_SCHEMA.format(version=VERSION))
    faults = shape({"$schema": schema, **rooms})(words, "")
    if faults or not isinstance(words, Mapping):
        return faults
    parts = ("name", "description")
    said = {part: {key: words[f"{part}.{key}"] for key in ("short", "full")} for part in parts}
    return list(_wording(said))


def check_package(package: bytes) -> list[str]:
    """Every fault of a zip made for uploading: its files, the manifest in it, the words of each language, the icons."""
    if len(package) > MOST_BYTES:
        return ["package: too large"]
    try:
        with zipfile.ZipFile(BytesIO(package)) as opened:
            files = {name: opened.read(name) for name in opened.namelist()}
        manifest = json.loads(files.get(MANIFEST_FILE, b"{}"))
        wanted = {MANIFEST_FILE, COLOUR_FILE, OUTLINE_FILE, *_named_files(manifest)}
        if files.keys() != wanted:
            return [f"package: exactly {', '.join(sorted(wanted))} at its root"]
        words = {name: json.loads(files[name]) for name in _named_files(manifest)}
    except (zipfile.BadZipFile, ValueError):
        return ["package: not a zip that can be read, or its manifest is not JSON"]
    faults = check_manifest(manifest if isinstance(manifest, dict) else {})
    if not faults:
        faults = [f"{name}: {one}" for name, said in words.items() for one in check_words(said, manifest)]
    return [
        *faults,
        *_icon(COLOUR_FILE, files[COLOUR_FILE], COLOUR_SIDE),
        *_icon(OUTLINE_FILE, files[OUTLINE_FILE], OUTLINE_SIDE),
    ]


def _icon(name: str, content: bytes, side: int) -> list[str]:
    head = content[16:29]
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR" or len(head) < 13:
        return [f"{name}: not a PNG picture"]
    width, height, depth, kind, *_ = struct.unpack(">IIBBBBB", head)
    return [] if (width, height, depth, kind) == (side, side, 8, 6) else [f"{name}: {side} by {side}, RGBA"]


def _wording(manifest: Mapping[str, object]) -> Iterator[str]:
    name, told = _object(manifest, "name"), _object(manifest, "description")
    if name["short"] == name["full"]:
        yield "name.full: must differ from name.short"
    if str(told["short"]) in str(told["full"]):
        yield "description.full: may not repeat description.short"


def _one_app(manifest: Mapping[str, object]) -> Iterator[str]:
    """Bot, commands and rights are those of one application."""
    bots, extensions = _objects(manifest, "bots"), _objects(manifest, "composeExtensions")
    for path, value in (
        ("bots[0].botId", bots[0]["botId"]),
        ("composeExtensions[0].botId", extensions[0]["botId"]),
        ("webApplicationInfo.id", _object(manifest, "webApplicationInfo")["id"]),
    ):
        if value != manifest["id"]:
            yield f"{path}: must be the id of this app"
    commands = _objects(extensions[0], "commands")
    for key in ("id", "title"):
        if len({str(one[key]) for one in commands}) < len(commands):
            yield f"composeExtensions[0].commands: the same {key} twice"
    typed = _objects(_objects(bots[0], "commandLists")[0], "commands")
    if [one["title"] for one in typed] != [one["title"] for one in commands]:
        yield "bots[0].commandLists[0].commands: must name the same commands as composeExtensions"


def _one_place(manifest: Mapping[str, object]) -> Iterator[str]:
    """Every address leads to the one desk, and no other place may be shown inside Teams."""
    developer = _object(manifest, "developer")
    addresses = [(f"developer.{key}", value) for key, value in developer.items() if key != "name"]
    for at, tab in enumerate(_objects(manifest, "staticTabs")):
        addresses += [
            (f"staticTabs[{at}].{key}", tab[key]) for key in ("contentUrl", "websiteUrl") if key in tab
        ]
    home = host_of(developer["websiteUrl"])
    yield from (f"{path}: not at {home}" for path, value in addresses if host_of(value) != home)
    if manifest["validDomains"] != [home]:
        yield f"validDomains: exactly {home}"


def _files(manifest: Mapping[str, object]) -> Iterator[str]:
    """Each language once, in the file of its name."""
    languages = _objects(_object(manifest, "localizationInfo"), "additionalLanguages")
    codes = [str(one["languageTag"]) for one in languages]
    if len(set(codes)) < len(codes) or ENGLISH.code in codes:
        yield "localizationInfo.additionalLanguages: the same language twice"
    if [one["file"] for one in languages] != [words_file(code) for code in codes]:
        yield "localizationInfo.additionalLanguages: each in a file called by its language"


def _named_files(manifest: object) -> list[str]:
    languages = manifest.get("localizationInfo") if isinstance(manifest, Mapping) else None
    named = _objects(languages, "additionalLanguages") if isinstance(languages, Mapping) else []
    return [str(one.get("file")) for one in named]


def _object(holder: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = holder[key]
    return value if isinstance(value, Mapping) else {}


def _objects(holder: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    value = holder.get(key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can say; the time of packing would make each package another."""
_UNIX, _READABLE = 3, 0o644 << 16


def app_package(manifest: Mapping[str, object], languages: Languages = LANGUAGES) -> bytes:
    """The zip to upload: the manifest, its two icons, and the words of each language it names, at the root."""
    files = {MANIFEST_FILE: _as_file(manifest), COLOUR_FILE: colour_icon(), OUTLINE_FILE: outline_icon()}
    for code in languages.codes():
        if words_file(code) in _named_files(manifest) and (language := languages.of(code)) is not None:
            files[words_file(code)] = _as_file(words_in(manifest, language))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, _NO_TIME)
            about.create_system, about.external_attr = _UNIX, _READABLE
            about.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(about, content)
    return packed.getvalue()


def _as_file(held: Mapping[str, object]) -> bytes:
    return (json.dumps(held, indent=2, ensure_ascii=False) + "\n").encode()
