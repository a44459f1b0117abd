"""Examples of what administrators see while they set an organisation up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from trim_bot.app.examples.sample import NOW, Example, Sample
from trim_bot.app.setting_up import checklist_screens
from trim_bot.app.setting_up.checklist import SetUpFacts, standings
from trim_bot.app.site_file.reading import DEFAULT_NAME
from trim_bot.domain.people import Platform, Role
from trim_bot.domain.site import OutsideWay

WHOLE = {Role.ADMINISTRATOR: 1, Role.COORDINATOR: 1, Role.LEAD: 1, Role.DEPUTY: 2}


def views(sample: Sample) -> dict[str, Example]:
    """The set-up list of a new organisation, of one on its way, and of one that has done it all."""
    site = sample.site
    new = replace(site, name=DEFAULT_NAME, services=(), country="IE")
    rung = tuple(replace(one, verified_on=date(2026, 10, 1)) for one in site.numbers)
    whole = replace(site, numbers=rung, outside=(OutsideWay("The ombudsperson", "Ring 01632 960301"),))
    slack = (Platform.SLACK,)
    return {
        "set_up/new": _page(
            SetUpFacts(new, NOW.date(), {Role.ADMINISTRATOR: 1}, 0, slack, message_taken=False)
        ),
        "set_up/on_its_way": _page(
            SetUpFacts(site, NOW.date(), WHOLE, 1, slack, message_taken=False), chat=False
        ),
        "set_up/browser_only": _page(SetUpFacts(site, NOW.date(), WHOLE, 2, (), message_taken=False)),
        "set_up/done": _page(SetUpFacts(whole, NOW.date(), WHOLE, 4, slack, message_taken=True)),
    }


def _page(facts: SetUpFacts, *, chat: bool = True) -> Example:
    return checklist_screens.checklist_page(facts, standings(facts), can_be_written_to=chat)
