"""Tells two people of one name apart, for somebody who sees both anyway: by the end of their numbers, else in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from trim_bot.domain.clean_text import normalised_name

SHOWN_DIGITS = 3


def told_apart(people: Sequence[tuple[str, str]]) -> list[str]:
    """Names to show for pairs of name and phone, in their order; a name that is there once stays as it is."""
    same = Counter(normalised_name(name) for name, _ in people)
    ends = Counter((normalised_name(name), _end(phone)) for name, phone in people)
    seen: Counter[str] = Counter()
    shown: list[str] = []
    for name, phone in people:
        form = normalised_name(name)
        seen[form] += 1
        if same[form] == 1:
            shown.append(name)
        elif _end(phone) and ends[form, _end(phone)] == 1:
            shown.append(f"{name}, number ending {_end(phone)}")
        else:
            shown.append(f"{name} ({seen[form]})")
    return shown


def _end(phone: str) -> str:
    digits = "".join(one for one in phone if one.isdigit())
    return digits[-SHOWN_DIGITS:] if len(digits) > SHOWN_DIGITS else ""
