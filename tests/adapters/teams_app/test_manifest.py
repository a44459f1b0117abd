"""The package asks for the least, is the same bytes each time, and our copy of Microsoft's rules finds every fault."""

from __future__ import annotations

import copy
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from integrations.teams.app_package import (
    MANIFEST_FILE,
    MOST_BYTES,
    app_package,
    check_manifest,
    check_package,
)
from integrations.teams.manifest import (
    COLOUR_SIDE,
    OUTLINE_SIDE,
    PRIVACY_PATH,
    SITE_PATH,
    TAB_PATH,
    colour_icon,
    outline_icon,
    teams_manifest,
)
from integrations.web import pages
from tests.commands import run_command

APP = "0f0e0d0c-1111-4222-8333-444455556666"
URL = "https://desk.example.org"
COMMANDS = {"peer": "peer", "support": "support"}


def good() -> dict[str, Any]:
    return teams_manifest(f"{URL}/", APP, COMMANDS)


def test_the_manifest_keeps_every_rule() -> None:
    assert check_manifest(good()) == []
    assert check_package(app_package(good())) == []


def test_other_names_may_be_chosen_and_the_desk_still_knows_its_commands() -> None:
    manifest: Any = teams_manifest(URL, APP, {"care-team": "peer", "talk": "support"}, name="Care Desk")
    assert check_manifest(manifest) == []
    commands = manifest["composeExtensions"][0]["commands"]
    assert [(one["id"], one["title"]) for one in commands] == [("peer", "care-team"), ("support", "talk")]
    typed = manifest["bots"][0]["commandLists"][0]["commands"]
    assert [one["title"] for one in typed] == ["care-team", "talk"]
    assert manifest["name"]["short"] == manifest["developer"]["name"] == "Care Desk"


def test_it_asks_for_the_least() -> None:
    manifest = good()
    assert manifest.keys().isdisjoint({"authorization", "permissions", "devicePermissions", "activities"})
    assert manifest.keys().isdisjoint({"configurableTabs", "connectors", "meetingExtensionDefinition"})
    assert manifest["webApplicationInfo"] == {"id": APP}
    assert manifest["validDomains"] == ["desk.example.org"]
    scopes = [part["scopes"] for key in ("bots", "staticTabs") for part in manifest[key]]
    assert scopes == [["personal"]] * 4


def test_commands_open_a_form_by_a_slash_and_make_no_message() -> None:
    for command in good()["composeExtensions"][0]["commands"]:
        assert (command["type"], command["fetchTask"], command["triggers"]) == ("action", True, ["slash"])


def test_the_pages_it_names_are_there() -> None:
    assert {f"GET {path}" for path in (PRIVACY_PATH, SITE_PATH, TAB_PATH)} <= set(pages.ADDRESSES)
    developer = good()["developer"]
    assert (developer["privacyUrl"], developer["websiteUrl"]) == (URL + PRIVACY_PATH, URL + SITE_PATH)


