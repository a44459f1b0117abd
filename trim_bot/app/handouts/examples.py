"""Examples of the poster and the leaflet."""

from __future__ import annotations

from trim_bot.app.examples.sample import Example, Sample
from trim_bot.app.handouts import screens

LINK = "https://peer.example.org"


def views(sample: Sample) -> dict[str, Example]:
    """Both sheets, and the page that leads to them with and without something to see to first."""
    site = sample.site
    return {
        "handouts/ready": screens.handouts_page(LINK, ()),
        "handouts/not_yet": screens.handouts_page("http://127.0.0.1:8000", site.numbers),
        "poster": screens.poster(site, LINK),
        "leaflet": screens.leaflet(site, LINK),
    }
