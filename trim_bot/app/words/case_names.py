"""What leads call a case among themselves: a word and a number that stay the same and say nothing of anybody."""

from __future__ import annotations

from hashlib import sha256

from trim_bot.domain.ids import CaseId

_TREES = (
    "Alder", "Apple", "Ash", "Aspen", "Bay", "Beech", "Birch", "Box", "Cedar", "Cherry", "Chestnut", "Cypress",
    "Elder", "Elm", "Fir", "Hawthorn", "Hazel", "Holly", "Juniper", "Larch", "Laurel", "Lime", "Linden", "Maple",
    "Medlar", "Myrtle", "Oak", "Olive", "Pear", "Pine", "Plane", "Plum", "Poplar", "Quince", "Rowan", "Sorrel",
    "Spruce", "Walnut", "Willow", "Yew",
)  # fmt: skip
_NUMBERS = 9_000


def case_name(case: CaseId) -> str:
    """`Oak 3470`: made from the random id alone, so that it is the same to every lead and on every day."""
    drawn = int.from_bytes(sha256(case.encode("utf-8")).digest()[:8], "big")
    word, rest = drawn % len(_TREES), drawn // len(_TREES)
    return f"{_TREES[word]} {1_000 + rest % _NUMBERS}"
