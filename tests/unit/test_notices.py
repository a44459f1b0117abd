"""Notices of confidentiality: plain words that never change once published."""

import hashlib
import re
from importlib.resources import files

import pytest

from trim_bot.app.notices import UnknownNotice, notice, notices
from trim_bot.domain.site import Site

# A published notice never changes: a correction is a new file, noted here as well.
_PUBLISHED = {
    "generic_1.toml": "3cc28f2f695ec3ab74152f43fd088d3ad463d92156b97e847135306f2970e384",
    "ie_1.toml": "bd9ac7f3dbf296731df8a8a384560564caff57c8e221ce0da11a412cc0815e45",
    "uk_1.toml": "af48f4bc88f908d9cf615be68934d0d6cbafdff7202bc611689a2f6dd681fc49",
    "us_1.toml": "2ad18e4448f24182f2fe2e79dd6dcbe178170330759472258ad7c22b3c5b493b",
}


def test_published_notices_never_change() -> None:
    folder = files("trim_bot.app") / "notices"
    present = {
        entry.name: hashlib.sha256(entry.read_bytes()).hexdigest()
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    assert present == _PUBLISHED


def test_each_is_found_by_its_id() -> None:
    assert set(notices()) == {"generic-1", "ie-1", "uk-1", "us-1"}
    assert all(notice(id) is found and found.id == id for id, found in notices().items())
    assert Site.__dataclass_fields__["notice"].default in notices()


@pytest.mark.parametrize("id", ["", "uk", "uk-2", "../uk-1"])
def test_an_unknown_notice_is_an_error(id: str) -> None:
    with pytest.raises(UnknownNotice):
        notice(id)


@pytest.mark.parametrize("id", sorted(notices()))
def test_the_words_are_plain(id: str) -> None:
    found = notice(id)
    for sentence in re.split(r"(?<=\.)\s+", " ".join(found.lines)):
        assert sentence.endswith(".")
        assert len(sentence.split()) < 20, sentence
        assert all(len(word) <= 10 for word in re.findall(r"[A-Za-z]+", sentence)), sentence
    assert not {"!", "%", "{"} & set("".join(found.lines))


@pytest.mark.parametrize("id", sorted(notices()))
@pytest.mark.parametrize(
    "point",
    [
        "your choice",
        "not be asked why",
        "locked",
        "Managers are not told",
        "court",
        "harm|hurt",
        "law",
        "erased",
    ],
)
def test_every_point_is_made(id: str, point: str) -> None:
    assert re.search(point, " ".join(notice(id).lines))


@pytest.mark.parametrize("id", sorted(notices()))
def test_the_site_is_told_that_it_is_a_sample(id: str) -> None:
    assert notice(id).note == "Sample wording, have it checked by your own adviser."
