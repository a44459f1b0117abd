"""What Teams says of the app itself, in every language: nothing of its manifest was forgotten, all of it fits."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO

from integrations.teams.app_package import app_package, check_package, check_words
from integrations.teams.manifest import teams_manifest
from integrations.teams.manifest_words import spoken_of, words_in
from tests.languages.pseudo import Pseudo, known
from trim_bot.app.seam.sentences import Sentence
from trim_bot.locale.languages import LANGUAGES

APP = "0f0e0d0c-1111-4222-8333-444455556666"
MANIFEST = teams_manifest("https://desk.example.org", APP, {"peer": "peer", "support": "support"})
NOT_SAID = {"developer.name"}
"""What Teams keeps in one language."""


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a manifest, with its path."""
    match value:
        case str():
            yield path, value
        case dict():
            for key, one in value.items():
                yield from texts(one, f"{path}.{key}" if path else key)
        case list():
            for at, one in enumerate(value):
                yield from texts(one, f"{path}[{at}]")


def ours(manifest: dict[str, object]) -> set[str]:
    """Where a sentence of ours stands."""
    return {
        path
        for path, text in texts(manifest)
        if (isinstance(text, Sentence) or text in known()) and not path.endswith(".title")
    }


def test_every_sentence_of_the_manifest_has_its_place_among_the_words() -> None:
    assert ours(MANIFEST) - NOT_SAID == {path for path, _ in spoken_of(MANIFEST)}


def test_a_sentence_without_one_is_found() -> None:
    more = MANIFEST | {"staticTabs": [{"name": "Start here", "searchUrl": "Start here"}]}
    assert ours(more) - NOT_SAID - {path for path, _ in spoken_of(more)} == {"staticTabs[0].searchUrl"}


def test_no_word_of_it_was_forgotten() -> None:
    language = Pseudo()
    said = words_in(MANIFEST, language)
    assert language.unknown == []
    assert {str(text)[:1] for path, text in said.items() if path != "$schema"} == {"["}


def test_a_name_of_the_sites_own_is_left_as_it_is() -> None:
    manifest = teams_manifest(
        "https://desk.example.org", APP, {"peer": "peer", "support": "support"}, name="Open"
    )
    said = words_in(manifest, Pseudo())
    assert said["name.short"] == "Open" and "Open" in str(said["name.full"])


def test_the_package_has_a_file_for_each_language_and_all_of_it_fits() -> None:
    package = app_package(MANIFEST)
    assert check_package(package) == []
    with zipfile.ZipFile(BytesIO(package)) as opened:
        french = json.loads(opened.read("fr.json"))
        manifest = json.loads(opened.read("manifest.json"))
    assert manifest["localizationInfo"] == {
        "defaultLanguageTag": "en",
        "additionalLanguages": [
            {"languageTag": code, "file": f"{code}.json"} for code in LANGUAGES.codes()[1:]
        ],
    }
    assert french["staticTabs[0].name"] == "Commencer ici" != manifest["staticTabs"][0]["name"]
    assert french["$schema"].endswith("/v1.29/MicrosoftTeams.Localization.schema.json")


def test_what_does_not_fit_or_says_nothing_of_the_manifest_is_found() -> None:
    french = LANGUAGES.of("fr")
    assert french is not None
    said = words_in(MANIFEST, french)
    assert check_words(said, MANIFEST) == []
    for change, where in (
        ({"description.short": "x" * 81}, "description.short"),
        ({"staticTabs[0].name": ""}, "staticTabs[0].name"),
        ({"staticTabs[1].name": "More"}, "staticTabs[1].name"),
        ({"name.full": said["name.short"]}, "name.full"),
        ({"$schema": "https://elsewhere.example"}, "$schema"),
    ):
        assert [fault.partition(":")[0] for fault in check_words(said | change, MANIFEST)][:1] == [where]
    del said["name.full"]
    assert check_words(said, MANIFEST) == ["name.full: missing"]
    assert check_words([], MANIFEST) == [": not an object"]