EXTENSION, BOT = ("composeExtensions", 0), ("bots", 0)
OTHERS = ("localizationInfo", "additionalLanguages")
FRENCH = {"languageTag": "fr", "file": "fr.json"}
FAULTS: list[tuple[tuple[Any, ...], Any, str]] = [
    (("authorization",), {"permissions": {}}, "authorization"),
    (("permissions",), ["messageTeamMembers"], "permissions"),
    (("$schema",), "https://elsewhere.example/schema.json", "$schema"),
    (("manifestVersion",), "1.28", "manifestVersion"),
    (("version",), "1.0", "version"),
    (("version",), "01.0.0", "version"),
    (("id",), "not-an-id", "id"),
    (("developer", "name"), "x" * 33, "developer.name"),
    (("developer", "privacyUrl"), "http://desk.example.org/x", "developer.privacyUrl"),
    (("developer", "privacyUrl"), "https://elsewhere.example/x", "developer.privacyUrl"),
    (("developer", "privacyUrl"), "https://[", "developer.privacyUrl"),
    (("developer", "mpnId"), "1", "developer.mpnId"),
    (("name", "short"), "x" * 31, "name.short"),
    (("name", "short"), "", "name.short"),
    (("name", "full"), "Peer Support", "name.full"),
    (("description", "short"), "x" * 81, "description.short"),
    (("description", "short"), "Managers have no way in.", "description.full"),
    (("icons", "color"), "https://elsewhere.example/color.png", "icons.color"),
    (("accentColor",), "teal", "accentColor"),
    (("staticTabs",), [], "staticTabs"),
    (("staticTabs", 0, "scopes"), ["team"], "staticTabs[0].scopes"),
    (("staticTabs", 0, "contentUrl"), "https://elsewhere.example/", "staticTabs[0].contentUrl"),
    (("staticTabs", 0, "entityId"), "x" * 65, "staticTabs[0].entityId"),
    (BOT, "x", "bots[0]"),
    ((*BOT, "scopes"), ["personal", "groupChat"], "bots[0].scopes"),
    ((*BOT, "botId"), APP.replace("0", "1"), "bots[0].botId"),
    ((*BOT, "supportsFiles"), True, "bots[0].supportsFiles"),
    ((*BOT, "isNotificationOnly"), 0, "bots[0].isNotificationOnly"),
    ((*BOT, "supportsCalling"), True, "bots[0].supportsCalling"),
    ((*BOT, "commandLists", 0, "commands", 0, "title"), "help", "bots[0].commandLists[0].commands"),
    ((*EXTENSION, "botId"), None, "composeExtensions[0].botId"),
    ((*EXTENSION, "commands"), [], "composeExtensions[0].commands"),
    ((*EXTENSION, "commands", 0, "id"), "support", "composeExtensions[0].commands"),
    ((*EXTENSION, "commands", 0, "type"), "query", "composeExtensions[0].commands[0].type"),
    ((*EXTENSION, "commands", 0, "title"), "Peer team", "composeExtensions[0].commands[0].title"),
    ((*EXTENSION, "commands", 0, "title"), "x" * 33, "composeExtensions[0].commands[0].title"),
    ((*EXTENSION, "commands", 0, "description"), "x" * 129, "composeExtensions[0].commands[0].description"),
    ((*EXTENSION, "commands", 0, "context"), ["message"], "composeExtensions[0].commands[0].context"),
    ((*EXTENSION, "commands", 0, "fetchTask"), False, "composeExtensions[0].commands[0].fetchTask"),
    ((*EXTENSION, "commands", 0, "triggers"), ["mention"], "composeExtensions[0].commands[0].triggers"),
    (("validDomains",), ["*.example.org"], "validDomains"),
    (("validDomains",), ["desk.example.org", "elsewhere.example"], "validDomains"),
    (("webApplicationInfo", "resource"), "api://desk.example.org", "webApplicationInfo.resource"),
    (("webApplicationInfo", "id"), APP.replace("0", "1"), "webApplicationInfo.id"),
    (("defaultInstallScope",), "team", "defaultInstallScope"),
    (("localizationInfo", "defaultLanguageTag"), "fr", "localizationInfo.defaultLanguageTag"),
    ((*OTHERS, 0, "languageTag"), "../fr", "localizationInfo.additionalLanguages[0].languageTag"),
    (OTHERS, [{"languageTag": "en", "file": "en.json"}], "localizationInfo.additionalLanguages"),
    ((*OTHERS, 0, "file"), "words/fr.json", "localizationInfo.additionalLanguages"),
    (OTHERS, [FRENCH, FRENCH], "localizationInfo.additionalLanguages"),
]


@pytest.mark.parametrize(("path", "value", "where"), FAULTS)
def test_every_fault_is_found_where_it_is(path: tuple[Any, ...], value: Any, where: str) -> None:
    manifest = copy.deepcopy(good())
    place: Any = manifest
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert [fault.partition(":")[0] for fault in check_manifest(manifest)] == [where]


@pytest.mark.parametrize("key", sorted(good()))
def test_nothing_may_be_missing(key: str) -> None:
    manifest = good()
    del manifest[key]
    assert check_manifest(manifest) == [f"{key}: missing"]


def packed(files: dict[str, bytes]) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return into.getvalue()


def files_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"color.png": None}, "package"),
        ({"readme.txt": b"more"}, "package"),
        ({"fr.json": None}, "package"),
        ({"fr.json": b"{"}, "package"),
        ({"fr.json": b"[]"}, "fr.json"),
        ({"color.png": None, "pictures/color.png": b"moved"}, "package"),
        ({MANIFEST_FILE: b"{"}, "package"),
        ({MANIFEST_FILE: b"\xff"}, "package"),
        ({"color.png": b"no picture"}, "color.png"),
        ({"color.png": outline_icon()}, "color.png"),
        ({"outline.png": colour_icon()}, "outline.png"),
        ({"outline.png": outline_icon()[:20]}, "outline.png"),
    ],
)
def test_every_fault_of_a_package_is_found(change: dict[str, bytes | None], where: str) -> None:
    files = {**files_of(app_package(good())), **change}
    faults = check_package(packed({name: content for name, content in files.items() if content is not None}))
    assert [fault.partition(":")[0] for fault in faults] == [where]


def test_what_is_no_package_is_said() -> None:
    assert check_package(b"no zip") == ["package: not a zip that can be read, or its manifest is not JSON"]
    assert check_package(b"x" * (MOST_BYTES + 1)) == ["package: too large"]
    assert check_package(packed({**files_of(app_package(good())), MANIFEST_FILE: b"[]"})) != []


def test_the_same_input_gives_the_same_bytes() -> None:
    package = app_package(good())
    assert package == app_package(good()) != app_package(teams_manifest(URL, APP, COMMANDS, package="1.0.1"))
    assert list(files_of(package)) == [MANIFEST_FILE, "color.png", "outline.png", "fr.json"]
    with zipfile.ZipFile(BytesIO(package)) as opened:
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


