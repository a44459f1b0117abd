"""Every sentence of passing on all the work of somebody, whether there is any or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.oversight.commands import AgreeToMove, OpenWorkMove, RefuseMove, WorkGoes
from trim_bot.app.oversight.screens import serving_rows
from trim_bot.app.people.roster_records import Serving
from trim_bot.app.seam.links import OpenRoster
from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.seam.unsigned import Block, Button, Form, Page, Screen
from trim_bot.app.seam.views import Choice, Facts, Heading, Option, Text, Weight
from trim_bot.app.words.times import day_in, spoken_day


def work_move_form(one: Serving, others: Sequence[Serving], now: datetime, zone: ZoneInfo) -> Form:
    """Choose who has it next. It reads the same whether there is work or not."""
    names = tuple(Option(other.id, as_given(other.name)) for other in others)
    return Form(
        OpenWorkMove(one.id),
        "Pass on all their work",
        (
            Heading(as_given(one.name)),
            Text("Nobody tells you whether they have any. You read the same either way."),
            Facts(serving_rows(one, now, zone)),
            Choice(
                "next_holder",
                "Who is to have it?",
                (
                    Option(WorkGoes.ON.value, "A lead gives each piece to somebody"),
                    *names,
                    Option(WorkGoes.NOWHERE.value, "Leave it where it is"),
                ),
            ),
            Text("A colleague gets it once a lead has said yes.", quiet=True),
            Text("What the colleague may not hold goes to a lead. Nobody is told why.", quiet=True),
        ),
        submit="Pass it on",
        back=Button("People who serve", OpenRoster(), Weight.QUIET, to_all=True),
    )


def work_moves(_work: object, ids: Mapping[str, str]) -> Screen:
    """It was asked; the same for much work and for none."""
    return Page(
        "work_moves",
        "It will be passed on",
        (
            Text(phrase("It happens on {day}. You can change this until then.", day=day_in(ids))),
            Text("Those it concerns hear at their usual time. You are not told what there was, if anything."),
            Button("People who serve", OpenRoster(), Weight.QUIET, to_all=True),
        ),
    )


def work_move_asked(_work: object, ids: Mapping[str, str]) -> Screen:
    """It was asked, and nothing has begun; the same for much work and for none."""
    return Page(
        "work_move_asked",
        "It waits for a lead",
        (
            Text("Nothing has changed yet. Whoever has the work can open what people said. So a lead says yes first: "
                 "one who is neither of the two, and does not keep this list."),
            Text(phrase("It happens on the first working day after that. "
                 "If no lead answers by {day} it lapses, and you can ask again.", day=day_in(ids))),
            Text("If it cannot wait, leave it to a lead to give each piece to somebody.", quiet=True),
            Button("People who serve", OpenRoster(), Weight.QUIET, to_all=True),
        ),
    )  # fmt: skip


def move_asked_page(one: Serving, at: datetime, zone: ZoneInfo, begins: datetime | None) -> Page:
    """For a lead: to whom all work of somebody is to go. `at` (UTC) is when it lapses, or happens.

    `begins` (UTC) is when it would happen after their yes; None where it is not theirs to say.
    """
    day = spoken_day(at.astimezone(zone).date())
    blocks: list[Block] = [
        Facts(
            (
                ("Whose work", as_given(one.name)),
                ("It goes to", as_given(one.work_goes_to)),
                ("Asked by", "Whoever keeps the roster"),
            )
        ),
        Text(
            phrase(
                "{work_goes_to} could then open what people said to {name}. Not of somebody whom "
                "they manage or know too well.",
                work_goes_to=one.work_goes_to,
                name=one.name,
            )
        ),
    ]
    if one.work_needs_yes:
        blocks.append(
            Text(phrase("It waits for a lead to say yes. If none answers by {day} it lapses.", day=day))
        )
        if begins is not None:
            then = spoken_day(begins.astimezone(zone).date())
            blocks.append(
                Text(
                    phrase(
                        "If you know of this and it is right, say yes. It then happens on {day}.", day=then
                    )
                )
            )
            blocks.append(Button("Yes, pass it on", AgreeToMove(one.id), Weight.MAIN))
            blocks.append(Button("No", RefuseMove(one.id)))
        else:
            blocks.append(
                Text("You cannot say it yourself: it is about your own work, or you keep the roster.")
            )
    else:
        blocks.append(Text(phrase("A lead said yes. It happens on {day}.", day=day)))
        if begins is not None:
            blocks.append(Button("Stop it", RefuseMove(one.id), Weight.QUIET))
    return Page("move_asked", "Work to be passed on", tuple(blocks))


def work_stays(_work: object, _ids: Mapping[str, str]) -> Screen:
    """A lead said no, or stopped it."""
    return Page("work_stays", "It stays where it is", (Text("Nothing is passed on. No reason is asked."),))
