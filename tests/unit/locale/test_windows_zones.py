"""Windows names of zones become IANA names, and nothing else is taken for a zone."""

from __future__ import annotations

import pytest
from babel.core import get_global

from trim_bot.domain.zones import known_zone
from trim_bot.locale.windows_zones import iana_zone


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("GMT Standard Time", "Europe/London"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("w. europe standard time ", "Europe/Berlin"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("Europe/Dublin", "Europe/Dublin"),
        ("UTC", "Etc/UTC"),
        ("", ""),
        ("Middle-earth Standard Time", ""),
        ("../../etc/passwd", ""),
        ("Customized Time Zone", ""),
    ],
)
def test_a_name_is_read(name: str, zone: str) -> None:
    assert iana_zone(name) == zone


def test_every_zone_of_windows_is_known_here() -> None:
    names = list(get_global("windows_zone_mapping"))
    assert len(names) > 100
    assert all(known_zone(iana_zone(str(name))) for name in names)
