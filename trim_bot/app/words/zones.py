"""Says whose clock a time is read by, on every form that asks for one."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.views import Choice, Option


@dataclass(frozen=True, slots=True)
class ReadBy:
    """The zone (IANA) that a form reads a time in, and the others that can be chosen: a value, and its zone."""

    zone: str
    others: tuple[tuple[str, str], ...] = ()

    def label(self, label: str) -> str:
        """A label of a time that names the zone: `Time it ended (London time)`."""
        return f"{label} ({zone_words(self.zone)})"

    def choice(self) -> tuple[Choice, ...]:
        """The way to another place's clock; nothing where there is no other."""
        if not self.others:
            return ()
        options = tuple(Option(value, zone_words(zone)) for value, zone in self.others)
        hint = f"If you gave the time by another clock than {zone_words(self.zone)}."
        return (Choice("clock", "Another place's time", options, hint, required=False, compact=True),)


def zone_words(zone: str) -> str:
    """What people call the time of an IANA zone: `London time`, `New York time`, `UTC`."""
    place = zone.rpartition("/")[2].replace("_", " ")
    return place if place.startswith(("UTC", "GMT")) else f"{place} time"
