"""The made-up members of the practice organisation, one or more for each role."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.domain.people import Address, Availability, Platform, Reach, Role

SLUG = "practice"
TRAINED = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY})


@dataclass(frozen=True, slots=True)
class SampleMember:
    """One made-up member. `key` is their address in the browser."""

    key: str
    name: str
    label: str
    """What is shown under the name."""
    roles: tuple[Role, ...] = ()
    phone: str = ""
    """From the range of numbers that are kept free for stories."""
    reach: Reach = Reach.PHONE
    best_time: str = ""
    availability: Availability = Availability.ROOM

    @property
    def address(self) -> Address:
        """Where the browser pages know them."""
        return Address(Platform.WEB, SLUG, self.key)


CAST = (
    SampleMember(
        "maya", "Maya Okafor", "Practitioner", (Role.PRACTITIONER,), "07700 900101", best_time="Mornings"
    ),
    SampleMember("tomasz", "Tomasz Nowak", "Practitioner", (Role.PRACTITIONER,), "07700 900102"),
    SampleMember(
        "priya",
        "Priya Nair",
        "Lead",
        (Role.LEAD, Role.PRACTITIONER),
        "07700 900103",
        availability=Availability.FULL,
    ),
    SampleMember("daniel", "Daniel Osei", "Deputy lead", (Role.DEPUTY,), "07700 900104"),
    SampleMember("ingrid", "Dr Ingrid Solberg", "Clinical lead", (Role.CLINICAL_LEAD,), "07700 900105"),
    SampleMember("hana", "Hana Kimura", "Coordinator", (Role.COORDINATOR,), "07700 900106"),
    SampleMember("leo", "Leo Martins", "Administrator", (Role.ADMINISTRATOR,)),
    SampleMember("ruth", "Ruth Adeyemi", "Auditor", (Role.AUDITOR,)),
    SampleMember("alex", "Alex Byrne", "Nurse", (), "07700 900111", best_time="After a late shift"),
    SampleMember("samira", "Samira Haddad", "Porter", (), "07700 900112", Reach.IN_PERSON),
    SampleMember("jonas", "Jonas Weber", "Paramedic", (), "07700 900113", best_time="Afternoons"),
    SampleMember("mei", "Mei Chen", "Pharmacist", (), "07700 900114", Reach.BROWSER),
    SampleMember("grace", "Grace Mwangi", "Ward manager", ()),
)
LINES = (("alex", "grace"), ("samira", "grace"), ("mei", "tomasz"))
"""Pairs of a member and their manager: nobody is ever offered a talk by their own manager."""


def sample(key: str) -> SampleMember:
    """The member with this key. Raises KeyError."""
    return next(one for one in CAST if one.key == key)