Pixel = tuple[int, int, int, int]
TEAL = (0x0B, 0x4F, 0x52)
"""The one colour of the desk."""
WHITE = (0xFF, 0xFF, 0xFF)


def pixels(icon: bytes, side: int) -> list[list[Pixel]]:
    """A picture of ours, read back: one chunk of unfiltered lines."""
    at = icon.index(b"IDAT")
    (length,) = struct.unpack(">I", icon[at - 4 : at])
    lines = zlib.decompress(icon[at + 4 : at + 4 + length])
    size = 1 + 4 * side
    rows = [lines[row * size + 1 : (row + 1) * size] for row in range(side)]
    assert len(lines) == side * size
    return [[(row[x], row[x + 1], row[x + 2], row[x + 3]) for x in range(0, 4 * side, 4)] for row in rows]


def brightness(colour: tuple[int, ...]) -> float:
    """Relative luminance, as contrast is reckoned from."""
    parts = [part / 255 for part in colour[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_outline_is_white_on_nothing() -> None:
    rows = pixels(outline_icon(), OUTLINE_SIDE)
    assert {pixel[:3] for row in rows for pixel in row} == {WHITE}
    assert rows[0][0][3] == rows[-1][-1][3] == 0
    assert max(pixel[3] for row in rows for pixel in row) == 255


def test_the_colour_icon_can_be_told_on_light_and_dark() -> None:
    rows = pixels(colour_icon(), COLOUR_SIDE)
    found = {pixel for row in rows for pixel in row}
    assert (*TEAL, 255) in found and (*WHITE, 255) in found
    assert {pixel[3] for pixel in found} == {255}
    assert (brightness(WHITE) + 0.05) / (brightness(TEAL) + 0.05) >= 7


def test_two_circles_overlap_within_the_middle_half() -> None:
    rows = pixels(colour_icon(), COLOUR_SIDE)
    drawn = {(x, y) for y, row in enumerate(rows) for x, pixel in enumerate(row) if pixel != (*TEAL, 255)}
    assert {min(x for x, _ in drawn), max(x for x, _ in drawn)} == {48, 143}
    assert all(48 <= y < 144 for _, y in drawn)
    middle = [x for x in range(COLOUR_SIDE) if rows[96][x] == (*WHITE, 255)]
    strokes = sum(1 for one, other in zip([-9, *middle], middle, strict=False) if other - one > 1)
    assert strokes == 4, "left, left of the overlap, right of the overlap, right"


def run(*words: str, **environment: str) -> tuple[int, str]:
    done = run_command("manifest", "teams", *words, environment=environment)
    return done.exit_code, done.stdout


def test_the_command_writes_a_package_that_keeps_the_rules(tmp_path: Path) -> None:
    out = tmp_path / "desk.zip"
    code, said = run("--url", URL, "--app-id", APP.upper(), "--out", str(out))
    assert code == 0 and "two icons" in said
    assert out.read_bytes() == app_package(good())
    code, said = run("--url", URL, "--app-id", APP, "--out", str(out), "--json")
    told = json.loads(said)
    assert (code, told["bytes"], told["version"]) == (0, out.stat().st_size, "1.0.0")


def test_without_a_file_it_prints_the_manifest() -> None:
    names = ("--work-command", "care", "--ask-command", "talk", "--name", "Care Desk")
    code, said = run("--url", URL, "--app-id", APP, *names, "--package-version", "2.0.0")
    chosen = teams_manifest(URL, APP, {"care": "peer", "talk": "support"}, name="Care Desk", package="2.0.0")
    assert (code, json.loads(said)) == (0, chosen)


def test_the_environment_may_know_the_app() -> None:
    known = {"TRIM_BOT_ENV": "test", "TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": "a-secret"}
    assert json.loads(run("--url", URL, **known)[1]) == good()
    assert run("--url", URL, TRIM_BOT_ENV="test", TEAMS_APP_ID="", TEAMS_APP_PASSWORD="")[0] == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--url", "http://desk.example.org"), 2),
        (("--url", "https://desk.example.org/desk"), 2),
        (("--url", "https://name@desk.example.org"), 2),
        (("--url", "https://desk.example.org:no"), 2),
        (("--url", "https://desk.example.org#top"), 2),
        (("--url", URL, "--work-command", "support"), 2),
        (("--url", URL, "--app-id", "mine"), 1),
        (("--url", URL, "--name", "x" * 31), 1),
        (("--url", URL, "--ask-command", "Ask us"), 1),
        (("--url", URL, "--package-version", "one"), 1),
        (("--url", URL, "--out", "no/such/folder/desk.zip"), 2),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], code: int) -> None:
    assert run("--app-id", APP, *words)[0] == code


def test_a_desk_without_teams_loads_no_part_of_it() -> None:
    probe = (
        "import sys; from trim_bot.cli.app import build; build();"
        "sys.exit(any(name.startswith('integrations.teams') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
