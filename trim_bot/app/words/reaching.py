"""How somebody wants to be reached, in words."""

from __future__ import annotations

from trim_bot.domain.people import Reach

REACH = {
    Reach.PHONE: "By phone",
    Reach.CHAT: "By chat message",
    Reach.IN_PERSON: "In person",
    Reach.BROWSER: "Through these pages",
}
