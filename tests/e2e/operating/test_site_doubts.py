"""`site check`, `site apply` and `doctor` point at what is no fault of a site file and most likely not meant."""

from __future__ import annotations

import pytest

from tests.e2e.operating.conftest import SITE, Place

NO_REGION = SITE.replace('region = "ENG"\n', "")
ELSEWHERE = SITE + '\n[[places]]\nid = "berlin"\nname = "Berlin"\nzone = "Europe/Berlin"\ncountry = "DE"\n'
UNDIALLED = SITE + '\n[[numbers]]\nlabel = "Night desk"\nnumber = "see the wall"\nsource = "the wall"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NO_REGION, "GB has public holidays by region"),
        (ELSEWHERE, "DE has public holidays by region: give the region of the place berlin"),
        (UNDIALLED, "No phone can dial Night desk"),
    ],
)
def test_a_file_is_good_and_what_is_doubtful_is_said(place: Place, text: str, said: str) -> None:
    file = place.site_file(text)
    assert said in place.run("site", "check", file)
    place.run("members", "grant", "administrator", "web:ada@example.org", "--name", "Ada")
    assert said in place.run("site", "apply", file)


def test_the_doctor_warns_of_a_region_that_is_missing(place: Place) -> None:
    place.run("members", "grant", "administrator", "web:ada@example.org", "--name", "Ada")
    place.run("site", "apply", place.site_file(NO_REGION))
    assert "warn holidays" in place.run("doctor")
    place.run("site", "apply", place.site_file())
    assert "warn holidays" not in place.run("doctor")
