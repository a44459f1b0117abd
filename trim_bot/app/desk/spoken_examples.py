"""Examples of messages, of answers that belong to no one topic, and of every screen that follows a change."""

from __future__ import annotations

from trim_bot.app.desk.routes import OUTCOMES
from trim_bot.app.examples.sample import Example, Sample
from trim_bot.app.examples.shown import shown_work
from trim_bot.app.seam import mending
from trim_bot.app.seam.views import Message
from trim_bot.app.words import common_answers
from trim_bot.app.words.command_names import Names

IDS = {
    "incident": "incident",
    "offer": "offer",
    "case": "case",
    "request": "request",
    "step": "step",
    "moved": "2",
    "unowned": "no",
    "code": "code",
    "sheet": "yes",
    "mine": "2",
    "of": "7",
    "given": "5",
}
"""What the screens after a change take, all together: each takes what it needs."""


def views(sample: Sample) -> dict[str, Example]:
    """Everything the desk says by itself or afterwards."""
    work = shown_work(sample)
    found: dict[str, Example] = {f"{name}/done": draw(work, IDS) for name, draw in OUTCOMES.items()}
    return found | {
        "message/chat": Message("lasting.open", "lasting.stop"),
        "handed_over/nothing": OUTCOMES["handed_over"](work, IDS | {"moved": "0"}),
        "handed_over/unowned": OUTCOMES["handed_over"](work, IDS | {"moved": "1", "unowned": "yes"}),
        "help/words": common_answers.help_screen(Names()),
        "not_open/refused": common_answers.not_open(),
        "try_again/store": common_answers.try_again(),
        "mend/button": common_answers.mend({"": mending.ALREADY_ANSWERED}),
    }
