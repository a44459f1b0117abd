"""What changed between two talks, factor by factor, and that two forms have scales of their own."""

from __future__ import annotations

from assessments.scoring import Score
from trim_bot.app.cases.advising import Advising
from trim_bot.app.seam.sentences import capitalised, joined, ours, phrase
from trim_bot.app.seam.unsigned import Block
from trim_bot.app.seam.views import Facts, Heading, Text

SINCE = "Since the first talk"
SCALES_DIFFER = (
    "The two forms ask different things, so their totals cannot be compared. What stands below can."
)
_WORDS = {0: phrase("no"), 1: phrase("partly"), 2: phrase("clearly")}


def total_words(score: Score) -> str:
    """`10 of 20`, or how many were left open."""
    if score.total is not None:
        return phrase("{total} of {highest}", total=score.total, highest=score.highest)
    return phrase("Not complete: {left} not discussed", left=len(score.not_discussed))


def change_blocks(advising: Advising) -> list[Block]:
    """Each factor that both talks covered, changed or not; nothing where there is no earlier one to compare with."""
    if advising.comparison is None or advising.score is None:
        return []
    blocks: list[Block] = [Heading(SINCE)]
    if advising.first is not None:
        blocks.append(Facts((("Then", total_words(advising.first)), ("Now", total_words(advising.score)))))
        if advising.first.highest != advising.score.highest:
            blocks.append(Text(SCALES_DIFFER, quiet=True))
    texts = {item.id: item.text for item in advising.questionnaire.items()}
    rows = tuple((texts[one.item_id], _said(one.first, one.later)) for one in advising.comparison.factors)
    blocks.append(Facts(rows) if rows else Text("No item was covered by both talks."))
    left = [texts[id] for id in advising.comparison.left_out]
    if left:
        blocks.append(
            Text(
                phrase("Not discussed in one of them: {left}.", left=joined(map(ours, left), "; ")),
                quiet=True,
            )
        )
    return blocks


def _said(first: int, later: int) -> str:
    if first == later:
        return phrase("{answer}, as before", answer=capitalised(_WORDS[later]))
    return phrase("{answer}, now {later}", answer=capitalised(_WORDS[first]), later=_WORDS[later])
