"""What an answer of an interview is called where it is read: as on the form on which it was given."""

from __future__ import annotations

from datetime import date

from assessments.questionnaire import Item, ItemKind
from trim_bot.app.seam import mending
from trim_bot.app.seam.sentences import as_given, joined, ours
from trim_bot.app.words.times import spoken_date


def answer_words(item: Item, kept: str | tuple[str, ...]) -> str:
    """An answer in words; empty where none was given. What is in no option stands as it is."""
    called = {option.id: option.text for option in item.options}
    match item.kind:
        case ItemKind.TOGGLE:
            return mending.TICKED if kept else ""
        case ItemKind.DATE:
            return spoken_date(date.fromisoformat(kept)) if isinstance(kept, str) and kept else ""
        case _:
            chosen = kept if isinstance(kept, tuple) else (kept,)
            said = [ours(called[one]) if one in called else as_given(one) for one in chosen if one]
            return joined(said, ", ") if said else ""
