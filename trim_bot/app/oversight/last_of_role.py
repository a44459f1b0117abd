"""What an organisation can do no more once the last one of a role is gone."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.domain.people import Role

LAST_ONE: Mapping[Role, str] = {
    Role.ADMINISTRATOR: "Nobody else is an administrator. Without one, roles are given from the command line alone.",
    Role.PRACTITIONER: "Nobody else is a practitioner. Without one, nobody takes requests, and offers of a talk wait.",
    Role.LEAD: "Nobody else is a lead. Without one, calls for safety and what nobody holds reach the deputy alone.",
}
"""By role, what to say before the only one who holds it loses it."""
